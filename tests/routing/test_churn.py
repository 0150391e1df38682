from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from arterial.routing.churn import before_of, moved_gbps, steady
from arterial.routing.classes import route_classes
from arterial.routing.growth import Asked
from arterial.routing.pathset import PathSet

SEEDS = range(15)
EXACT = Asked(gap=0.0)


def changed(world_of, seed):
    """A network before and after a link fails and demands change, with the routing before."""
    world = world_of(seed, sites=5, links=8, demands=4).with_one_class()
    found = route_classes(world.task, "throughput", EXACT)
    draw = np.random.default_rng(seed)
    room = world.room.copy()
    link = int(draw.integers(len(world.ends)))
    room[2 * link : 2 * link + 2] = 0.0
    after = replace(world, room=room, demand=draw.integers(1, 12, 4).astype(float))
    before = before_of(found.paths, found.rate_gbps, after.demand, after.room)
    return after, before, found


def most_within(world, before, limit_gbps):
    """Most carried over all simple paths with no more moved, and the fewest moves, by scipy."""
    paths = PathSet.joined([before.paths, world.every_path]).once()
    count, moves = len(paths), len(before.paths)
    matrix = np.array([paths.load(one, len(world.room)) for one in np.eye(count)])
    matrix = matrix.reshape(count, len(world.room)).T
    by_demand = np.array([(paths.demand == k) * 1.0 for k in range(len(world.demand))])
    upper = np.vstack([matrix, by_demand])
    upper = np.hstack([upper, np.zeros((len(upper), moves))])
    keep = np.hstack([-np.eye(moves, count), -np.eye(moves)])
    total = np.concatenate([np.zeros(count), np.ones(moves)])
    a = np.vstack([upper, keep, total])
    b = np.concatenate([world.room, world.demand, -before.rate_gbps])
    fewest = linprog(total, a[:-1], b).fun
    cost = np.concatenate([-np.ones(count), np.zeros(moves)])
    return -linprog(cost, a, np.append(b, max(limit_gbps, fewest))).fun, fewest


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("limit", [0.0, 0.1, 0.5])
def test_within_a_limit_on_churn_as_much_is_carried_as_by_scipy(world_of, checked, seed, limit):
    world, before, _ = changed(world_of, seed)
    every = route_classes(world.listed(world.every_path), "throughput", EXACT)
    found = steady(world.task, "throughput", every, before, limit=limit, gap=0.0)
    best, fewest = most_within(world, before, limit * before.total_gbps)
    checked(world, found.paths, found.rate_gbps)
    assert found.rate_gbps.sum() == pytest.approx(best, abs=1e-4)
    assert found.moved_gbps == pytest.approx(
        moved_gbps(before, found.paths, found.rate_gbps), abs=1e-9
    )
    allowed = max(limit * before.total_gbps, fewest)
    assert found.moved_gbps <= allowed + 1e-4
    assert found.within == (fewest <= limit * before.total_gbps + 1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", ["throughput", "mlu", "fair", "latency"])
def test_without_a_limit_little_moves_and_nothing_is_lost_but_the_gap(world_of, seed, objective):
    world, before, _ = changed(world_of, seed)
    best = route_classes(world.task, objective, EXACT)
    if not len(best.paths):
        return
    gap = 1e-2
    found = steady(world.task, objective, best, before, limit=None, gap=gap)
    free = moved_gbps(before, best.paths, best.rate_gbps)
    assert moved_gbps(before, found.paths, found.rate_gbps) <= free + 1e-5
    sent = found.paths.by_demand(found.rate_gbps, 4)
    if objective == "mlu":
        inside = world.room > 0.0
        load = found.paths.load(found.rate_gbps, len(world.room))
        assert (load[inside] / world.room[inside]).max() <= best.value * (1 + gap) + 1e-6
    else:
        assert sent.sum() >= best.carried_gbps.sum() * (1 - gap) - 1e-6
    if objective == "fair":
        assert (sent >= best.carried_gbps * (1 - gap) - 1e-6).all()


def test_nothing_moves_where_nothing_changed(world_of):
    world = world_of(3)
    found = route_classes(world.task, "throughput", EXACT)
    before = before_of(found.paths, found.rate_gbps, world.demand, world.room)
    again = steady(world.task, "throughput", found, before, limit=None, gap=0.0)
    assert again.moved_gbps == pytest.approx(0.0, abs=1e-6)
    assert before.forced_gbps == 0.0


def test_what_was_on_a_dead_link_has_to_move_and_is_told_apart(world_of):
    world, before, found = changed(world_of, 2)
    dead = found.paths.along((world.room <= 0.0) * 1.0) > 0.0
    assert before.forced_gbps == pytest.approx(found.rate_gbps[dead].sum())
    assert (before.paths.along((world.room <= 0.0) * 1.0) == 0.0).all()
    assert (before.paths.by_demand(before.rate_gbps, 4) <= world.demand + 1e-9).all()


@pytest.mark.parametrize("limit", [None, 0.1])
def test_without_time_the_new_routing_stays_as_it_is(world_of, limit):
    world, before, _ = changed(world_of, 3)
    new = route_classes(world.task, "throughput", EXACT)
    found = steady(world.task, "throughput", new, before, limit=limit, gap=0.0, left_s=lambda: 0.0)
    sent = found.paths.by_demand(found.rate_gbps, len(world.demand))
    assert sent == pytest.approx(new.carried_gbps)
    assert found.moved_gbps == pytest.approx(moved_gbps(before, new.paths, new.rate_gbps))
    assert found.within == (limit is None)
