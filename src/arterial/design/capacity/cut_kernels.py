"""Sets of sites whose border is too thin, compiled: smallest cuts, and how thin a border is.

Capacity is counted in whole units of one module size, both sides rounded up: that is what a border
of modules must obey, and where a design of parts of modules is furthest from one of whole ones.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Thin", "nearest_cuts", "thinness"]

FULL = 1e-7


class Thin(NamedTuple):
    """What the border of a set is measured against; U units, P patterns of demand, F cases."""

    ends: IntArray
    """(L, 2)"""
    units: FloatArray
    """(S, U, L) whole units of each link at the point, by stage."""
    size_gbps: FloatArray
    """(U,)"""
    source: IntArray
    """(K,)"""
    target: IntArray
    """(K,)"""
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
def _asked(inside: BoolArray, thin: Thin, need: FloatArray) -> None:
    """Fill ``need`` (P,): what must cross the border, the direction that is worse off."""
    for pattern in range(len(need)):
        out_gbps, back_gbps = 0.0, 0.0
        for k in range(len(thin.source)):
            if inside[thin.source[k]] and not inside[thin.target[k]]:
                out_gbps += thin.gbps[pattern, k]
            elif inside[thin.target[k]] and not inside[thin.source[k]]:
                back_gbps += thin.gbps[pattern, k]
        worse = max(out_gbps, back_gbps)
        need[pattern] = out_gbps + back_gbps if thin.shared else worse


@njit(cache=True)
def _bordered(inside: BoolArray, thin: Thin, border: BoolArray, total: FloatArray) -> int:
    """Fill links of the border (L,) and their units (S, U); returns how many they are."""
    count = 0
    total[:] = 0.0
    for link in range(len(border)):
        border[link] = inside[thin.ends[link, 0]] != inside[thin.ends[link, 1]]
        if border[link]:
            count += 1
            for stage in range(total.shape[0]):
                for unit in range(total.shape[1]):
                    total[stage, unit] += thin.units[stage, unit, link]
    return count


@njit(cache=True)
def _shortest(
    case: int, asked: float, thin: Thin, border: BoolArray, total: FloatArray
) -> tuple[float, int]:
    """How many units a case is short of at most, over module sizes; and links it takes."""
    stage, worst, hit = thin.stage[case], -np.inf, 0
    for unit in range(total.shape[1]):
        left, hit = total[stage, unit], 0
        for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
            link = thin.lost[place]
            if border[link]:
                hit += 1
                left -= thin.lost_share[place] * thin.units[stage, unit, link]
        worst = max(worst, np.ceil(asked / thin.size_gbps[unit] - FULL) - left)
    return worst, hit


@njit(cache=True)
def _together(asked: float, count: int, thin: Thin, total: FloatArray) -> float:
    """Units short where any one of all links may be lost: d links that leave k have k d / (d - 1).

    ``asked`` is what the least case asks of all that lose one link each.
    """
    worst = -np.inf
    for unit in range(total.shape[1]):
        each = np.ceil(asked / thin.size_gbps[unit] - FULL)
        least = np.ceil(each * count / (count - 1) - FULL)
        worst = max(worst, least - total[-1, unit])
    return worst


@njit(cache=True)
def thinness(inside: BoolArray, thin: Thin, need: FloatArray) -> float:
    """How far the border is short of what some case asks, or all that take one of its links.

    A distance in units; -inf where nothing crosses. ``need`` (P,) is room to work in.
    """
    border = np.empty(len(thin.ends), dtype=np.bool_)
    total = np.empty(thin.units.shape[:2])
    _asked(inside, thin, need)
    count = _bordered(inside, thin, border, total)
    worst = -np.inf
    alone = np.zeros(len(border))
    for case in range(len(thin.pattern)):
        asked = float(need[thin.pattern[case]])
        if asked > FULL:
            short, hit = _shortest(case, asked, thin, border, total)
            worst = max(worst, short / np.sqrt(max(count - hit, 1)))
            if hit == 1:
                _lone(case, asked, thin, border, alone)
    if count > 1:
        every = np.inf
        for link in range(len(border)):
            if border[link]:
                every = min(every, alone[link])
        if every > FULL:
            worst = max(worst, _together(every, count, thin, total) / np.sqrt(count))
    return worst


@njit(cache=True)
def _lone(case: int, asked: float, thin: Thin, border: BoolArray, alone: FloatArray) -> None:
    """Note what is asked where the one link of the border that a case takes is lost whole."""
    for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
        link = thin.lost[place]
        if border[link] and thin.lost_share[place] == 1.0:
            alone[link] = max(alone[link], asked)
