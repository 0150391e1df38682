"""Candidate IP links: which pairs of router sites may be joined, over which fibre routes.

Neighbours first: a pair is a candidate when light can go from one to the other without passing a
third router site, on two risk-diverse routes where they exist. Pairs that exchange much traffic get
express routes over any junction besides, and on request so do pairs two neighbours apart.
Everything that follows (costs, bound) is on these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Literal

from arterial.design.ground import Ground
from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Path, reverse
from arterial.paths.shortest import distances
from arterial.plan.rows import Demand

__all__ = ["Express", "Route", "candidate_routes"]

Express = Literal["none", "large", "all"]
"""Which pairs get routes that pass router sites in light: none, those of large demands, or those
and every two sites that have a neighbour in common."""

NEIGHBOUR_ROUTES = 2
EXPRESS_ROUTES = 3
EXPRESS_FROM_GBPS = 100.0
"""A pair that exchanges this much gets express routes: a quarter of a 400G wave."""
PAIR_TRIES = 200
"""Shortest routes tried as the lighter of a risk-disjoint pair."""

MOST_ROUTES = 1500
"""Candidates at which ``all`` ends, nearest pairs first: the search grows with their number."""

NEIGHBOUR_STRETCH = 1.6
"""A second route without router sites on the way is kept up to this multiple of the first."""


@dataclass(frozen=True)
class Route:
    """A fibre route between two router sites, ridden from ``a`` to ``z``."""

    a: int
    z: int
    arcs: Path
    given: str = ""
    """Name of the ready-made link that this is; it rides no fibre of the network."""


def candidate_routes(
    ground: Ground,
    router_sites: Iterable[int],
    demands: Iterable[Demand],
    express: Express = "large",
) -> tuple[Route, ...]:
    """Every candidate route once, in a fixed order."""
    sites = sorted(set(router_sites))
    near = tuple(_neighbours(ground, sites))
    found: dict[Path, Route] = {}
    for route in (*near, *(() if express == "none" else _express(ground, demands))):
        found.setdefault(route.arcs, route)
    for route in _second_neighbours(ground, near) if express == "all" else ():
        if len(found) >= MOST_ROUTES:
            break
        found.setdefault(route.arcs, route)
    return tuple(found.values())


def _neighbours(ground: Ground, sites: list[int]) -> Iterator[Route]:
    """Pairs joined by light that passes no third router site."""
    closed = frozenset(sites)
    for a in sites:
        ends = [
            inf if ground.graph.arc_target[reverse(arc)] in closed - {a} else km
            for arc, km in enumerate(ground.length_km)
        ]
        reached = distances(ground.graph, ends, a)
        for z in sites:
            if z > a and reached[z] < inf:
                yield from _between(ground, a, z, closed - {a, z})


def _between(ground: Ground, a: int, z: int, others: frozenset[int]) -> Iterator[Route]:
    """Risk-diverse routes of a pair that pass none of the others."""
    weight = [
        inf if ground.graph.arc_target[arc] in others else km
        for arc, km in enumerate(ground.length_km)
    ]
    paths = diverse_paths(ground.graph, weight, ground.risks, a, z, NEIGHBOUR_ROUTES)
    for path in paths:
        if _km(ground, path) <= NEIGHBOUR_STRETCH * _km(ground, paths[0]):
            yield Route(a, z, path)


def _express(ground: Ground, demands: Iterable[Demand]) -> Iterator[Route]:
    """Risk-diverse routes between the ends of large demands."""
    pairs = {
        tuple(sorted((ground.site_index[demand.source], ground.site_index[demand.target])))
        for demand in demands
        if demand.gbps >= EXPRESS_FROM_GBPS and demand.source != demand.target
    }
    for a, z in sorted(pairs):
        pair = risk_disjoint_pair(ground.graph, ground.length_km, ground.risks, a, z, PAIR_TRIES)
        more = diverse_paths(ground.graph, ground.length_km, ground.risks, a, z, EXPRESS_ROUTES)
        for path in (*(pair[:2] if pair is not None else ()), *more):
            yield Route(a, z, path)


def _second_neighbours(ground: Ground, near: Iterable[Route]) -> Iterator[Route]:
    """Risk-diverse routes between sites that have a neighbour in common, nearest pairs first."""
    beside: dict[int, set[int]] = {}
    for route in near:
        beside.setdefault(route.a, set()).add(route.z)
        beside.setdefault(route.z, set()).add(route.a)
    pairs = {
        (a, z)
        for around in beside.values()
        for a in around
        for z in around
        if a < z and z not in beside[a]
    }
    found = [[Route(a, z, path) for path in _diverse(ground, a, z)] for a, z in sorted(pairs)]
    for routes in sorted((r for r in found if r), key=lambda r: (_km(ground, r[0].arcs), r[0].a)):
        yield from routes


def _diverse(ground: Ground, a: int, z: int) -> Iterable[Path]:
    return diverse_paths(ground.graph, ground.length_km, ground.risks, a, z, NEIGHBOUR_ROUTES)


def _km(ground: Ground, path: Path) -> float:
    return sum(ground.length_km[arc] for arc in path)
