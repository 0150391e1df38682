"""How far each market is from its answers: floor and planning value, first and fail-over edge.

The floor is light in fibre along the installed tunnel, there and back; the planning value is what
the plan wrote. A tunnel that is not in the plan leaves the floor absent.
"""

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from arterial.model.network import Network
from arterial.model.site import Market, Site
from arterial.placement.coverage import percentiles_ms
from arterial.plan.plan import Plan
from arterial.plan.rows import Tunnel
from arterial.report.coverage import coverage_steps, covered_share, reach_km
from arterial.units import FIBRE_DELAY_US_PER_KM, great_circle_km

__all__ = ["BOUNDS_MS", "Coverage", "MarketView", "Need", "Way", "coverages", "markets", "needs"]

BOUNDS_MS = (1.0, 5.0, 10.0, 20.0)


class Way(Struct, frozen=True, kw_only=True):
    """A market's way to one edge, round trip."""

    edge: str
    floor_ms: float | None
    plan_ms: float
    """NaN when unknown."""


class MarketView(Struct, frozen=True, kw_only=True):
    """A market with its two edges."""

    market: str
    site: str
    people: float
    first: Way
    second: Way


class Coverage(Struct, frozen=True, kw_only=True):
    """Share of people within the bounds, and the whole curve."""

    words: str
    shares: tuple[float | None, ...]
    """One for each of ``BOUNDS_MS``."""
    spread_ms: tuple[float, ...]
    """Round trip within which half the people are, 95 % of them, and all; infinite where never."""
    steps: tuple[tuple[float, float], ...]
    people: float


class Need(Struct, frozen=True, kw_only=True):
    """A market that misses a bound, and what would bring it within."""

    market: str
    people: float
    rtt_ms: float
    reach_km: float
    """No edge further along the fibre than this can meet the bound."""
    site: str
    """The nearest other place where replicas stand or may stand; empty when there is none."""
    serves: bool
    """It is the market's fail-over already."""
    stands: bool
    """False where that place is a candidate, to be built."""
    great_circle_km: float | None
    possible: bool
    """False where even the straight line is longer than ``reach_km``."""


def markets(plan: Plan) -> tuple[MarketView, ...]:
    """Every market with a replica, most people first."""
    people = {market.name: market.people for market in plan.network.markets}
    floor = _floors(plan)
    rows = [
        MarketView(
            market=row.market,
            site=row.site,
            people=people.get(row.market, 0.0),
            first=Way(
                edge=row.edge,
                floor_ms=floor.get((row.market, row.edge, False)),
                plan_ms=row.rtt_ms,
            ),
            second=Way(
                edge=row.failover,
                floor_ms=floor.get((row.market, row.failover, True)),
                plan_ms=row.failover_rtt_ms,
            ),
        )
        for row in plan.replicas
    ]
    return tuple(sorted(rows, key=lambda row: (-row.people, row.market)))


def _floors(plan: Plan) -> dict[tuple[str, str, bool], float]:
    """Longest round trip, access apart, by market, edge and whether the tunnel is a backup."""
    market = {demand.name: demand.market for demand in plan.demands if demand.market}
    one_way = {link.name: link.floor_ms for link in plan.ip_links}
    along = {tunnel.name: 0.0 for tunnel in plan.tunnels}
    for hop in plan.tunnel_hops:
        along[hop.tunnel] += one_way[hop.link]
    floor: dict[tuple[str, str, bool], float] = {}
    for tunnel in plan.tunnels:
        if tunnel.demand in market:
            for end in _ends(tunnel):
                key = (market[tunnel.demand], end, bool(tunnel.protects))
                floor[key] = _longest(floor.get(key, 0.0), 2 * along[tunnel.name])
    return floor


def _longest(one: float, other: float) -> float:
    """The larger; NaN as soon as one is unknown."""
    return math.nan if math.isnan(one + other) else max(one, other)


def _ends(tunnel: Tunnel) -> set[str]:
    return {tunnel.source, tunnel.target}


def coverages(plan: Plan, rows: Sequence[MarketView]) -> tuple[Coverage, Coverage]:
    """People within the bounds with every edge standing, and with each market's first edge lost.

    Everybody in the network counts: a market without a replica is not covered.
    """
    missing = {market.name: market.people for market in plan.network.markets}
    for row in rows:
        missing.pop(row.market, None)
    people = [row.people for row in rows] + list(missing.values())
    lost = [math.nan] * len(missing)
    return (
        _coverage("all edges standing", people, [row.first.plan_ms for row in rows] + lost),
        _coverage("first edge lost", people, [row.second.plan_ms for row in rows] + lost),
    )


def _coverage(words: str, people: Sequence[float], rtt_ms: Sequence[float]) -> Coverage:
    return Coverage(
        words=words,
        shares=tuple(covered_share(people, rtt_ms, bound) for bound in BOUNDS_MS),
        spread_ms=percentiles_ms(np.array(people), np.array(rtt_ms)) if people else (),
        steps=coverage_steps(people, rtt_ms),
        people=math.fsum(people),
    )


def needs(plan: Plan, rows: Sequence[MarketView], bound_ms: float) -> tuple[Need, ...]:
    """Markets beyond ``bound_ms`` once their first edge is lost, and the nearest other edge.

    Returns
    -------
    tuple of Need
        Most people first. The distance is the great circle: fibre is longer.
    """
    by_name = {market.name: market for market in plan.network.markets}
    sites = {site.name: site for site in plan.network.sites}
    late = (row for row in rows if not row.second.plan_ms <= bound_ms and row.market in by_name)
    return tuple(_need(plan.network, row, by_name[row.market], sites, bound_ms) for row in late)


def _need(
    network: Network, row: MarketView, market: Market, sites: dict[str, Site], bound_ms: float
) -> Need:
    latency = network.latency
    reach = reach_km(
        bound_ms,
        access_ms=latency.access_ms if market.access_ms is None else market.access_ms,
        router_us=latency.router_us,
        fec_us=latency.fec_us,
        route_factor=latency.route_factor,
        us_per_km=FIBRE_DELAY_US_PER_KM,
    )
    near = _nearest(sites[row.site], row.first.edge, network.sites)
    return Need(
        market=row.market,
        people=row.people,
        rtt_ms=row.second.plan_ms,
        reach_km=reach,
        site=near[1] if near else "",
        serves=near is not None and near[1] == row.second.edge,
        stands=near is not None and "edge" in sites[near[1]].roles,
        great_circle_km=near[0] if near else None,
        possible=near is not None and near[0] <= reach,
    )


def _nearest(home: Site, lost: str, sites: Sequence[Site]) -> tuple[float, str] | None:
    """Distance and name of the nearest standing or candidate edge other than ``lost``."""
    if home.lat is None or home.lon is None:
        return None
    away = [
        (great_circle_km(home.lat, home.lon, site.lat, site.lon), site.name)
        for site in sites
        if {"edge", "candidate-edge"} & set(site.roles) and site.name != lost
        if site.lat is not None and site.lon is not None
    ]
    return min(away, default=None)
