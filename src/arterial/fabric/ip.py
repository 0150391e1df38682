"""The IP layer as arrays: sites, directed links with capacity, metric and delay.

Link l is arc ``2 l`` from its first end to its second and arc ``2 l + 1`` back. Axes: N sites, L
links, E = 2 L arcs. Links are those that a description names, or stand in for its fibres, or are
those of a plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from arterial.errors import ModelError, Problem
from arterial.fabric.failures import router_count
from arterial.model.fibre import Fibre, Link
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink
from arterial.units import US_PER_MS, fibre_delay_ms

__all__ = ["IpFabric", "fibre_fabric", "ip_fabric", "link_delay_ms", "plan_fabric"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


Riders = tuple[tuple[str, tuple[int, ...]], ...]
"""By name: the links that fall with it."""


@dataclass(frozen=True)
class IpFabric:
    """What routers see."""

    sites: tuple[str, ...]
    links: tuple[str, ...]
    ends: IntArray
    """(L, 2) sites that each link joins."""
    capacity_gbps: FloatArray
    """(E,)"""
    metric: FloatArray
    """(E,) whole numbers, 1 or more; sums of them are exact."""
    latency_ms: FloatArray
    """(E,) one way, planning value; NaN where unknown."""
    routers: IntArray
    """(N,) 1 where the description tells none: a site is then its router."""
    fibres: Riders
    """What can be cut, with the links that fall: for a ready-made link, itself."""
    risks: Riders
    """Shared risks, likewise."""


def ip_fabric(network: Network) -> IpFabric:
    """The ready-made links of a network that stand, as arrays.

    A link without ``igp_metric`` has its delay in microseconds as metric, 1 or more.

    Raises
    ------
    ModelError
        There are no links, or one has neither metric nor delay nor length.
    """
    links = network.standing_links
    delay_ms = _known(link_delay_ms(network, link) for link in links)
    problems = [
        Problem(
            file="links.csv",
            field="igp_metric",
            found=f"link '{link.name}' has neither metric nor delay nor length",
            expected="Give one of them: traffic could not choose between it and others",
        )
        for link, ms in zip(links, delay_ms, strict=True)
        if link.igp_metric is None and np.isnan(ms)
    ]
    if not links:
        expected = "Routing needs IP links: give the network `tables.links`"
        problems = [Problem(file="network.yaml", found="there are no links", expected=expected)]
    if problems:
        raise ModelError(problems)
    fabric = _fabric(
        network.sites, links, [link.capacity_gbps for link in links], delay_ms, _riders(links)
    )
    told = np.repeat([link.igp_metric or 0 for link in links], 2)
    return replace(fabric, metric=np.where(told > 0, told, fabric.metric))


def fibre_fabric(network: Network, capacity_gbps: float) -> IpFabric:
    """One IP link over every existing fibre, from end to end: a network before it is designed.

    Parameters
    ----------
    capacity_gbps
        Of each, in each direction.

    Raises
    ------
    ModelError
        There is no existing fibre.
    """
    fibres = [fibre for fibre in network.fibres if fibre.status == "existing"]
    if not fibres:
        found = "there are neither links nor existing fibres"
        expected = "Routing needs one or the other: give the network `tables.links`"
        raise ModelError([Problem(file="network.yaml", found=found, expected=expected)])
    delay_ms = _known(
        None
        if fibre.length_km is None
        else network.latency.route_factor * fibre_delay_ms(fibre.length_km)
        for fibre in fibres
    )
    room = [capacity_gbps] * len(fibres)
    return _fabric(network.sites, fibres, room, delay_ms, _riders(fibres))


def plan_fabric(plan: Plan) -> IpFabric:
    """The IP links of a plan; a fibre takes down every link that rides it."""
    links = plan.ip_links
    index = {link.name: number for number, link in enumerate(links)}
    over = {wave.name: wave.link for wave in plan.lightpaths}
    on: dict[str, set[int]] = {link.name: {index[link.name]} for link in links if link.waves == 0}
    for hop in plan.lightpath_hops:
        on.setdefault(hop.fibre, set()).add(index[over[hop.lightpath]])
    routes = [*plan.network.fibres, *plan.network.links]
    risks: dict[str, set[int]] = {}
    for route in routes:
        for risk in route.risks if route.name in on else ():
            risks.setdefault(risk, set()).update(on[route.name])
    fabric = _fabric(
        plan.network.sites,
        links,
        [link.capacity_gbps for link in links],
        np.array([link.latency_ms for link in links], dtype=np.float64),
        _sorted(risks),
    )
    cut = {route.name: on[route.name] for route in routes if route.name in on}
    return replace(fabric, fibres=_sorted(cut))


def link_delay_ms(network: Network, link: Link) -> float | None:
    """One-way planning delay of a ready-made link, at least half its floor on the round trip.

    None when neither delay nor length is known: a floor alone says nothing of how slow it is.
    """
    floor_ms = (link.floor_rtt_ms or 0.0) / 2.0
    if link.latency_ms is not None:
        return max(link.latency_ms, floor_ms)
    if link.length_km is None:
        return None
    return max(network.latency.route_factor * fibre_delay_ms(link.length_km), floor_ms)


def _fabric(
    sites: Sequence[Site],
    links: Sequence[Link | Fibre | IpLink],
    capacity_gbps: Sequence[float],
    delay_ms: FloatArray,
    risks: Riders,
) -> IpFabric:
    """Delays as metric; where one is unknown, the longest known, so that known ways come first."""
    index = {site.name: n for n, site in enumerate(sites)}
    longest_ms = np.nanmax(delay_ms) if not np.isnan(delay_ms).all() else 1.0 / US_PER_MS
    told_ms = np.where(np.isnan(delay_ms), longest_ms, delay_ms)
    names = tuple(link.name for link in links)
    return IpFabric(
        sites=tuple(index),
        links=names,
        ends=np.array([(index[link.a], index[link.z]) for link in links], dtype=np.int64),
        capacity_gbps=np.repeat(np.array(capacity_gbps, dtype=np.float64), 2),
        metric=np.repeat(np.maximum(1.0, np.round(told_ms * US_PER_MS)), 2),
        latency_ms=np.repeat(delay_ms, 2),
        routers=np.array([max(1, router_count(site)) for site in sites], dtype=np.int64),
        fibres=tuple((name, (number,)) for number, name in enumerate(names)),
        risks=risks,
    )


def _known(delay_ms: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if ms is None else ms for ms in delay_ms], dtype=np.float64)


def _riders(routes: Sequence[Link | Fibre]) -> Riders:
    riders: dict[str, set[int]] = {}
    for number, route in enumerate(routes):
        for risk in route.risks:
            riders.setdefault(risk, set()).add(number)
    return _sorted(riders)


def _sorted(riders: dict[str, set[int]]) -> Riders:
    return tuple((name, tuple(sorted(links))) for name, links in riders.items())
