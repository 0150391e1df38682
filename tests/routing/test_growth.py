import numpy as np
import pytest

from arterial.routing.goals import Latency, Throughput, Utilisation
from arterial.routing.growth import Asked, grow
from arterial.routing.supply import Listed, Network

SEEDS = range(20)
SOLVERS = ["own", "highs-simplex", "highs-ipx", "highs-pdlp"]
NEAR = {"own": 1e-5, "highs-simplex": 1e-7, "highs-ipx": 1e-5, "highs-pdlp": 2e-3}


def parts(world):
    """A pricer, paths to begin with, and which demands have a way."""
    supply = Network(world.ways)
    every = np.arange(len(world.demand))
    first = supply.first(every, world.room <= 0.0)
    served = np.unique(first.demand)
    first = supply.first(served, world.room <= 0.0)
    return supply.of(served), first, served


def flat(world):
    return np.zeros(len(world.room))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_throughput_is_that_of_flow_by_arc(world_of, arc_flow, seed, solver):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    goal = Throughput(world.demand[served], world.room, flat(world))
    found = grow(goal, pricer, first, Asked(solver=solver, gap=0.0))
    best = arc_flow(world).throughput()
    assert found.value == pytest.approx(best, rel=NEAR[solver], abs=1e-6)
    assert found.value <= best + 1e-6 <= found.bound + 2e-6


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_utilisation_is_that_of_flow_by_arc(world_of, arc_flow, seed, solver):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    goal = Utilisation(world.demand[served], world.room, flat(world))
    found = grow(goal, pricer, first, Asked(solver=solver, gap=0.0))
    mask = np.isin(np.arange(len(world.demand)), served)
    best = arc_flow(world).utilisation(mask)
    assert found.value == pytest.approx(best, rel=NEAR[solver])
    assert found.bound <= best * (1 + 1e-7)
    assert found.value >= best * (1 - 1e-7)
    sent = found.paths.by_demand(found.rate, len(served))
    assert sent == pytest.approx(world.demand[served], rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_latency_is_that_of_flow_by_arc(world_of, arc_flow, seed):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    total = arc_flow(world).throughput() * (1.0 - 1e-6)
    known = grow(
        Throughput(world.demand[served], world.room, flat(world)), pricer, first, Asked(gap=0.0)
    ).paths
    goal = Latency(world.demand[served], world.room, world.ways.tie, total)
    found = grow(goal, pricer, known, Asked(gap=0.0))
    best = arc_flow(world).latency(total)
    assert found.value == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert found.bound <= best * (1 + 1e-7) + 1e-7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_solve_that_is_stopped_tells_an_honest_bound(world_of, arc_flow, seed):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    demand = world.demand[served]
    mask = np.isin(np.arange(len(world.demand)), served)
    best = arc_flow(world)
    for rounds in range(3):
        left = iter([9.0] * rounds + [0.0] * 9)
        asked = Asked(gap=0.0, left_s=lambda left=left: next(left))
        most = grow(Throughput(demand, world.room, flat(world)), pricer, first, asked)
        assert most.value <= best.throughput() + 1e-6 <= most.bound + 2e-6
        left = iter([9.0] * rounds + [0.0] * 9)
        asked = Asked(gap=0.0, left_s=lambda left=left: next(left))
        least = grow(Utilisation(demand, world.room, flat(world)), pricer, first, asked)
        fullest = best.utilisation(mask)
        assert least.bound * (1 - 1e-7) <= fullest <= least.value * (1 + 1e-7)
        if rounds == 0:
            assert {most.status, least.status} == {"limit"}


@pytest.mark.parametrize("seed", SEEDS)
def test_over_all_paths_nothing_is_left_to_find(world_of, seed):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    goal = Throughput(world.demand[served], world.room, flat(world))
    anywhere = grow(goal, pricer, first, Asked(gap=0.0))
    every = Listed(world.every_path, len(world.demand))
    given = grow(goal, every.of(served), every.first(served, world.room <= 0.0), Asked(gap=0.0))
    assert given.value == pytest.approx(anywhere.value, abs=1e-6)
    assert len(anywhere.paths) <= len(given.paths)


def test_a_warm_solve_reaches_what_a_cold_one_does(world_of):
    for seed in SEEDS:
        world = world_of(seed, sites=8, links=14, demands=9)
        pricer, first, served = parts(world)
        demand = world.demand[served]
        warm = grow(Throughput(demand, world.room, flat(world)), pricer, first, Asked(gap=0.0)).warm
        for link in range(len(world.ends)):
            room = world.room.copy()
            room[2 * link : 2 * link + 2] = 0.0
            goal = Throughput(demand, room, flat(world))
            feasible = warm.turned_to(goal)
            again = grow(goal, pricer, warm.paths, Asked(gap=0.0), warm, feasible=feasible)
            cold = grow(goal, pricer, first, Asked(gap=0.0))
            assert again.value == pytest.approx(cold.value, abs=1e-6)
            assert (again.paths.load(again.rate, len(room)) <= room * (1 + 1e-9)).all()
            assert again.bound >= cold.value - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_where_one_side_is_not_known_the_gap_is_whole_and_nothing_is_optimal(world_of, seed):
    world = world_of(seed)
    pricer, first, served = parts(world)
    if not len(served):
        return
    goal = Latency(world.demand[served], world.room, world.ways.tie, 1.0)
    found = grow(goal, pricer, first, Asked(left_s=lambda: 0.0))
    assert found.value == np.inf
    assert (found.gap, found.status) == (1.0, "limit")
