import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.ecmp import base_of, ip_of
from arterial.routing.ways import Asked, ways


def followed(ends, metric, lost, demand, left, delay_ms):
    """Share and delay of one demand over all its shortest paths, from nothing: the oracle."""
    source, target, level = demand
    graph = nx.MultiDiGraph()
    graph.add_nodes_from([source, target])
    for link in set(range(len(ends))) - set(lost):
        for arc, (a, z) in ((2 * link, ends[link]), (2 * link + 1, ends[link][::-1])):
            graph.add_edge(a, z, key=arc, w=metric[arc])
    if not nx.has_path(graph, source, target):
        return 0.0, np.inf
    shares, delays = [1.0], [0.0]
    for path in nx.all_shortest_paths(graph, source, target, weight="w"):
        hops = list(itertools.pairwise(path))
        late = 0.0
        for a, z in hops:
            least = min(row["w"] for row in graph[a][z].values())
            arcs = [arc for arc, row in graph[a][z].items() if row["w"] == least]
            shares += [left[arc, level] for arc in arcs]
            late += max(delay_ms[arc] for arc in arcs)
        delays.append(late)
    return min(shares), max(delays)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_every_demand_finds_the_tightest_and_the_latest_of_its_shortest_paths(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 9))
    ends = random.integers(0, sites, (int(random.integers(1, 16)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    arcs = 2 * len(ends)
    metric = random.integers(1, 4, arcs).astype(float)
    demands = random.integers(0, sites, (6, 2))
    demands = demands[demands[:, 0] != demands[:, 1]]
    demands = demands[np.argsort(demands[:, 1], kind="stable")]
    level = random.integers(0, 2, len(demands))
    cases = [np.flatnonzero(random.random(len(ends)) < 0.3) for _ in range(4)]
    left = random.choice([1.0, 1.0, 0.5, 0.25], (len(cases), arcs, 2))
    delay_ms = random.integers(1, 9, arcs).astype(float)
    first = np.concatenate([[0], np.cumsum([len(links) for links in cases])])
    links = np.concatenate(cases).astype(np.int64)
    ip = ip_of(ends, sites, metric, np.ones(arcs))
    begins = np.searchsorted(demands[:, 1], np.arange(sites + 1))
    asked = Asked(begins, np.ascontiguousarray(demands[:, 0]), level)
    base = base_of(ip, np.zeros((sites, sites, 2)))
    share, late_ms = ways(ip, base, asked, (first, links), left, delay_ms)
    for case, lost in enumerate(cases):
        for k, (source, target) in enumerate(demands.tolist()):
            demand = (source, target, int(level[k]))
            expected = followed(ends.tolist(), metric, lost.tolist(), demand, left[case], delay_ms)
            assert (share[case, k], late_ms[case, k]) == expected


def test_a_delay_that_is_unknown_on_one_of_two_equal_ways_is_unknown():
    ends = np.array([[0, 1], [1, 3], [0, 2], [2, 3]])
    ip = ip_of(ends, 4, np.ones(8), np.ones(8))
    base = base_of(ip, np.zeros((4, 4, 1)))
    asked = Asked(np.array([0, 0, 0, 0, 1]), np.array([0]), np.array([0]))
    delay_ms = np.ones(8)
    delay_ms[2 * 1] = np.nan
    nothing, one_way = np.zeros(0, dtype=np.int64), np.array([1])
    known = ways(ip, base, asked, (np.array([0, 1]), one_way), np.ones((1, 8, 1)), delay_ms)
    mixed = ways(ip, base, asked, (np.array([0, 0]), nothing), np.ones((1, 8, 1)), delay_ms)
    assert known[1][0, 0] == pytest.approx(2.0)
    assert np.isnan(mixed[1][0, 0])
