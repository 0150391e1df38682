"""Planning delays of what a network could be built on, before any IP link is there to measure.

One IP link without regenerators rides any fibres, lit or not. What is of unknown delay, or what
nobody describes, is left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from arterial.fabric.ip import link_delay_ms
from arterial.model.network import Network
from arterial.units import US_PER_MS, fibre_delay_ms

__all__ = ["Arc", "delay_arcs", "end_ms"]


class Arc(NamedTuple):
    """A fibre or a ready-made link, with its one-way planning delay."""

    name: str
    a: str
    z: str
    delay_ms: float
    risks: tuple[str, ...]


def end_ms(network: Network, *, away: bool) -> float:
    """One-way delay of what stands at the ends: a router, and another behind one IP link's FEC."""
    router_ms = network.latency.router_ms
    if not away or not network.fibres:
        return router_ms
    return 2.0 * router_ms + network.latency.fec_us / US_PER_MS


def delay_arcs(network: Network) -> Iterator[Arc]:
    """What light or packets can ride; a ready-made link brings its router."""
    factor = network.latency.route_factor
    for fibre in network.fibres:
        if fibre.length_km is not None and fibre.described:
            delay_ms = factor * fibre_delay_ms(fibre.length_km)
            yield Arc(fibre.name, fibre.a, fibre.z, delay_ms, fibre.risks)
    for link in network.links:
        delay_ms = link_delay_ms(network, link)
        if delay_ms is not None:
            delay_ms += network.latency.router_ms
            yield Arc(link.name, link.a, link.z, delay_ms, link.risks)
