"""Traffic classes in strict order over candidate paths: a lower class takes what a higher one left.

Each class is carried as far as its paths allow, then placed so that its paths are short, or so that
the fullest arc is as empty as can be. It is fixed before the next is looked at: a bound of a lower
class holds beside that placement and not beside another one of the same worth. Which of several
demands of one class gives way is not fair, only repeatable.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from arterial.errors import SolverError
from arterial.routing.path_lp import dual_bound, fitted, path_program, total_row
from arterial.routing.pathset import PathSet
from arterial.solve.highs import Option, Session
from arterial.solve.program import FloatArray, IntArray, Solution

__all__ = ["Level", "Objective", "Routing", "route_classes"]

Objective = Literal["throughput", "mlu"]
"""What is sought once a class is carried as far as it can be. ``throughput``: the least latency,
each path counted by its rate. ``mlu``: before that, the least utilisation of the fullest arc."""


# A point that stays feasible under another cost goes on by primal simplex: half the time of the
# dual one, which is the default, at 435 demands and 1,740 paths.
_PRIMAL = {"simplex_strategy": 4}


@dataclass(frozen=True, kw_only=True)
class Level:
    """One priority: what it carries, and what nothing can beat beside the classes above it."""

    priority: int
    carried_gbps: float
    bound_gbps: float
    """Over the same paths; holds by arithmetic, whatever HiGHS returned."""
    utilisation: float
    """Load over capacity of the fullest arc once this class is placed."""
    utilisation_bound: float
    """Least utilisation at which as much is carried, by HiGHS; nan but for ``mlu``."""


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Rates on paths; no arc carries more than its capacity, no demand more than it offers."""

    rate_gbps: FloatArray
    """float (P,)."""
    carried_gbps: FloatArray
    """float (K,)."""
    load_gbps: FloatArray
    """float (E,)."""
    levels: tuple[Level, ...]
    """First served first."""
    gap: float
    """Of the level furthest from its bound: share of the bound that is not carried."""
    scope: Literal["paths", "restricted"]
    """``paths``: every bound holds for all routings over these paths. ``restricted``: below the
    first level, only beside the placement of the levels above."""
    status: Literal["optimal"]


@dataclass(frozen=True)
class _Placed:
    rate: FloatArray
    bound_gbps: float
    utilisation_bound: float = np.nan


def route_classes(
    capacity_gbps: FloatArray,
    paths: PathSet,
    demand_gbps: FloatArray,
    demand_priority: IntArray,
    arc_latency_ms: FloatArray,
    objective: Objective = "throughput",
) -> Routing:
    """Carry each class as far as its paths and the capacity that is left allow.

    Parameters
    ----------
    capacity_gbps : float (E,)
        What traffic may take of each directed arc, head-room off.
    demand_gbps, demand_priority : float (K,), int (K,)
        Lower numbers are served first.
    arc_latency_ms : float (E,)
        Not negative. Unknown (nan) counts as the longest known, so that known ways are preferred.

    Raises
    ------
    SolverError
        HiGHS stopped without an answer.

    Examples
    --------
    >>> way = PathSet.of([(0, (0,)), (1, (0,))])
    >>> room, offers, latency = np.array([5.0]), np.array([3.0, 4.0]), np.array([1.0])
    >>> route_classes(room, way, offers, np.array([1, 0]), latency).carried_gbps.tolist()
    [1.0, 4.0]
    """
    assert (capacity_gbps >= 0.0).all(), "capacity is not negative"
    assert (demand_gbps >= 0.0).all(), "a demand is not negative"
    latency = paths.along(_known(arc_latency_ms))
    rate = np.zeros(len(paths))
    used = np.zeros(len(capacity_gbps))
    levels: list[Level] = []
    for priority in np.unique(demand_priority):
        ours = demand_priority == priority
        open_paths = ours[paths.demand] & (paths.least(capacity_gbps - used) > 0.0)
        chosen = np.flatnonzero(open_paths).astype(np.int64)
        taken = paths.taken(chosen)
        offered = np.where(ours, demand_gbps, 0.0)
        placed = _placed(taken, offered, capacity_gbps, used, latency[chosen], objective)
        rate[chosen] = placed.rate
        used = np.minimum(used + taken.load(placed.rate, len(used)), capacity_gbps)
        levels.append(_level(int(priority), placed, used, capacity_gbps))
    return Routing(
        rate_gbps=rate,
        carried_gbps=paths.by_demand(rate, len(demand_gbps)),
        load_gbps=paths.load(rate, len(capacity_gbps)),
        levels=tuple(levels),
        gap=max((_gap(level) for level in levels), default=0.0),
        scope="paths" if len(levels) <= 1 else "restricted",
        status="optimal",
    )


def _placed(
    paths: PathSet,
    offered_gbps: FloatArray,
    capacity_gbps: FloatArray,
    used_gbps: FloatArray,
    latency_ms: FloatArray,
    objective: Objective,
) -> _Placed:
    room = capacity_gbps - used_gbps
    direct = _direct(paths, offered_gbps, latency_ms)
    if objective == "throughput" and (paths.load(direct, len(room)) <= room).all():
        return _Placed(direct, float(direct.sum()))
    session = Session(path_program(paths, offered_gbps, capacity_gbps, used_gbps))
    most = _answer(session)
    price = -most.row_dual[len(offered_gbps) :]
    bound = dual_bound(paths, price, offered_gbps, room)
    session.add_rows(total_row(paths, -most.objective))
    fullest = np.nan
    if objective == "mlu":
        session.set_bounds(len(paths), 0.0, 1.0)
        session.set_cost(np.append(np.zeros(len(paths)), 1.0))
        fullest = _answer(session, **_PRIMAL).objective
        session.set_bounds(len(paths), 0.0, fullest)
    session.set_cost(np.append(latency_ms, 0.0))
    rate = _answer(session, **_PRIMAL).primal[:-1]
    return _Placed(fitted(paths, rate, offered_gbps, room), bound, fullest)


def _direct(paths: PathSet, offered_gbps: FloatArray, latency_ms: FloatArray) -> FloatArray:
    """All of each demand on its path of least latency, float (P,)."""
    order = np.lexsort((latency_ms, paths.demand))
    _, first = np.unique(paths.demand[order], return_index=True)
    best = order[first]
    rate = np.zeros(len(paths))
    rate[best] = offered_gbps[paths.demand[best]]
    return rate


def _answer(session: Session, **options: Option) -> Solution:
    found = session.solve(options=options)
    if found.status != "optimal":
        raise SolverError("HiGHS", found.detail)
    return found


def _level(
    priority: int, placed: _Placed, used_gbps: FloatArray, capacity_gbps: FloatArray
) -> Level:
    carrying = capacity_gbps > 0.0
    share = used_gbps[carrying] / capacity_gbps[carrying]
    return Level(
        priority=priority,
        carried_gbps=float(placed.rate.sum()),
        bound_gbps=placed.bound_gbps,
        utilisation=float(share.max(initial=0.0)),
        utilisation_bound=placed.utilisation_bound,
    )


def _gap(level: Level) -> float:
    lost = level.bound_gbps - level.carried_gbps
    return max(0.0, lost / level.bound_gbps) if level.bound_gbps > 0.0 else 0.0


def _known(latency_ms: FloatArray) -> FloatArray:
    known = latency_ms[~np.isnan(latency_ms)]
    return np.where(np.isnan(latency_ms), known.max(initial=0.0) or 1.0, latency_ms)
