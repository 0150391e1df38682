"""Sets of sites whose border is too thin, compiled: what they are measured by, smallest cuts.

Capacity is counted in whole units of one module size, both sides rounded up: that is what a border
of modules must obey, and where a design of parts of modules is furthest from one of whole ones.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["FULL", "Thin", "nearest_cuts", "side_of"]

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
def side_of(inside: BoolArray, first: IntArray, sites: IntArray, k: int) -> int:
    """Where the ends of a demand are: all inside (1), all outside (0), or on both sides (-1)."""
    count = 0
    for place in range(first[k], first[k + 1]):
        count += inside[sites[place]]
    if count == 0:
        return 0
    return 1 if count == first[k + 1] - first[k] else -1
