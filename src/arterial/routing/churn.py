"""Changing little: a new routing that moves no more traffic off its tunnels than it must or may.

What is moved is what a tunnel carried before and carries no more, as far as its demand still asks
for it. A tunnel over a link that is gone, or slower than its class now allows, has to move; it
counts in no limit, and is told apart.
"""

from dataclasses import dataclass

import numpy as np

from arterial.routing.classes import Objective, Routing, Task
from arterial.routing.most import Left, forever
from arterial.routing.path_lp import filled, fitted
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Ways
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["Before", "Moved", "before_of", "in_time", "moved_gbps", "steady"]

SLACK = 1e-7
"""Share by which a row that an earlier program reached is let down for the next."""


ROUNDING = 1e-9
"""Share of a delay that two ways of summing may differ by."""


@dataclass(frozen=True)
class Before:
    """An earlier routing's tunnels, as far as they still stand."""

    paths: PathSet
    rate_gbps: FloatArray
    """float (P,) not above what their demand asks now."""
    forced_gbps: float
    """What was on tunnels that are gone."""

    @property
    def total_gbps(self) -> float:
        """Of what still stands."""
        return float(self.rate_gbps.sum())


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Rates that change little."""

    paths: PathSet
    rate_gbps: FloatArray
    moved_gbps: float
    within: bool
    """Whether the limit was kept; False where even the fewest moves are more."""


def before_of(
    paths: PathSet, rate_gbps: FloatArray, demand_gbps: FloatArray, room_gbps: FloatArray
) -> Before:
    """An earlier routing's paths and rates, by present numbers of demands and arcs."""
    paths_whole = paths.along(np.where(room_gbps > 0.0, 0.0, 1.0)) == 0.0
    stands = np.flatnonzero(paths_whole).astype(np.int64)
    forced = float(rate_gbps[~paths_whole].sum())
    kept, rate = paths.taken(stands), rate_gbps[stands]
    sent = kept.by_demand(rate, len(demand_gbps))
    fits = np.divide(demand_gbps, sent, out=np.ones_like(sent), where=sent > demand_gbps)
    return Before(kept, rate * fits[kept.demand], forced)


def in_time(before: Before, ways: Ways) -> Before:
    """Without the tunnels that no longer keep their demand's delay: those have to move."""
    delay_ms = before.paths.along(ways.delay_ms)
    kept = delay_ms <= ways.budget_ms[before.paths.demand] * (1.0 + ROUNDING)
    stands = np.flatnonzero(kept).astype(np.int64)
    forced = before.forced_gbps + float(before.rate_gbps[~kept].sum())
    return Before(before.paths.taken(stands), before.rate_gbps[stands], forced)


def moved_gbps(before: Before, paths: PathSet, rate_gbps: FloatArray) -> float:
    """What earlier tunnels carry no more."""
    now = {paths.name(path): float(rate_gbps[path]) for path in range(len(paths))}
    return sum(
        max(0.0, float(before.rate_gbps[path]) - now.get(before.paths.name(path), 0.0))
        for path in range(len(before.paths))
    )


def steady(
    task: Task,
    objective: Objective,
    found: Routing,
    before: Before,
    *,
    limit: float | None,
    gap: float,
    only: PathSet | None = None,
    left_s: Left = forever,
) -> Moved:
    """Rates over the paths of both routings, or over ``only`` these.

    Parameters
    ----------
    limit
        Share of ``before.total_gbps`` that may move: the best within it. None moves as little as
        can be, at what ``found`` reached less ``gap``.
    left_s
        Where no program ends in time, the rates stay those of ``found``.
    """
    paths = PathSet.joined([found.paths, found.known]) if only is None else only
    standing = _standing(before, paths) if only is not None else np.arange(len(before.paths))
    gone_gbps = before.total_gbps - float(before.rate_gbps[standing].sum())
    before = Before(before.paths.taken(standing.astype(np.int64)), before.rate_gbps[standing], 0.0)
    paths = PathSet.joined([before.paths, paths]).once()
    unit = found.unit_gbps
    program = _Program(task, objective, paths, before, unit, left_s)
    within = True
    if limit is None:
        program.hold(found, gap)
        program.fewest()
    else:
        fewest = program.fewest()
        most = max(0.0, limit * (before.total_gbps + gone_gbps) - gone_gbps) / unit
        within = fewest <= most * (1.0 + SLACK) + SLACK
        program.bound_moves(max(most, fewest * (1.0 + SLACK)))
        program.best()
    rate = program.rates() * unit if program.solved else _rates_on(paths, found)
    if objective == "mlu":
        rate = filled(paths, rate, np.where(_served(paths, task), task.demand_gbps, 0.0))
    else:
        rate = fitted(paths, rate, task.demand_gbps, task.room_gbps)
    used = np.flatnonzero(rate > 0.0).astype(np.int64)
    moved = float(np.maximum(0.0, before.rate_gbps - rate[: len(before.paths)]).sum())
    return Moved(
        paths=paths.taken(used),
        rate_gbps=rate[used],
        moved_gbps=moved + gone_gbps,
        within=within,
    )


def _rates_on(paths: PathSet, found: Routing) -> FloatArray:
    """What a routing sends on each of some paths, (P,)."""
    rates = {found.paths.name(path): rate for path, rate in enumerate(found.rate_gbps.tolist())}
    return np.array([rates.get(paths.name(path), 0.0) for path in range(len(paths))])


