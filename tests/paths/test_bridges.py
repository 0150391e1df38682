import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.paths.bridges import bridges
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency

END = st.integers(0, 7)
LINKS = st.lists(st.tuples(END, END).filter(lambda ends: ends[0] != ends[1]), max_size=14)


@settings(deadline=None)
@given(LINKS)
def test_a_bridge_is_a_link_whose_cut_parts_the_graph(links):
    graph = Graph.of(8, [a for a, _ in links], [z for _, z in links])
    oracle = nx.MultiGraph()
    oracle.add_nodes_from(range(8))
    oracle.add_edges_from((a, z, number) for number, (a, z) in enumerate(links))
    whole = nx.number_connected_components(oracle)
    for link, found in enumerate(bridges(Adjacency.of(graph)).tolist()):
        left = oracle.copy()
        left.remove_edge(*links[link], key=link)
        assert found == (nx.number_connected_components(left) > whole)
