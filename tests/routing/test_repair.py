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


def told_and_expected(random, ends, metric, sites, cases, gone):
    """What ``play`` says of each case, beside the oracle."""
    weight = random.choice([1.0, 2.0, 5.0], 2 * len(ends))
    offered = random.integers(0, 5, (sites, sites, 2)).astype(float)
    first = np.concatenate([[0], np.cumsum([len(links) for links in cases])])
    links = np.array([link for case in cases for link in case], dtype=np.int64)
    ip = ip_of(ends, sites, metric, weight)
    told = play(ip, base_of(ip, offered), offered, (first, links), gone)
    for case, lost in enumerate(cases):
        expected = routed_anew(ends.tolist(), metric, weight, offered, lost, gone[case])
        yield from ((found[case], wanted) for found, wanted in zip(told, expected, strict=True))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_what_is_mended_is_what_routing_anew_gives(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 12))
    ends = random.integers(0, sites, (int(random.integers(1, 25)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    metric = random.integers(1, 4, 2 * len(ends)).astype(float)
    cases, gone = [], random.random((5, sites)) < 0.1
    for lost in gone:
        cut = random.random(len(ends)) < random.choice([0.1, 0.4])
        cases.append(np.flatnonzero(cut | lost[ends].any(axis=1)).tolist())
    for found, wanted in told_and_expected(random, ends, metric, sites, cases, gone):
        assert np.allclose(found, wanted, atol=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_deep_trees_with_few_links_beside_them_are_mended_too(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(8, 26))
    tree = [(int(random.integers(max(0, site - 3), site)), site) for site in range(1, sites)]
    beside = random.integers(0, sites, (int(random.integers(0, 9)), 2))
    ends = np.concatenate([tree, beside[beside[:, 0] != beside[:, 1]]])
    metric = random.integers(1, random.choice([2, 5, 1000]), 2 * len(ends)).astype(float)
    cases = [
        random.choice(len(ends), int(random.integers(1, 4)), replace=False).tolist()
        for _ in range(6)
    ]
    gone = np.zeros((len(cases), sites), dtype=np.bool_)
    for found, wanted in told_and_expected(random, ends, metric, sites, cases, gone):
        assert np.allclose(found, wanted, atol=1e-9)


def test_cases_played_apart_give_the_same_bytes_as_all_at_once():
    random = np.random.default_rng(3)
    ends = random.integers(0, 20, (40, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ip = ip_of(ends, 20, np.repeat(random.integers(1, 9, len(ends)), 2), np.ones(2 * len(ends)))
    offered = random.random((20, 20, 1))
    base, links = base_of(ip, offered), np.arange(len(ends))
    gone = np.zeros((len(ends), 20), dtype=np.bool_)
    whole = play(ip, base, offered, (np.arange(len(ends) + 1), links), gone)
    for case in links:
        alone = play(ip, base, offered, (np.array([0, 1]), links[case : case + 1]), gone[:1])
        for part, found in zip(alone, whole, strict=True):
            assert part[0].tobytes() == found[case].tobytes()
