from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from arterial.routing.candidates import candidates
from arterial.routing.classes import passing, reached, route_classes
from arterial.routing.growth import Asked
from arterial.routing.supply import Listed, Network

SEEDS = range(15)
OBJECTIVES = ["throughput", "mlu", "fair", "latency"]
EXACT = Asked(gap=0.0)
NEAR = 1e-6


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_routing_keeps_ends_delays_offers_and_room(world_of, checked, seed, objective):
    world = world_of(seed, classes=2, bounded=0.3)
    found = route_classes(world.task, objective)
    checked(world, found.paths, found.rate_gbps, room=objective != "mlu")
    assert found.load_gbps == pytest.approx(found.paths.load(found.rate_gbps, len(world.room)))
    assert (found.carried_gbps <= world.demand * (1 + 1e-9)).all()
    assert (
        reached(world.task, objective, found.paths, found.rate_gbps)
        == pytest.approx(found.value, rel=1e-5, abs=1e-6)
        or objective == "fair"
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("solver", ["highs-simplex", "highs-ipx", "highs-pdlp"])
def test_what_is_reached_stays_on_its_side_of_the_bound(world_of, seed, objective, solver):
    world = world_of(seed, classes=2)
    found = route_classes(world.task, objective, Asked(solver=solver))
    better = (
        found.value - found.bound
        if objective in {"throughput", "fair"}
        else (found.bound - found.value)
    )
    assert better <= 1e-6 * max(1.0, found.value)
    assert found.gap >= 0.0
    if found.status != "limit":
        assert found.gap <= 1e-3 + NEAR


@pytest.mark.parametrize("seed", SEEDS)
def test_one_class_reaches_what_flow_by_arc_reaches(world_of, arc_flow, seed):
    world = world_of(seed)
    best = arc_flow(world)
    most = route_classes(world.task, "throughput", EXACT)
    assert most.carried_gbps.sum() == pytest.approx(best.throughput(), abs=1e-5)
    assert most.scope == "network"
    served = np.isfinite(
        Network(world.ways)
        .of(np.arange(len(world.demand)))
        .cheapest(np.where(world.room > 0.0, 1.0, np.inf), np.zeros(len(world.demand)))
        .price
    )
    spread = route_classes(world.task, "mlu", EXACT)
    assert spread.value == pytest.approx(best.utilisation(served), abs=1e-6)
    quick = route_classes(world.task, "latency", EXACT)
    carried = quick.carried_gbps.sum()
    assert carried == pytest.approx(best.throughput(), abs=1e-5)
    assert quick.value * carried == pytest.approx(best.latency(carried - 1e-6), abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lower_class_never_changes_a_higher_one(world_of, seed):
    world = world_of(seed, classes=3, demands=8)
    whole = route_classes(world.task)
    for top in np.unique(world.priority):
        above = world.priority <= top
        ways = world.ways.of(np.flatnonzero(above))
        task = replace(
            world.task,
            supply=Network(ways),
            demand_gbps=world.demand[above],
            priority=world.priority[above],
        )
        alone = route_classes(task)
        assert alone.carried_gbps == pytest.approx(whole.carried_gbps[above], abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("listed", [False, True])
def test_a_bound_for_its_scope_holds_beside_any_routing_of_the_classes_above(
    world_of, arc_flow, seed, listed
):
    world = world_of(seed, classes=2, demands=7)
    task = world.listed(world.every_path) if listed else world.task
    found = route_classes(task, "throughput", Asked(gap=1.0))
    top, low = (world.priority == p for p in (0, 1))
    if not (top.any() and low.any()):
        return
    flow = arc_flow(world)
    floor = found.carried_gbps[top].sum() * (1 - 1e-9)
    extra = [(flow.columns(carried=-1.0 * top), -floor)]
    best = -flow.solve(flow.columns(carried=-1.0 * low), extra=extra).fun
    level = found.levels[1]
    assert level.scope in ({"paths", "network"} if listed else {"network"})
    assert level.bound >= best - 1e-6
    assert level.carried_gbps <= best + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_more_candidate_paths_never_carry_less(world_of, seed):
    world = world_of(seed)
    totals = []
    for k in (1, 2, 3, 6):
        supply = Listed(candidates(world.ways, [], k), len(world.demand))
        found = route_classes(world.over(supply), "throughput", EXACT)
        totals.append(found.value)
        assert found.scope in {"paths", "network"}
    best = route_classes(world.task, "throughput", EXACT).value
    assert all(one <= other + NEAR for one, other in pairwise([*totals, best]))


@pytest.mark.parametrize("seed", SEEDS)
def test_ties_go_to_the_direct_way(world_of, seed):
    world = world_of(seed)
    most = route_classes(world.task, "throughput")
    quick = route_classes(world.task, "latency", EXACT)
    mean_ms = reached(world.task, "latency", most.paths, most.rate_gbps)
    assert mean_ms <= quick.value * 1.05 + NEAR


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_same_input_gives_the_same_bytes(world_of, seed, objective):
    world = world_of(seed, classes=2)
    twice = [route_classes(world.task, objective) for _ in range(2)]
    assert len({found.rate_gbps.tobytes() for found in twice}) == 1
    assert len({found.paths.arc.tobytes() for found in twice}) == 1


@pytest.mark.parametrize("factor", [1e-3, 0.25, 1e6])
@pytest.mark.parametrize("objective", ["throughput", "mlu", "fair"])
def test_units_do_not_matter(world_of, factor, objective):
    world = world_of(6)
    small = route_classes(world.task, objective, EXACT)
    task = replace(world.task, demand_gbps=factor * world.demand, room_gbps=factor * world.room)
    large = route_classes(task, objective, EXACT)
    assert large.carried_gbps.sum() == pytest.approx(factor * small.carried_gbps.sum(), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_demand_carries_the_maximum_flow(world_of, seed):
    world = world_of(seed, demands=1)
    world = replace(world, demand=np.array([1e3]))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(world.sites))
    for arc, (a, z) in enumerate(world.arc_ends):
        before = graph.get_edge_data(a, z, {"capacity": 0.0})["capacity"]
        graph.add_edge(a, z, capacity=before + world.room[arc])
    found = route_classes(world.task, "throughput", EXACT)
    most = nx.maximum_flow_value(graph, int(world.source[0]), int(world.target[0]))
    assert found.carried_gbps[0] == pytest.approx(most, abs=NEAR)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_not_all_fits_higher_classes_pass_first(world_of, seed):
    world = world_of(seed, classes=2, demands=8)
    found = route_classes(world.task, "mlu", EXACT)
    rate = passing(world.task, found.paths, found.rate_gbps)
    assert (found.paths.load(rate, len(world.room)) <= world.room * (1 + 1e-9)).all()
    top = world.priority[found.paths.demand] == 0
    alone = found.paths.taken(np.flatnonzero(top))
    assert rate[top].tolist() == passing(world.task, alone, found.rate_gbps[top]).tolist()
    if found.value <= 1.0:
        assert rate == pytest.approx(found.rate_gbps)


@pytest.mark.parametrize("solver", ["highs-simplex", "highs-ipx"])
def test_a_warm_solve_reaches_what_a_cold_one_does(world_of, checked, solver):
    asked = Asked(solver=solver)
    for seed in SEEDS:
        world = world_of(seed, classes=2, demands=8)
        first = route_classes(world.task, "throughput", asked)
        for link in range(len(world.ends)):
            room = world.room.copy()
            room[2 * link : 2 * link + 2] = 0.0
            after = replace(world, room=room)
            cold = route_classes(after.task, "throughput", asked)
            warm = route_classes(after.task, "throughput", asked, previous=first)
            checked(after, warm.paths, warm.rate_gbps)
            assert warm.status != "limit"
            top = world.priority == world.priority.min()
            one, other = warm.carried_gbps[top].sum(), cold.carried_gbps[top].sum()
            assert one == pytest.approx(other, rel=2.5e-3, abs=1e-6)


def test_a_demand_that_changes_is_followed_warm(world_of):
    world = world_of(3)
    first = route_classes(world.task)
    for factor in (0.5, 1.0, 2.0):
        task = replace(world.task, demand_gbps=factor * world.demand)
        warm = route_classes(task, previous=first)
        cold = route_classes(task)
        assert warm.value == pytest.approx(cold.value, rel=2.5e-3)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_nothing_asked_is_nothing_routed(world_of, objective):
    world = world_of(0)
    task = replace(
        world.task,
        supply=Network(world.ways.of(np.zeros(0, dtype=np.int64))),
        demand_gbps=np.zeros(0),
        priority=np.zeros(0, dtype=np.int64),
    )
    found = route_classes(task, objective)
    assert (len(found.paths), found.carried_gbps.sum(), found.gap) == (0, 0.0, 0.0)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_where_no_link_has_room_nothing_is_carried(world_of, objective):
    world = replace(world_of(0), room=np.zeros(18))
    found = route_classes(world.task, objective)
    assert found.carried_gbps.sum() == 0.0
    assert found.status == "optimal"
    assert found.value == (1.0 if objective == "fair" else 0.0)  # of those that have a way: none


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_without_time_the_shortest_ways_carry_what_fits_and_the_bound_holds(
    world_of, checked, seed, objective
):
    world = world_of(seed, classes=2)
    late = Asked(left_s=lambda: 0.0)
    found = route_classes(world.task, objective, late)
    best = route_classes(world.task, objective, EXACT)
    checked(world, found.paths, found.rate_gbps, room=objective != "mlu")
    assert np.isfinite([found.value, found.bound, found.gap]).all()
    if objective == "throughput":
        assert found.carried_gbps.sum() > 0.0 or best.carried_gbps.sum() == 0.0
        assert found.value <= best.value + 1e-6
    if objective in {"throughput", "mlu"}:
        top = found.levels[0]
        low, high = sorted([top.bound, best.levels[0].value])
        assert (low if objective == "mlu" else high) == pytest.approx(top.bound, rel=1e-6)
