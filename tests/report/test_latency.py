import math

import msgspec
import pytest

from arterial.report.latency import coverages, markets, needs
from arterial.units import fibre_delay_ms


def test_the_floor_is_light_along_the_installed_tunnel_there_and_back(plan):
    length = {link.name: link.length_km for link in plan.ip_links}
    backup = {hop.tunnel: hop.link for hop in plan.tunnel_hops}
    for row in markets(plan):
        assert row.first.floor_ms == 0.0
        link = backup[f"inference-down {row.market}/1b"]
        assert row.second.floor_ms == pytest.approx(2 * fibre_delay_ms(length[link]))
        assert row.second.floor_ms <= row.second.plan_ms


def test_a_floor_over_a_link_of_unknown_length_is_unknown_and_not_zero(plan):
    links = tuple(msgspec.structs.replace(link, floor_ms=math.nan) for link in plan.ip_links)
    rows = markets(msgspec.structs.replace(plan, ip_links=links))
    assert [row for row in rows if not math.isnan(row.second.floor_ms)] == []


def test_a_floor_without_a_tunnel_is_absent(plan):
    rows = markets(msgspec.structs.replace(plan, tunnels=(), tunnel_hops=()))
    assert {row.first.floor_ms for row in rows} == {None}


def test_a_market_that_nobody_answers_is_not_covered(plan):
    rows = markets(plan)
    alone = msgspec.structs.replace(plan, replicas=plan.replicas[:1])
    first, _ = coverages(alone, markets(alone))
    everybody = sum(market.people for market in plan.network.markets)
    assert first.people == everybody
    people = {row.market: row.people for row in rows}
    assert first.shares[-1] == pytest.approx(people[plan.replicas[0].market] / everybody)


def test_the_spread_is_the_round_trip_of_half_the_people_of_most_and_of_all(plan):
    rows = sorted(markets(plan), key=lambda row: row.first.plan_ms)
    first, second = coverages(plan, rows)
    assert first.spread_ms[-1] == rows[-1].first.plan_ms
    for covered in (first, second):
        assert list(covered.spread_ms) == sorted(covered.spread_ms)
        reached = [share for ms, share in covered.steps if ms <= covered.spread_ms[0]]
        assert reached[-1] >= 0.5


def test_needs_are_the_markets_beyond_the_bound_unknown_ones_included(plan):
    rows = markets(plan)
    late = {row.market for row in rows if row.second.plan_ms > 10.0}
    assert late
    assert {need.market for need in needs(plan, rows, 10.0)} == late
    lost = tuple(msgspec.structs.replace(row, failover_rtt_ms=math.nan) for row in plan.replicas)
    blind = msgspec.structs.replace(plan, replicas=lost)
    assert len(needs(blind, markets(blind), 10.0)) == len(rows)


def test_a_need_that_no_listed_site_meets_says_so(plan):
    need = {row.market: row for row in needs(plan, markets(plan), 10.0)}["Miami"]
    assert need.site == "Atlanta"
    assert need.great_circle_km == pytest.approx(970, abs=15)
    assert not need.possible
    assert need.reach_km < need.great_circle_km
