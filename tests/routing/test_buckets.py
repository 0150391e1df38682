from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from arterial.routing.buckets import in_buckets
from arterial.routing.classes import passing, route_classes
from arterial.routing.growth import Asked

SEEDS = range(15)
EXACT = Asked(gap=0.0)


def splits(count, buckets):
    return [split for split in product(range(buckets + 1), repeat=count) if sum(split) == buckets]


def best_in_parts(world, paths, served, buckets, *, whole):
    """Most carried, or least utilisation where demands stay whole, over all splits."""
    groups = [np.flatnonzero(paths.demand == k) for k in served]
    inside = world.room > 0.0
    best = np.inf if whole else 0.0
    for chosen in product(*(splits(len(group), buckets) for group in groups)):
        share = np.zeros(len(paths))
        for group, split in zip(groups, chosen, strict=True):
            share[group] = np.array(split) / buckets
        if whole:
            load = paths.load(share * world.demand[paths.demand], len(world.room))
            best = min(best, (load[inside] / world.room[inside]).max())
            continue
        matrix = np.array(
            [paths.load(share * (paths.demand == k), len(world.room)) for k in served]
        ).T
        limit = [(0, world.demand[k]) for k in served]
        best = max(best, -linprog(-np.ones(len(served)), matrix, world.room, bounds=limit).fun)
    return best


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("buckets", [1, 2, 3])
def test_parts_are_whole_overload_nothing_and_come_near_the_best_split(
    world_of, checked, seed, buckets
):
    world = world_of(seed, sites=5, links=7, demands=3).with_one_class()
    found = route_classes(world.task, "throughput", EXACT)
    served = np.unique(found.paths.demand)
    if not len(served):
        return
    split = in_buckets(world.task, found.paths, found.rate_gbps, buckets, cut=True)
    sent = split.paths.by_demand(split.rate_gbps, len(world.demand))
    parts = split.rate_gbps / sent[split.paths.demand] * buckets
    assert parts == pytest.approx(np.round(parts), abs=1e-9)
    checked(world, split.paths, split.rate_gbps)
    best = best_in_parts(world, found.paths, served, buckets, whole=False)
    assert 0.6 * best <= split.rate_gbps.sum() <= best + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("buckets", [1, 2, 3])
def test_whole_demands_in_parts_fill_no_arc_less_than_the_best_split(world_of, seed, buckets):
    world = world_of(seed, sites=5, links=7, demands=3).with_one_class()
    found = route_classes(world.task, "mlu", EXACT)
    served = np.unique(found.paths.demand)
    if not len(served):
        return
    split = in_buckets(world.task, found.paths, found.rate_gbps, buckets, cut=False)
    sent = split.paths.by_demand(split.rate_gbps, len(world.demand))
    assert sent[served] == pytest.approx(world.demand[served])
    best = best_in_parts(world, found.paths, served, buckets, whole=True)
    assert best - 1e-9 <= split.overload <= 1.6 * best + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_many_parts_are_as_good_as_none(world_of, seed):
    world = world_of(seed, classes=2)
    found = route_classes(world.task, "throughput", EXACT)
    split = in_buckets(world.task, found.paths, found.rate_gbps, 4096, cut=True)
    assert split.rate_gbps.sum() == pytest.approx(found.value, rel=5e-3)
    assert split.overload <= 1.01


def test_higher_classes_are_cut_last(world_of):
    for seed in SEEDS:
        world = world_of(seed, classes=2)
        found = route_classes(world.task, "throughput", EXACT)
        split = in_buckets(world.task, found.paths, found.rate_gbps, 2, cut=True)
        top = world.priority[split.paths.demand] == 0
        alone = in_buckets(
            world.task,
            split.paths.taken(np.flatnonzero(top)),
            split.rate_gbps[top],
            2,
            cut=True,
        )
        assert split.rate_gbps[top].sum() == pytest.approx(alone.rate_gbps.sum(), abs=1e-6)
        assert passing(world.task, split.paths, split.rate_gbps).sum() == pytest.approx(
            split.rate_gbps.sum()
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_without_time_parts_still_fit_and_carry(world_of, checked, seed):
    world = world_of(seed, classes=2)
    found = route_classes(world.task, "throughput", EXACT)
    split = in_buckets(world.task, found.paths, found.rate_gbps, 4, cut=True, left_s=lambda: 0.0)
    checked(world, split.paths, split.rate_gbps)
    assert (split.rate_gbps.sum() > 0.0) == (found.rate_gbps.sum() > 0.0)
