from itertools import combinations
from math import inf

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.diverse import disjoint_pair, diverse_paths, shared_risks
from arterial.paths.graph import Graph, arc_link, reverse
from arterial.paths.shortest import k_shortest, path_weight, shortest_path

# The trap: the shortest path 0-1-2-3 uses the one link that both disjoint paths would cross.
TRAP = Graph.of(4, [0, 1, 2, 0, 1], [1, 2, 3, 2, 3])
TRAP_WEIGHT = [w for w in (1.0, 1.0, 1.0, 4.0, 4.0) for _ in "az"]
TRAP_RISKS = [{link} for link in range(5)]


@st.composite
def networks(draw):
    """A small multigraph, weights that differ by direction, and ducts shared by links."""
    sites = draw(st.integers(2, 6))
    end = st.integers(0, sites - 1)
    links = draw(st.lists(st.tuples(end, end), min_size=1, max_size=10))
    graph = Graph.of(sites, [a for a, _ in links], [z for _, z in links])
    arcs = 2 * len(links)
    weight = [float(w) for w in draw(st.lists(st.integers(0, 9), min_size=arcs, max_size=arcs))]
    ducts = draw(
        st.lists(st.sets(st.integers(0, 3), max_size=2), min_size=len(links), max_size=len(links))
    )
    return graph, weight, [{link, *(100 + d for d in held)} for link, held in enumerate(ducts)]


def every_path(graph, weight):
    return k_shortest(graph, weight, 0, 1, 10_000)


def links_of(path):
    return {arc_link(arc) for arc in path}


def flow_weight(graph, weight):
    """Least weight of two link-disjoint paths as a flow of 2, or None."""
    flow = nx.DiGraph()
    flow.add_node(0, demand=-2)
    flow.add_node(1, demand=2)
    for arc, w in enumerate(weight):
        ends = graph.arc_target[reverse(arc)], graph.arc_target[arc]
        flow.add_edge(ends[0], ("arc", arc), weight=int(w), capacity=1)
        flow.add_edge(("arc", arc), ends[1], weight=0, capacity=1)
    try:
        return nx.min_cost_flow_cost(flow)
    except nx.NetworkXUnfeasible:
        return None


@given(networks())
def test_the_disjoint_pair_is_a_least_weight_flow_of_two(drawn):
    graph, weight, _ = drawn
    pair = disjoint_pair(graph, weight, 0, 1)
    least = flow_weight(graph, weight)
    if pair is None:
        assert least is None
    else:
        assert sum(path_weight(weight, path) for path in pair) == least
        assert not links_of(pair[0]) & links_of(pair[1])
        assert set(pair) <= set(every_path(graph, weight))


@given(networks())
def test_the_disjoint_pair_is_the_best_of_all_pairs(drawn):
    graph, weight, _ = drawn
    pair = disjoint_pair(graph, weight, 0, 1)
    totals = [
        path_weight(weight, one) + path_weight(weight, other)
        for one, other in combinations(every_path(graph, weight), 2)
        if not links_of(one) & links_of(other)
    ]
    found = None if pair is None else sum(path_weight(weight, path) for path in pair)
    assert found == min(totals, default=None)


@given(
    st.lists(st.floats(0.0, 1e5), min_size=4, max_size=8),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=20),
)
def test_rounding_does_not_hang_the_search(place, links):
    # Sites on a line: every route between two of them ties, but for the last bits.
    graph = Graph.of(len(place), [a for a, _ in links], [z for _, z in links])
    weight = [abs(place[a] - place[z]) for a, z in links for _ in "az"]
    pair = disjoint_pair(graph, weight, 0, 1)
    assert pair is None or not links_of(pair[0]) & links_of(pair[1])


@given(networks(), st.integers(1, 5))
def test_paths_are_distinct_loop_free_and_lightest_first(drawn, k):
    graph, weight, risks = drawn
    found = diverse_paths(graph, weight, risks, 0, 1, k)
    assert len(found) == len(set(found)) <= k
    assert set(found) <= set(every_path(graph, weight))
    totals = [path_weight(weight, path) for path in found]
    assert totals == sorted(totals)


@given(networks(), st.integers(1, 5))
def test_the_first_path_is_the_shortest(drawn, k):
    graph, weight, risks = drawn
    found = diverse_paths(graph, weight, risks, 0, 1, k)
    shortest = shortest_path(graph, weight, 0, 1)
    assert [path_weight(weight, path) for path in found[:1]] == (
        [] if shortest is None else [path_weight(weight, shortest)]
    )


@given(networks(), st.integers(2, 5))
def test_shared_risks_are_avoided_wherever_the_shortest_path_leaves_a_way(drawn, k):
    graph, weight, risks = drawn
    shortest = shortest_path(graph, weight, 0, 1)
    free = [
        path
        for path in every_path(graph, weight)
        if shortest is not None and not shared_risks(risks, shortest, path)
    ]
    found = diverse_paths(graph, weight, risks, 0, 1, k)
    pairs = combinations(found, 2)
    assert not free or any(not shared_risks(risks, *pair) for pair in pairs)


@given(networks(), st.integers(3, 5))
def test_a_disjoint_pair_without_a_common_risk_is_found(drawn, k):
    graph, weight, risks = drawn
    pair = disjoint_pair(graph, weight, 0, 1)
    if pair is not None and not shared_risks(risks, *pair):
        assert set(pair) <= set(diverse_paths(graph, weight, risks, 0, 1, k))


def test_the_trap_is_escaped_beside_the_shortest_path():
    found = diverse_paths(TRAP, TRAP_WEIGHT, TRAP_RISKS, 0, 3, 3)
    assert found == [(0, 2, 4), (0, 8), (6, 4)]


def test_with_room_for_two_the_shortest_path_stays_in_a_trap():
    found = diverse_paths(TRAP, TRAP_WEIGHT, TRAP_RISKS, 0, 3, 2)
    assert found[0] == (0, 2, 4)
    assert len(found) == 2


def test_parallel_links_in_one_duct_are_no_detour():
    # Links 0 and 1 lie in one duct; link 2 goes round by itself and is far longer.
    graph = Graph.of(2, [0, 0, 0], [1, 1, 1])
    weight = [1.0, 1.0, 1.0, 1.0, 50.0, 50.0]
    risks = [{0, 9}, {1, 9}, {2}]
    assert diverse_paths(graph, weight, risks, 0, 1, 2) == [(0,), (4,)]


def test_a_path_found_again_makes_room_for_another():
    # The third link shares a risk with each of the others: by risks alone the first keeps winning.
    graph = Graph.of(2, [0, 0, 0], [1, 1, 1])
    risks = [{0}, {1}, {2, 0, 1}]
    assert diverse_paths(graph, [1.0] * 6, risks, 0, 1, 3) == [(0,), (2,), (4,)]


def test_no_path_is_no_error():
    graph = Graph.of(3, [0], [2])
    assert diverse_paths(graph, [1.0, 1.0], [{0}], 0, 1, 3) == []
    assert disjoint_pair(graph, [1.0, inf], 2, 0) is None
    assert diverse_paths(graph, [1.0, 1.0], [{0}], 0, 2, 0) == []
