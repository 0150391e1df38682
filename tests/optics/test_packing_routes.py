"""Chosen routes against every choice of them."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.optics.packing import pack
from arterial.optics.packing_routes import pack_on_routes


@st.composite
def choices(draw):
    routes = [
        [
            tuple(draw(st.permutations(range(5)))[: draw(st.integers(1, 3))])
            for _ in range(draw(st.integers(1, 3)))
        ]
        for _ in range(draw(st.integers(1, 4)))
    ]
    return routes, [draw(st.integers(1, 6)) for _ in routes]


@settings(max_examples=30, deadline=None)
@given(case=choices())
def test_no_choice_of_routes_packs_below_the_bound(case):
    routes, widths = case
    found = pack_on_routes(routes, widths, rounds=20)
    every = product(*(range(len(options)) for options in routes))
    tops = [
        pack([routes[w][k] for w, k in enumerate(picked)], widths, rounds=20).top
        for picked in every
    ]
    assert found.bound <= min(tops) <= found.packing.top
    chosen = [routes[wave][one] for wave, one in enumerate(found.choice)]
    assert pack(chosen, widths, rounds=20) == found.packing
    assert found.gap == (found.packing.top - found.bound) / found.packing.top


def test_waves_part_where_they_can():
    found = pack_on_routes([[(0,), (1,)], [(0,), (1, 2)]], [6, 6])
    assert (found.packing.top, found.bound, found.gap, found.scope) == (6, 6, 0.0, "paths")


def test_no_waves_choose_nothing():
    assert pack_on_routes([], []).packing.top == 0
