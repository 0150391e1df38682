"""Sites proper, and those that stand for several: traffic may start or end at any of these."""

from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.solve.program import BoolArray, IntArray

__all__ = ["Places", "places_of"]


@dataclass(frozen=True)
class Places:
    """Sites proper, and those that stand for any of several: the last ones, led to for nothing."""

    sites: int
    """Proper ones."""
    links: IntArray
    """Links between them."""
    ends: IntArray
    """(n, 2) of these."""
    source: tuple[IntArray, ...]
    """(K,) sites of which any may be the source."""
    target: tuple[IntArray, ...]
    """(K,)"""

    def starts(self, inside: BoolArray) -> BoolArray:
        """(K,) True where all sources are inside."""
        return np.array([bool(inside[sites].all()) for sites in self.source], dtype=np.bool_)

    def ends_in(self, inside: BoolArray) -> BoolArray:
        """(K,) True where all targets are inside."""
        return np.array([bool(inside[sites].all()) for sites in self.target], dtype=np.bool_)

    def crossing(self, inside: BoolArray) -> tuple[BoolArray, BoolArray]:
        """(K,) demands that must leave a set, and those that must enter it."""
        outside = ~inside
        return self.starts(inside) & self.ends_in(outside), self.starts(outside) & self.ends_in(
            inside
        )

    def border(self, inside: BoolArray) -> IntArray:
        """Links with one end in a set."""
        return self.links[inside[self.ends[:, 0]] != inside[self.ends[:, 1]]]


def places_of(problem: Problem) -> Places:
    """Tell the sites proper from those that stand for several.

    The latter are last, and links only lead into them, or only out of them: links that hold all
    traffic in every case and cannot be bought.
    """
    links, demands = problem.links, problem.demands
    plenty = float(problem.cases.gbps.sum(axis=1).max(initial=0.0))
    free = (links.base_gbps * problem.cases.usable.min(initial=1.0) >= plenty) & np.all(
        np.asarray(problem.cases.alive) == 1.0, axis=0
    )
    one_way = np.zeros(len(links.ends), np.bool_) if links.one_way is None else links.one_way
    free &= one_way & (np.diff(links.supply.tocsr().indptr) == 0)
    sites = links.sites
    members: dict[int, IntArray] = {}
    while sites > 0 and plenty > 0.0:
        at = (links.ends == sites - 1).any(axis=1)
        out, back = links.ends[at & free, 0], links.ends[at & free, 1]
        only = bool((at == (at & free)).all()) and at.any()
        if not only or ((out == sites - 1).any() and (back == sites - 1).any()):
            break
        members[sites - 1] = np.where(out == sites - 1, back, out)
        sites -= 1
    between = np.flatnonzero((links.ends < sites).all(axis=1))
    return Places(
        sites=sites,
        links=between,
        ends=links.ends[between],
        source=tuple(members.get(int(site), np.array([site])) for site in demands.source),
        target=tuple(members.get(int(site), np.array([site])) for site in demands.target),
    )
