"""Answers found step by step are those found at once, and do not hang on what was asked before."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.reduced import Reduced


def shortest_km(graph, closed):
    """Length of the shortest way from 0 to 5 off closed edges, and the edges that it rests on."""
    open_ = nx.Graph()
    open_.add_nodes_from(graph)
    for a, z, edge in graph.edges(data=True):
        if not closed >> edge["number"] & 1:
            open_.add_edge(a, z, **edge)
    if not nx.has_path(open_, 0, 5):
        return 0, None
    way = nx.shortest_path(open_, 0, 5, weight="km")
    edges = [open_.edges[pair] for pair in pairwise(way)]
    return sum(1 << edge["number"] for edge in edges), sum(edge["km"] for edge in edges)


@given(
    seed=st.integers(0, 1000),
    asked=st.lists(st.integers(0, 2**9 - 1), min_size=1, max_size=12),
)
def test_an_answer_is_that_of_the_whole_question_in_any_order(seed, asked):
    graph = nx.gnm_random_graph(6, 9, seed=seed)
    for number, pair in enumerate(sorted(graph.edges)):
        graph.edges[pair].update(number=number, km=1 + (number * 7 + seed) % 5)
    one, other = (Reduced(lambda closed: shortest_km(graph, closed)) for _ in range(2))
    forward = [one(closed) for closed in asked]
    back = [other(closed) for closed in reversed(asked)][::-1]
    assert forward == back == [shortest_km(graph, closed)[1] for closed in asked]


def test_what_rests_on_open_fibre_is_not_asked_again():
    asked = []

    def find(closed):
        asked.append(closed)
        return 0b11 if not closed else 0b10000, closed

    answers = Reduced(find)
    assert [answers(closed) for closed in (0b100, 0b110, 0b010, 0b111)] == [0, 2, 2, 1]
    assert asked == [0, 0b10, 0b1]


@pytest.mark.parametrize("closed", [0, 1 << 200])
def test_bits_may_be_many(closed):
    assert Reduced(lambda shut: (0 if shut else 1 << 200, shut))(closed) == closed
