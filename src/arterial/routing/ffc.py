"""Rates that outlive any k failures without a link overloaded: forward fault correction.

After a failure, headends share a demand's traffic among its paths that stand, in proportion to the
rates reserved on them (Liu, Kandula, Mahajan, Zhang, Gelernter, SIGCOMM 2014). No path then carries
more than its reservation if what stands reserves at least what was admitted. Columns: reserved
a_p >= 0, admitted b_k in 0 to d_k. Rows:

    room       sum of a_p over the paths on arc e  <=  c_e
    survive    b_k <= sum of a_p over the paths of demand k outside the pattern,  every pattern
    loose      b_k <= sum of a_p over the paths of demand k  -  sum of the k largest m_s,
               m_s the rates that fall with element set s

The last stands for demands with too many patterns, as the dual of a k-largest sum: it counts a path
twice that two elements take down, so that it promises too little, never too much.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from arterial.routing.path_lp import fitted, room_rows
from arterial.routing.pathset import PathSet
from arterial.routing.patterns import Patterns, exposed, patterns_of, survivors
from arterial.routing.trim import trimmed
from arterial.solve.highs import Option, solve
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows
from arterial.solve.safe import safe_bound

__all__ = ["Guarantee", "Promise", "guaranteed"]

_LARGE = 20_000
"""Columns from which interior points without crossover are faster than simplex."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One priority: what is admitted under the guarantee, and what no admission beats."""

    priority: int
    admitted_gbps: float
    bound_gbps: float
    """Over the same paths, beside the reservations above; holds by arithmetic."""


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """Reservations on P paths that carry what is admitted in every case guarded against."""

    rate_gbps: FloatArray
    """(P,) reserved; no arc is reserved beyond its capacity."""
    admitted_gbps: FloatArray
    """(K,)"""
    exposed: BoolArray
    """(K,) the failures guarded against can take all of its paths, or it has none."""
    promises: tuple[Promise, ...]
    gap: float
    """Of the priority furthest from its bound: share of the bound that is not admitted."""
    scope: Literal["paths", "restricted"]
    status: Literal["optimal", "limit"]
    """``limit``: the solver stopped early; admission and bound hold all the same."""


def guaranteed(
    paths: PathSet,
    demand_gbps: FloatArray,
    demand_priority: IntArray,
    capacity_gbps: FloatArray,
    elements: BoolArray,
    *,
    k: int = 1,
    most: int = 64,
    time_limit_s: float = np.inf,
) -> Guarantee:
    """Admit as much as possible of each class, the first served first.

    Parameters
    ----------
    paths
        By demand.
    demand_gbps, demand_priority : float (K,), int (K,)
    capacity_gbps : float (E,)
    elements : bool (G, L)
        Links that fall with each element. With k = 1 these may be the cases of any list.
    k
        Elements that may be down at once; 0 guards against nothing.
    most
        Patterns of a demand that are listed before the ``loose`` row takes their place.
    time_limit_s
        For each priority.

    Examples
    --------
    Two links of 10 and two ways: 20 fit, 10 of them whatever single link fails.

    >>> way = PathSet.of([(0, (0,)), (0, (2,))])
    >>> room, links = np.full(4, 10.0), np.eye(2, dtype=np.bool_)
    >>> ask = np.array([30.0]), np.array([0])
    >>> [float(guaranteed(way, *ask, room, links, k=k).admitted_gbps[0]) for k in (0, 1, 2)]
    [20.0, 10.0, 0.0]
    """
    assert (capacity_gbps >= 0.0).all(), "capacity is not negative"
    assert (demand_gbps >= 0.0).all(), "a demand is not negative"
    demands = len(demand_gbps)
    patterns = patterns_of(paths, elements, demands, k, most)
    rate, admitted = np.zeros(len(paths)), np.zeros(demands)
    left = capacity_gbps.astype(np.float64)
    promises: list[Promise] = []
    status: Literal["optimal", "limit"] = "optimal"
    levels = np.unique(demand_priority)
    for priority in levels:
        ours = np.flatnonzero(demand_priority == priority)
        level = _level(paths, patterns, ours, demand_gbps, left, k)
        done = _admitted(level, lean=priority != levels[-1], time_limit_s=time_limit_s)
        rate[level.chosen], admitted[ours] = done.rate, done.admitted
        status = status if done.optimal else "limit"
        left = np.maximum(left - level.paths.load(done.rate, len(left)), 0.0)
        promises.append(
            Promise(
                priority=int(priority),
                admitted_gbps=float(done.admitted.sum()),
                bound_gbps=done.bound_gbps,
            )
        )
    return Guarantee(
        rate_gbps=rate,
        admitted_gbps=admitted,
        exposed=exposed(paths, patterns, demands),
        promises=tuple(promises),
        gap=max((_gap(promise) for promise in promises), default=0.0),
        scope="paths" if len(promises) <= 1 else "restricted",
        status=status,
    )


