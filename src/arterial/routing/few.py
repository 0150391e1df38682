"""Few tunnels a demand: which of the known paths to keep.

Where that is small enough, a mixed-integer program says; else those that carry most are kept. The
rates are then worked out anew, and what the limit costs is told by the bound without it.
"""

import numpy as np

from arterial.routing.classes import Objective, Task
from arterial.routing.most import Left, forever
from arterial.routing.pathset import PathSet
from arterial.routing.straight import toll_of
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["few_tunnels"]

SMALL = 3000
"""Paths up to which a mixed-integer program is tried."""

NODES = 200
"""Of branch and bound: a limit that is the same on every machine."""


def few_tunnels(
    task: Task,
    objective: Objective,
    paths: PathSet,
    rate_gbps: FloatArray,
    tunnels: int,
    *,
    left_s: Left = forever,
) -> PathSet:
    """At most ``tunnels`` of the paths of each demand.

    Parameters
    ----------
    paths, rate_gbps
        All that are known, and what they carry where nothing limits them.
    """
    wish = _largest(task, paths, rate_gbps, tunnels)
    if len(paths) > SMALL or objective == "fair":
        return paths.taken(wish)
    if objective == "mlu":
        chosen = _chosen(
            task, paths, np.arange(len(paths)), task.room_gbps, tunnels, spread=True, left_s=left_s
        )
        return paths.taken(wish if chosen is None else chosen[0])
    left, kept = task.room_gbps, list[IntArray]()
    for priority in np.unique(task.priority).tolist():
        ours = np.flatnonzero(task.priority[paths.demand] == priority)
        found = _chosen(task, paths, ours, left, tunnels, spread=False, left_s=left_s)
        if found is None:
            return paths.taken(wish)
        kept.append(found[0])
        left = np.maximum(0.0, left - paths.taken(found[0]).load(found[1], len(left)))
    return paths.taken(np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *kept])))


def _largest(task: Task, paths: PathSet, rate: FloatArray, tunnels: int) -> IntArray:
    """Those that carry most, then the shortest."""
    order = np.lexsort((paths.along(task.latency_ms), -rate, paths.demand))
    demand = paths.demand[order]
    first = np.searchsorted(demand, demand)
    return np.sort(order[np.arange(len(order)) - first < tunnels]).astype(np.int64)


def _chosen(
    task: Task,
    paths: PathSet,
    ours: IntArray,
    room: FloatArray,
    tunnels: int,
    *,
    spread: bool,
    left_s: Left,
) -> tuple[IntArray, FloatArray] | None:
    """Paths that a program chooses, and their rates; None where it finds no answer.

    Columns: utilisation t, rates x, choices z. Rows: offered, room, ``x_p <= most_p z_p``, and
    ``sum of z <= tunnels`` a demand.
    """
    some = paths.taken(ours.astype(np.int64))
    if not len(some):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    demands, arcs, count = len(task.demand_gbps), len(room), len(some)
    unit = float(task.demand_gbps.mean())
    asked, wide = task.demand_gbps / unit, room / unit
    most = asked[some.demand]
    most = most if spread else np.minimum(most, some.least(wide))
    toll = some.along(toll_of(some, task.latency_ms))  # of two that carry as much, the direct one
    number, ones = np.arange(count, dtype=np.int64), np.ones(count)
    entries = [
        (some.demand, 1 + number, ones),
        (demands + some.arc, 1 + some.rider, np.ones(len(some.arc))),
        (demands + np.arange(arcs), np.zeros(arcs, dtype=np.int64), -wide),
        (demands + arcs + number, 1 + number, ones),
        (demands + arcs + number, 1 + count + number, -most),
        (demands + arcs + count + some.demand, 1 + count + number, ones),
    ]
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    served = np.bincount(some.demand, minlength=demands) > 0
    free = np.full(arcs + count + demands, -np.inf)
    least = np.where(served, asked, 0.0) if spread else np.full(demands, -np.inf)
    found = solve(
        Program(
            cost=np.concatenate(
                [[float(spread)], ones * 0.0 if spread else toll - 1.0, np.zeros(count)]
            ),
            low=np.concatenate([[0.0 if spread else 1.0], np.zeros(2 * count)]),
            high=np.concatenate([[np.inf if spread else 1.0], most, ones]),
            integer=np.arange(1 + 2 * count) > count,
            rows=Rows.gathered(
                rows.astype(np.int64),
                columns.astype(np.int64),
                values,
                low=np.concatenate([least, free]),
                high=np.concatenate(
                    [asked, np.zeros(arcs + count), np.full(demands, float(tunnels))]
                ),
            ),
        ),
        gap=1e-6,
        nodes=NODES,
        time_limit_s=left_s(),
    )
    if not len(found.primal):
        return None
    kept = np.flatnonzero(found.primal[1 + count :] > 0.5)  # noqa: PLR2004 - 0 or 1, nearly
    return ours[kept].astype(np.int64), found.primal[1 + kept] * unit
