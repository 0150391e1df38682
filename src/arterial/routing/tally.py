"""What the loads of failure cases come to: utilisation, delay, and what each class must do with.

Levels are priorities, first served first; on each arc a level takes what those above it left.
"""

import numpy as np
from numba import njit

from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["parted", "scarce", "tally"]

OVERLOAD = 1e-9
"""Share of an arc's capacity: less than so much beyond what is left is rounding, no overload."""

TRACE_GBPS = 1e-9
"""Less than 1 bit/s on an arc is what rounding leaves of traffic that went elsewhere."""


@njit(cache=True, nogil=True)
def tally(
    loads: FloatArray,
    cases: tuple[IntArray, IntArray, IntArray, IntArray, FloatArray],
    arcs: tuple[FloatArray, FloatArray],
    level: IntArray,
    by_case: tuple[FloatArray, FloatArray, IntArray, IntArray],
    by_link: tuple[FloatArray, IntArray],
) -> None:
    """Sum the loads up.

    Parameters
    ----------
    loads : float (F, E, C)
    cases
        Links that are down (F + 1,) and flat, links that are weak (F + 1,), flat, and the share of
        its capacity that each keeps.
    arcs
        Capacity, delay; float (E,).
    level : int (C,)
        Place of each class's priority among the priorities in use, not falling.
    by_case
        Filled: load times delay, Gb/s x ms (F, C); largest utilisation (F,); its arc (F,), -1 for
        none; how many arcs are scarce for each level (F, levels).
    by_link
        Raised: largest utilisation of either direction (L,), and the case that gave it.
    """
    first, down, weak_first, weak, weak_share = cases
    capacity, delay = arcs
    travel, fullest, where, short = by_case
    peak, culprit = by_link
    room = capacity.copy()
    for case in range(len(loads)):
        _dim(room, capacity, first, down, weak_first, weak, weak_share, case)
        for arc in range(len(capacity)):
            if room[arc] <= 0.0:
                continue
            total = 0.0
            for c in range(len(level)):
                gbps = loads[case, arc, c]
                if gbps > TRACE_GBPS:
                    total += gbps
                    travel[case, c] += gbps * delay[arc]
            full = total / room[arc]
            if full > fullest[case]:
                fullest[case], where[case] = full, arc
            if full > peak[arc // 2]:
                peak[arc // 2], culprit[arc // 2] = full, case
            if total > room[arc] * (1.0 + OVERLOAD):
                for k in range(short.shape[1]):
                    if _share(loads[case, arc], level, k, room[arc]) < 1.0:
                        short[case, k] += 1
        _light(room, capacity, first, down, weak_first, weak, case)


@njit(cache=True, nogil=True)
def scarce(
    loads: FloatArray,
    cases: tuple[IntArray, IntArray, IntArray, IntArray, FloatArray],
    capacity: FloatArray,
    level: IntArray,
    begin: IntArray,
    found: tuple[IntArray, FloatArray],
) -> None:
    """List the arcs that ``tally`` counted as scarce, tightest first.

    Parameters
    ----------
    begin : int (F x levels + 1,)
        Where those of each case and level begin.
    found
        Filled: arcs, and the share of what is offered there that each has room for.
    """
    first, down, weak_first, weak, weak_share = cases
    arcs, shares = found
    levels = (len(begin) - 1) // max(1, len(loads))
    room = capacity.copy()
    for case in range(len(loads)):
        if begin[case * levels] == begin[(case + 1) * levels]:
            continue
        _dim(room, capacity, first, down, weak_first, weak, weak_share, case)
        for k in range(levels):
            start, stop = begin[case * levels + k], begin[case * levels + k + 1]
            place = start
            for arc in range(len(capacity)):
                if place < stop and room[arc] > 0.0:
                    share = _share(loads[case, arc], level, k, room[arc])
                    if share < 1.0:
                        arcs[place], shares[place] = arc, share
                        place += 1
            order = np.argsort(shares[start:stop], kind="mergesort")
            arcs[start:stop] = arcs[start:stop][order]
            shares[start:stop] = shares[start:stop][order]
        _light(room, capacity, first, down, weak_first, weak, case)


@njit(cache=True, nogil=True)
def _share(load: FloatArray, level: IntArray, asked: int, room: float) -> float:
    """Share of what a level offers to an arc (C,) that those above it leave room for."""
    left, offered = room, 0.0
    for c in range(len(level)):
        if level[c] < asked:
            left -= max(0.0, load[c])
        elif level[c] == asked:
            offered += max(0.0, load[c])
    left = max(0.0, left)
    return left / offered if offered > left + OVERLOAD * room else 1.0


@njit(cache=True, nogil=True)
def _dim(
    room: FloatArray,
    capacity: FloatArray,
    first: IntArray,
    down: IntArray,
    weak_first: IntArray,
    weak: IntArray,
    weak_share: FloatArray,
    case: int,
) -> None:
    """What a case leaves of the capacity of its links."""
    for place in range(first[case], first[case + 1]):
        room[2 * down[place]] = room[2 * down[place] + 1] = 0.0
    for place in range(weak_first[case], weak_first[case + 1]):
        for arc in (2 * weak[place], 2 * weak[place] + 1):
            room[arc] = capacity[arc] * weak_share[place]


@njit(cache=True, nogil=True)
def _light(
    room: FloatArray,
    capacity: FloatArray,
    first: IntArray,
    down: IntArray,
    weak_first: IntArray,
    weak: IntArray,
    case: int,
) -> None:
    """All of it again."""
    for place in range(first[case], first[case + 1]):
        for arc in (2 * down[place], 2 * down[place] + 1):
            room[arc] = capacity[arc]
    for place in range(weak_first[case], weak_first[case + 1]):
        for arc in (2 * weak[place], 2 * weak[place] + 1):
            room[arc] = capacity[arc]


@njit(cache=True, nogil=True)
def parted(
    begin: IntArray,
    leaving: IntArray,
    target: IntArray,
    piece: IntArray,
    lost: tuple[IntArray, IntArray, BoolArray],
) -> IntArray:
    """How many sites each case cuts off.

    Parameters
    ----------
    piece : int (N,)
        What holds together without failure.
    lost
        Links that are down (F + 1,) and flat, and sites lost whole (F, N).

    Returns
    -------
    int (F,)
        Standing sites outside the largest remnant of their piece.
    """
    first, down, gone = lost
    sites, cases = len(piece), len(gone)
    dead, seen = np.full(len(target), -1, dtype=np.int64), np.full(sites, -1, dtype=np.int64)
    stack, largest = np.empty(sites, dtype=np.int64), np.zeros(sites, dtype=np.int64)
    cut = np.zeros(cases, dtype=np.int64)
    for case in range(cases):
        for place in range(first[case], first[case + 1]):
            dead[2 * down[place]] = dead[2 * down[place] + 1] = case
        largest[:] = 0
        for start in range(sites):
            if gone[case, start]:
                continue
            cut[case] += 1
            if seen[start] == case:
                continue
            seen[start], stack[0], depth, size = case, start, 1, 1
            while depth:
                depth -= 1
                site = stack[depth]
                for place in range(begin[site], begin[site + 1]):
                    there = target[leaving[place]]
                    if dead[leaving[place]] != case and seen[there] != case:
                        seen[there], stack[depth] = case, there
                        depth += 1
                        size += 1
            largest[piece[start]] = max(largest[piece[start]], size)
        cut[case] -= largest.sum()
    return cut