@dataclass(frozen=True)
class _Level:
    """The problem of one priority; its demands are numbered from 0."""

    chosen: IntArray
    """Its paths among all."""
    paths: PathSet
    patterns: Patterns
    demand_gbps: FloatArray
    room_gbps: FloatArray
    k: int
    pattern: IntArray
    survivor: IntArray
    """Path that outlives ``pattern``."""


@dataclass(frozen=True)
class _Done:
    rate: FloatArray
    admitted: FloatArray
    bound_gbps: float
    optimal: bool


def _level(
    paths: PathSet,
    patterns: Patterns,
    ours: IntArray,
    demand_gbps: FloatArray,
    left: FloatArray,
    k: int,
) -> _Level:
    taken, chosen = paths.only(ours)
    number = np.full(len(demand_gbps), -1, dtype=np.int64)
    number[ours] = np.arange(len(ours))
    own = number[patterns.demand] >= 0
    kept = Patterns(
        demand=number[patterns.demand][own], dead=patterns.dead[own], loose=patterns.loose[ours]
    )
    pattern, survivor = survivors(taken, kept, len(ours))
    return _Level(chosen, taken, kept, demand_gbps[ours], left, k, pattern, survivor)


def _admitted(level: _Level, *, lean: bool, time_limit_s: float) -> _Done:
    """Solve, then make what came of it true by arithmetic."""
    inner = _program(level, loose=bool(level.patterns.loose.any()))
    columns = len(inner.cost)
    options: dict[str, Option] = {}
    if columns > _LARGE:
        options = {"solver": "ipx", "run_crossover": "off"}
    found = solve(inner, time_limit_s=time_limit_s, options=options)
    bound = -safe_bound(inner, found.row_dual) if len(found.row_dual) else np.inf
    optimal = found.status == "optimal"
    if level.patterns.loose.any():
        outer = _program(level, loose=False)
        price = solve(outer, time_limit_s=time_limit_s, options=options).row_dual
        bound = -safe_bound(outer, price) if len(price) else np.inf
    bound = min(bound, float(level.demand_gbps.sum()))
    wished = found.primal[: len(level.paths)] if len(found.primal) else np.zeros(len(level.paths))
    rate, admitted = _true(level, wished)
    if lean:
        rate = _trimmed(level, rate, admitted)
    bound = max(bound, float(admitted.sum())) + 0.0
    return _Done(rate, admitted, bound, optimal)


