import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.ecmp import base_of, ip_of
from arterial.routing.repair import play


def routed_anew(ends, metric, weight, offered, lost, gone):
    """Loads, dropped and ended traffic of one case, from nothing: the oracle."""
    sites = len(gone)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(sites))
    for link in set(range(len(ends))) - set(lost):
        for arc, (a, z) in ((2 * link, ends[link]), (2 * link + 1, ends[link][::-1])):
            graph.add_edge(a, z, key=arc, w=metric[arc])
    load = np.zeros((len(metric), offered.shape[2]))
    dropped, ended = (np.zeros(offered.shape[2]) for _ in range(2))
    for to in range(sites):
        far = nx.single_source_dijkstra_path_length(graph.reverse(), to, weight="w")
        held = offered[to].copy()
        for site in range(sites):
            lost_end = gone[to] or gone[site]
            if lost_end or site not in far:
                (ended if lost_end else dropped)[:] += held[site]
                held[site] = 0.0
        for site in sorted(set(far) - {to}, key=lambda site: -far[site]):
            hops = [
                (arc, there)
                for _, there, arc, row in graph.out_edges(site, keys=True, data=True)
                if there in far and far[site] == row["w"] + far[there]
            ]
            total = sum(weight[arc] for arc, _ in hops)
            for arc, there in hops:
                load[arc] += held[site] * weight[arc] / total
                held[there] += held[site] * weight[arc] / total
    return load, dropped, ended


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_what_is_mended_is_what_routing_anew_gives(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 12))
    ends = random.integers(0, sites, (int(random.integers(1, 25)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    metric = random.integers(1, 4, 2 * len(ends)).astype(float)
    weight = random.choice([1.0, 2.0, 5.0], 2 * len(ends))
    offered = random.integers(0, 5, (sites, sites, 2)).astype(float)
    cases, gone = [], random.random((5, sites)) < 0.1
    for lost in gone:
        cut = random.random(len(ends)) < random.choice([0.1, 0.4])
        cases.append(np.flatnonzero(cut | lost[ends].any(axis=1)).tolist())
    first = np.concatenate([[0], np.cumsum([len(links) for links in cases])])
    links = np.array([link for case in cases for link in case], dtype=np.int64)
    ip = ip_of(ends, sites, metric, weight)
    told = play(ip, base_of(ip, offered), offered, (first, links), gone)
    for case, lost in enumerate(cases):
        expected = routed_anew(ends.tolist(), metric, weight, offered, lost, gone[case])
        for found, wanted in zip(told, expected, strict=True):
            assert np.allclose(found[case], wanted, atol=1e-9)
