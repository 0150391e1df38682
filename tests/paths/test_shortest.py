from itertools import pairwise
from math import inf

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.graph import Graph, arc_link
from arterial.paths.shortest import distances, k_shortest, path_weight, shortest_path


@st.composite
def networks(draw):
    """A small multigraph, often in pieces, with parallel links and a weight for each way."""
    sites = draw(st.integers(2, 6))
    end = st.integers(0, sites - 1)
    links = draw(st.lists(st.tuples(end, end), min_size=1, max_size=10))
    graph = Graph.of(sites, [a for a, _ in links], [z for _, z in links])
    weight = draw(st.lists(st.integers(0, 9), min_size=2 * len(links), max_size=2 * len(links)))
    closed = draw(st.sets(st.integers(0, 2 * len(links) - 1), max_size=3))
    return graph, [inf if arc in closed else float(w) for arc, w in enumerate(weight)]


def oracle(graph, weight):
    """The same network for networkx: each arc a site of its own, so that parallel ones stay apart.

    networkx's k shortest paths know no parallel links.
    """
    flat = nx.DiGraph()
    flat.add_nodes_from(range(graph.sites))
    for site, arcs in enumerate(graph.leaving):
        for arc in arcs:
            if weight[arc] < inf:
                flat.add_edge(site, ("arc", arc), w=weight[arc])
                flat.add_edge(("arc", arc), graph.arc_target[arc], w=0.0)
    return flat


def arcs_of(walk):
    return tuple(stop[1] for stop in walk if isinstance(stop, tuple))


def is_path(graph, path, source, target):
    sites = graph.sites_of(path) or (source,)
    joined = all(arc in graph.leaving[site] for site, arc in zip(sites, path, strict=False))
    return (sites[0], sites[-1]) == (source, target) and joined and len(set(sites)) == len(sites)


@given(networks())
def test_distances_agree_with_networkx(drawn):
    graph, weight = drawn
    known = nx.single_source_dijkstra_path_length(oracle(graph, weight), 0, weight="w")
    assert distances(graph, weight, 0) == [known.get(site, inf) for site in range(graph.sites)]


@given(networks())
def test_the_shortest_path_is_a_path_and_as_long_as_the_distance(drawn):
    graph, weight = drawn
    for target in range(graph.sites):
        path = shortest_path(graph, weight, 0, target)
        distance = distances(graph, weight, 0)[target]
        if path is None:
            assert distance == inf
        else:
            assert is_path(graph, path, 0, target)
            assert path_weight(weight, path) == distance


@given(networks(), st.sets(st.integers(0, 5), max_size=3))
def test_closed_sites_are_not_passed_though_they_may_be_ends(drawn, closed):
    graph, weight = drawn
    flat = oracle(graph, weight)
    flat.remove_nodes_from(closed - {0, 1})
    path = shortest_path(graph, weight, 0, 1, closed)
    assert (path is not None) == nx.has_path(flat, 0, 1)
    if path is not None:
        assert path_weight(weight, path) == nx.dijkstra_path_length(flat, 0, 1, weight="w")
        assert not closed & set(graph.sites_of(path)[1:-1])


@given(networks(), st.integers(1, 8))
def test_the_k_shortest_are_those_of_networkx(drawn, k):
    graph, weight = drawn
    flat = oracle(graph, weight)
    every = (
        [arcs_of(walk) for walk in nx.all_simple_paths(flat, 0, 1)]
        if nx.has_path(flat, 0, 1)
        else []
    )
    found = k_shortest(graph, weight, 0, 1, k)
    assert all(is_path(graph, path, 0, 1) for path in found)
    assert len(set(found)) == len(found) == min(k, len(every))
    expected = sorted(path_weight(weight, path) for path in every)[:k]
    assert [path_weight(weight, path) for path in found] == expected


@pytest.mark.parametrize("k", [1, 5, 40])
def test_the_k_shortest_agree_with_networkx_s_own_yen_on_a_grid(k):
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 4), ordering="sorted")
    ends = list(grid.edges)
    length = [1.0 + ((7 * link) % 13) / 8.0 for link in range(len(ends))]
    graph = Graph.of(16, [a for a, _ in ends], [z for _, z in ends])
    for (a, z), w in zip(ends, length, strict=True):
        grid.edges[a, z]["w"] = w
    weight = [length[arc_link(arc)] for arc in range(2 * len(ends))]
    theirs = [
        sum(grid.edges[hop]["w"] for hop in pairwise(walk))
        for walk, _ in zip(
            nx.shortest_simple_paths(grid, 0, 15, weight="w"), range(k), strict=False
        )
    ]
    assert [path_weight(weight, path) for path in k_shortest(graph, weight, 0, 15, k)] == theirs


@given(networks(), st.integers(1, 8), st.integers(0, 20))
def test_a_limit_cuts_the_list_and_nothing_else(drawn, k, limit):
    graph, weight = drawn
    within = [p for p in k_shortest(graph, weight, 0, 1, k) if path_weight(weight, p) <= limit]
    assert k_shortest(graph, weight, 0, 1, k, float(limit)) == within


def test_no_path_is_asked_for_and_none_is_given():
    graph = Graph.of(2, [0], [1])
    assert k_shortest(graph, [1.0, 1.0], 0, 1, 0) == []


def test_a_site_is_joined_to_itself_by_the_empty_path():
    graph = Graph.of(2, [0, 0], [1, 0])
    assert shortest_path(graph, [1.0] * 4, 0, 0) == ()
    assert k_shortest(graph, [1.0] * 4, 0, 0, 3) == [()]
