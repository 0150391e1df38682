import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.ecmp import base_of, ip_of

SEEDS = st.integers(0, 2**32 - 1)


def ladder(weight):
    """Two equal ways from 0 to 3, over 1 and over 2."""
    ends = np.array([[0, 1], [0, 2], [1, 3], [2, 3]])
    return ip_of(ends, 4, np.ones(8), np.array(weight))


def offer(source, target, gbps, sites=4):
    offered = np.zeros((sites, sites, 1))
    offered[target, source, 0] = gbps
    return offered


@pytest.mark.parametrize(
    ("weight", "share"), [([1.0] * 8, 0.5), ([3.0, 1, 1, 1, 1, 1, 1, 1], 0.75)]
)
def test_equal_ways_share_equally_or_by_weight(weight, share):
    load = base_of(ladder(weight), offer(0, 3, 8.0)).load[:, 0]
    assert load.tolist() == [
        8 * share,
        0.0,
        8 * (1 - share),
        0.0,
        8 * share,
        0.0,
        8 * (1 - share),
        0.0,
    ]


@given(SEEDS)
@settings(max_examples=40)
def test_distances_are_those_of_networkx_with_each_way_s_own_metric(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 12))
    ends = random.integers(0, sites, (int(random.integers(1, 25)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    metric = random.integers(1, 9, 2 * len(ends)).astype(float)
    base = base_of(ip_of(ends, sites, metric, np.ones(2 * len(ends))), np.zeros((sites, sites, 1)))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(sites))
    for link, (a, z) in enumerate(ends.tolist()):
        graph.add_edge(a, z, w=metric[2 * link])
        graph.add_edge(z, a, w=metric[2 * link + 1])
    for source in range(sites):
        known = nx.single_source_dijkstra_path_length(graph, source, weight="w")
        expected = [known.get(target, np.inf) for target in range(sites)]
        assert base.distance[:, source].tolist() == expected


@given(SEEDS)
@settings(max_examples=40)
def test_load_times_metric_is_traffic_times_distance(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 12))
    ends = random.integers(0, sites, (int(random.integers(1, 25)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    metric = random.integers(1, 9, 2 * len(ends)).astype(float)
    offered = random.integers(0, 9, (sites, sites, 2)).astype(float)
    base = base_of(ip_of(ends, sites, metric, np.ones(2 * len(ends))), offered)
    reached = np.where(np.isfinite(base.distance), base.distance, 0.0)
    assert np.allclose(metric @ base.load, np.einsum("dv,dvc->c", reached, offered))


def test_traffic_without_a_way_loads_nothing():
    ip = ip_of(np.array([[0, 1]]), 3, np.ones(2), np.ones(2))
    base = base_of(ip, offer(0, 2, 5.0, sites=3))
    assert not base.load.any()
    assert base.distance[2, 0] == np.inf
