"""Segment routing: the ways a headend can ask for with a list of at most n SIDs.

A node SID sends traffic along the IGP's shortest path to a site; it counts only where that path is
the only shortest one, for over equal-cost ways the traffic would fan out. A link (adjacency) SID
sends it over one link from where it is. The target's own node SID is on the list. A path's list is
found greedily: a stretch of an only shortest path is one too, so the farthest SID is the best.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from arterial.routing.ecmp import Ip, base_of
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Priced, Ways
from arterial.routing.supply import Pricing, Scope
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Igp", "Segmented", "igp_of", "segment_counts", "segments_of"]


@dataclass(frozen=True)
class Igp:
    """Shortest paths of the IGP, ``[d, v]`` from site v to site d."""

    ip: Ip
    distance: FloatArray
    """float (N, N), inf without a way."""
    only: IntArray
    """int (N, N) the arc to the next hop where the shortest path is the only one, else -1."""


def igp_of(ip: Ip) -> Igp:
    """Work shortest paths out, and which of them are the only ones."""
    sites = len(ip.first) - 1
    base = base_of(ip, np.zeros((sites, sites, 1)))
    return Igp(ip, base.distance, _alone(ip.target, base.distance, base.only))


@njit(cache=True, nogil=True)
def _alone(target: IntArray, distance: FloatArray, only: IntArray) -> IntArray:
    """Next hops of those whose whole way is alone."""
    alone = only.copy()
    for to in range(len(distance)):
        for site in np.argsort(distance[to]):
            arc = only[to, site]
            if site == to or arc < 0:
                continue
            there = target[arc]
            if there != to and alone[to, there] < 0:
                alone[to, site] = -1
    return alone


def segment_counts(igp: Igp, paths: PathSet) -> IntArray:
    """SIDs that each path needs, int (P,)."""
    ip = igp.ip
    return _counts(paths.start, paths.arc, ip.target, ip.metric, igp.distance, igp.only)


@njit(cache=True, nogil=True)
def _reach(
    arcs: IntArray,
    at: int,
    target: IntArray,
    metric: FloatArray,
    distance: FloatArray,
    only: IntArray,
) -> int:
    """How far along a path a node SID leads from hop ``at``; ``at`` itself where none does."""
    here, total, hop = target[arcs[at] ^ 1], 0.0, at
    while hop < len(arcs):
        there = target[arcs[hop]]
        total += metric[arcs[hop]]
        if there == here or only[there, here] < 0 or distance[there, here] != total:
            break
        hop += 1
    return hop


@njit(cache=True, nogil=True)
def _counts(
    start: IntArray,
    arc: IntArray,
    target: IntArray,
    metric: FloatArray,
    distance: FloatArray,
    only: IntArray,
) -> IntArray:
    counts = np.zeros(len(start) - 1, dtype=np.int64)
    for path in range(len(counts)):
        arcs = arc[start[path] : start[path + 1]]
        at = 0
        while at < len(arcs):
            at = max(at + 1, _reach(arcs, at, target, metric, distance, only))
            counts[path] += 1
    return counts


def segments_of(igp: Igp, arcs: IntArray) -> list[tuple[bool, int]]:
    """The list of one path: (True, site) for a node SID, (False, arc) for a link's."""
    ip, found, at = igp.ip, list[tuple[bool, int]](), 0
    while at < len(arcs):
        far = _reach(arcs, at, ip.target, ip.metric, igp.distance, igp.only)
        found.append((True, int(ip.target[arcs[far - 1]])) if far > at else (False, int(arcs[at])))
        at = max(at + 1, far)
    return found


@dataclass(frozen=True)
class Segmented:
    """Ways of at most ``sids`` segments: a supply of paths; its bounds hold for these alone."""

    igp: Igp
    ways: Ways
    sids: int
    scope: Scope = "paths"

    def of(self, chosen: IntArray) -> Pricing:
        """For some demands."""
        return _SegmentPricer(self.igp, self.ways.of(chosen), self.sids)

    def first(self, chosen: IntArray, shut: BoolArray) -> PathSet:
        """The shortest and the fewest hops, where they keep the delay."""
        pricer, limit = self.of(chosen), np.full(len(chosen), np.inf)
        ways = self.ways
        quick = np.where(np.isinf(ways.delay_ms), ways.tie.sum(), ways.delay_ms)
        parts = [
            pricer.cheapest(np.where(shut, np.inf, weight), limit).paths
            for weight in (ways.tie, quick, np.ones(len(shut)))
        ]
        paths = PathSet.joined(parts).once()
        return paths.taken(np.argsort(paths.demand, kind="stable"))


