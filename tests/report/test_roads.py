import math

import msgspec
import pytest

from arterial.plan.store import read_plan
from arterial.report.roads import roads
from arterial.units import fibre_delay_ms, great_circle_km

replace = msgspec.structs.replace


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


def test_hops_and_stretch_are_means_over_primaries(plan):
    demands = {demand.name: demand for demand in plan.demands}
    place = {site.name: (site.lat, site.lon) for site in plan.network.sites}
    primaries = [tunnel for tunnel in plan.tunnels if not tunnel.protects]
    hops = {t.name: sum(h.tunnel == t.name for h in plan.tunnel_hops) for t in primaries}
    gbps = sum(tunnel.rate_gbps for tunnel in primaries)
    away = [tunnel for tunnel in primaries if hops[tunnel.name]]
    waited_ms = sum(t.rate_gbps * (t.rtt_ms / 2 - demands[t.demand].access_ms) for t in away)
    light_ms = sum(
        t.rate_gbps * fibre_delay_ms(great_circle_km(*place[t.source], *place[t.target]))
        for t in away
    )
    told = roads(plan)
    assert told.hops == pytest.approx(sum(t.rate_gbps * hops[t.name] for t in primaries) / gbps)
    assert told.stretch == pytest.approx(waited_ms / light_ms)
    assert told.stretch > 1.0


def test_every_market_weighs_by_its_people_and_not_by_its_traffic(plan):
    markets = plan.network.markets
    alone = tuple(replace(row, people=row.people if row is markets[0] else 1e-9) for row in markets)
    told = roads(replace(plan, network=replace(plan.network, markets=alone)))
    own = {demand.name for demand in plan.demands if demand.market == markets[0].name}
    hops = [
        sum(hop.tunnel == tunnel.name for hop in plan.tunnel_hops)
        for tunnel in plan.tunnels
        if tunnel.demand in own and not tunnel.protects
    ]
    assert min(hops) - 1e-6 <= told.hops_people <= max(hops) + 1e-6


def test_without_traffic_or_places_nothing_is_said(plan):
    empty = roads(replace(plan, demands=(), tunnels=(), tunnel_hops=()))
    assert all(math.isnan(figure) for figure in msgspec.structs.astuple(empty))
    sites = tuple(replace(site, lat=None, lon=None) for site in plan.network.sites)
    nowhere = roads(replace(plan, network=replace(plan.network, sites=sites)))
    assert math.isnan(nowhere.stretch)
    assert nowhere.hops == roads(plan).hops
