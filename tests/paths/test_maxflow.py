from itertools import combinations

import numpy as np
import pytest

from arterial.paths.graph import Graph, arc_link, reverse
from arterial.paths.maxflow import max_flow


def drawn(seed):
    random = np.random.default_rng(seed)
    sites, links = int(random.integers(2, 7)), int(random.integers(1, 12))
    ends = [random.choice(sites, 2, replace=False).tolist() for _ in range(links)]
    graph = Graph.of(sites, [a for a, _ in ends], [z for _, z in ends])
    return graph, ends, random.integers(0, 9, links).astype(float).tolist()


def least_cut(sites, ends, capacity):
    """Every split of the sites that parts 0 from 1, weighed."""
    others = range(2, sites)
    sides = ({0, *more} for count in range(len(others) + 1) for more in combinations(others, count))
    return min(
        sum(c for (a, z), c in zip(ends, capacity, strict=True) if (a in side) != (z in side))
        for side in sides
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_largest_flow_is_the_least_cut_and_its_routes_fit(seed):
    graph, ends, capacity = drawn(seed)
    found = max_flow(graph, capacity, 0, 1)
    assert found.value == least_cut(graph.sites, ends, capacity)
    assert found.value == sum(capacity[link] for link in found.cut)
    assert found.value == sum(carried for _, carried in found.routes)
    used = [0.0] * len(ends)
    for path, carried in found.routes:
        sites = (0, *(graph.arc_target[arc] for arc in path))
        assert sites[-1] == 1
        assert [graph.arc_target[reverse(arc)] for arc in path] == list(sites[:-1])
        for arc in path:
            used[arc_link(arc)] += carried
    assert all(u <= c for u, c in zip(used, capacity, strict=True))


def test_sites_that_no_link_joins_exchange_nothing():
    assert max_flow(Graph.of(3, [0], [2]), [5.0], 0, 1).value == 0.0
