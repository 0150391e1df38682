from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.paths.graph import Graph
from arterial.paths.risks import Risks
from arterial.paths.tree import Adjacency
from arterial.paths.tunnels import tunnels

INF = np.inf


def drawn(seed):
    """A random multigraph with shared risks and a demand for every pair of its sites."""
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 7))
    ends = random.integers(0, sites, (int(random.integers(1, 10)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    links = len(ends)
    groups = [
        np.flatnonzero(random.random(links) < 0.3).tolist() for _ in range(random.integers(0, 4))
    ]
    pairs = [(a, z) for a in range(sites) for z in range(sites) if a != z]
    return {
        "graph": Graph.of(sites, ends[:, 0].tolist(), ends[:, 1].tolist()),
        "ends": ends,
        "weight": random.integers(1, 9, 2 * links).astype(float),
        "groups": [group for group in groups if group],
        "pairs": np.array(pairs, dtype=np.int64).reshape(-1, 2),
    }


def asked(net, limit=INF, k=2):
    source, target = net["pairs"].T
    return tunnels(
        Adjacency.of(net["graph"]),
        net["weight"],
        Risks.of(len(net["ends"]), net["groups"]),
        np.ascontiguousarray(source),
        np.ascontiguousarray(target),
        np.full(len(source), limit),
        k=k,
    )


def listed(found, demand):
    return [
        tuple(found.arc[found.start[p] : found.start[p + 1]].tolist())
        for p in np.flatnonzero(found.demand == demand)
    ]


def every_path(net, source, target):
    """All loop-free paths, as arcs."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(net["graph"].sites))
    for link, (a, z) in enumerate(net["ends"].tolist()):
        graph.add_edge(a, z, key=2 * link)
        graph.add_edge(z, a, key=2 * link + 1)
    return [
        tuple(arc for _, _, arc in walk) for walk in nx.all_simple_edge_paths(graph, source, target)
    ]


def ridden(net, path):
    links = {arc >> 1 for arc in path}
    groups = {len(net["ends"]) + g for g, held in enumerate(net["groups"]) if links & set(held)}
    return links | groups


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_the_primary_is_a_shortest_path_and_the_backup_no_more_shared_than_proved(seed):
    net = drawn(seed)
    found = asked(net)
    for demand, (source, target) in enumerate(net["pairs"].tolist()):
        paths, known = listed(found, demand), every_path(net, source, target)
        assert bool(paths) == bool(known)
        if not known:
            continue
        lengths = {path: net["weight"][list(path)].sum() for path in known}
        assert lengths[paths[0]] == min(lengths.values()) or (
            found.exact[demand] and paths[0] in lengths and lengths[paths[0]] <= lengths[paths[1]]
        )
        overlap = [len(ridden(net, a) & ridden(net, b)) for a in known for b in known if a != b]
        if len(paths) == 1:
            assert found.shared[demand] == len(ridden(net, paths[0]))
            least = min([*overlap, len(ridden(net, paths[0]))])
        else:
            assert found.shared[demand] == len(ridden(net, paths[0]) & ridden(net, paths[1]))
            least = min(overlap)
        if found.exact[demand]:
            assert found.shared[demand] <= least


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_a_backup_that_shares_nothing_with_a_shortest_primary_is_the_shortest_such(seed):
    net = drawn(seed)
    found = asked(net)
    for demand, (source, target) in enumerate(net["pairs"].tolist()):
        paths = listed(found, demand)
        if not paths:
            continue
        free = [
            net["weight"][list(path)].sum()
            for path in every_path(net, source, target)
            if not ridden(net, path) & ridden(net, paths[0])
        ]
        assert bool(free) == (found.shared[demand] == 0)
        weight = net["weight"]
        least = min(weight[list(path)].sum() for path in every_path(net, source, target))
        if free and weight[list(paths[0])].sum() == least:
            assert net["weight"][list(paths[1])].sum() == min(free)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(3, 20))
@settings(max_examples=80)
def test_paths_are_different_join_their_ends_and_keep_their_limit(seed, k, limit):
    net = drawn(seed)
    found = asked(net, float(limit), k)
    arc_target = net["graph"].arc_target
    for demand, (source, target) in enumerate(net["pairs"].tolist()):
        paths = listed(found, demand)
        assert len(paths) == len(set(paths)) <= k
        within = [
            path
            for path in every_path(net, source, target)
            if net["weight"][list(path)].sum() <= limit
        ]
        assert bool(paths) == bool(within)
        assert set(paths) <= set(within)
        for path in paths:
            assert arc_target[path[0] ^ 1] == source
            assert arc_target[path[-1]] == target
            assert all(arc_target[one] == arc_target[other ^ 1] for one, other in pairwise(path))
    assert found.rank.tolist() == [
        rank for demand in range(len(net["pairs"])) for rank in range(len(listed(found, demand)))
    ]


# 0-1-2-3 is shortest and blocks both ways round it: 0-2-3 and 0-1-3 share nothing.
TRAP = {
    "ends": np.array([(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)]),
    "weight": np.repeat([1.0, 1.0, 1.0, 9.0, 9.0], 2),
    "groups": [],
    "pairs": np.array([[0, 3]]),
}
TRAP["graph"] = Graph.of(4, *TRAP["ends"].T.tolist())


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_trap_is_left_by_another_pair(k):
    found = asked(TRAP, k=k)
    assert (found.shared.tolist(), found.exact.tolist()) == ([0], [True])
    paths = listed(found, 0)
    assert set(paths[:2]) == {(6, 4), (0, 8)}
    assert len(paths) == min(k, 3)


def test_where_every_path_rides_a_bridge_the_rest_is_kept_apart():
    # A bridge, then two ways.
    ends = np.array([(0, 1), (1, 2), (1, 3), (3, 2)])
    net = TRAP | {"ends": ends, "graph": Graph.of(4, *ends.T.tolist()), "weight": np.ones(8)}
    found = asked(net | {"pairs": np.array([[0, 2]])})
    assert listed(found, 0) == [(0, 2), (0, 4, 6)]
    assert (found.shared.tolist(), found.exact.tolist()) == ([1], [True])


def test_a_weight_that_is_no_number_or_negative_is_a_broken_promise():
    net = drawn(5) | {"weight": np.full(2 * len(drawn(5)["ends"]), -1.0)}
    with pytest.raises(AssertionError, match="not negative"):
        asked(net)
