from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.bound import bound
from arterial.design.build import settled
from arterial.design.search import DELAY_PER_MS, restored, search, stuck
from arterial.design.state import State, total_cost
from arterial.jobs.deadline import Deadline
from arterial.model.fibre import Link

SEEDS = st.integers(0, 2**32 - 1)
ROUNDS = 4


def rounds(here, **options):
    return list(search(here.chooser, here.flows, rounds=ROUNDS, **options))


@given(SEEDS)
@settings(max_examples=12)
def test_each_round_is_cheaper_and_its_cost_is_that_of_its_placements(tiny, seed):
    here = tiny(seed)
    if stuck(here.chooser, here.flows):
        return
    found = rounds(here)
    assert [step.round for step in found] == list(range(len(found)))
    assert all(later.cost < step.cost for step, later in pairwise(found))
    for step in found:
        state = restored(here.instance, here.flows, step.placements)
        bill = total_cost(here.instance, state.required_gbps())
        assert step.bill == pytest.approx(bill)
        assert step.cost == pytest.approx(bill + DELAY_PER_MS * state.delay_ms)


@given(SEEDS)
@settings(max_examples=12)
def test_every_placement_outlives_what_the_policy_asks(tiny, placements_of, seed):
    here = tiny(seed)
    if stuck(here.chooser, here.flows):
        return
    placements = rounds(here)[-1].placements
    for flow in here.flows:
        assert placements[flow.name] in placements_of(here, flow)


@given(SEEDS)
@settings(max_examples=8)
def test_a_search_that_goes_on_ends_where_an_uninterrupted_one_does(tiny, seed):
    here = tiny(seed)
    if stuck(here.chooser, here.flows):
        return
    found = rounds(here)
    for step in found:
        assert rounds(here, start=step) == found[step.round :]


def test_flows_without_any_placement_are_told(tiny):
    here = tiny(9)
    assert [flow.name for flow in stuck(here.chooser, here.flows)] == ["sync >", "save"]
    assert stuck(tiny(4).chooser, tiny(4).flows) == []


def test_restored_bookings_do_not_hang_on_the_order_of_flows(tiny):
    here = tiny(4)
    placements = rounds(here)[-1].placements
    one = restored(here.instance, here.flows, placements)
    other = restored(here.instance, here.flows[::-1], placements)
    assert np.allclose(one.failed, other.failed, atol=1e-9)
    assert np.allclose(one.normal, other.normal, atol=1e-9)


def optimum(here, placements_of, cost_of):
    """Least bill over all placements of all flows, and whether the last link is part of it."""
    found = []
    for placements in product(*(placements_of(here, flow) for flow in here.flows)):
        state = State(here.instance)
        for flow, placement in zip(here.flows, placements, strict=True):
            state.place(flow, placement)
        found.append((cost_of(here, state), bool(state.required_gbps()[0, -1])))
    return min(found)


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize("cost_year", [0.0, 8.0, 20.0, 60.0, 1e4])
def test_a_leased_wave_is_bought_exactly_where_it_is_cheaper_than_light(
    tiny, posed, placements_of, cost_of, seed, cost_year
):
    here = tiny(seed)
    link = Link(
        name="L",
        a="S3",
        z="S4",
        capacity_gbps=400.0,
        kind="leased-wave",
        status="available",
        cost_year=cost_year,
        most=2,
        latency_ms=1.0,
    )
    lit = posed(here.network, here.demands[2:3], ())
    both = posed(structs.replace(here.network, links=(link,)), here.demands[2:3], ())
    least, used = optimum(both, placements_of, cost_of)
    light, _ = optimum(lit, placements_of, cost_of)
    assert used == (least < light - 1e-9)
    *_, found = search(both.chooser, both.flows, rounds=3)
    state = restored(both.instance, both.flows, found.placements)
    assert cost_of(both, state) == pytest.approx(least)
    assert bool(settled(both.instance, both.flows, state).waves[-1]) == used
    assert all(step.bound <= least + 1e-6 for step in bound(both.instance, both.flows, rounds=3))


@given(SEEDS)
@settings(max_examples=6)
def test_a_round_that_time_cuts_short_is_forgotten(tiny, seed):
    here = tiny(seed)
    if stuck(here.chooser, here.flows):
        return
    whole = rounds(here)
    for looks in (0, 1, 5, 17):
        left = iter([1.0] * looks)
        cut = rounds(here, deadline=Deadline(lambda left=left: next(left, 0.0)))
        assert cut
        assert [found.cost for found in cut] == [found.cost for found in whole[: len(cut)]]
