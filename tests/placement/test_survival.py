"""Pairs of edge and fail-over against every simple path of tiny networks."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.offers import Offer
from arterial.model.fibre import Fibre, Link
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.placement.survival import apart_by_routes
from arterial.units import fibre_delay_ms

COUNT = 6
EDGES = (1, 3, 5)
LIMIT_RTT_MS = 12.0
ACCESS_MS = 0.5
FIBRES = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1),
        st.integers(0, COUNT - 1),
        st.integers(10, 600),
        st.sampled_from([(), ("duct",), ("bridge",), ("duct", "bridge")]),
        st.integers(0, 1),
    ).filter(lambda fibre: fibre[0] != fibre[1]),
    min_size=3,
    max_size=9,
)


def offer(site):
    return Offer(
        market=f"at {site}",
        site=site,
        people=1.0,
        down_gbps=1.0,
        up_gbps=1.0,
        access_ms=ACCESS_MS,
        limit_rtt_ms=LIMIT_RTT_MS,
        limit_class="inference",
    )


OFFERS = [offer(f"S{number}") for number in range(COUNT)]


def sites():
    return tuple(
        Site(name=f"S{number}", roles=("junction", "edge") if number % 2 else ("junction",))
        for number in range(COUNT)
    )


def network(fibres):
    return Network(
        name="six",
        sites=sites(),
        fibres=tuple(
            Fibre(name=f"F{number}", a=f"S{a}", z=f"S{z}", length_km=km, risks=risks, lit_pairs=lit)
            for number, (a, z, km, risks, lit) in enumerate(fibres)
        ),
    )


def ways(fibres, here, there, passed=()):
    """Every simple path, as the numbers of its fibres in order."""
    if here == there:
        yield ()
        return
    for number, (a, z, *_) in enumerate(fibres):
        if here in (a, z):
            onward = z if here == a else a
            if onward not in (*passed, here):
                for rest in ways(fibres, onward, there, (*passed, here)):
                    yield (number, *rest)


def one_way_ms(here, fibres, way):
    """Fibre with its route factor, a router at each end, FEC where there is light."""
    factor = here.latency.route_factor
    light = 0.0
    for number in way:
        light += factor * fibre_delay_ms(float(fibres[number][2]))
    router = here.latency.router_us / 1000.0
    return light + (2.0 * router + here.latency.fec_us / 1000.0 if way else router)


def hit_by(fibres, way, market):
    """What one failure on a way can take: its fibres, its risks, its sites but the market's."""
    ends = {site for number in way for site in fibres[number][:2]}
    risks = {risk for number in way for risk in fibres[number][3]}
    return {("fibre", number) for number in way} | {("risk", r) for r in risks} | ends - {market}


def expected(here, fibres, market, edge, other):
    """Verdicts that are right: one, unless several routes to the edge are equally short."""
    limit_ms = LIMIT_RTT_MS / 2.0 - ACCESS_MS
    routes = {way: one_way_ms(here, fibres, way) for way in ways(fibres, market, edge)}
    shortest = min(routes.values(), default=inf)
    if edge == other or shortest > limit_ms:
        return {False}
    return {
        any(
            one_way_ms(here, fibres, way) <= limit_ms
            and not hit_by(fibres, route, market) & hit_by(fibres, way, market)
            for way in ways(fibres, market, other)
        )
        for route, took in routes.items()
        if took <= shortest + 1e-9
    }


@given(FIBRES)
def test_a_pair_is_apart_when_a_disjoint_route_is_left_within_the_bound(fibres):
    here = network(fibres)
    found = apart_by_routes(here, OFFERS)
    for market in range(COUNT):
        for row, edge in enumerate(EDGES):
            for column, other in enumerate(EDGES):
                right = expected(here, fibres, market, edge, other)
                assert found[market, row, column] in right, (market, edge, other)


@given(FIBRES)
def test_without_dark_fibre_only_lit_pairs_count(fibres):
    lit = [fibre for fibre in fibres if fibre[4]]
    found = apart_by_routes(network(fibres), OFFERS, dark=False)
    assert found.tolist() == apart_by_routes(network(lit), OFFERS).tolist()


def test_no_edge_takes_over_from_itself():
    found = apart_by_routes(network([(0, 1, 10, (), 1), (0, 3, 10, (), 1)]), OFFERS)
    assert not np.diagonal(found, axis1=1, axis2=2).any()
    assert found[0].tolist() == [[False, True, False], [True, False, False], [False] * 3]


def test_the_trap_is_judged_on_the_shortest_route():
    # The shortest way to S1 passes S3: what takes S3 takes both, although a longer way is apart.
    found = apart_by_routes(
        network([(0, 3, 10, (), 1), (3, 1, 10, (), 1), (0, 1, 100, (), 1)]), OFFERS
    )
    assert not found[0, 0, 1]
    assert found[0, 1, 0]


@pytest.mark.parametrize(("risks", "apart"), [((), True), (("duct",), False)])
def test_ready_made_links_count_like_fibre(risks, apart):
    links = [Link(name=f"L{n}", a="S0", z=f"S{n}", capacity_gbps=1.0, latency_ms=1.0, risks=risks)
             for n in (1, 3)]  # fmt: skip
    found = apart_by_routes(Network(name="links", sites=sites(), links=tuple(links)), OFFERS[:1])
    assert bool(found[0, 0, 1]) is apart
