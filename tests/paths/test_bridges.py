import itertools

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.bridges import bridges, double_bridges, side
from arterial.paths.graph import Graph


@st.composite
def links(draw):
    """Up to seven sites and links between them, parallel ones among them."""
    sites = draw(st.integers(1, 7))
    pairs = [(a, z) for a in range(sites) for z in range(sites) if a != z]
    return sites, draw(st.lists(st.sampled_from(pairs), max_size=10)) if pairs else []


def count(sites, ends, lost):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(sites))
    graph.add_edges_from(pair for link, pair in enumerate(ends) if link not in lost)
    return nx.number_connected_components(graph)


def graph_of(sites, ends):
    return Graph.of(sites, [a for a, _ in ends], [z for _, z in ends])


@given(links())
def test_a_bridge_is_a_link_whose_loss_leaves_more_parts(drawn):
    sites, ends = drawn
    whole = count(sites, ends, ())
    alone = [link for link in range(len(ends)) if count(sites, ends, (link,)) > whole]
    assert bridges(graph_of(sites, ends)) == alone
    pairs = [
        pair
        for pair in itertools.combinations(range(len(ends)), 2)
        if not set(pair) & set(alone) and count(sites, ends, pair) > whole
    ]
    assert list(double_bridges(graph_of(sites, ends))) == pairs


@given(links(), st.data())
def test_a_side_is_what_networkx_finds_connected(drawn, data):
    sites, ends = drawn
    numbers = st.lists(st.integers(0, max(0, len(ends) - 1)), max_size=2, unique=True)
    lost = tuple(data.draw(numbers))
    start = data.draw(st.integers(0, sites - 1))
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(sites))
    graph.add_edges_from(pair for link, pair in enumerate(ends) if link not in lost)
    assert side(graph_of(sites, ends), lost, start) == nx.node_connected_component(graph, start)
