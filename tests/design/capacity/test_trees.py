"""Distances equal those of networkx; ties go to the sooner way."""

import networkx as nx
import numpy as np
import pytest

from arterial.design.capacity.trees import tree_path, trees
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency


def _mesh(seed, sites=9, links=18):
    random = np.random.default_rng(seed)
    ends = np.array([random.choice(sites, 2, replace=False) for _ in range(links)])
    return ends, Adjacency.of(Graph.of(sites, ends[:, 0], ends[:, 1])), random


@pytest.mark.parametrize("seed", range(15))
def test_distances_are_networkxs_and_ways_add_up_to_them(seed):
    ends, adjacency, random = _mesh(seed)
    weight = random.integers(0, 5, 2 * len(ends)).astype(float)
    delay = random.uniform(1.0, 2.0, 2 * len(ends))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(9))
    for link, (a, z) in enumerate(ends.tolist()):
        graph.add_edge(a, z, weight=weight[2 * link])
        graph.add_edge(z, a, weight=weight[2 * link + 1])
    far, late, arrival = trees(adjacency, weight, delay, np.arange(9))
    for source in range(9):
        known = nx.single_source_dijkstra_path_length(graph, source)
        for target in range(9):
            assert far[source, target] == pytest.approx(known.get(target, np.inf))
            if target in known:
                path = list(tree_path(adjacency, arrival[source], source, target))
                assert weight[path].sum() == pytest.approx(far[source, target])
                assert delay[path].sum() == pytest.approx(late[source, target])


def test_of_equally_light_ways_the_sooner_is_taken():
    adjacency = Adjacency.of(Graph.of(3, [0, 0, 1], [2, 1, 2]))
    weight, delay = np.zeros(6), np.array([9.0, 9.0, 1.0, 1.0, 1.0, 1.0])
    _, late, arrival = trees(adjacency, weight, delay, np.array([0]))
    assert late[0, 2] == 2.0
    assert tree_path(adjacency, arrival[0], 0, 2) == (2, 4)
