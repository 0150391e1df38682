"""Rings: one shortest tour through all router sites, or one a region and one through the hubs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arterial.demand.offers import market_offers
from arterial.design.answering import answered
from arterial.design.ground import Ground
from arterial.design.median import p_median
from arterial.design.roads import Ring, pair_links, ring_links, road_km
from arterial.design.shape import Shape, ShapeLink
from arterial.design.terminals import fibre_km, terminals
from arterial.design.tour import Tour, shortest_tour
from arterial.errors import InfeasibleError
from arterial.solve.program import IntArray
from arterial.units import fibre_delay_ms

__all__ = ["Rings", "lap_rtt_ms", "rings", "too_long"]

_LEAST = 3
"""Sites of a ring; two are joined by two routes."""


@dataclass(frozen=True, kw_only=True)
class Rings:
    """A shape of rings and how good their tours are."""

    shape: Shape
    tours: tuple[Tour, ...]
    """Of the rings in the order they were laid; lengths in km over the shortest fibre."""
    km: float
    """Of fibre under all links, detours around shared risks included."""
    shared: tuple[str, ...]
    """Fibres and shared risks that take down more than one link of a ring."""

    @property
    def tour_km(self) -> float:
        """All tours together."""
        return sum(tour.length for tour in self.tours)

    @property
    def bound_km(self) -> float:
        """No tours through these sites are shorter together."""
        return sum(tour.bound for tour in self.tours)


def rings(ground: Ground, load: str, edges: Sequence[int], count: int) -> Rings:
    """One ring through all sites where traffic ends or is answered, or ``count`` regional ones.

    Regions gather round the medians of the load; each ring passes its median, and one more ring
    joins the medians.

    Raises
    ------
    InfeasibleError
        The fibre does not join these sites.
    """
    weight = terminals(ground, load)
    sites = np.array(sorted({*weight, *edges}))
    groups = [sites.tolist()]
    if count > 1:
        groups = _regions(ground, sites, [weight.get(site, 0.0) for site in sites.tolist()], count)
    tours: list[Tour] = []
    laid: list[Ring] = []
    for group in groups:
        tour, ring = _ring(ground, group)
        tours.append(tour)
        laid.append(ring)
    links = tuple(dict.fromkeys(link for ring in laid for link in ring.links))
    shape = Shape(
        name="ring" if count == 1 else "rings",
        links=links,
        replicas=answered(ground, links, edges, market_offers(ground.network, load)),
    )
    return Rings(
        shape=shape,
        tours=tuple(tours),
        km=sum(ring.km for ring in laid),
        shared=tuple(dict.fromkeys(name for ring in laid for name in ring.shared)),
    )


def too_long(ground: Ground, found: Rings) -> bool:
    """Whether half way round takes longer than the strictest class may take."""
    bounds = [one.rtt_ms for one in ground.network.classes if one.rtt_ms is not None]
    return lap_rtt_ms(ground, found.km / 2.0) > min(bounds, default=float("inf"))


def lap_rtt_ms(ground: Ground, km: float) -> float:
    """Round trip over so much fibre, planning value, equipment not counted."""
    return 2.0 * fibre_delay_ms(km) * ground.network.latency.route_factor


def _regions(
    ground: Ground, sites: IntArray, weight: Sequence[float], count: int
) -> list[list[int]]:
    """Sites by region, then the medians; a region of one site needs no ring."""
    median = p_median(np.array(weight), fibre_km(ground, sites, sites), min(count, len(sites)))
    hubs = [int(sites[hub]) for hub in median.hubs]
    groups = [sites[median.home == hub].tolist() for hub in median.hubs]
    return [group for group in (*groups, hubs) if len(group) > 1]


def _ring(ground: Ground, group: list[int]) -> tuple[Tour, Ring]:
    own = np.array(group)
    km = fibre_km(ground, own, own)
    if not np.isfinite(km).all():
        raise InfeasibleError(
            f"a ring through {len(group)} sites",
            "no fibre of known length joins all of them",
            ("a fibre that joins them",),
        )
    if len(group) < _LEAST:
        return shortest_tour(km), _both_ways(ground, group)
    tour = shortest_tour(km)
    return tour, ring_links(ground, [group[site] for site in tour.order])


def _both_ways(ground: Ground, group: list[int]) -> Ring:
    """Two sites, joined over two routes."""
    links: tuple[ShapeLink, ...] = pair_links(ground, *group)[:2]
    number = {fibre.name: m for m, fibre in enumerate(ground.network.fibres)}
    ways = [tuple(2 * number[name] for name in link.fibres) for link in links]
    risks = [frozenset[int]().union(*(ground.risks[arc // 2] for arc in way)) for way in ways]
    both = risks[0] & risks[-1] if len(ways) > 1 else frozenset[int]()
    names = [fibre.name for fibre in ground.network.fibres]
    return Ring(
        links=links,
        km=sum(road_km(ground, way) for way in ways),
        shared=tuple(([*names, *ground.risk_names])[risk] for risk in sorted(both)),
    )
