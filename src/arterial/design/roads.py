"""Fibre routes for the links of a shape: the shortest, those that fail apart, those that avoid."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import inf

from arterial.design.ground import Ground
from arterial.design.shape import ShapeLink
from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Path, arc_link
from arterial.paths.shortest import path_weight, shortest_path

__all__ = ["Ring", "apart_from", "pair_links", "ring_links", "road_km", "shape_link"]

ROUTES = 2
PAIR_TRIES = 200
"""Shortest routes tried as the lighter of a risk-disjoint pair."""
PASS_KM = 300.0
"""Detour that a ring's link takes so as not to pass a site of the ring in light (ASSUMPTION)."""
_TURNS = 3
"""Times that every link of a ring is taken up and laid again."""


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A ring's links, one fibre route each."""

    links: tuple[ShapeLink, ...]
    km: float
    """Of fibre, all links together."""
    shared: tuple[str, ...] = field(default=())
    """Fibres and shared risks that take down more than one of its links."""


def shape_link(ground: Ground, a: int, z: int, path: Path) -> ShapeLink:
    """A link over a path of fibres."""
    sites, fibres = ground.network.sites, ground.network.fibres
    return ShapeLink(
        a=sites[a].name,
        z=sites[z].name,
        fibres=tuple(fibres[arc_link(arc)].name for arc in path),
    )


def pair_links(ground: Ground, a: int, z: int) -> tuple[ShapeLink, ...]:
    """Links between two sites: the shortest route, and two that share no risk where there are."""
    weight = ground.length_km
    pair = risk_disjoint_pair(ground.graph, weight, ground.risks, a, z, PAIR_TRIES)
    more = diverse_paths(ground.graph, weight, ground.risks, a, z, ROUTES)
    paths = dict.fromkeys([*(pair[:2] if pair is not None else ()), *more])
    return tuple(shape_link(ground, a, z, path) for path in paths)


def apart_from(ground: Ground, first: Path, a: int, z: int, shun: int) -> Path | None:
    """The shortest route from a to z without a risk of ``first`` and without passing ``shun``."""
    risks = frozenset[int]().union(*(ground.risks[arc_link(arc)] for arc in first))
    weight = [
        inf if ground.risks[arc_link(arc)] & risks else km
        for arc, km in enumerate(ground.length_km)
    ]
    return shortest_path(ground.graph, weight, a, z, {shun})


def road_km(ground: Ground, path: Path) -> float:
    """Length of a path of fibres."""
    return path_weight(ground.length_km, path)


def ring_links(ground: Ground, order: list[int]) -> Ring:
    """Lay a ring through sites in order, so that no two links share a risk where that can be.

    Each link in turn takes the shortest route; what shares a risk with the others costs more than
    any detour, what passes another site of the ring in light costs ``PASS_KM``.
    """
    pairs = list(zip(order, order[1:] + order[:1], strict=True))
    stops = frozenset(order)
    laid: dict[int, Path] = {}
    for _ in range(_TURNS):
        before = dict(laid)
        for number, (a, z) in enumerate(pairs):
            others = (path for other, path in laid.items() if other != number)
            path = _laid(ground, a, z, others, stops)
            if path is not None:
                laid[number] = path
        if laid == before:
            break
    ends = ((number, *pair) for number, pair in enumerate(pairs) if number in laid)
    links = tuple(shape_link(ground, a, z, laid[number]) for number, a, z in ends)
    return Ring(
        links=links,
        km=sum(road_km(ground, path) for path in laid.values()),
        shared=_shared(ground, list(laid.values())),
    )


def _laid(
    ground: Ground, a: int, z: int, others: Iterable[Path], stops: Collection[int]
) -> Path | None:
    used = [risk for path in others for arc in path for risk in ground.risks[arc_link(arc)]]
    taken = frozenset(used)
    more = 2.0 * sum(km for km in ground.length_km if km < inf)
    target = ground.graph.arc_target
    weight = [
        km
        + more * len(ground.risks[arc_link(arc)] & taken)
        + PASS_KM * (target[arc] in stops and target[arc] != z)
        for arc, km in enumerate(ground.length_km)
    ]
    return shortest_path(ground.graph, weight, a, z)


def _shared(ground: Ground, paths: list[Path]) -> tuple[str, ...]:
    """What takes down more than one link, by name, in the order of the network."""
    count: dict[int, int] = {}
    for path in paths:
        for risk in {risk for arc in path for risk in ground.risks[arc_link(arc)]}:
            count[risk] = count.get(risk, 0) + 1
    fibres = ground.network.fibres
    return tuple(
        fibres[risk].name if risk < len(fibres) else ground.risk_names[risk - len(fibres)]
        for risk in sorted(count)
        if count[risk] > 1
    )
