"""The same traffic routed again and again as links fail: each case starts where the last one ended.

One program a priority, over all candidate paths; a case only changes bounds. A class is carried as
far as the open paths allow, and then, if another one comes after it, placed so that its paths are
short, which leaves that one most. Rows of a program:

    offered   sum of x_p over the paths of demand k  <=  d_k
    room      sum of x_p over the paths on arc e     <=  what is left of it
    total     sum of x_p                             >=  the most, while paths are made short
"""

from dataclasses import dataclass, replace

import numpy as np

from arterial.errors import SolverError
from arterial.routing.path_lp import fitted, path_program
from arterial.routing.pathset import PathSet
from arterial.routing.straight import told
from arterial.solve.highs import Option, Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Solution
from arterial.solve.safe import safe_bound

__all__ = ["Again", "Routed"]

_PRIMAL = {"simplex_strategy": 4}
"""A point that stays feasible under another cost goes on by primal simplex; so does nothing at all,
from which the first case starts (1 s against 13 at 5,000 demands)."""


@dataclass(frozen=True, kw_only=True)
class Routed:
    """One case."""

    carried_gbps: FloatArray
    """(K,)"""
    load_gbps: FloatArray
    """(E,)"""
    bound_gbps: FloatArray
    """(levels,) no routing over the open paths carries more of the priority beside those above."""


class Again:
    """Candidate paths (P,) of demands (K,) with priorities; lower numbers are served first."""

    def __init__(
        self,
        paths: PathSet,
        demand_gbps: FloatArray,
        demand_priority: IntArray,
        capacity_gbps: FloatArray,
        arc_latency_ms: FloatArray,
        *,
        time_limit_s: float = np.inf,
    ) -> None:
        self._demand_gbps = demand_gbps
        self._paths = paths
        self.priorities = np.unique(demand_priority)
        late = paths.along(told(arc_latency_ms, 1.0))
        last = len(self.priorities) - 1
        self._levels: list[_Level] = []
        for number, priority in enumerate(self.priorities):
            chosen = np.flatnonzero(demand_priority[paths.demand] == priority).astype(np.int64)
            offered = np.where(demand_priority == priority, demand_gbps, 0.0)
            taken = paths.taken(chosen)
            level = _Level(
                chosen,
                taken,
                offered,
                capacity_gbps,
                late[chosen],
                lean=number < last,
                limit_s=time_limit_s,
            )
            self._levels.append(level)

    def routed(self, room_gbps: FloatArray, is_open: BoolArray) -> Routed:
        """Route a case.

        Parameters
        ----------
        room_gbps : float (E,)
            What is left of each arc.
        is_open : bool (P,)
            Paths that may be used.

        Raises
        ------
        SolverError
            HiGHS stopped without an answer.
        """
        rate = np.zeros(len(self._paths))
        left = room_gbps.copy()
        bounds: list[float] = []
        for level in self._levels:
            own, bound = level.carried(left, is_open[level.chosen])
            rate[level.chosen] = own
            bounds.append(bound)
            left = np.maximum(left - level.paths.load(own, len(left)), 0.0)
        return Routed(
            carried_gbps=self._paths.by_demand(rate, len(self._demand_gbps)),
            load_gbps=self._paths.load(rate, len(left)),
            bound_gbps=np.array(bounds, dtype=np.float64),
        )


class _Level:
    def __init__(
        self,
        chosen: IntArray,
        paths: PathSet,
        offered_gbps: FloatArray,
        capacity_gbps: FloatArray,
        latency_ms: FloatArray,
        *,
        lean: bool,
        limit_s: float,
    ) -> None:
        self.chosen = chosen
        self.paths = paths
        self._offered = offered_gbps
        self._lean = lean
        """Another class comes after it."""
        self._limit_s = limit_s
        self._warm = False
        self._latency = latency_ms
        self._most = offered_gbps[paths.demand]
        program = path_program(
            paths,
            cost=np.full(len(paths), -1.0),
            offered=(np.full(len(offered_gbps), -np.inf), offered_gbps),
            room=capacity_gbps,
            total=-np.inf,
        )
        self._program = replace(program, high=self._most)
        self._session = Session(self._program)

    def carried(self, room: FloatArray, is_open: BoolArray) -> tuple[FloatArray, float]:
        """Rates (P,) and the bound of their sum."""
        if not len(self.paths):
            return np.zeros(0), 0.0
        self._change(room, is_open & (self.paths.least(room) > 0.0))
        most = self._answer(**({} if self._warm else _PRIMAL))
        self._warm = True
        bound = -safe_bound(self._program, most.row_dual)
        rate = self._short(-most.objective) if self._lean else most.primal
        rate = fitted(self.paths, rate, self._offered, room)
        return rate, max(bound, float(rate.sum()))

    def _change(self, room: FloatArray, is_open: BoolArray) -> None:
        """Bounds of this case."""
        high = np.where(is_open, self._most, 0.0)
        for column in np.flatnonzero(high != self._program.high).tolist():
            self._session.set_bounds(column, 0.0, float(high[column]))
        rows = self._program.rows
        limit = np.concatenate([self._offered, room, [np.inf]])
        for row in np.flatnonzero(limit != rows.high).tolist():
            self._session.set_row_bounds(row, -np.inf, float(limit[row]))
        self._program = replace(self._program, high=high, rows=replace(rows, high=limit))

    def _answer(self, **options: Option) -> Solution:
        found = self._session.solve(time_limit_s=self._limit_s, options=options)
        if found.status != "optimal":
            raise SolverError("HiGHS", found.detail)
        return found

    def _short(self, total: float) -> FloatArray:
        """Of all that carry as much, the most direct."""
        last = len(self._program.rows) - 1
        self._session.set_row_bounds(last, total, np.inf)
        self._session.set_cost(self._latency)
        try:
            return self._answer(**_PRIMAL).primal
        finally:
            self._session.set_cost(self._program.cost)
            self._session.set_row_bounds(last, -np.inf, np.inf)
