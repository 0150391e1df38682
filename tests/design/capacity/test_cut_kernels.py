"""Smallest cuts are those of networkx."""

import networkx as nx
import numpy as np
import pytest

from arterial.design.capacity.cut_kernels import nearest_cuts, side_of
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency

SITES, LINKS = 8, 14


def _ends(random):
    return np.array([random.choice(SITES, 2, replace=False) for _ in range(LINKS)])


@pytest.mark.parametrize("seed", range(20))
def test_a_set_is_found_exactly_where_networkx_finds_a_cut_below_the_limit(seed):
    random = np.random.default_rng(seed)
    ends = _ends(random)
    units = random.integers(0, 3, LINKS).astype(float)
    graph = nx.Graph()
    graph.add_nodes_from(range(SITES))
    for (a, z), room in zip(ends.tolist(), units, strict=True):
        before = graph.get_edge_data(a, z, {"capacity": 0.0})["capacity"]
        graph.add_edge(a, z, capacity=before + room)
    pairs = np.array([[0, site] for site in range(1, SITES)])
    found = np.zeros((SITES, SITES), dtype=np.bool_)
    count = nearest_cuts(
        tuple(Adjacency.of(Graph.of(SITES, ends[:, 0], ends[:, 1]))), units, pairs, 3.0, found
    )
    least = [nx.minimum_cut_value(graph, 0, site) for site in range(1, SITES)]
    assert count == sum(value < 3.0 for value in least)
    for inside, value in zip(found[:count], [v for v in least if v < 3.0], strict=True):
        assert units[inside[ends[:, 0]] != inside[ends[:, 1]]].sum() == value


def test_ends_of_which_any_will_do_are_on_a_side_only_together():
    inside = np.array([True, True, False])
    first, sites = np.array([0, 1, 3, 5]), np.array([0, 0, 1, 1, 2])
    assert [side_of(inside, first, sites, k) for k in range(3)] == [1, 1, -1]
    assert side_of(~inside, first, sites, 1) == 0
