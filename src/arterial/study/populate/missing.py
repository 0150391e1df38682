"""Fibres that are missing: where one cut parts the sites that matter, another way is a candidate.

No policy that survives a cut can hold behind a single fibre. So each part that hangs on one fibre,
or on none, is joined to the rest by the shortest candidate that crosses no sea.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from arterial.model.fibre import Fibre
from arterial.model.imports.wet import crosses_sea
from arterial.paths.bridges import bridges
from arterial.paths.graph import Graph
from arterial.study.populate.people import distances_km
from arterial.study.populate.roads import Places, new_fibre

__all__ = ["cut_off", "missing_fibres", "parts", "shortest_way_out"]

FARTHEST_KM = 1500.0
"""Great circle beyond which nobody is joined: the part stays as it is."""


def missing_fibres(
    fibres: Sequence[Fibre], places: Places, needed: Iterable[str]
) -> tuple[Fibre, ...]:
    """Candidates after which no single fibre parts the ``needed`` sites, as far as land allows."""
    wanted = set(needed) & set(places)
    everything, found = list(fibres), list[Fibre]()
    taken = {fibre.name for fibre in fibres}
    hopeless: set[frozenset[str]] = set()
    while True:
        part = _lonely_part(everything, places, wanted, hopeless)
        if part is None:
            return tuple(found)
        ends = shortest_way_out(part, frozenset(places), places, everything)
        if ends is None:
            hopeless.add(part)
            continue
        new = new_fibre(*ends, places, taken, "a second way where one fibre led")
        found.append(new)
        everything.append(new)


def cut_off(
    fibres: Sequence[Fibre], lost: frozenset[str], sites: Iterable[str], needed: set[str]
) -> set[str]:
    """Those of ``needed`` that are apart from most of them once some fibres are lost."""
    left = [fibre for fibre in fibres if fibre.name not in lost]
    main = max(parts(left, sites), key=lambda part: len(part & needed), default=frozenset[str]())
    return needed - main


def _lonely_part(
    fibres: Sequence[Fibre], places: Places, needed: set[str], hopeless: set[frozenset[str]]
) -> frozenset[str] | None:
    """The smallest part that holds needed sites and hangs on one fibre or none."""
    usable = [fibre for fibre in fibres if fibre.described]
    sites = sorted({*places, *(end for fibre in usable for end in (fibre.a, fibre.z))})
    index = {site: number for number, site in enumerate(sites)}
    graph = Graph.of(
        len(sites), [index[fibre.a] for fibre in usable], [index[fibre.z] for fibre in usable]
    )
    cuts = [frozenset[str](), *(frozenset((usable[link].name,)) for link in bridges(graph))]
    lonely: set[frozenset[str]] = set()
    for lost in cuts:
        pieces = parts([fibre for fibre in usable if fibre.name not in lost], sites)
        main = max(pieces, key=lambda part: (len(part & needed), sorted(part)))
        lonely.update(part for part in pieces if part != main and part & needed)
    return min(lonely - hopeless, key=lambda part: (len(part), sorted(part)), default=None)


def parts(fibres: Sequence[Fibre], sites: Iterable[str]) -> list[frozenset[str]]:
    """Sets of sites that hang together."""
    near: dict[str, list[str]] = {site: [] for site in sites}
    for fibre in fibres:
        near.setdefault(fibre.a, []).append(fibre.z)
        near.setdefault(fibre.z, []).append(fibre.a)
    pieces: list[frozenset[str]] = []
    seen: set[str] = set()
    for start in near:
        if start in seen:
            continue
        part, todo = {start}, [start]
        while todo:
            fresh = [site for site in near[todo.pop()] if site not in part]
            part.update(fresh)
            todo += fresh
        seen |= part
        pieces.append(frozenset(part))
    return pieces


def shortest_way_out(
    part: frozenset[str], rest: frozenset[str], places: Places, fibres: Sequence[Fibre]
) -> tuple[str, str] | None:
    """The nearest pair, one in a part and one in the rest, that no fibre joins yet."""
    inside = sorted(part & set(places))
    outside = sorted((rest & set(places)) - part)
    if not inside or not outside:
        return None
    joined = {frozenset((fibre.a, fibre.z)) for fibre in fibres}
    far_km = distances_km(
        [places[name] for name in inside], [places[name] for name in outside]
    ).ravel()
    for at in np.argsort(far_km, kind="stable"):
        a, z = inside[int(at) // len(outside)], outside[int(at) % len(outside)]
        if far_km[at] > FARTHEST_KM:
            return None
        if frozenset((a, z)) not in joined and not crosses_sea(places[a], places[z]):
            return a, z
    return None
