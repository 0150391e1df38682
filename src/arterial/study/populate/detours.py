"""How far it is around what a failure takes, and from when on nobody would call that a way."""

import math
from collections.abc import Collection, Iterator, Sequence

from arterial.model.fibre import Fibre
from arterial.paths.graph import Graph
from arterial.paths.shortest import distances

__all__ = ["absurd_detours"]

MOST_STRETCH = 4.0
MOST_KM = 1500.0
"""A detour around a lost fibre up to so many times its length and these kilometres is a way."""


def absurd_detours(
    fibres: Sequence[Fibre], lost: Collection[str], sites: Collection[str]
) -> Iterator[tuple[Fibre, str, float]]:
    """Each lost fibre that ends at one of some sites and whose ends are then too far apart.

    Yields
    ------
    Fibre, str, float
        The fibre, the end of it that is such a site, and the way that is left, km; infinite where
        none is. What nobody described is no way.
    """
    usable = [fibre for fibre in fibres if fibre.described]
    ends = sorted({end for fibre in usable for end in (fibre.a, fibre.z)})
    index = {name: number for number, name in enumerate(ends)}
    graph = Graph.of(
        len(ends), [index[fibre.a] for fibre in usable], [index[fibre.z] for fibre in usable]
    )
    length_km = [math.inf if fibre.name in lost else fibre.length_km or 0.0 for fibre in usable]
    weight = [km for km in length_km for _ in ("there", "back")]
    for fibre in usable:
        site = next((end for end in (fibre.a, fibre.z) if end in sites), None)
        if fibre.name in lost and site is not None:
            other = fibre.z if fibre.a == site else fibre.a
            around_km = distances(graph, weight, index[site])[index[other]]
            if around_km > MOST_STRETCH * (fibre.length_km or 0.0) + MOST_KM:
                yield fibre, site, around_km
