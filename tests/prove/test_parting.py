import itertools
from pathlib import Path

import msgspec
import networkx as nx
import pytest

from arterial.model.fibre import Link
from arterial.model.reader import load_network
from arterial.prove.parting import partings

REFERENCE = Path(__file__).parents[2] / "networks" / "us-ai-backbone"


@pytest.fixture(scope="module")
def network():
    return load_network(REFERENCE)


def parts(fibres, lost):
    graph = nx.MultiGraph()
    graph.add_nodes_from(end for fibre in fibres for end in (fibre.a, fibre.z))
    graph.add_edges_from((f.a, f.z) for f in fibres if f.name not in lost)
    return list(nx.connected_components(graph))


def test_69_of_8001_double_cuts_part_the_reference_network_and_15_strand_a_market(network):
    fibres = [fibre for fibre in network.fibres if fibre.status == "existing"]
    pairs = list(itertools.combinations([fibre.name for fibre in fibres], 2))
    found = list(partings(network))
    assert len(pairs) == 8001
    assert len(found) == 69
    assert sum(bool(row.markets) for row in found) == 15
    assert all(len(row.fibres) == 2 for row in found), "no single cut parts it"
    # networkx looks at the pairs that are told, and at as many others.
    told = {row.fibres: row for row in found}
    for pair in [*told, *pairs[:: len(pairs) // 69]]:
        assert (len(parts(fibres, pair)) > 1) == (pair in told)


def test_the_smaller_side_is_told_and_the_markets_that_no_edge_is_left_to(network):
    fibres = [fibre for fibre in network.fibres if fibre.status == "existing"]
    edges = {site.name for site in network.sites if "edge" in site.roles}
    for row in partings(network):
        sides = parts(fibres, row.fibres)
        assert set(row.sites) == min(sides, key=len)
        bare = {site for one in sides if not one & edges for site in one}
        assert row.markets == tuple(m.name for m in network.markets if m.site in bare)


def test_every_two_spans_part_a_ring_and_each_span_a_chain(ring):
    spans = [f"F{i}" for i in range(5)]
    assert [row.fibres for row in partings(ring.network)] == list(itertools.combinations(spans, 2))
    chain = msgspec.structs.replace(ring.network, fibres=ring.network.fibres[:-1])
    assert [row.fibres for row in partings(chain)] == [(name,) for name in spans[:-1]]


def test_fibres_that_do_not_exist_yet_join_nothing_and_ready_made_links_do(ring):
    fibres = tuple(
        msgspec.structs.replace(f, status="candidate") if f.name == "F4" else f
        for f in ring.network.fibres
    )
    planned = msgspec.structs.replace(ring.network, fibres=fibres)
    assert [row.fibres for row in partings(planned)] == [(f"F{i}",) for i in range(4)]
    link = Link(name="K", a="S4", z="S0", capacity_gbps=100.0)
    closed = msgspec.structs.replace(planned, links=(link,))
    assert ("F0", "K") in [row.fibres for row in partings(closed)]
