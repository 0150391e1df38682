"""How direct a plan's roads are: IP links on the way, and delay against the great circle.

Primaries alone count, as they run without failure. Stretch is what all of them wait in the backbone
by planning value, over what light in fibre would take along their great circles, 4.9 us/km: a ratio
of sums, so that a market served next door weighs no more than its kilometres.
"""

import math
from collections.abc import Iterable

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.units import fibre_delay_ms, great_circle_km

__all__ = ["Roads", "roads"]


class Roads(Struct, frozen=True, kw_only=True):
    """Means over what runs without failure; NaN where nothing can be weighed."""

    hops: float
    """IP links on the way, weighted by Gb/s; what stays at its site has none."""
    hops_people: float
    """Of each market's traffic, weighted by its people."""
    stretch: float
    """Weighted by Gb/s."""
    stretch_people: float
    """Of each market's traffic, weighted by its people."""


class _Way(Struct, frozen=True, kw_only=True):
    gbps: float
    market: str
    hops: float
    delay_ms: float
    floor_ms: float
    """NaN where a place is unknown."""


def roads(plan: Plan) -> Roads:
    """Hops and stretch of a plan's primaries."""
    ways = _ways(plan)
    by_market: dict[str, list[_Way]] = {}
    for way in ways:
        by_market.setdefault(way.market, []).append(way)
    served = [
        (row.people, _mean(by_market[row.name]))
        for row in plan.network.markets
        if row.name in by_market
    ]
    traffic = [(way.gbps, way) for way in ways]
    return Roads(
        hops=_hops(traffic),
        hops_people=_hops(served),
        stretch=_stretch(traffic),
        stretch_people=_stretch(served),
    )


def _ways(plan: Plan) -> list[_Way]:
    demands = {demand.name: demand for demand in plan.demands}
    place = {site.name: (site.lat, site.lon) for site in plan.network.sites}
    count = dict.fromkeys((tunnel.name for tunnel in plan.tunnels), 0)
    for hop in plan.tunnel_hops:
        count[hop.tunnel] += 1
    return [
        _Way(
            gbps=tunnel.rate_gbps,
            market=demands[tunnel.demand].market,
            hops=count[tunnel.name],
            delay_ms=tunnel.rtt_ms / 2.0 - demands[tunnel.demand].access_ms,
            floor_ms=_floor_ms(place[tunnel.source], place[tunnel.target]),
        )
        for tunnel in plan.tunnels
        if not tunnel.protects
    ]


def _floor_ms(one: tuple[float | None, float | None], other: tuple[float | None, ...]) -> float:
    ends = [figure for figure in (*one, *other) if figure is not None]
    if len(ends) != len(one) + len(other):
        return math.nan
    lat_a, lon_a, lat_z, lon_z = ends
    return fibre_delay_ms(great_circle_km(lat_a, lon_a, lat_z, lon_z))


def _mean(ways: Iterable[_Way]) -> _Way:
    """One market's traffic as one way."""
    every = list(ways)
    gbps = sum(way.gbps for way in every)

    def mean(figure: str) -> float:
        return sum(way.gbps * float(getattr(way, figure)) for way in every) / gbps

    return _Way(
        gbps=gbps,
        market=every[0].market,
        hops=mean("hops"),
        delay_ms=mean("delay_ms"),
        floor_ms=mean("floor_ms"),
    )


def _hops(weighted: Iterable[tuple[float, _Way]]) -> float:
    every = list(weighted)
    total = sum(weight for weight, _ in every)
    return sum(weight * way.hops for weight, way in every) / total if total else math.nan


def _stretch(weighted: Iterable[tuple[float, _Way]]) -> float:
    """Of those that leave their site and whose places are known."""
    away = [(weight, way) for weight, way in weighted if way.hops and way.floor_ms > 0.0]
    floor_ms = sum(weight * way.floor_ms for weight, way in away)
    waited_ms = sum(weight * way.delay_ms for weight, way in away)
    return waited_ms / floor_ms if floor_ms else math.nan
