"""Round trips of plans against their tables, row by row; of networks against placement's own."""

import math

import numpy as np
import pytest
from msgspec import structs

from arterial.demand.offers import market_offers
from arterial.model.policy import Policy, Rule
from arterial.model.reader import load_network
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.plan.store import read_plan
from arterial.study.latency_ways import (
    existing_fibres,
    failure_kinds,
    installed_ways,
    planned_ways,
)


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def network(drill):
    return load_network(drill)


def test_without_failure_a_plan_s_round_trip_is_what_its_replica_says(plan):
    offers = market_offers(plan.network, plan.load)
    ways = installed_ways(plan, offers)
    told = {row.market: row.rtt_ms for row in plan.replicas}
    for offer, ms in zip(offers, ways.before_ms, strict=True):
        assert ms == pytest.approx(told[offer.market])


def test_after_the_loss_of_its_edge_a_market_is_as_far_as_its_fail_over(plan):
    offers = market_offers(plan.network, plan.load)
    ways = installed_ways(plan, offers)
    for row, offer in enumerate(offers):
        replica = next(one for one in plan.replicas if one.market == offer.market)
        case = [failure.name for failure in ways.failures].index(f"edge {replica.edge}")
        assert ways.after_ms[case, row] == pytest.approx(replica.failover_rtt_ms)


def test_a_cut_moves_exactly_those_whose_primary_rides_it(plan):
    """By tables alone: a market stays as it was where no primary of it uses the fibre."""
    offers = market_offers(plan.network, plan.load)
    ways = installed_ways(plan, offers)
    link_of = {wave.name: wave.link for wave in plan.lightpaths}
    rides = {}
    for hop in plan.lightpath_hops:
        rides.setdefault(hop.fibre, set()).add(link_of[hop.lightpath])
    market = {demand.name: demand.market for demand in plan.demands}
    primary = {tunnel.name: market[tunnel.demand] for tunnel in plan.tunnels if not tunnel.protects}
    moved = 0
    for failure, after in zip(ways.failures, ways.after_ms, strict=True):
        if failure.kind != "fibre":
            continue
        gone = {h.tunnel for h in plan.tunnel_hops if h.link in rides.get(failure.fibres[0], ())}
        hit = {primary[name] for name in gone & primary.keys()}
        moved += len(hit)
        for row, offer in enumerate(offers):
            if offer.market not in hit:
                assert after[row] == pytest.approx(ways.before_ms[row])
                continue
            runs = [
                tunnel.rtt_ms
                for tunnel in plan.tunnels
                if market[tunnel.demand] == offer.market
                and tunnel.name not in gone
                and (tunnel.protects in gone if tunnel.protects else True)
            ]
            assert after[row] == pytest.approx(max(runs))
    assert moved


def test_a_market_whose_tunnels_are_gone_is_unanswered(plan):
    offers = market_offers(plan.network, plan.load)
    lonely = structs.replace(
        plan,
        tunnels=tuple(row for row in plan.tunnels if not row.protects),
        tunnel_hops=tuple(
            hop
            for hop in plan.tunnel_hops
            if hop.tunnel in {row.name for row in plan.tunnels if not row.protects}
        ),
    )
    ways = installed_ways(lonely, offers)
    for row, offer in enumerate(offers):
        edge = next(one.edge for one in plan.replicas if one.market == offer.market)
        case = [failure.name for failure in ways.failures].index(f"edge {edge}")
        assert math.isinf(ways.after_ms[case, row])


def test_a_network_s_ways_are_the_least_over_open_edges(network):
    offers = market_offers(network, "base")
    opened = np.array([site.name != "Fir" for site in edge_sites(network)])
    ways = planned_ways(network, offers, opened)
    assert "Fir" not in ways.edges
    columns = np.flatnonzero(opened).tolist()
    for failure, after in zip(
        (None, *ways.failures), (ways.before_ms, *ways.after_ms), strict=True
    ):
        rtt_ms = planning_rtt_ms(network, offers, failure)
        for row in range(len(offers)):
            assert after[row] == min(rtt_ms[row, column] for column in columns)


def test_a_lost_site_takes_its_own_market_home(network):
    offers = market_offers(network, "base")
    ways = planned_ways(network, offers, np.ones(len(edge_sites(network)), dtype=np.bool_))
    for case, failure in enumerate(ways.failures):
        lost = [offer.site == failure.site and failure.kind == "site" for offer in offers]
        assert ways.home_lost[case].tolist() == lost


def test_kinds_are_those_that_the_policy_asks_for(network):
    rules = (Rule(classes=("inference",), after=("edge", "fibre"), keep=1.0),)
    idle = Rule(classes=("sync",), after=("site",), keep=0.0)
    asked = structs.replace(network, policy=Policy(rules=(*rules, idle)))
    assert failure_kinds(asked) == ("fibre", "edge")


def test_fibres_to_be_built_are_no_fibres_of_today(network):
    left = {fibre.name for fibre in existing_fibres(network).fibres}
    gone = {fibre.status for fibre in network.fibres if fibre.name not in left}
    assert gone == {"leasable", "candidate"}
    assert {fibre.status for fibre in existing_fibres(network).fibres} == {"existing"}
