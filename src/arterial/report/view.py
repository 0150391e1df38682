"""What a map shows, as data: places, fibres and IP links with their worst case.

Named and in plain units, so that a picture on paper and a map in a browser say the same. A load
that nobody proved is None, never 0.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from arterial.model.site import Site
from arterial.plan.plan import Plan
from arterial.plan.verdict import Proof, WorstLink

__all__ = ["FibreView", "LinkView", "MapView", "SiteKind", "SiteView", "hotness", "map_view"]

SiteKind = Literal["campus", "edge", "idle-edge", "candidate-edge", "market", "junction"]
"""The first that applies. ``edge`` answers somebody in this plan; ``idle-edge`` nobody."""


class SiteView(Struct, frozen=True, kw_only=True):
    """A place; without coordinates it is listed, not placed."""

    name: str
    kind: SiteKind
    lat: float | None
    lon: float | None
    people: float
    """Of the markets served at this site."""
    markets: int
    """Markets that this site's edge answers first."""
    mw: float
    """Planned power of the campuses here."""


class FibreView(Struct, frozen=True, kw_only=True):
    """A fibre route, lit or not."""

    name: str
    a: str
    z: str
    status: str
    length_km: float | None
    pairs: int
    """Pairs lit in the plan, those lit before included."""
    new_pairs: int
    pairs_total: int
    fill: float
    """Share of the band in use on the fullest pair."""
    rate_gbps: float
    """Of all waves on it."""
    utilisation: float | None
    """The highest worst-case utilisation of the IP links that ride on it."""
    worst_link: str
    worst_case: str


class LinkView(Struct, frozen=True, kw_only=True):
    """An IP link with the load it sees at worst."""

    name: str
    a: str
    z: str
    waves: int
    capacity_gbps: float
    latency_ms: float
    normal_utilisation: float | None
    utilisation: float | None
    load_gbps: float | None
    worst_case: str


class MapView(Struct, frozen=True, kw_only=True):
    """All that the map shows, in the network's order."""

    title: str
    sites: tuple[SiteView, ...]
    fibres: tuple[FibreView, ...]
    links: tuple[LinkView, ...]


def map_view(plan: Plan, proof: Proof | None = None) -> MapView:
    """The map's data of a plan, with worst cases where a proof gives them."""
    worst = {row.link: row for row in proof.worst_links} if proof else {}
    return MapView(
        title=plan.network.title or plan.network.name,
        sites=_sites(plan),
        fibres=_fibres(plan, worst),
        links=tuple(
            LinkView(
                name=link.name,
                a=link.a,
                z=link.z,
                waves=link.waves,
                capacity_gbps=link.capacity_gbps,
                latency_ms=link.latency_ms,
                normal_utilisation=row.normal_utilisation if row else None,
                utilisation=row.utilisation if row else None,
                load_gbps=row.load_gbps if row else None,
                worst_case=row.worst_case if row else "",
            )
            for link in plan.ip_links
            for row in [worst.get(link.name)]
        ),
    )


def _sites(plan: Plan) -> tuple[SiteView, ...]:
    network = plan.network
    people = _sums((market.site, market.people) for market in network.markets)
    power = _sums((campus.site, campus.mw_planned) for campus in network.campuses)
    first = _sums((replica.edge, 1.0) for replica in plan.replicas)
    second = {replica.failover for replica in plan.replicas}
    return tuple(
        SiteView(
            name=site.name,
            kind=_kind(site, serves=site.name in first or site.name in second),
            lat=site.lat,
            lon=site.lon,
            people=people.get(site.name, 0.0),
            markets=round(first.get(site.name, 0.0)),
            mw=power.get(site.name, 0.0),
        )
        for site in network.sites
    )


def _kind(site: Site, *, serves: bool) -> SiteKind:
    if "campus" in site.roles:
        return "campus"
    if serves:
        return "edge"
    if "edge" in site.roles:
        return "idle-edge"
    if "candidate-edge" in site.roles:
        return "candidate-edge"
    return "market" if "market" in site.roles and "junction" not in site.roles else "junction"


def _fibres(plan: Plan, worst: Mapping[str, WorstLink]) -> tuple[FibreView, ...]:
    lit = {row.fibre: row for row in plan.lit_fibres}
    path = {row.name: row for row in plan.lightpaths}
    rate = _sums((hop.fibre, path[hop.lightpath].rate_gbps) for hop in plan.lightpath_hops)
    riders: dict[str, set[str]] = {}
    for hop in plan.lightpath_hops:
        riders.setdefault(hop.fibre, set()).add(path[hop.lightpath].link)
    views: list[FibreView] = []
    for fibre in plan.network.fibres:
        row = lit.get(fibre.name)
        hottest = _hottest(riders.get(fibre.name, set()), worst)
        views.append(
            FibreView(
                name=fibre.name,
                a=fibre.a,
                z=fibre.z,
                status=fibre.status,
                length_km=fibre.length_km,
                pairs=row.pairs if row else 0,
                new_pairs=row.new_pairs if row else 0,
                pairs_total=fibre.pairs,
                fill=row.fill if row else 0.0,
                rate_gbps=rate.get(fibre.name, 0.0),
                utilisation=hottest.utilisation if hottest else None,
                worst_link=hottest.link if hottest else "",
                worst_case=hottest.worst_case if hottest else "",
            )
        )
    return tuple(views)


def _hottest(links: set[str], worst: Mapping[str, WorstLink]) -> WorstLink | None:
    known = [worst[link] for link in sorted(links) if link in worst]
    # An unknown load is the worst to have: it must not hide behind a known one.
    return max(known, key=lambda row: hotness(row.utilisation), default=None)


def hotness(utilisation: float | None) -> float:
    """What to order by, coolest first: nothing said below all, not computable above all.

    >>> sorted([0.5, float("nan"), None], key=hotness)
    [None, 0.5, nan]
    """
    if utilisation is None:
        return -1.0
    return math.inf if math.isnan(utilisation) else utilisation


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for name, value in pairs:
        total[name] = total.get(name, 0.0) + value
    return total
