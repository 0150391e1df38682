from dataclasses import replace
from itertools import chain, combinations, product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.bound import bound
from arterial.design.capacity.engine import capacity
from arterial.design.search import built_cost, restored, search, stuck
from arterial.design.state import State, link_cost, new_pairs
from arterial.design.underlay import layers_of

SEEDS = st.integers(0, 2**32 - 1)
MOST = 400
"""Combinations of placements that a test enumerates."""


def cheapest(here, placements_of, cost_of):
    """Least bill over every combination of placements, or None when they are too many."""
    ways = [placements_of(here, flow) for flow in here.flows]
    if not all(ways) or prod(map(len, ways)) > MOST:
        return None
    best = np.inf
    for placements in product(*ways):
        state = State(here.instance)
        for flow, placement in zip(here.flows, placements, strict=True):
            state.place(flow, placement)
        best = min(best, cost_of(here, state))
    return best


@given(SEEDS)
@settings(max_examples=12)
def test_the_bound_is_below_the_optimum_and_the_search_is_not(tiny, placements_of, cost_of, seed):
    here = tiny(seed)
    optimum = cheapest(here, placements_of, cost_of)
    if optimum is None or stuck(here.chooser, here.flows):
        return
    for step in bound(here.instance, here.flows, rounds=4):
        assert step.bound <= optimum + 1e-6
    *_, found = search(here.chooser, here.flows, rounds=4)
    assert cost_of(here, restored(here.instance, here.flows, found.placements)) >= optimum - 1e-6


@given(SEEDS)
@settings(max_examples=8)
def test_the_bound_never_falls_and_is_the_same_each_time(tiny, seed):
    here = tiny(seed)
    if stuck(here.chooser, here.flows):
        return
    steps = list(bound(here.instance, here.flows, rounds=3))
    assert steps == list(bound(here.instance, here.flows, rounds=3))
    values = [step.bound for step in steps]
    assert values == sorted(values)
    assert [step.round for step in steps] == list(range(len(steps)))


def test_a_lone_demand_is_bounded_by_its_chassis_and_its_waves(tiny, posed):
    # Two ways round, each of which must stand alone: the bound cannot be a chassis short.
    here = tiny(4)
    alone = posed(here.network, here.demands[2:3], ())
    *_, last = bound(alone.instance, alone.flows, rounds=3)
    *_, found = search(alone.chooser, alone.flows, rounds=3)
    costs = here.network.costs
    assert last.bound >= 4 * costs.chassis
    assert last.bound == pytest.approx(found.bill, rel=0.25)


def test_no_rounds_of_whole_waves_still_give_the_relaxation(tiny):
    here = tiny(4)
    steps = list(bound(here.instance, here.flows, rounds=0))
    assert {step.round for step in steps} <= {0, 1}
    assert 0.0 < steps[0].bound < np.inf


def built_first(here, placements_of):
    """Least over all sets of charged fibres: they are paid, and others carry nothing."""
    instance = here.instance
    ways = [placements_of(here, flow) for flow in here.flows]
    if not all(ways) or prod(map(len, ways)) > MOST:
        return None
    ground = instance.ground
    free = replace(instance, ground=replace(ground, setup_cost=np.zeros_like(ground.setup_cost)))
    designs = []
    for placements in product(*ways):
        state = State(free)
        for flow, placement in zip(here.flows, placements, strict=True):
            state.place(flow, placement)
        _, option, waves = link_cost(free, state.required_gbps())
        lit = np.flatnonzero((new_pairs(free, waves, option) > 0) & instance.charged)
        designs.append((built_cost(state), set(lit.tolist())))
    fibres = np.flatnonzero(instance.charged).tolist()
    sets = chain.from_iterable(combinations(fibres, n) for n in range(len(fibres) + 1))
    return min(
        ground.setup_cost[list(paid)].sum()
        + min((cost for cost, lit in designs if lit <= set(paid)), default=np.inf)
        for paid in sets
    )


@given(SEEDS)
@settings(max_examples=12)
def test_charged_fibres_are_those_of_the_best_set_to_pay_for(charged, placements_of, seed):
    here = charged(seed)
    optimum = built_first(here, placements_of)
    if optimum is None or stuck(here.chooser, here.flows):
        return
    bill = cheapest(here, placements_of, lambda _, state: built_cost(state))
    assert bill == pytest.approx(optimum)
    *_, last = bound(here.instance, here.flows, rounds=3)
    *_, core = capacity(layers_of(here.instance, here.flows).underlay, rounds=6, seed=0)
    assert max(last.bound, core.bound) <= optimum + 1e-6
    *_, found = search(here.chooser, here.flows, rounds=4)
    assert found.bill >= optimum - 1e-6


def test_the_bound_counts_what_the_fibres_that_must_be_lit_cost_once(charged):
    here = charged(3)
    ground = here.instance.ground
    free = replace(
        here.instance, ground=replace(ground, setup_cost=np.zeros_like(ground.setup_cost))
    )
    *_, last = bound(here.instance, here.flows, rounds=2)
    *_, less = bound(free, here.flows, rounds=2)
    assert here.instance.charged.any()
    assert last.bound > less.bound + ground.setup_cost[here.instance.charged].min()
