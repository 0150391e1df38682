"""Splits in so many equal parts, as routers make them.

Rates are what is admitted: where splits in equal parts would overload an arc, the demands on it are
cut down until they do not.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from arterial.routing.classes import Task
from arterial.routing.most import Left, forever
from arterial.routing.path_lp import utilisation
from arterial.routing.pathset import PathSet
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Split", "in_buckets"]

NOTHING = 1e-9
"""Share of a demand that is no tunnel."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Demands split in equal parts."""

    paths: PathSet
    rate_gbps: FloatArray
    """float (P,): each demand's rates are whole parts of their sum."""
    overload: float
    """Load over room of the fullest arc, had every demand kept the rate it had; 1 is full."""


def in_buckets(
    task: Task,
    paths: PathSet,
    rate_gbps: FloatArray,
    buckets: int,
    *,
    cut: bool,
    left_s: Left = forever,
) -> Split:
    """Splits in ``buckets`` equal parts, near what they were.

    Parameters
    ----------
    paths, rate_gbps
        As routed: only the paths given are used.
    cut
        Cut demands down until no arc is overloaded, higher classes last; else leave them whole.
    """
    demands, room = len(task.demand_gbps), task.room_gbps
    sent = paths.by_demand(rate_gbps, demands)
    parts = _parts(paths, rate_gbps, sent, room, buckets)
    share = parts / buckets
    load = paths.load(share * sent[paths.demand], len(room))
    over = utilisation(load, room)
    used = np.flatnonzero(parts > 0).astype(np.int64)
    paths, share = paths.taken(used), share[used]
    if cut:
        most = np.where(sent > 0.0, task.demand_gbps, 0.0)
        sent = _admitted(task, paths, share, most, left_s)
    rate = share * sent[paths.demand]
    carries = np.flatnonzero(rate > 0.0).astype(np.int64)
    return Split(paths=paths.taken(carries), rate_gbps=rate[carries], overload=over)


def _parts(
    paths: PathSet, rate: FloatArray, sent: FloatArray, room: FloatArray, buckets: int
) -> IntArray:
    """Whole parts of each path, (P,): rounded down, the rest where arcs stay emptiest."""
    with np.errstate(invalid="ignore"):
        wish = np.where(sent[paths.demand] > 0.0, rate / sent[paths.demand], 0.0) * buckets
    parts = np.floor(wish + NOTHING * buckets).astype(np.int64)
    size = sent / buckets
    load = paths.load(parts * size[paths.demand], len(room))
    missing = np.where(sent > 0.0, buckets, 0) - paths.by_demand(parts.astype(float), len(sent))
    order = np.lexsort((paths.along(np.ones(len(room))), paths.demand)).astype(np.int64)
    first = np.searchsorted(paths.demand[order], np.arange(len(sent) + 1)).astype(np.int64)
    turn = np.argsort(-size, kind="stable").astype(np.int64)
    whole = np.round(missing).astype(np.int64)
    _deal(paths.start, paths.arc, order, first, turn, whole, size, room, load, parts)
    return parts


@njit(cache=True, nogil=True)
def _deal(
    start: IntArray,
    arc: IntArray,
    order: IntArray,
    first: IntArray,
    turn: IntArray,
    missing: IntArray,
    size: FloatArray,
    room: FloatArray,
    load: FloatArray,
    parts: IntArray,
) -> None:
    """Deal the parts that are missing, largest first; then move parts while that helps."""
    for sweep in range(4):
        moved = False
        for k in turn:
            for place in range(first[k], first[k + 1]):
                path = order[place]
                # After the first sweep one part of each path is taken up and dealt again.
                if sweep and parts[path] > 0:
                    parts[path] -= 1
                    missing[k] += 1
                    for at in range(start[path], start[path + 1]):
                        load[arc[at]] -= size[k]
                while missing[k] > 0:
                    best, least = -1, np.inf
                    for other in order[first[k] : first[k + 1]]:
                        fullest = 0.0
                        for at in range(start[other], start[other + 1]):
                            e = arc[at]
                            fullest = max(fullest, (load[e] + size[k]) / max(room[e], 1e-300))
                        # The way it came from wins a tie: a move has to help.
                        if fullest < least or (fullest == least and other == path):
                            best, least = other, fullest
                    parts[best] += 1
                    missing[k] -= 1
                    moved = moved or best != path
                    for at in range(start[best], start[best + 1]):
                        load[arc[at]] += size[k]
        if sweep and not moved:
            break


def _admitted(
    task: Task, paths: PathSet, share: FloatArray, most: FloatArray, left_s: Left
) -> FloatArray:
    """Rates of demands, (K,), that fit with fixed splits: most traffic, class by class."""
    rate, left = np.zeros(len(most)), task.room_gbps
    for priority in np.unique(task.priority).tolist():
        ours = np.flatnonzero((task.priority == priority) & (most > 0.0))
        rate[ours] = _fitting(paths, share, ours.astype(np.int64), most, left, left_s=left_s)
        load = paths.load(
            share * np.where(task.priority == priority, rate, 0.0)[paths.demand], len(left)
        )
        left = np.maximum(0.0, left - load)
    return rate


def _fitting(
    paths: PathSet,
    share: FloatArray,
    ours: IntArray,
    most: FloatArray,
    room: FloatArray,
    *,
    left_s: Left,
) -> FloatArray:
    if not len(ours):
        return np.zeros(0)
    column = np.full(len(most), -1, dtype=np.int64)
    column[ours] = np.arange(len(ours))
    entry = np.flatnonzero(column[paths.demand[paths.rider]] >= 0)
    key = paths.arc[entry] * len(ours) + column[paths.demand[paths.rider[entry]]]
    named, place = np.unique(key, return_inverse=True)
    value = np.bincount(place, weights=share[paths.rider[entry]], minlength=len(named))
    unit = float(most[ours].mean())
    rows, columns = named // len(ours), named % len(ours)
    free = np.full(len(room), -np.inf)
    program = Program(
        cost=np.full(len(ours), -1.0),
        low=np.zeros(len(ours)),
        high=most[ours] / unit,
        integer=np.zeros(len(ours), dtype=np.bool_),
        rows=Rows.gathered(
            rows,
            columns,
            value.astype(np.float64),
            low=free,
            high=room / unit,
        ),
    )
    found = solve(program, time_limit_s=left_s())
    # Without an answer all is asked, and cut where it is too much.
    rate = np.clip(found.primal if len(found.primal) else program.high, 0.0, program.high) * unit
    load = np.bincount(rows, weights=value * rate[columns], minlength=len(room))
    over = np.divide(room, load, out=np.ones(len(room)), where=load > room)
    np.minimum.at(rate, columns, rate[columns] * over[rows])
    return rate
