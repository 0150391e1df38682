"""The IP layer as arrays: sites, directed links with capacity, metric and delay.

Link l is arc ``2 l`` from its first end to its second and arc ``2 l + 1`` back. Axes: N sites, L
links, E = 2 L arcs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arterial.errors import ModelError, Problem
from arterial.fabric.failures import router_count
from arterial.model.fibre import Link
from arterial.model.network import Network
from arterial.units import fibre_delay_ms

__all__ = ["IpFabric", "ip_fabric", "link_delay_ms"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

US_PER_MS = 1000.0


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
    risks: tuple[tuple[str, tuple[int, ...]], ...]
    """Shared risks with the links that they take."""


def ip_fabric(network: Network) -> IpFabric:
    """The ready-made links of a network as arrays.

    A link without ``igp_metric`` has its delay in microseconds as metric, 1 or more.

    Raises
    ------
    ModelError
        There are no links, or one has neither metric nor delay nor length.
    """
    links = network.links
    known = [link_delay_ms(network, link) for link in links]
    delay_ms = [np.nan if ms is None else ms for ms in known]
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
    index = {site.name: n for n, site in enumerate(network.sites)}
    metric = [
        link.igp_metric or max(1, round(ms * US_PER_MS))
        for link, ms in zip(links, delay_ms, strict=True)
    ]
    riders: dict[str, list[int]] = {}
    for number, link in enumerate(links):
        for risk in link.risks:
            riders.setdefault(risk, []).append(number)
    return IpFabric(
        sites=tuple(index),
        links=tuple(link.name for link in links),
        ends=np.array([(index[link.a], index[link.z]) for link in links], dtype=np.int64),
        capacity_gbps=np.repeat([link.capacity_gbps for link in links], 2).astype(np.float64),
        metric=np.repeat(metric, 2).astype(np.float64),
        latency_ms=np.repeat(delay_ms, 2).astype(np.float64),
        routers=np.array([max(1, router_count(site)) for site in network.sites], dtype=np.int64),
        risks=tuple((name, tuple(members)) for name, members in riders.items()),
    )


def link_delay_ms(network: Network, link: Link) -> float | None:
    """One-way planning delay of a ready-made link; None when neither delay nor length is known."""
    if link.latency_ms is not None:
        return link.latency_ms
    if link.length_km is None:
        return None
    return network.latency.route_factor * fibre_delay_ms(link.length_km)
