"""The frontier against every set of edges, and the laws that hold whatever the sizes."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.placement.frontier import Ground, cost_of, frontier, levels, share_of

NEAR_MS, FAR_MS = 10.0, 40.0


@st.composite
def grounds(draw, edges=6, markets=5):
    """Markets and edges at random, some pairs unreached, some edges that must stay."""
    width, height = draw(st.integers(1, edges)), draw(st.integers(1, markets))
    survive = draw(st.booleans())
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rtt_ms = random.uniform(0.0, 30.0, (height, width))
    rtt_ms[random.random((height, width)) < 0.2] = math.inf
    allowed = rtt_ms <= FAR_MS
    wanted = 2 if survive else 1
    return Ground(
        people=random.integers(1, 20, height).astype(float),
        within=rtt_ms <= NEAR_MS,
        allowed=allowed,
        need=np.minimum(wanted, allowed.sum(axis=1)),
        open_cost=random.integers(0, 50, width).astype(float),
        pair_cost=np.where(allowed, np.ceil(rtt_ms), 0.0),
        kept=random.random(width) < 0.15,
        survive=survive,
    )


def sets_of(ground):
    """Every set of edges that may be open, with its share and its cost, by plain loops."""
    markets, edges = ground.within.shape
    for flags in itertools.product((False, True), repeat=edges):
        if any(ground.kept[e] and not flags[e] for e in range(edges)):
            continue
        opened = [e for e in range(edges) if flags[e]]
        cost = sum(ground.open_cost[e] for e in opened)
        for m in range(markets):
            prices = sorted(ground.pair_cost[m, e] for e in opened if ground.allowed[m, e])
            need = int(ground.need[m])
            cost += sum(prices[:need]) if len(prices) >= need else math.inf
        yield np.array(flags), naive_share(ground, opened), float(cost)


def naive_share(ground, opened):
    states = [opened] + ([[e for e in opened if e != lost] for lost in opened] * ground.survive)
    served = [
        sum(
            ground.people[m]
            for m in range(len(ground.people))
            if any(ground.within[m, e] for e in state)
        )
        for state in states
    ]
    return min(served) / ground.people.sum()


@settings(max_examples=40)
@given(grounds())
def test_no_set_of_edges_is_cheaper_and_none_reaches_more_for_the_cost(ground):
    every = list(sets_of(ground))
    most = max(share for _, share, _ in every)
    points = frontier(ground, levels(0.0, most, 0.25))
    for point in points:
        fit = [(cost, share) for _, share, cost in every if share >= point.asked - 1e-9]
        least = min(cost for cost, _ in fit)
        assert point.cost == pytest.approx(least, abs=1e-5)
        assert point.share == pytest.approx(
            max(share for cost, share in fit if cost <= least + 1e-9), abs=1e-9
        )
        assert point.bound <= point.cost
        assert point.bound == pytest.approx(least, abs=1e-4)
        assert (point.cost, point.edge_cost) == cost_of(ground, point.opened)
    shares, costs = [point.share for point in points], [point.cost for point in points]
    assert shares == sorted(shares)
    assert costs == sorted(costs)
    assert shares[-1] == pytest.approx(most)


@settings(max_examples=30)
@given(grounds())
def test_shares_and_costs_are_those_of_plain_loops(ground):
    for opened, share, cost in sets_of(ground):
        assert share_of(ground, opened) == pytest.approx(share)
        assert cost_of(ground, opened)[0] == pytest.approx(cost)


@settings(max_examples=20)
@given(grounds(edges=9, markets=9))
def test_a_wide_gap_leaves_the_bound_below_the_cost_and_the_frontier_rising(ground):
    most = share_of(ground, np.ones(len(ground.open_cost), dtype=np.bool_))
    points = frontier(ground, levels(0.0, most, 0.1), gap=0.3)
    assert [point for point in points if not point.bound <= point.cost] == []
    costs = [point.cost for point in points]
    assert costs == sorted(costs)
    assert [point for point in points if point.share < point.asked - 1e-9] == []


@settings(max_examples=10)
@given(grounds())
def test_the_same_question_has_the_same_answer(ground):
    one, other = (frontier(ground, (0.0,)) for _ in range(2))
    assert [point.opened.tolist() for point in one] == [point.opened.tolist() for point in other]


@pytest.mark.parametrize(
    ("first", "most", "step", "expected"),
    [
        (0.0, 1.0, 0.5, (0.0, 0.5, 1.0)),
        (0.5, 0.5, 0.1, (0.5,)),
        (0.72, 0.78, 0.1, (0.72, 0.78)),
        (0.25, 0.8, 0.25, (0.25, 0.5, 0.75, 0.8)),
    ],
)
def test_levels_rise_from_the_first_to_the_most(first, most, step, expected):
    assert levels(first, most, step) == expected
