"""The widest crowd against all sets of waves that meet."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.packing_bound import crowd, riders, widest_triple


@st.composite
def rides(draw):
    routes = [
        tuple(draw(st.permutations(range(5)))[: draw(st.integers(1, 4))])
        for _ in range(draw(st.integers(1, 8)))
    ]
    return routes, [draw(st.integers(1, 12)) for _ in routes]


@given(case=rides())
def test_a_crowd_meets_and_is_no_narrower_than_a_fibre_or_a_triple(case):
    routes, widths = case
    waves = range(len(routes))
    apart = {(a, b) for a, b in combinations(waves, 2) if not set(routes[a]) & set(routes[b])}
    widest = max(
        sum(widths[wave] for wave in group)
        for size in range(1, len(routes) + 1)
        for group in combinations(waves, size)
        if not apart & set(combinations(group, 2))
    )
    found = crowd(routes, widths)
    assert found <= widest
    loads = [sum(w for r, w in zip(routes, widths, strict=True) if p in r) for p in range(5)]
    triples = [
        sum(w for r, w in zip(routes, widths, strict=True) if len(set(three) & set(r)) > 1)
        for three in combinations(range(5), 3)
    ]
    assert found >= max(*loads, *triples)


@given(case=rides())
def test_the_triple_found_is_the_widest(case):
    routes, widths = case
    table = riders(routes)
    total, triple = widest_triple(table, np.array(widths, dtype=float))
    sums = {
        three: float(np.array(widths)[table[:, list(three)].sum(axis=1) > 1].sum())
        for three in combinations(range(table.shape[1]), 3)
    }
    assert total == max(sums.values(), default=0.0)
    assert not sums or total == 0.0 or sums[triple] == total


def test_no_waves_need_no_slots():
    assert crowd([], []) == 0
