from pathlib import Path

import pytest

from arterial.design.growth import Ways, carried, light_of_network, ways_between
from arterial.design.growth_bound import fibre_caps_gbps, routes_bound
from arterial.design.growth_column import columns_of
from arterial.design.growth_plant import banded, plant_of, standing_of
from arterial.model.reader import load_network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import load_sections
from arterial.paths.shortest import k_shortest

DRILL = Path(__file__).parents[2] / "networks" / "drill"
EVERY = 10_000
PAIRS = [("Hazel", "Juniper"), ("Hazel", "Larch"), ("Juniper", "Larch"), ("Alder", "Dogwood")]


@pytest.fixture(scope="module", params=["C", "C+L"])
def light(request):
    network = banded(load_network(DRILL), request.param)
    return light_of_network(network, load_sections(network))


@pytest.mark.parametrize("names", PAIRS)
@pytest.mark.parametrize("regenerators", [True, False])
def test_the_bound_of_every_route_holds_for_all_simple_routes_together(light, names, regenerators):
    network = light.network
    ends = tuple([site.name for site in network.sites].index(name) for name in names)
    standing = standing_of(network, None)
    plant = plant_of(network, light.sections, standing, "all", with_candidates=True)
    routes = tuple(k_shortest(light.graph, light.weight, *ends, EVERY))
    assert len(routes) < EVERY
    options = options_of_routes(network, light.sections, routes)
    bound, _ = routes_bound(plant, columns_of(routes, options, regenerators=regenerators))
    ways = ways_between(light, (plant,), ends)
    assert isinstance(ways, Ways)
    found = carried(light, ways, plant, regenerators=regenerators)
    assert found.filled.gbps <= found.paths_bound_gbps + 1e-6 <= bound + 1e-3
    assert bound <= found.network_bound_gbps + 1e-6


def test_a_fibre_of_unknown_light_counts_as_all_that_the_catalogue_can_do(light):
    known = light.sections.known.copy()
    known[0] = False
    sections = type(light.sections)(
        **{**{name: getattr(light.sections, name) for name in vars(light.sections)}, "known": known}
    )
    dark = light_of_network(light.network, sections)
    plant = plant_of(light.network, sections, standing_of(light.network, None), "all")
    assert fibre_caps_gbps(dark.items, plant)[0] >= fibre_caps_gbps(light.items, plant)[0]
    assert set(dark.weight[:2]) == {float("inf")}
