import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.parts import parts


@given(st.integers(0, 2**32 - 1))
def test_sites_are_in_one_part_where_networkx_finds_them_connected(seed):
    random = np.random.default_rng(seed)
    sites = int(random.integers(1, 12))
    ends = random.integers(0, sites, (int(random.integers(0, 16)), 2))
    dead = random.random((5, len(ends))) < 0.4
    found = parts(ends, sites, dead)
    for state in range(len(dead)):
        graph = nx.MultiGraph()
        graph.add_nodes_from(range(sites))
        graph.add_edges_from(ends[~dead[state]].tolist())
        expected = {site: min(part) for part in nx.connected_components(graph) for site in part}
        assert dict(enumerate(found[state].tolist())) == expected
