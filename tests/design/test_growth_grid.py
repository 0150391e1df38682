from itertools import combinations, product
from pathlib import Path

import pytest

from arterial.design.growth import carried, light_of_network, ways_between
from arterial.design.growth_grid import Line, cells_between
from arterial.design.growth_plant import banded, plant_of, standing_of
from arterial.model.reader import load_network
from arterial.optics.sections import load_sections

DRILL = Path(__file__).parents[2] / "networks" / "drill"


@pytest.fixture(scope="module")
def lines():
    network = load_network(DRILL)
    found = []
    for bands in ("C", "C+L"):
        there = banded(network, bands)
        light = light_of_network(there, load_sections(there))
        found.append(Line(bands, light, standing_of(there, None)))
    return tuple(found)


def ends_of(lines):
    network = lines[0].light.network
    index = {site.name: number for number, site in enumerate(network.sites)}
    return list(combinations([index[campus.site] for campus in network.campuses], 2))


def test_more_pairs_bands_and_regenerators_never_carry_less(lines):
    for ends in ends_of(lines):
        cells = cells_between(lines, ends, beside=False, with_candidates=True)
        assert len(cells) == 8
        for small, large in product(cells, cells):
            one, other = small.variant, large.variant
            if (
                one.bands <= other.bands
                and one.pairs in (other.pairs, "lit")
                and one.regenerators <= other.regenerators
            ):
                for figure in ("paths_bound_gbps", "network_bound_gbps"):
                    mine, theirs = getattr(small.carried, figure), getattr(large.carried, figure)
                    assert mine <= theirs + 1e-6
                assert small.carried.filled.gbps <= large.carried.filled.gbps


def test_what_is_carried_lies_below_the_bound_of_its_routes_and_that_below_every_route_s(lines):
    for ends in ends_of(lines):
        for cell in cells_between(lines, ends, beside=False, with_candidates=False):
            found = cell.carried
            assert found.filled.gbps <= found.paths_bound_gbps + 1e-6
            assert found.filled.gbps <= found.network_bound_gbps + 1e-6


def test_every_assignment_over_real_light_holds_slot_by_slot(lines, check_fill):
    for line, pairs, regenerators in product(lines, ("lit", "all"), (True, False)):
        light = line.light
        plant = plant_of(light.network, light.sections, line.standing, pairs, with_candidates=True)
        for ends in ends_of(lines):
            ways = ways_between(light, (plant,), ends)
            found = carried(light, ways, plant, regenerators=regenerators)
            check_fill(plant, found.columns, found.filled)