def _true(level: _Level, wished: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Reservations that fit, and what survives every pattern of them."""
    paths, count = level.paths, len(level.demand_gbps)
    rate = fitted(paths, wished, np.full(count, np.inf), level.room_gbps)
    total = paths.by_demand(rate, count)
    admitted = np.minimum(level.demand_gbps, total)
    left = np.bincount(level.pattern, weights=rate[level.survivor], minlength=len(level.patterns))
    np.minimum.at(admitted, level.patterns.demand, left)
    loose = np.flatnonzero(level.patterns.loose)
    falls = total[level.patterns.demand] - left
    for demand in loose:
        sums = np.sort(falls[level.patterns.demand == demand])
        safe = total[demand] - sums[-level.k :].sum()
        admitted[demand] = max(0.0, min(admitted[demand], safe))
    return rate, admitted


def _trimmed(level: _Level, rate: FloatArray, admitted: FloatArray) -> FloatArray:
    """What no pattern needs is left to lower classes; of loose demands, not all is known."""
    less = trimmed(level.paths, rate, level.patterns, admitted)
    loose = level.patterns.loose[level.paths.demand]
    return np.where(loose, np.minimum(rate, admitted[level.paths.demand]), less)


def _program(level: _Level, *, loose: bool) -> Program:
    """Columns: P reserved, K admitted; with ``loose`` K thresholds and S excesses."""
    paths, patterns, demand = level.paths, level.patterns, level.demand_gbps
    count, many, sets = len(paths), len(demand), len(patterns)
    least = np.minimum(demand[paths.demand], paths.least(level.room_gbps))
    high = [least, demand]
    parts = [room_rows(paths, level.room_gbps), _survive(level)]
    if loose:
        most = np.bincount(paths.demand, weights=least, minlength=many)
        high += [most, most[patterns.demand]]
        parts.append(_loose(level))
    columns = np.concatenate(high)
    cost = np.zeros(len(columns))
    cost[count : count + many] = -1.0
    assert len(columns) == count + many + (many + sets if loose else 0)
    return Program(
        cost=cost,
        low=np.zeros(len(columns)),
        high=columns,
        integer=np.zeros(len(columns), dtype=np.bool_),
        rows=Rows.joined(parts),
    )


def _survive(level: _Level) -> Rows:
    """b_k - sum of a_p that stand <= 0, for each pattern and for no failure."""
    paths, patterns = level.paths, level.patterns
    many, sets = len(level.demand_gbps), len(patterns)
    whole = np.arange(many, dtype=np.int64)
    row = np.concatenate([level.pattern, sets + paths.demand, np.arange(sets + many)])
    column = np.concatenate(
        [
            level.survivor,
            np.arange(len(paths)),
            len(paths) + np.concatenate([patterns.demand, whole]),
        ]
    )
    minus = np.full(len(level.pattern) + len(paths), -1.0)
    return Rows.gathered(
        row.astype(np.int64),
        column.astype(np.int64),
        np.concatenate([minus, np.ones(sets + many)]),
        low=np.full(sets + many, -np.inf),
        high=np.zeros(sets + many),
    )


def _loose(level: _Level) -> Rows:
    """For loose demands: b - sum(a) + k t + sum(u_s) <= 0, and m_s - t - u_s <= 0 for each set."""
    paths, patterns = level.paths, level.patterns
    base, many = len(paths), len(level.demand_gbps)
    alive = set(zip(level.pattern.tolist(), level.survivor.tolist(), strict=True))
    rows: list[tuple[list[int], list[float], float, float]] = []
    for demand in np.flatnonzero(patterns.loose).tolist():
        own = np.flatnonzero(paths.demand == demand).tolist()
        sets = np.flatnonzero(patterns.demand == demand).tolist()
        threshold = base + many + demand
        excess = [base + 2 * many + s for s in sets]
        columns = [base + demand, *own, threshold, *excess]
        values = [1.0, *[-1.0] * len(own), float(level.k), *[1.0] * len(sets)]
        rows.append((columns, values, -np.inf, 0.0))
        for s, column in zip(sets, excess, strict=True):
            falling = [path for path in own if (s, path) not in alive]
            columns = [*falling, threshold, column]
            rows.append((columns, [1.0] * len(falling) + [-1.0, -1.0], -np.inf, 0.0))
    return Rows.of(rows)


def _gap(promise: Promise) -> float:
    lost = promise.bound_gbps - promise.admitted_gbps
    return max(0.0, lost / promise.bound_gbps) if promise.bound_gbps > 0.0 else 0.0
