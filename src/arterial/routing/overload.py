"""What overloaded arcs take from ECMP traffic, worked out only where some arc has no room.

A demand is held to the least share on any arc that it rides, in any of its equal ways: at that rate
none of it is lost anywhere. That is on the safe side: what is offered to an arc is not thinned by
what was lost on the way to it, and a flow that rides no full arc is held back with the others of
its demand.
"""

import numpy as np
from numba import njit

from arterial.routing.dirty import Marks, detours, dirty_sites
from arterial.routing.ecmp import Base, Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["lost_to_overload"]


@njit(cache=True, nogil=True)
def lost_to_overload(
    given: tuple[Ip, Base, FloatArray],
    cases: tuple[IntArray, IntArray, BoolArray],
    level: IntArray,
    scarce: tuple[IntArray, IntArray, FloatArray],
    marks: Marks,
) -> FloatArray:
    """Gb/s that find no room.

    Parameters
    ----------
    given
        Adjacency, routing without failure, and what is offered, float (N, N, C).
    cases
        Links that are down (F + 1,) and flat, and sites lost whole (F, N).
    level : int (C,)
        As in ``tally``.
    scarce
        Where the scarce arcs of each case and level begin (F x levels + 1,); the arcs, tightest
        first; the share of what is offered there that each has room for.

    Returns
    -------
    float (F, C)
    """
    ip, base, offered = given
    first, down, gone = cases
    begin, arcs, shares = scarce
    count = len(gone)
    levels = (len(begin) - 1) // max(1, count)
    lost = np.zeros((count, len(level)))
    dead = np.zeros(len(ip.target), dtype=np.bool_)
    held = np.full(len(base.distance), -1, dtype=np.int64)
    stack = np.empty(len(base.distance), dtype=np.int64)
    asks = np.zeros(levels, dtype=np.bool_)
    step = 0
    for to in range(len(base.distance)):
        _ask(offered[to], level, asks)
        if not asks.any():
            continue
        routed = base.distance[to], base.hops[to]
        for case in range(count):
            if gone[case, to] or begin[case * levels] == begin[(case + 1) * levels]:
                continue
            own = down[first[case] : first[case + 1]]
            _mark(dead, own, True)  # noqa: FBT003 - compiled functions take no keywords
            dirty = dirty_sites(ip, routed, own, dead, marks, step)
            if dirty:
                detours(ip, routed[0], dead, marks, dirty, step)
            now = marks.now if dirty else routed[0]
            for k in range(levels):
                start, stop = begin[case * levels + k], begin[case * levels + k + 1]
                step += 1
                if asks[k] and stop > start:
                    _hold(
                        ip.first, ip.leaving, ip.target, ip.metric, now, dead, offered[to],
                        level, k, arcs[start:stop], shares[start:stop], held, stack, step,
                        lost[case],
                    )  # fmt: skip
            _mark(dead, own, False)  # noqa: FBT003
    return lost


@njit(cache=True, nogil=True)
def _ask(offered: FloatArray, level: IntArray, asks: BoolArray) -> None:
    """Which levels offer anything to this destination, (N, C)."""
    asks[:] = False
    for site in range(len(offered)):
        for c in range(len(level)):
            if offered[site, c] > 0.0:
                asks[level[c]] = True


@njit(cache=True, nogil=True)
def _mark(dead: BoolArray, lost: IntArray, state: bool) -> None:  # noqa: FBT001 - as above
    for link in lost:
        dead[2 * link] = dead[2 * link + 1] = state


@njit(cache=True, nogil=True)
def _hold(
    first: IntArray,
    leaving: IntArray,
    target: IntArray,
    metric: FloatArray,
    now: FloatArray,
    dead: BoolArray,
    offered: FloatArray,
    level: IntArray,
    asked: int,
    arcs: IntArray,
    shares: FloatArray,
    held: IntArray,
    stack: IntArray,
    step: int,
    lost: FloatArray,
) -> None:
    """Hold all who ride a scarce arc to its share; whoever rode a tighter one is held already."""
    for number in range(len(arcs)):
        arc, less = arcs[number], 1.0 - shares[number]
        start = target[arc ^ 1]
        if held[start] == step or now[start] == np.inf:
            continue
        if now[start] != metric[arc] + now[target[arc]]:
            continue
        held[start], stack[0], depth = step, start, 1
        while depth:
            depth -= 1
            site = stack[depth]
            for c in range(len(level)):
                if level[c] == asked:
                    lost[c] += offered[site, c] * less
            for place in range(first[site], first[site + 1]):
                onto = leaving[place] ^ 1
                before = target[leaving[place]]
                if held[before] == step or dead[onto] or now[before] != metric[onto] + now[site]:
                    continue
                held[before], stack[depth] = step, before
                depth += 1
