"""Planning round trips: the shortest route over what is left, counted as the network says."""

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.offers import Offer
from arterial.fabric.failures import Failure
from arterial.model.fibre import Fibre, Link
from arterial.model.line import Latency
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.placement.latency import planning_rtt_ms

LATENCY = Latency(route_factor=1.5, fec_us=10.0, router_us=20.0)
COUNT = 7


def offer(site, access_ms=0.5):
    return Offer(
        market=f"at {site}",
        site=site,
        people=1.0,
        down_gbps=1.0,
        up_gbps=1.0,
        access_ms=access_ms,
        limit_rtt_ms=20.0,
        limit_class="inference",
    )


def network(fibres, links=(), edges=range(COUNT)):
    return Network(
        name="seven",
        sites=tuple(
            Site(name=f"S{number}", roles=("edge",) if number in edges else ("junction",))
            for number in range(COUNT)
        ),
        fibres=tuple(
            Fibre(name=f"F{number}", a=f"S{a}", z=f"S{z}", length_km=km)
            for number, (a, z, km) in enumerate(fibres)
        ),
        links=links,
        latency=LATENCY,
    )


OFFERS = [offer(f"S{number}", access_ms=0.1 * number) for number in range(COUNT)]
FIBRES = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1), st.integers(0, COUNT - 1), st.none() | st.floats(1.0, 2000.0)
    ).filter(lambda fibre: fibre[0] != fibre[1]),
    max_size=16,
)


def by_networkx(fibres, closed=()):
    graph = nx.Graph()
    graph.add_nodes_from(range(COUNT))
    for number, (a, z, km) in enumerate(fibres):
        if km is not None and number not in closed:
            known = graph.get_edge_data(a, z, {"km": math.inf})["km"]
            graph.add_edge(a, z, km=min(km, known))
    expected = np.full((COUNT, COUNT), np.inf)
    for market, reached in nx.all_pairs_dijkstra_path_length(graph, weight="km"):
        for edge, km in reached.items():
            hops_ms = 0.02 if market == edge else 0.02 * 2 + 0.01
            expected[market, edge] = 2 * (1.5 * km * 0.0049 + hops_ms + 0.1 * market)
    return expected


@given(FIBRES)
def test_a_round_trip_is_glass_routers_fec_and_access_both_ways(fibres):
    assert planning_rtt_ms(network(fibres), OFFERS) == pytest.approx(by_networkx(fibres))


@given(FIBRES, st.sets(st.integers(0, 15)))
def test_a_cut_leaves_the_routes_that_do_not_ride_it(fibres, cut):
    lost = Failure(name="cut", kind="srlg", fibres=tuple(f"F{number}" for number in sorted(cut)))
    found = planning_rtt_ms(network(fibres), OFFERS, lost)
    assert found == pytest.approx(by_networkx(fibres, cut))


@given(FIBRES, st.integers(0, COUNT - 1))
def test_nothing_passes_a_lost_site_and_nobody_is_served_there(fibres, site):
    found = planning_rtt_ms(
        network(fibres), OFFERS, Failure(name="site", kind="site", site=f"S{site}")
    )
    closed = {number for number, (a, z, _) in enumerate(fibres) if site in {a, z}}
    expected = by_networkx(fibres, closed)
    expected[site, site] = np.inf
    assert found == pytest.approx(expected)


@given(FIBRES, st.integers(0, COUNT - 1))
def test_an_edge_that_loses_its_replicas_still_lets_light_pass(fibres, site):
    found = planning_rtt_ms(
        network(fibres), OFFERS, Failure(name="edge", kind="edge", site=f"S{site}")
    )
    expected = by_networkx(fibres)
    expected[:, site] = np.inf
    assert found == pytest.approx(expected)


def test_columns_are_the_edges_alone():
    here = network([(0, 1, 100.0), (1, 2, 100.0)], edges=(2, 0))
    assert planning_rtt_ms(here, OFFERS[1:2]).shape == (1, 2)
    assert planning_rtt_ms(here, []).shape == (0, 2)
    assert planning_rtt_ms(network([], edges=()), OFFERS).shape == (COUNT, 0)


def test_ready_made_links_pass_a_router_each_and_have_no_fec():
    links = (
        Link(name="L0", a="S0", z="S1", capacity_gbps=100.0, latency_ms=2.0),
        Link(name="L1", a="S1", z="S2", capacity_gbps=100.0, length_km=100.0),
        Link(name="L2", a="S2", z="S3", capacity_gbps=100.0),
    )
    found = planning_rtt_ms(network([], links), OFFERS[:1])[0]
    two_hops_ms = 2.0 + 1.5 * 0.49 + 3 * 0.02
    assert found[:4] == pytest.approx([0.04, 2 * 2.04, 2 * two_hops_ms, np.inf])
