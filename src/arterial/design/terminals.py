"""Where traffic begins and ends whatever answers it: the sites that every shape must join."""

from collections.abc import Iterator

import numpy as np

from arterial.demand.flows import flows
from arterial.demand.offers import market_offers
from arterial.design.ground import Ground
from arterial.paths.shortest import distances
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Terminals", "fibre_km", "terminals"]

Terminals = dict[int, float]
"""Gb/s that begin and end at each site, both ways added, by site in ascending order."""


def terminals(ground: Ground, load: str) -> Terminals:
    """Sites where people ask, models train or the user's own demands end.

    What goes to edges wherever they stand (answers, caches, new models) counts at its other end.
    """
    found: Terminals = {}
    for name, gbps in sorted(_ends(ground, load)):
        site = ground.site_index[name]
        found[site] = found.get(site, 0.0) + gbps
    return dict(sorted(found.items()))


def fibre_km(ground: Ground, sources: IntArray, targets: IntArray) -> FloatArray:
    """Float (S, T): shortest fibre between sites, km; inf where none is known."""
    rows = [distances(ground.graph, ground.length_km, site) for site in sources.tolist()]
    return np.array(rows, dtype=np.float64).reshape(len(sources), ground.graph.sites)[:, targets]


def _ends(ground: Ground, load: str) -> Iterator[tuple[str, float]]:
    for offer in market_offers(ground.network, load):
        yield offer.site, offer.down_gbps + offer.up_gbps
    for demand in flows(ground.network, load, ()):
        yield demand.source, demand.gbps
        yield demand.target, demand.gbps
