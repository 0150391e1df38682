"""Round trips between markets and edges, before any IP link is there to measure.

Planning value over the fibre graph: shortest route, one IP link without regenerators, candidate and
leasable fibres included. More hops or regenerators add a little to it (``latency.router_us``,
``latency.fec_us`` each), so the design checks what it built. A route over a fibre or a link of
unknown delay does not count: the round trip is then that of the next best route, or infinite.
"""

from collections.abc import Sequence

import numpy as np

from arterial.demand.offers import Offer
from arterial.fabric.delays import Arc, delay_arcs, end_ms
from arterial.fabric.failures import Failure
from arterial.model.network import Network
from arterial.paths.graph import Graph
from arterial.paths.shortest import distances
from arterial.placement.edges import edge_sites
from arterial.solve.program import FloatArray

__all__ = ["Arc", "delay_arcs", "end_ms", "planning_rtt_ms"]


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
    arcs = [arc for arc in delay_arcs(network) if lost is None or not _gone(arc, lost)]
    graph = Graph.of(len(index), [index[arc.a] for arc in arcs], [index[arc.z] for arc in arcs])
    weight = [arc.delay_ms for arc in arcs for _ in ("there", "back")]
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
    lit_ms = np.where(away, end_ms(network, away=True), end_ms(network, away=False))
    access_ms = np.array([offer.access_ms for offer in offers], dtype=np.float64)
    rtt_ms = 2.0 * (one_way_ms + lit_ms + access_ms).T
    if lost is not None:
        _close(rtt_ms, offers, edges, lost)
    return rtt_ms


def _gone(arc: Arc, lost: Failure) -> bool:
    return arc.name in lost.fibres or (lost.kind == "site" and lost.site in {arc.a, arc.z})


def _close(rtt_ms: FloatArray, offers: Sequence[Offer], edges: list[str], lost: Failure) -> None:
    """Nobody is served at a lost site, nor from replicas that are gone."""
    if lost.kind in {"site", "edge"} and lost.site in edges:
        rtt_ms[:, edges.index(lost.site)] = np.inf
    if lost.kind == "site":
        for row, offer in enumerate(offers):
            if offer.site == lost.site:
                rtt_ms[row] = np.inf
