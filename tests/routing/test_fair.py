import numpy as np
import pytest

from arterial.routing.fair import Share, fair_shares
from arterial.routing.growth import Asked
from arterial.routing.supply import Network

SEEDS = range(25)


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_are_those_of_water_filling_by_the_book(world_of, arc_flow, checked, seed):
    world = world_of(seed, demands=5)
    supply = Network(world.ways)
    every = np.arange(len(world.demand))
    served = np.unique(supply.first(every, world.room <= 0.0).demand)
    if not len(served):
        return
    demand = world.demand[served]
    first = supply.first(served, world.room <= 0.0)
    found = fair_shares(demand, world.room, supply.of(served), first, Asked())
    expected = arc_flow(world).shares(np.isin(every, served))[served]
    assert found.share == pytest.approx(expected, abs=1e-5)
    assert found.value == pytest.approx(expected.min(), abs=1e-6)
    assert found.bound >= expected.min() - 1e-7
    assert found.status == "optimal"
    by_all = found.paths.demand
    named = type(found.paths)(
        start=found.paths.start, arc=found.paths.arc, demand=served[by_all].astype(np.int64)
    )
    checked(world, named, found.rate)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_share_is_what_the_least_utilisation_leaves(world_of, arc_flow, seed):
    world = world_of(seed)
    supply = Network(world.ways)
    every = np.arange(len(world.demand))
    served = np.unique(supply.first(every, world.room <= 0.0).demand)
    if not len(served):
        return
    first = supply.first(served, world.room <= 0.0)
    found = fair_shares(world.demand[served], world.room, supply.of(served), first, Asked())
    fullest = arc_flow(world).utilisation(np.isin(every, served))
    assert found.value == pytest.approx(min(1.0, 1.0 / fullest), rel=1e-6)


def test_a_stopped_solve_is_told_and_its_bound_holds(world_of, arc_flow):
    world = world_of(1)
    supply = Network(world.ways)
    every = np.arange(len(world.demand))
    served = np.unique(supply.first(every, world.room <= 0.0).demand)
    first = supply.first(served, world.room <= 0.0)
    asked = Asked(left_s=lambda: 0.0)
    found = fair_shares(world.demand[served], world.room, supply.of(served), first, asked)
    best = arc_flow(world).shares(np.isin(every, served))[served].min()
    assert found.status == "limit"
    assert found.value <= best + 1e-9 <= found.bound + 2e-9


def test_a_share_is_at_most_one():
    goal = Share(np.array([2.0]), np.array([9.0]), np.zeros(1), np.array([True]))
    assert goal.bound(goal.opening(), np.array([0.1])) == 1.0
