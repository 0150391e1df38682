from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from arterial.routing.candidates import candidates

SEEDS = range(15)


def of_demand(paths, k):
    return [
        paths.arc[paths.start[p] : paths.start[p + 1]].tolist()
        for p in np.flatnonzero(paths.demand == k)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [1, 2, 4])
def test_candidates_differ_keep_their_delay_and_begin_with_the_shortest(world_of, checked, seed, k):
    world = world_of(seed, bounded=0.5)
    paths = candidates(world.ways, [], k)
    checked(world, paths, np.zeros(len(paths)))
    for demand in range(len(world.demand)):
        found, every = of_demand(paths, demand), world.simple_paths(demand, dead=True)
        assert len(found) <= k
        assert len({tuple(path) for path in found}) == len(found)
        assert bool(found) == bool(every)
        if found:
            shortest = min(world.delay[path].sum() for path in every)
            assert world.delay[found[0]].sum() == shortest


@pytest.mark.parametrize("seed", SEEDS)
def test_two_candidates_share_no_risk_where_one_shares_none_with_the_shortest(world_of, seed):
    world = world_of(seed)
    risks = [(0, 3), (1, 2, 5)]
    hold = [
        {link} | {f"risk {r}" for r, links in enumerate(risks) if link in links}
        for link in range(9)
    ]

    def ridden(path):
        return set().union(*(hold[arc // 2] for arc in path))

    paths = candidates(world.ways, risks, 2)
    for demand in range(len(world.demand)):
        found = of_demand(paths, demand)
        every = world.simple_paths(demand, dead=True)
        apart = any(not ridden(found[0]) & ridden(path) for path in every)
        assert any(not ridden(a) & ridden(b) for a, b in combinations(found, 2)) == apart


def test_an_unreachable_target_has_no_candidate(world_of):
    world = world_of(1)
    world = replace(world, delay=np.full(18, np.inf), budget=np.full(6, 5.0))
    assert len(candidates(world.ways, [], 3)) == 0
