"""The risk-disjoint pair against every pair of simple paths."""

from itertools import combinations
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.diverse import shared_risks
from arterial.paths.graph import Graph
from arterial.paths.shortest import k_shortest, path_weight

ALL = 10_000

# The trap: the shortest path 0-1-2-3 uses the one link that both disjoint paths would cross.
TRAP = Graph.of(4, [0, 1, 2, 0, 1], [1, 2, 3, 2, 3])
TRAP_WEIGHT = [w for w in (1.0, 1.0, 1.0, 4.0, 4.0) for _ in "az"]


@st.composite
def networks(draw):
    """A small multigraph, weights that differ by direction, and ducts shared by links."""
    sites = draw(st.integers(2, 6))
    end = st.integers(0, sites - 1)
    links = draw(st.lists(st.tuples(end, end), min_size=1, max_size=10))
    graph = Graph.of(sites, [a for a, _ in links], [z for _, z in links])
    arcs = 2 * len(links)
    drawn = st.integers(0, 9) | st.just(inf)
    weight = [float(w) for w in draw(st.lists(drawn, min_size=arcs, max_size=arcs))]
    held = st.sets(st.integers(0, 3), max_size=2)
    ducts = draw(st.lists(held, min_size=len(links), max_size=len(links)))
    return graph, weight, [{link, *(100 + d for d in duct)} for link, duct in enumerate(ducts)]


def totals(graph, weight, risks):
    """Weights of all risk-disjoint pairs of paths."""
    paths = k_shortest(graph, weight, 0, 1, ALL)
    return [
        path_weight(weight, one) + path_weight(weight, other)
        for one, other in combinations(paths, 2)
        if not shared_risks(risks, one, other)
    ]


@given(networks())
def test_with_tries_enough_the_pair_is_the_lightest_of_all(drawn):
    graph, weight, risks = drawn
    pair = risk_disjoint_pair(graph, weight, risks, 0, 1, ALL)
    every = totals(graph, weight, risks)
    assert (pair is None) == (not every)
    if pair is not None:
        assert pair.exact
        assert path_weight(weight, pair.lighter) + path_weight(weight, pair.heavier) == min(every)


@given(networks(), st.integers(1, 20))
def test_a_pair_is_disjoint_and_exact_only_when_no_other_is_lighter(drawn, tries):
    graph, weight, risks = drawn
    pair = risk_disjoint_pair(graph, weight, risks, 0, 1, tries)
    if pair is None:
        return
    weights = [path_weight(weight, path) for path in pair[:2]]
    assert weights == sorted(weights)
    assert not shared_risks(risks, pair.lighter, pair.heavier)
    assert set(pair[:2]) <= set(k_shortest(graph, weight, 0, 1, ALL))
    if pair.exact:
        assert sum(weights) == min(totals(graph, weight, risks))


@pytest.mark.parametrize("tries", [2, 3, 50])
def test_the_trap_is_escaped_by_a_longer_path(tries):
    pair = risk_disjoint_pair(TRAP, TRAP_WEIGHT, [{link} for link in range(5)], 0, 3, tries)
    assert pair is not None
    assert set(pair[:2]) == {(0, 8), (6, 4)}


def test_one_try_sees_only_what_is_apart_from_the_shortest_path():
    assert risk_disjoint_pair(TRAP, TRAP_WEIGHT, [{link} for link in range(5)], 0, 3, 1) is None


def test_a_duct_that_all_links_share_leaves_no_pair():
    graph = Graph.of(2, [0, 0], [1, 1])
    assert risk_disjoint_pair(graph, [1.0] * 4, [{0, 9}, {1, 9}], 0, 1, ALL) is None
