"""Round trips between markets and edges, before any IP link is there to measure.

Planning value over the fibre graph: shortest route, one IP link without regenerators, candidate and
leasable fibres included. More hops or regenerators add a little to it (``latency.router_us``,
``latency.fec_us`` each), so the design checks what it built. A route over a fibre or a link of
unknown delay does not count: the round trip is then that of the next best route, or infinite.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from arterial.demand.offers import Offer
from arterial.fabric.failures import Failure
from arterial.model.fibre import Link
from arterial.model.network import Network
from arterial.paths.graph import Graph
from arterial.paths.shortest import distances
from arterial.placement.edges import edge_sites
from arterial.solve.program import FloatArray
from arterial.units import fibre_delay_ms

__all__ = ["planning_rtt_ms"]

US_PER_MS = 1000.0


def planning_rtt_ms(
    network: Network, offers: Sequence[Offer], lost: Failure | None = None
) -> FloatArray:
    """Least planning round trip of every market to every edge site, access included.

    Parameters
    ----------
    offers
        The markets, in the order of the rows.
    lost
        A failure: its fibres are cut, or its site or its edge's replicas are gone. A router's loss
        changes no round trip here, since light passes its site and the other router adds and drops.

    Returns
    -------
    float (markets, edges)
        ms; columns as ``arterial.placement.edges.edge_sites``. Infinite where no route is known.
    """
    index = {site.name: number for number, site in enumerate(network.sites)}
    arcs = [arc for arc in _arcs(network) if lost is None or not _gone(arc, lost)]
    graph = Graph.of(
        len(index), [index[a] for _, a, _, _ in arcs], [index[z] for _, _, z, _ in arcs]
    )
    weight = [ms for _, _, _, ms in arcs for _ in ("there", "back")]
    edges = [site.name for site in edge_sites(network)]
    one_way_ms = np.array(
        [
            [from_edge[index[offer.site]] for offer in offers]
            for from_edge in (distances(graph, weight, index[edge]) for edge in edges)
        ],
        dtype=np.float64,
    ).reshape(len(edges), len(offers))
    away = np.array([[edge != offer.site for offer in offers] for edge in edges], dtype=np.bool_)
    away = away.reshape(one_way_ms.shape)
    router_ms = network.latency.router_us / US_PER_MS
    fec_ms = network.latency.fec_us / US_PER_MS
    lit_ms = fec_ms + router_ms if network.fibres else 0.0  # one IP link: its FEC, its far router
    access_ms = np.array([offer.access_ms for offer in offers], dtype=np.float64)
    rtt_ms = 2.0 * (one_way_ms + router_ms + lit_ms * away + access_ms).T
    if lost is not None:
        _close(rtt_ms, offers, edges, lost)
    return rtt_ms


def _arcs(network: Network) -> Iterator[tuple[str, str, str, float]]:
    """Name, ends and one-way delay of what light or packets can ride; a link brings its router."""
    factor = network.latency.route_factor
    for fibre in network.fibres:
        if fibre.length_km is not None:
            yield fibre.name, fibre.a, fibre.z, factor * fibre_delay_ms(fibre.length_km)
    for link in network.links:
        delay_ms = _link_ms(link, factor)
        if delay_ms is not None:
            yield link.name, link.a, link.z, delay_ms + network.latency.router_us / US_PER_MS


def _link_ms(link: Link, factor: float) -> float | None:
    if link.latency_ms is not None:
        return link.latency_ms
    return None if link.length_km is None else factor * fibre_delay_ms(link.length_km)


def _gone(arc: tuple[str, str, str, float], lost: Failure) -> bool:
    name, a, z, _ = arc
    return name in lost.fibres or (lost.kind == "site" and lost.site in {a, z})


def _close(rtt_ms: FloatArray, offers: Sequence[Offer], edges: list[str], lost: Failure) -> None:
    """Nobody is served at a lost site, nor from replicas that are gone."""
    if lost.kind in {"site", "edge"} and lost.site in edges:
        rtt_ms[:, edges.index(lost.site)] = np.inf
    if lost.kind == "site":
        for row, offer in enumerate(offers):
            if offer.site == lost.site:
                rtt_ms[row] = np.inf