@dataclass(frozen=True)
class _SegmentPricer:
    igp: Igp
    ways: Ways
    sids: int

    def cheapest(self, weight: FloatArray, limit: FloatArray) -> Priced:
        """Prices leave delays out, so they are not above the true ones; ways keep them."""
        price, paths = self._search(weight)
        delay = paths.along(self.ways.delay_ms)
        budget = self.ways.budget_ms[paths.demand]
        good = (np.isinf(budget) | (delay <= budget)) & ~self._twice(paths)
        good &= price[paths.demand] < limit[paths.demand]
        return Priced(price, paths.taken(np.flatnonzero(good).astype(np.int64)))

    @cached_property
    def _sources(self) -> IntArray:
        return np.unique(self.ways.source)

    def _search(self, weight: FloatArray) -> tuple[FloatArray, PathSet]:
        ways, ip = self.ways, self.igp.ip
        leg = _legs(ip.target, weight, self.igp.distance, self.igp.only)
        single = _singles(*ways.adjacency, weight)
        leg, by_link = np.minimum(leg, single[0]), single[0] < leg
        price, hops, arcs = _walks(
            ip.target, self.igp.only, leg, by_link, single[1],
            self._sources, ways.source, ways.target, self.sids,
        )  # fmt: skip
        found = np.flatnonzero(hops).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(hops[found])]).astype(np.int64)
        return price, PathSet(start=start, arc=arcs, demand=found)

    def _twice(self, paths: PathSet) -> BoolArray:
        """Which walks ride an arc twice."""
        key = np.sort(paths.rider * len(self.ways.tie) + paths.arc)
        again = key[1:][key[1:] == key[:-1]] // len(self.ways.tie)
        twice = np.zeros(len(paths), dtype=np.bool_)
        twice[again] = True
        return twice


@njit(cache=True, nogil=True)
def _legs(target: IntArray, weight: FloatArray, distance: FloatArray, only: IntArray) -> FloatArray:
    """Price of the only shortest path, ``[v, d]`` from v to d; inf where it is not alone."""
    sites = len(distance)
    leg = np.full((sites, sites), np.inf)
    for to in range(sites):
        leg[to, to] = 0.0
        for site in np.argsort(distance[to]):
            arc = only[to, site]
            if site != to and arc >= 0:
                leg[site, to] = weight[arc] + leg[target[arc], to]
    return leg


@njit(cache=True, nogil=True)
def _singles(
    first: IntArray, arcs: IntArray, target: IntArray, weight: FloatArray
) -> tuple[FloatArray, IntArray]:
    """The cheapest arc of each pair of sites, ``[v, d]``, and which it is."""
    sites = len(first) - 1
    leg, which = np.full((sites, sites), np.inf), np.full((sites, sites), -1, dtype=np.int64)
    for site in range(sites):
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            if weight[arc] < leg[site, target[arc]]:
                leg[site, target[arc]], which[site, target[arc]] = weight[arc], arc
    return leg, which


@njit(cache=True, nogil=True)
def _walks(
    target: IntArray,
    only: IntArray,
    leg: FloatArray,
    by_link: BoolArray,
    link: IntArray,
    sources: IntArray,
    demand_source: IntArray,
    demand_target: IntArray,
    sids: int,
) -> tuple[FloatArray, IntArray, IntArray]:
    """Cheapest walks of at most so many legs: price (K,), hops (K,), and the arcs of all."""
    sites = len(leg)
    demands = len(demand_target)
    price, hops = np.full(demands, np.inf), np.zeros(demands, dtype=np.int64)
    best = np.empty((len(sources), sids + 1, sites))
    by = np.full((len(sources), sids + 1, sites), -1, dtype=np.int64)
    row = np.zeros(sites, dtype=np.int64)
    for number in range(len(sources)):
        source = sources[number]
        row[source] = number
        _legs_on(leg, source, best[number], by[number])
    out, filled = np.empty(demands * 8 + sites, dtype=np.int64), 0
    walk = np.empty(sids * sites + 1, dtype=np.int64)
    for k in range(demands):
        number, there = row[demand_source[k]], demand_target[k]
        price[k] = best[number, sids, there]
        if price[k] == np.inf:
            continue
        length = _walk(
            target, only, by_link, link, best[number], by[number], demand_source[k], there, walk
        )
        if filled + length > len(out):
            more = np.empty(2 * len(out) + length, dtype=np.int64)
            more[:filled] = out[:filled]
            out = more
        for place in range(length):
            out[filled + place] = walk[length - 1 - place]
        hops[k] = length
        filled += length
    return price, hops, out[:filled].copy()


@njit(cache=True, nogil=True)
def _legs_on(leg: FloatArray, source: int, cost: FloatArray, via: IntArray) -> None:
    """Cheapest walks from a source, ``[legs, site]``, and the site before the last leg."""
    cost[0, :] = np.inf
    cost[0, source] = 0.0
    for step in range(len(cost) - 1):
        cost[step + 1] = cost[step]
        for here in range(len(leg)):
            so_far = cost[step, here]
            # Only what the last leg made better can make more better.
            if so_far == np.inf or (step and so_far == cost[step - 1, here]):
                continue
            for there in range(len(leg)):
                through = so_far + leg[here, there]
                if through < cost[step + 1, there]:
                    cost[step + 1, there], via[step + 1, there] = through, here


@njit(cache=True, nogil=True)
def _walk(
    target: IntArray,
    only: IntArray,
    by_link: BoolArray,
    link: IntArray,
    cost: FloatArray,
    via: IntArray,
    source: int,
    there: int,
    walk: IntArray,
) -> int:
    """Arcs of a walk, the last one first; how many."""
    length, step = 0, len(cost) - 1
    while there != source:
        while step > 1 and cost[step - 1, there] == cost[step, there]:
            step -= 1
        here = via[step, there]
        # A leg's arcs are found from its start, and put behind each other from its end.
        begun = length
        if by_link[here, there]:
            walk[length] = link[here, there]
            length += 1
        else:
            site = here
            while site != there:
                walk[length] = only[there, site]
                site = target[walk[length]]
                length += 1
        walk[begun:length] = walk[begun:length][::-1].copy()
        there, step = here, step - 1
    return length
