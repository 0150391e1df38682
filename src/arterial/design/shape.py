"""A design held to a shape: the only IP links that it may build, and who answers whom.

A shape says which pairs of sites may be joined and over which fibre routes; how many waves each
gets, in which mode, is still the design's to find. Hub and spoke, rings and lists of links are
shapes; a design without one is free.
"""

from collections.abc import Iterable

from msgspec import Struct

from arterial.demand.offers import market_offers
from arterial.design.candidates import Route
from arterial.design.ground import Ground
from arterial.paths.graph import Path, arc_link
from arterial.placement.edges import edge_sites, open_cost
from arterial.placement.replicas import Placement
from arterial.placement.serving import Serving, serving_of
from arterial.plan.rows import Replica

__all__ = ["Shape", "ShapeLink", "shape_placement", "shape_routes"]

SCOPE = "the replicas that the shape gives"


class ShapeLink(Struct, frozen=True, kw_only=True):
    """An IP link that may be built: its ends, and the fibres that it rides from a to z."""

    a: str
    z: str
    fibres: tuple[str, ...]


class Shape(Struct, frozen=True, kw_only=True):
    """What a design is held to."""

    name: str
    links: tuple[ShapeLink, ...]
    replicas: tuple[Replica, ...]
    """One a market; empty where the load asks for none."""
    eased: bool = False
    """Flows are asked for no more after failures than the links can keep; else for all of it."""


def shape_routes(ground: Ground, shape: Shape) -> tuple[Route, ...]:
    """The shape's links as candidate routes, each once, in the shape's order."""
    number = {fibre.name: m for m, fibre in enumerate(ground.network.fibres)}
    found: dict[Path, Route] = {}
    for link in shape.links:
        a, z = ground.site_index[link.a], ground.site_index[link.z]
        arcs = _arcs(ground, a, (number[name] for name in link.fibres))
        found.setdefault(arcs, Route(a, z, arcs))
    return tuple(found.values())


def shape_placement(ground: Ground, shape: Shape, load: str) -> tuple[Placement, Serving | None]:
    """The shape's replicas, with what their edges cost and hold."""
    names = {site for row in shape.replicas for site in (row.edge, row.failover)}
    sites = [site for site in edge_sites(ground.network) if site.name in names]
    cost = sum(open_cost(ground.network, site) for site in sites)
    offers = market_offers(ground.network, load)
    serving = serving_of(ground.network, load, offers, edge_sites(ground.network))
    more = 0.0 if serving is None else serving.cost_of(shape.replicas)
    placement = Placement(
        edges=tuple(site.name for site in sites),
        replicas=shape.replicas,
        cost=cost + more,
        edge_cost=cost,
        replica_cost=more,
        bound=cost + more,
        gap=0.0,
        scope=SCOPE,
    )
    return placement, serving


def _arcs(ground: Ground, start: int, fibres: Iterable[int]) -> Path:
    """Fibres in order as arcs that lead on from ``start``."""
    arcs: list[int] = []
    at = start
    for fibre in fibres:
        arc = 2 * fibre if ground.graph.arc_target[2 * fibre + 1] == at else 2 * fibre + 1
        assert ground.graph.arc_target[arc ^ 1] == at, "the fibres of a link lead on"
        arcs.append(arc)
        at = ground.graph.arc_target[arc]
    assert all(arc_link(arc) < len(ground.network.fibres) for arc in arcs)
    return tuple(arcs)