def _standing(before: Before, paths: PathSet) -> IntArray:
    """Which of the earlier tunnels are among some paths."""
    names = {paths.name(path) for path in range(len(paths))}
    kept = [path for path in range(len(before.paths)) if before.paths.name(path) in names]
    return np.array(kept, dtype=np.int64)


class _Program:
    """Columns: utilisation t (1 but for ``mlu``), rates, and what is moved off each tunnel.

    Rows: offered, room, kept (``x_p + m_p >= before_p``), moved (sum of m), one a class, and one a
    demand for ``fair``. The first paths are those of before.
    """

    def __init__(
        self,
        task: Task,
        objective: Objective,
        paths: PathSet,
        before: Before,
        unit: float,
        left_s: Left,
    ) -> None:
        self._left_s, self.solved = left_s, False
        self._task, self._objective, self._paths = task, objective, paths
        self._unit, self._moves = unit, len(before.paths)
        self._classes = np.unique(task.priority)
        demands, arcs, count = len(task.demand_gbps), len(task.room_gbps), len(paths)
        room = task.room_gbps / unit
        moves = np.arange(self._moves, dtype=np.int64)
        number = np.arange(count, dtype=np.int64) + 1
        level = np.searchsorted(self._classes, task.priority)[paths.demand]
        kept = demands + arcs
        self._moved_row = kept + self._moves
        self._class_row = self._moved_row + 1
        entries = [
            (paths.demand, number, np.ones(count)),
            (paths.arc + demands, paths.rider + 1, np.ones(len(paths.arc))),
            (np.arange(arcs) + demands, np.zeros(arcs, dtype=np.int64), -room),
            (moves + kept, moves + 1, np.ones(self._moves)),
            (moves + kept, moves + 1 + count, np.ones(self._moves)),
            (np.full(self._moves, self._moved_row), moves + 1 + count, np.ones(self._moves)),
            (level + self._class_row, number, np.ones(count)),
        ]
        rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        free = np.full(1 + len(self._classes), np.inf)
        spread = objective == "mlu"
        asked = np.where(_served(paths, task), task.demand_gbps, 0.0) / unit
        least = asked if spread else np.full(demands, -np.inf)
        width = 1 + count + self._moves
        low, high = np.zeros(width), np.full(width, np.inf)
        low[0], high[0] = (0.0, np.inf) if spread else (1.0, 1.0)
        self._session = Session(
            Program(
                cost=np.zeros(width),
                low=low,
                high=high,
                integer=np.zeros(width, dtype=np.bool_),
                rows=Rows.gathered(
                    rows.astype(np.int64),
                    columns.astype(np.int64),
                    values,
                    low=np.concatenate(
                        [least, np.full(arcs, -np.inf), before.rate_gbps / unit, -free]
                    ),
                    high=np.concatenate(
                        [asked, np.zeros(arcs), np.full(self._moves, np.inf), free]
                    ),
                ),
            )
        )
        self._primal = np.zeros(width)

    def hold(self, found: Routing, gap: float) -> None:
        """What was reached has to be reached again, less the gap."""
        rate = found.paths.by_demand(found.rate_gbps, len(self._task.demand_gbps)) / self._unit
        if self._objective == "mlu":
            self._session.set_bounds(0, 0.0, found.value * (1.0 + max(gap, SLACK)))
            return
        for number, priority in enumerate(self._classes.tolist()):
            total = float(rate[self._task.priority == priority].sum())
            least = total * (1.0 - max(gap, SLACK))
            self._session.set_row_bounds(self._class_row + number, least, np.inf)
        if self._objective == "fair":
            for k, share in enumerate(rate.tolist()):
                high = float(self._task.demand_gbps[k]) / self._unit
                self._session.set_row_bounds(k, share * (1.0 - max(gap, SLACK)), high)

    def fewest(self) -> float:
        """Move as little as can be; what that is."""
        cost = np.zeros(len(self._primal))
        cost[1 + len(self._paths) :] = 1.0
        return self._solve(cost)

    def bound_moves(self, most: float) -> None:
        """No more may move."""
        self._session.set_row_bounds(self._moved_row, -np.inf, most)

    def best(self) -> None:
        """What is sought, within the moves: class by class; then as few moves as that leaves."""
        count = len(self._paths)
        if self._objective == "mlu":
            cost = np.zeros(len(self._primal))
            cost[0] = 1.0
            fullest = self._solve(cost)
            self._session.set_bounds(0, 0.0, fullest * (1.0 + SLACK))
            self.fewest()
            return
        for number, priority in enumerate(self._classes.tolist()):
            cost = np.zeros(len(self._primal))
            cost[1 : 1 + count] = -1.0 * (self._task.priority[self._paths.demand] == priority)
            most = -self._solve(cost)
            least = most * (1.0 - SLACK)
            self._session.set_row_bounds(self._class_row + number, least, np.inf)
        self.fewest()

    def rates(self) -> FloatArray:
        """Of the last program, (P,)."""
        return self._primal[1 : 1 + len(self._paths)]

    def _solve(self, cost: FloatArray) -> float:
        self._session.set_cost(cost)
        found = self._session.solve(time_limit_s=self._left_s())
        if found.status == "optimal":
            self._primal, self.solved = found.primal, True
            return found.objective
        return np.inf


def _served(paths: PathSet, task: Task) -> BoolArray:
    return np.bincount(paths.demand, minlength=len(task.demand_gbps)) > 0
