"""Links that hang together, drawn around a site."""

import numpy as np

from arterial.solve.program import IntArray

__all__ = ["spread"]


def spread(ends: IntArray, site: int, most: int, random: np.random.Generator) -> list[int]:
    """Links of a site, then of those that they lead to, until there are so many."""
    links: dict[int, None] = {}
    sites, at = [site], 0
    while at < len(sites) and len(links) < most:
        beside = np.flatnonzero((ends == sites[at]).any(axis=1))
        random.shuffle(beside)
        links |= dict.fromkeys(beside.tolist())
        beyond = dict.fromkeys(ends[beside].reshape(-1).tolist())
        sites += [other for other in beyond if other not in sites]
        at += 1
    return list(links)
