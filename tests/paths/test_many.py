import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.paths.graph import Graph
from arterial.paths.many import Fates, many_paths
from arterial.paths.tree import Adjacency

LENGTHS = st.integers(1, 9).map(float)


@st.composite
def networks(draw):
    """Sites, links between them (parallel ones too) and a weight for each arc."""
    sites = draw(st.integers(2, 9))
    end = st.integers(0, sites - 1)
    links = draw(st.lists(st.tuples(end, end).filter(lambda e: e[0] != e[1]), max_size=16))
    alike = draw(st.booleans())
    there = draw(st.lists(LENGTHS, min_size=len(links), max_size=len(links)))
    back = there if alike else draw(st.lists(LENGTHS, min_size=len(links), max_size=len(links)))
    weight = np.array([w for pair in zip(there, back, strict=True) for w in pair])
    return sites, links, weight


def every_pair(sites):
    pairs = [(a, z) for a in range(sites) for z in range(sites)]
    return np.array([a for a, _ in pairs]), np.array([z for _, z in pairs])


def found(sites, links, weight, k, *, source, target, fates=None, threads=2):
    graph = Graph.of(sites, [a for a, _ in links], [z for _, z in links])
    paths = many_paths(
        Adjacency.of(graph),
        weight,
        source,
        target,
        k,
        fates or Fates.alone(len(links)),
        threads=threads,
    )
    by_pair = [[] for _ in source]
    for path, pair in enumerate(paths.pair.tolist()):
        by_pair[pair].append(tuple(paths.arc[paths.start[path] : paths.start[path + 1]].tolist()))
    assert (np.diff(paths.pair) >= 0).all()
    return graph, by_pair


@settings(deadline=None)
@given(networks(), st.integers(1, 4))
def test_paths_join_their_pair_without_loops_and_the_first_is_a_shortest_one(network, k):
    sites, links, weight = network
    source, target = every_pair(sites)
    graph, by_pair = found(*network, k, source=source, target=target)
    oracle = nx.MultiDiGraph()
    oracle.add_nodes_from(range(sites))
    for link, (a, z) in enumerate(links):
        oracle.add_edge(a, z, w=weight[2 * link])
        oracle.add_edge(z, a, w=weight[2 * link + 1])
    shortest = dict(nx.all_pairs_dijkstra_path_length(oracle, weight="w"))
    for a, z, paths in zip(source.tolist(), target.tolist(), by_pair, strict=True):
        if a == z or z not in shortest[a]:
            assert paths == []
            continue
        assert 1 <= len(set(paths)) == len(paths) <= k
        assert weight[list(paths[0])].sum() == shortest[a][z]
        for path in paths:
            passed = graph.sites_of(path)
            assert (passed[0], passed[-1]) == (a, z)
            assert len(set(passed)) == len(passed)


@settings(deadline=None)
@given(networks())
def test_the_second_path_is_the_shortest_of_those_that_share_least_with_the_first(network):
    sites, links, weight = network
    source, target = every_pair(sites)
    _, by_pair = found(*network, 2, source=source, target=target)
    bridges = bridges_of(sites, links)
    for a, z, paths in zip(source.tolist(), target.tolist(), by_pair, strict=True):
        if len(paths) < 2:
            continue
        used = {arc >> 1 for arc in paths[0]} - bridges
        oracle = nx.MultiDiGraph()
        dear = weight + 1000.0 * np.isin(np.arange(len(weight)) >> 1, list(used))
        for arc, w in enumerate(dear):
            oracle.add_edge(*(links[arc >> 1] if arc % 2 == 0 else links[arc >> 1][::-1]), w=w)
        least = nx.dijkstra_path_length(oracle, a, z, weight="w")
        # Where the first path itself shares least, the second is the one that shares a little more.
        again = dear[list(paths[0])].sum() == least
        assert again or dear[list(paths[1])].sum() == least


def bridges_of(sites, links):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(sites))
    graph.add_edges_from(links)
    whole = nx.number_connected_components(graph)
    cut = set()
    for link, (a, z) in enumerate(links):
        graph.remove_edge(a, z)
        if nx.number_connected_components(graph) > whole:
            cut.add(link)
        graph.add_edge(a, z)
    return cut


RING = [(0, 1), (1, 2), (2, 3), (3, 0)]


def test_a_ring_gives_both_its_ways_and_no_third():
    weight = np.ones(8)
    _, (paths,) = found(4, RING, weight, 4, source=np.array([0]), target=np.array([1]))
    assert paths == [(0,), (7, 5, 3)]


def test_links_that_fall_together_are_avoided_together():
    # Two parallel links in one duct beside a long way round.
    links = [(0, 1), (0, 1), (0, 2), (2, 1)]
    weight = np.repeat([1.0, 1.0, 2.0, 2.0], 2)
    ends = {"source": np.array([0]), "target": np.array([1])}
    _, (alone,) = found(3, links, weight, 2, **ends)
    assert alone == [(0,), (2,)]
    duct = Fates(np.array([0, 2, 4, 5, 6]), np.array([0, 1, 0, 1, 2, 3]))
    _, (apart,) = found(3, links, weight, 2, **ends, fates=duct)
    assert apart == [(0,), (4, 6)]


def test_threads_and_repeated_pairs_change_nothing():
    draw = np.random.default_rng(3)
    sites, links = 40, [(n, n + 1) for n in range(39)] + [(n, n + 3) for n in range(0, 36, 2)]
    weight = draw.integers(1, 9, 2 * len(links)).astype(float)
    source, target = every_pair(sites)
    one = found(sites, links, weight, 3, source=source, target=target, threads=1)[1]
    two = found(sites, links, weight, 3, source=source, target=target, threads=2)[1]
    assert one == two
    twice = found(sites, links, weight, 3, source=np.tile(source, 2), target=np.tile(target, 2))[1]
    assert twice == one + one


def test_no_pairs_have_no_paths():
    none = np.zeros(0, dtype=np.int64)
    assert found(4, RING, np.ones(8), 2, source=none, target=none)[1] == []
