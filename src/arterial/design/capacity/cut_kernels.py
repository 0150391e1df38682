"""Sets of sites whose border is too thin, compiled: smallest cuts, and a search from set to set.

Capacity is counted in whole units of one module size, both sides rounded up: that is what a border
of modules must obey, and where a design of parts of modules is furthest from one of whole ones.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Thin", "better", "nearest_cuts", "thinness"]

FULL = 1e-7


class Thin(NamedTuple):
    """What the border of a set is measured against; U units, P patterns of demand, F cases."""

    ends: IntArray
    """(L, 2)"""
    back: FloatArray
    """(L,) 1, or 0 where a link leads from its end 0 to its end 1 only."""
    units: FloatArray
    """(S, U, L) whole units of each link at the point, by stage."""
    size_gbps: FloatArray
    """(U,)"""
    first_source: IntArray
    """(K + 1,)"""
    source: IntArray
    """Sites of which any may be the source of a demand."""
    first_target: IntArray
    """(K + 1,)"""
    target: IntArray
    gbps: FloatArray
    """(P, K) asked, divided by what of a link may be filled."""
    pattern: IntArray
    """(F,)"""
    stage: IntArray
    """(F,)"""
    first_lost: IntArray
    """(F + 1,)"""
    lost: IntArray
    """Links of which a case loses some."""
    lost_share: FloatArray
    shared: bool


class _Ways(NamedTuple):
    """Room to search ways in."""

    flow: FloatArray
    """(E,)"""
    arrival: IntArray
    """(N,) the arc by which a site was reached, -1 where it was not."""
    queue: IntArray
    """(N,)"""


@njit(cache=True)
def _reached(
    graph: tuple[IntArray, IntArray, IntArray],
    units: FloatArray,
    ends: tuple[int, int],
    ways: _Ways,
) -> bool:
    """Whether room leads from one end to the other; breadth first."""
    first, arcs, target = graph
    source, sink = ends
    ways.arrival[:] = -1
    ways.arrival[source] = len(target)
    ways.queue[0] = source
    head, tail = 0, 1
    while head < tail and ways.arrival[sink] < 0:
        site = ways.queue[head]
        head += 1
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            there = target[arc]
            if ways.arrival[there] < 0 and units[arc >> 1] - ways.flow[arc] > FULL:
                ways.arrival[there] = arc
                ways.queue[tail] = there
                tail += 1
    return bool(ways.arrival[sink] >= 0)


@njit(cache=True)
def _pushed(target: IntArray, units: FloatArray, ends: tuple[int, int], ways: _Ways) -> float:
    """Fill the way that was found; returns what it took."""
    source, sink = ends
    least = np.inf
    site = sink
    while site != source:
        arc = ways.arrival[site]
        least = min(least, units[arc >> 1] - ways.flow[arc])
        site = target[arc ^ 1]
    site = sink
    while site != source:
        arc = ways.arrival[site]
        ways.flow[arc] += least
        ways.flow[arc ^ 1] -= least
        site = target[arc ^ 1]
    return float(least)


@njit(cache=True)
def nearest_cuts(
    graph: tuple[IntArray, IntArray, IntArray],
    units: FloatArray,
    pairs: IntArray,
    limit: float,
    found: BoolArray,
) -> int:
    """Sets (rows of ``found``) that fewer units than ``limit`` part from a pair's other end.

    ``graph``: first arcs (N + 1,), arcs and where they lead. ``units`` (L,) hold for both
    directions together. ``pairs`` (n, 2). Returns how many sets were found.
    """
    sites = len(graph[0]) - 1
    ways = _Ways(
        np.empty(len(graph[2])), np.empty(sites, dtype=np.int64), np.empty(sites, dtype=np.int64)
    )
    count = 0
    for number in range(len(pairs)):
        ends = (pairs[number, 0], pairs[number, 1])
        ways.flow[:] = 0.0
        value = 0.0
        while value < limit - FULL:
            if not _reached(graph, units, ends, ways):
                found[count] = ways.arrival >= 0
                count += 1
                break
            value += _pushed(graph[2], units, ends, ways)
        if count == len(found):
            break
    return count


@njit(cache=True)
def _side(inside: BoolArray, first: IntArray, sites: IntArray, k: int) -> int:
    """Where the ends of a demand are: all inside (1), all outside (0), or on both sides (-1)."""
    count = 0
    for place in range(first[k], first[k + 1]):
        count += inside[sites[place]]
    if count == 0:
        return 0
    return 1 if count == first[k + 1] - first[k] else -1


@njit(cache=True)
def _asked(inside: BoolArray, thin: Thin, need: FloatArray) -> None:
    """Fill ``need`` (P, 2): what must leave the set, and what must enter it.

    Where both directions share capacity the sum is asked of each.
    """
    demands = thin.gbps.shape[1]
    crossing = np.empty(demands, dtype=np.int64)
    way = np.empty(demands, dtype=np.int64)
    count = 0
    for k in range(demands):
        start = _side(inside, thin.first_source, thin.source, k)
        if start >= 0 and _side(inside, thin.first_target, thin.target, k) == 1 - start:
            crossing[count], way[count] = k, 1 - start
            count += 1
    for pattern in range(len(need)):
        need[pattern] = 0.0
        for place in range(count):
            need[pattern, way[place]] += thin.gbps[pattern, crossing[place]]
        if thin.shared:
            need[pattern] = need[pattern].sum()


@njit(cache=True)
def _bordered(inside: BoolArray, thin: Thin, border: FloatArray, total: FloatArray) -> int:
    """Fill what of each link leads out and in (L, 2), and the units (2, S, U); returns how many."""
    count = 0
    total[:] = 0.0
    for link in range(len(border)):
        border[link] = 0.0
        a, z = inside[thin.ends[link, 0]], inside[thin.ends[link, 1]]
        if a == z:
            continue
        count += 1
        border[link, 0 if a else 1] = 1.0
        border[link, 1 if a else 0] = thin.back[link]
        for way in range(2):
            for stage in range(total.shape[1]):
                for unit in range(total.shape[2]):
                    total[way, stage, unit] += border[link, way] * thin.units[stage, unit, link]
    return count


@njit(cache=True)
def _shortest(
    case: int, asked: FloatArray, thin: Thin, border: FloatArray, total: FloatArray
) -> tuple[float, int]:
    """How many units a case is short of at most, over module sizes; and links it takes."""
    stage, worst, hit = thin.stage[case], -np.inf, 0
    for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
        hit += border[thin.lost[place]].any()
    for way in range(2):
        if asked[way] <= FULL:
            continue
        for unit in range(total.shape[2]):
            left = total[way, stage, unit]
            if hit:
                for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
                    link = thin.lost[place]
                    lost = thin.lost_share[place] * border[link, way]
                    left -= lost * thin.units[stage, unit, link]
            worst = max(worst, np.ceil(asked[way] / thin.size_gbps[unit] - FULL) - left)
    return worst, int(hit)


@njit(cache=True)
def _together(alone: FloatArray, count: int, thin: Thin, total: FloatArray) -> float:
    """Units short where any one of all links may be lost: d links that leave k have k d / (d - 1).

    ``alone`` (2,) is what the least case asks of all that lose one link each.
    """
    worst = -np.inf
    for way in range(2):
        for unit in range(total.shape[2]):
            if FULL < alone[way] < np.inf:
                each = np.ceil(alone[way] / thin.size_gbps[unit] - FULL)
                least = np.ceil(each * count / (count - 1) - FULL)
                worst = max(worst, least - total[way, -1, unit])
    return worst


@njit(cache=True)
def thinness(inside: BoolArray, thin: Thin, need: FloatArray) -> float:
    """How far the border is short of what some case asks, or all that take one of its links.

    A distance in units; -inf where nothing crosses. ``need`` (P, 2) is room to work in.
    """
    border = np.empty((len(thin.ends), 2))
    total = np.empty((2, thin.units.shape[0], thin.units.shape[1]))
    _asked(inside, thin, need)
    count = _bordered(inside, thin, border, total)
    worst = -np.inf
    alone = np.zeros((len(border), 2))
    for case in range(len(thin.pattern)):
        asked = need[thin.pattern[case]]
        if asked.max() > FULL:
            short, hit = _shortest(case, asked, thin, border, total)
            worst = max(worst, short / np.sqrt(max(count - hit, 1)))
            if hit == 1:
                _lone(case, asked, thin, border, alone)
    if count > 1:
        least = np.full(2, np.inf)
        for link in range(len(border)):
            if border[link].any():
                least = np.minimum(least, alone[link])
        worst = max(worst, _together(least, count, thin, total) / np.sqrt(count))
    return worst


@njit(cache=True)
def _lone(case: int, asked: FloatArray, thin: Thin, border: FloatArray, alone: FloatArray) -> None:
    """Note what is asked where the one link of the border that a case takes is lost whole."""
    for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
        link = thin.lost[place]
        if border[link].any() and thin.lost_share[place] == 1.0:
            alone[link] = np.maximum(alone[link], asked)


@njit(cache=True)
def better(inside: BoolArray, thin: Thin, steps: int) -> float:
    """Move single sites over the border while it gets thinner; ``inside`` changes in place."""
    need = np.empty((thin.gbps.shape[0], 2))
    best = thinness(inside, thin, need)
    at_border = np.empty(len(inside), dtype=np.bool_)
    for _ in range(steps):
        chosen = -1
        at_border[:] = False
        for link in range(len(thin.ends)):
            a, z = thin.ends[link, 0], thin.ends[link, 1]
            if inside[a] != inside[z]:
                at_border[a] = True
                at_border[z] = True
        for site in np.flatnonzero(at_border):
            inside[site] = not inside[site]
            tried = thinness(inside, thin, need)
            inside[site] = not inside[site]
            if tried > best + FULL:
                best, chosen = tried, site
        if chosen < 0:
            break
        inside[chosen] = not inside[chosen]
    return best
