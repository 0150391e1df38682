from itertools import combinations, product

import numpy as np
import pytest

from arterial.routing.classes import route_classes
from arterial.routing.few import few_tunnels
from arterial.routing.growth import Asked

SEEDS = range(10)
EXACT = Asked(gap=0.0)


def small(world_of, seed):
    return world_of(seed, sites=5, links=7, demands=3)


def subsets(paths, tunnels):
    """Every way of keeping so many paths of each demand."""
    groups = [np.flatnonzero(paths.demand == k) for k in np.unique(paths.demand)]
    choices = [list(combinations(group, min(tunnels, len(group)))) for group in groups]
    for chosen in product(*choices):
        yield paths.taken(np.array(sorted(p for part in chosen for p in part), dtype=np.int64))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tunnels", [1, 2])
@pytest.mark.parametrize("objective", ["throughput", "mlu"])
def test_no_other_choice_of_few_tunnels_reaches_more(world_of, seed, tunnels, objective):
    world = small(world_of, seed)
    every = world.every_path
    if not len(every):
        return
    free = route_classes(world.listed(every), objective, EXACT)
    rate = np.zeros(len(every))
    kept = few_tunnels(world.task, objective, every, rate, tunnels)
    found = route_classes(world.listed(kept), objective, EXACT).value
    others = [
        route_classes(world.listed(some), objective, EXACT).value
        for some in subsets(every, tunnels)
    ]
    best = max(others) if objective == "throughput" else min(others)
    assert np.bincount(kept.demand).max(initial=0) <= tunnels
    assert found == pytest.approx(best, rel=1e-5, abs=1e-6)
    assert found <= free.value + 1e-6 if objective == "throughput" else found >= free.value - 1e-6


def test_of_too_many_paths_those_stay_that_carry_most(world_of, monkeypatch):
    world = small(world_of, 1)
    every = world.every_path
    rate = np.random.default_rng(0).random(len(every))
    monkeypatch.setattr("arterial.routing.few.SMALL", 0)
    kept = few_tunnels(world.task, "throughput", every, rate, 2)
    for k in np.unique(every.demand):
        best = np.flatnonzero(every.demand == k)
        best = best[np.argsort(-rate[best])][:2]
        ours = kept.taken(np.flatnonzero(kept.demand == k))
        assert sorted(ours.along(world.delay)) == sorted(every.taken(best).along(world.delay))


def test_a_higher_class_chooses_first(world_of):
    world = world_of(4, sites=5, links=7, demands=4, classes=2)
    every = world.every_path
    kept = few_tunnels(world.task, "throughput", every, np.zeros(len(every)), 1)
    top = np.flatnonzero(world.priority == 0)
    found = route_classes(world.listed(kept), "throughput", EXACT).carried_gbps[top].sum()
    above = every.taken(np.flatnonzero(np.isin(every.demand, top)))
    best = max(
        route_classes(world.listed(some), "throughput", EXACT).carried_gbps[top].sum()
        for some in subsets(above, 1)
    )
    assert found == pytest.approx(best, abs=1e-6)
