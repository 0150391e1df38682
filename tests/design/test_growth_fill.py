from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from arterial.design.growth_bound import routes_bound
from arterial.design.growth_column import Column
from arterial.design.growth_fill import filled
from arterial.design.growth_plant import Plant
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.optics.modes import RouteOption
from arterial.optics.spectrum_band import slot_count
from arterial.paths.graph import Graph, arc_link
from arterial.paths.shortest import k_shortest

KINDS = ((100.0, 25.0), (250.0, 37.5), (500.0, 62.5))
"""Rates and slots of told modes: 2, 3 and 5 slots of the grid."""


def option(rate, slot_ghz, stops=()):
    return RouteOption(
        mode=f"m{rate:g}",
        rate_gbps=rate,
        slot_ghz=slot_ghz,
        regenerator_hops=tuple(stops),
        cost=1.0,
        watts=1.0,
        gsnr_db=25.0,
        osnr_db=20.0,
        margin_db=5.0,
    )


def column(route, rate, slot_ghz, stops=()):
    fibres = tuple(arc_link(arc) for arc in route)
    bounds = [0, *(stop + 1 for stop in stops), len(fibres)]
    return Column(
        route,
        option(rate, slot_ghz, stops),
        slot_count(slot_ghz),
        fibres,
        tuple(fibres[a:z] for a, z in pairwise(bounds)),
    )


def network_of(ends, slots=10, **changes):
    return Network(
        name="told",
        sites=tuple(Site(name=f"S{n}") for n in range(1 + max(map(max, ends)))),
        fibres=tuple(
            Fibre(name=f"F{m}", a=f"S{a}", z=f"S{z}", length_km=100.0, **changes)
            for m, (a, z) in enumerate(ends)
        ),
        line=LineSystem(f_min_thz=193.1, f_max_thz=193.1 + slots * 0.0125),
    )


def drawn(seed, slots=10, pairs=2):
    """A plant of a few fibres with some slots taken, and columns over its routes."""
    random = np.random.default_rng(seed)
    ends = [(0, 2), (2, 1), (0, 1), (2, 3), (3, 1)][: int(random.integers(3, 6))]
    network = network_of(ends, slots)
    free = tuple(
        tuple(
            int(random.integers(1 << slots)) | int(random.integers(1 << slots))
            for _ in range(int(random.integers(1, pairs + 1)))
        )
        for _ in ends
    )
    graph = Graph.of(4, [a for a, _ in ends], [z for _, z in ends])
    columns = []
    for route in k_shortest(graph, [1.0] * (2 * len(ends)), 0, 1, 3):
        for rate, slot_ghz in KINDS:
            if random.random() < 0.6:
                middle = range(len(route) - 1)
                stops = [hop for hop in middle if random.random() < 0.5]
                columns.append(column(route, rate, slot_ghz, stops))
    return Plant(network, None, free), tuple(columns)


def chained(free, fibres, slots):
    """Every way to take these slots on one pair of each fibre."""
    if not fibres:
        yield free
        return
    first, *others = fibres
    for pair, mask in enumerate(free[first]):
        if mask & slots == slots:
            masks = (*free[first][:pair], mask & ~slots, *free[first][pair + 1 :])
            yield from chained((*free[:first], masks, *free[first + 1 :]), others, slots)


def placed(free, kind, segments):
    """Every way to put one wave."""
    if not segments:
        yield free
        return
    for first in range(8):
        for after in chained(free, segments[0], ((1 << kind.width) - 1) << first):
            yield from placed(after, kind, segments[1:])


def most_by_enumeration(plant, columns):
    """The best of every assignment: each slot of each pair of each hop tried."""

    @cache
    def best(free, start):
        return max(
            (
                columns[number].gbps + best(after, number)
                for number in range(start, len(columns))
                for after in placed(free, columns[number], columns[number].segments)
            ),
            default=0.0,
        )

    return best(plant.free, 0)


@pytest.mark.parametrize("seed", range(80))
def test_a_fill_gives_no_slot_twice_and_stays_below_its_bound(check_fill, seed):
    plant, columns = drawn(seed, slots=40, pairs=3)
    bound, relaxed = routes_bound(plant, columns)
    found = filled(plant, columns, relaxed, bound)
    check_fill(plant, columns, found)
    assert found.gbps <= bound + 1e-6


@pytest.mark.parametrize("seed", range(25))
def test_enumeration_lies_between_the_fill_and_the_bound(seed):
    plant, columns = drawn(seed, slots=5, pairs=1)
    bound, relaxed = routes_bound(plant, columns)
    found = filled(plant, columns, relaxed, bound)
    most = most_by_enumeration(plant, columns)
    assert found.gbps <= most <= bound + 1e-6


def test_an_empty_pair_is_filled_to_the_last_slot_that_a_mode_can_use():
    plant = Plant(network_of([(0, 1)]), None, (((1 << 10) - 1,) * 3,))
    columns = (column((0,), 500.0, 62.5), column((0,), 100.0, 25.0))
    bound, relaxed = routes_bound(plant, columns)
    found = filled(plant, columns, relaxed, bound)
    assert (found.gbps, bound) == (3000.0, pytest.approx(3000.0))
    assert found.waves == 6


def test_no_columns_carry_nothing():
    plant = Plant(network_of([(0, 1)]), None, ((1023,),))
    assert filled(plant, (), np.zeros(0), 0.0).gbps == 0.0
