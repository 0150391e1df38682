from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.paths.graph import Graph
from arterial.paths.shortest import shortest_path
from arterial.paths.tree import Adjacency, lightest_path

WEIGHTS = (0.0, 1.0, 2.0, 3.5, inf)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_the_path_is_the_one_that_the_search_in_python_finds_ties_included(seed):
    random = np.random.default_rng(seed)
    sites, links = int(random.integers(1, 30)), int(random.integers(0, 80))
    ends = random.integers(0, sites, (links, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    graph = Graph.of(sites, ends[:, 0], ends[:, 1])
    weight = random.choice(WEIGHTS, 2 * len(ends))
    adjacency = Adjacency.of(graph)
    for source, target in random.integers(0, sites, (10, 2)).tolist():
        expected = shortest_path(graph, weight.tolist(), source, target)
        assert lightest_path(adjacency, weight, source, target) == expected


def test_a_site_that_no_open_arc_reaches_has_no_path():
    graph = Graph.of(3, [0, 1], [1, 2])
    weight = np.array([1.0, 1.0, inf, 1.0])
    assert lightest_path(Adjacency.of(graph), weight, 0, 2) is None
    assert lightest_path(Adjacency.of(graph), weight, 2, 0) == (3, 1)
    assert lightest_path(Adjacency.of(graph), weight, 1, 1) == ()
