"""Which edge can take over from which: routes that fail apart, each within the market's bound.

A market's traffic is installed on a route to its edge and on another to its fail-over. The second
may share neither a fibre, nor a shared risk, nor a site with the first, for what takes one would
take both. Pairs are judged on the shortest route to the edge over any fibre, lit or not; a pair
that stands here may still lack spectrum or capacity, as the design finds out.
"""

from collections.abc import Sequence
from math import inf

import numpy as np

from arterial.demand.offers import Offer
from arterial.model.network import Network
from arterial.paths.graph import Graph, arc_link
from arterial.paths.shortest import distances, path_weight, shortest_path
from arterial.placement.edges import edge_sites
from arterial.placement.latency import Arc, delay_arcs, end_ms
from arterial.solve.program import BoolArray

__all__ = ["apart_by_routes"]


def apart_by_routes(network: Network, offers: Sequence[Offer], *, dark: bool = True) -> BoolArray:
    """Pairs of edge and fail-over that have risk- and site-disjoint routes within the bound.

    Parameters
    ----------
    dark
        False: only fibres with a lit pair count, so that no fibre need be bought for a pair.

    Returns
    -------
    bool (markets, edges, edges)
        True where the second edge may take over from the first; what
        ``arterial.placement.replicas.place`` takes as ``apart``.
    """
    index = {site.name: number for number, site in enumerate(network.sites)}
    unlit = {fibre.name for fibre in network.fibres if not dark and not fibre.lit_pairs}
    arcs = [arc for arc in delay_arcs(network) if arc.name not in unlit]
    graph = Graph.of(len(index), [index[arc.a] for arc in arcs], [index[arc.z] for arc in arcs])
    weight = [arc.delay_ms for arc in arcs for _ in ("there", "back")]
    edges = [index[site.name] for site in edge_sites(network)]
    apart = np.zeros((len(offers), len(edges), len(edges)), dtype=np.bool_)
    for row, offer in enumerate(offers):
        market = index[offer.site]
        limit_ms = offer.limit_rtt_ms / 2.0 - offer.access_ms
        for column, edge in enumerate(edges):
            route = shortest_path(graph, weight, market, edge)
            fixed_ms = end_ms(network, away=edge != market)
            if route is None or path_weight(weight, route) + fixed_ms > limit_ms:
                continue
            left = distances(graph, _without(graph, weight, arcs, route, edge), market)
            apart[row, column] = [
                other != edge and left[other] + end_ms(network, away=other != market) <= limit_ms
                for other in edges
            ]
    return apart


def _without(
    graph: Graph, weight: list[float], arcs: list[Arc], route: tuple[int, ...], edge: int
) -> list[float]:
    """Weights with everything closed that fails together with a route or at its edge."""
    used = [arcs[arc_link(arc)] for arc in route]
    names = {arc.name for arc in used}
    risks = {risk for arc in used for risk in arc.risks}
    sites = {*graph.sites_of(route)[1:], edge} if route else set[int]()
    shut = [arc.name in names or not risks.isdisjoint(arc.risks) for arc in arcs]
    return [
        inf if shut[arc_link(number)] or graph.arc_target[number] in sites else ms
        for number, ms in enumerate(weight)
    ]
