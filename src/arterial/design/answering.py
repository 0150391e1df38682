"""Who answers whom over the links of a shape: the nearest edge, and one that fails apart from it.

Delays are of the shape's own links, so a spoke counts its way through the hub and a ring the way
round. Nothing is optimised: every edge that the shape names is open, and people go to the nearest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from arterial.demand.offers import Offer
from arterial.design.ground import Ground
from arterial.design.shape import ShapeLink
from arterial.errors import InfeasibleError
from arterial.paths.graph import Graph, Path, arc_link, reverse
from arterial.paths.shortest import distances, shortest_path
from arterial.plan.rows import Replica
from arterial.units import US_PER_MS

__all__ = ["answered"]


@dataclass(frozen=True)
class _Roads:
    """The shape's links as a graph."""

    graph: Graph
    ms: tuple[float, ...]
    """By arc, one way, planning value, the router at its end included."""
    risks: tuple[frozenset[int], ...]
    """By link."""


def answered(
    ground: Ground, links: Sequence[ShapeLink], edges: Sequence[int], offers: Sequence[Offer]
) -> tuple[Replica, ...]:
    """An edge and a fail-over for each market.

    The fail-over is the nearest other edge over a way that shares neither a risk nor a site with
    the way to the first; where there is none, the nearest other edge.

    Raises
    ------
    InfeasibleError
        A market has no two edges in reach over the links.
    """
    roads = _roads(ground, links)
    return tuple(_row(ground, roads, edges, offer) for offer in offers)


def _roads(ground: Ground, links: Sequence[ShapeLink]) -> _Roads:
    network = ground.network
    number = {fibre.name: m for m, fibre in enumerate(network.fibres)}
    ends = [(ground.site_index[link.a], ground.site_index[link.z]) for link in links]
    fixed_ms = network.latency.router_ms + network.latency.fec_us / US_PER_MS
    one_way = [
        ground.delay_ms(tuple(2 * number[name] for name in link.fibres)) + fixed_ms
        for link in links
    ]
    return _Roads(
        Graph.of(ground.graph.sites, [a for a, _ in ends], [z for _, z in ends]),
        tuple(ms for ms in one_way for _ in ("there", "back")),
        tuple(
            frozenset[int]().union(*(ground.risks[number[name]] for name in link.fibres))
            for link in links
        ),
    )


def _row(ground: Ground, roads: _Roads, edges: Sequence[int], offer: Offer) -> Replica:
    home = ground.site_index[offer.site]
    reach = distances(roads.graph, roads.ms, home)
    near = sorted((reach[edge], edge) for edge in edges if reach[edge] < inf)
    if len(near) <= 1:
        raise InfeasibleError(
            f"market '{offer.market}'",
            f"{len(near)} edges are in reach over the links of the shape, and two are needed",
            ("a link that joins it to a second edge",),
        )
    (first_ms, first), others = near[0], near[1:]
    path = shortest_path(roads.graph, roads.ms, home, first)
    assert path is not None
    left = distances(roads.graph, _without(roads, path, home, first), home)
    apart = min(((left[edge], edge) for _, edge in others if left[edge] < inf), default=others[0])
    names = ground.network.sites
    fixed_ms = offer.access_ms + ground.network.latency.router_ms
    return Replica(
        market=offer.market,
        site=offer.site,
        edge=names[first].name,
        failover=names[apart[1]].name,
        rtt_ms=2.0 * (first_ms + fixed_ms),
        failover_rtt_ms=2.0 * (apart[0] + fixed_ms),
    )


def _without(roads: _Roads, path: Path, home: int, edge: int) -> list[float]:
    """Delays with all closed that fails with a path or at its edge."""
    risks = frozenset[int]().union(*(roads.risks[arc_link(arc)] for arc in path))
    sites = {*roads.graph.sites_of(path), edge} - {home}
    target = roads.graph.arc_target
    shut = [
        bool(roads.risks[arc_link(arc)] & risks)
        or not sites.isdisjoint((end, target[reverse(arc)]))
        for arc, end in enumerate(target)
    ]
    return [inf if closed else ms for closed, ms in zip(shut, roads.ms, strict=True)]
