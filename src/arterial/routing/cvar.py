"""Rates whose loss in the worst 1 - beta of the time is least: availability as in TEAVAR.

Loss of a state is the share of all traffic that the standing paths do not hold (``total``), or that
of the worst-hit demand (``worst``, Bogle et al., SIGCOMM 2019). States that no case describes lose
everything. Rows that tie a case's loss to the program (``tail_program``) are added where the last
answer breaks them: few cases are in the tail. What is left out only lowers the program, so that it
bounds the whole from below at any moment.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from arterial.routing.path_lp import fitted
from arterial.routing.pathset import PathSet
from arterial.routing.scenarios import tail, uncovered
from arterial.routing.tail_program import (
    Columns,
    Level,
    Loss,
    level_of,
    losses,
    lost_share,
    tail_program,
    total_rows,
    worst_base_rows,
    worst_rows,
)
from arterial.routing.trim import trimmed
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Rows
from arterial.solve.safe import safe_bound

__all__ = ["Availability", "Tail", "least_tail"]

_NEAR = 1e-7
"""A loss above its excess row by less is HiGHS's own tolerance."""
_ROUNDS = 200
_CASES, _HITS, _FEW = 256, 4096, 64
"""Cases whose rows are added at once; the same of hits; from how many rows a start anew is faster
(11.0 s against 3.5 s for 190 rows at 1,000 demands)."""


@dataclass(frozen=True, kw_only=True)
class Tail:
    """One priority: its loss, as a share, and what no rates beat."""

    priority: int
    value_at_risk: float
    """Loss that is not exceeded with probability beta."""
    cvar: float
    """Mean loss over the worst 1 - beta; worked out from the definition."""
    bound: float
    """Over the same paths, beside the reservations above; holds by arithmetic."""
    loss: FloatArray
    """(F,)"""


@dataclass(frozen=True, kw_only=True)
class Availability:
    """Reservations on P paths; no arc is reserved beyond its capacity."""

    rate_gbps: FloatArray
    """(P,)"""
    tails: tuple[Tail, ...]
    uncovered: float
    """Probability of the states that no case describes; they count as total loss."""
    gap: float
    """Of the priority furthest from its bound: CVaR above it, as a share of all traffic."""
    scope: Literal["paths", "restricted"]
    status: Literal["optimal", "limit"]


def least_tail(
    paths: PathSet,
    demand_gbps: FloatArray,
    demand_priority: IntArray,
    capacity_gbps: FloatArray,
    down: BoolArray,
    probability: FloatArray,
    *,
    beta: float,
    loss: Loss = "total",
    time_limit_s: float = np.inf,
) -> Availability:
    """Least conditional value at risk of each class, the first served first.

    Parameters
    ----------
    paths
        By demand.
    demand_gbps, demand_priority : float (K,), int (K,)
    capacity_gbps : float (E,)
    down, probability : bool (F, L), float (F,)
        Different states of the network; the one without failure is among them or is not covered.
    beta
        The availability asked for, from 0, below 1.
    time_limit_s
        For each solve.

    Examples
    --------
    A link of 10 that stands nine days of ten, and 10 to carry: all is lost on the tenth.

    >>> cases, odds = np.array([[False], [True]]), np.array([0.75, 0.25])
    >>> ask = np.array([10.0]), np.array([0])
    >>> way, room = PathSet.of([(0, (0,))]), np.full(2, 10.0)
    >>> found = least_tail(way, *ask, room, cases, odds, beta=0.5)
    >>> found.tails[0].value_at_risk, found.tails[0].cvar
    (0.0, 0.5)
    """
    assert (capacity_gbps >= 0.0).all(), "capacity is not negative"
    assert 0.0 <= beta < 1.0, "beta is a share below 1"
    rate = np.zeros(len(paths))
    left = capacity_gbps.astype(np.float64)
    tails: list[Tail] = []
    settled = True
    levels = np.unique(demand_priority[demand_gbps > 0.0])
    for priority in levels:
        ours = np.flatnonzero((demand_priority == priority) & (demand_gbps > 0.0))
        level = level_of(paths, ours, demand_gbps, left, down)
        search = _Search(level, probability, beta, loss, time_limit_s)
        done = search.run(lean=priority != levels[-1])
        rate[level.chosen] = done.rate
        settled &= done.settled
        left = np.maximum(left - level.paths.load(done.rate, len(left)), 0.0)
        tails.append(replace(done.tail, priority=int(priority)))
    return Availability(
        rate_gbps=rate,
        tails=tuple(tails),
        uncovered=uncovered(probability),
        gap=max((max(0.0, one.cvar - one.bound) for one in tails), default=0.0),
        scope="paths" if len(tails) <= 1 else "restricted",
        status="optimal" if settled else "limit",
    )


@dataclass(frozen=True)
class _Done:
    rate: FloatArray
    tail: Tail
    settled: bool


class _Search:
    """The program of one priority, and the rows that it has been given so far."""

    def __init__(
        self, level: Level, probability: FloatArray, beta: float, loss: Loss, limit_s: float
    ) -> None:
        self._level = level
        self._probability = probability
        self._beta = beta
        self._loss: Loss = loss
        self._limit_s = limit_s
        self._columns = Columns(level, len(probability))
        first = np.argsort(-probability, kind="stable")[:_CASES].astype(np.int64)
        plain = tail_program(level, self._columns, probability, beta)
        if loss == "total":
            rows = total_rows(level, self._columns, np.sort(first))
        else:
            rows = worst_base_rows(level, self._columns, len(probability))
        self._program = replace(plain, rows=Rows.joined([plain.rows, rows]))
        self._session = Session(self._program)

    def run(self, *, lean: bool) -> _Done:
        """Add rows until the program's least is what its rates are worth."""
        best = self._worth(np.zeros(len(self._level.paths)), 0.0)
        bound = 0.0
        settled = False
        for _ in range(_ROUNDS):
            found = self._session.solve(time_limit_s=self._limit_s)
            if found.status != "optimal":
                break
            bound = max(bound, safe_bound(self._program, found.row_dual))
            here = self._worth(found.primal[: len(self._level.paths)], bound)
            best = here if here.tail.cvar < best.tail.cvar else best
            broken = self._broken(found.primal)
            if not len(broken):
                settled = True
                break
            self._add(broken)
        best = replace(best, tail=replace(best.tail, bound=min(bound, best.tail.cvar)))
        best = self._lean(best) if lean else best
        return replace(best, settled=settled)

    def _lean(self, best: _Done) -> _Done:
        """The same losses with less reserved: lower classes have the rest."""
        level = self._level
        less = trimmed(level.paths, best.rate, level.patterns, level.demand_gbps)
        return self._worth(less, best.tail.bound)

    def _worth(self, wished: FloatArray, bound: float) -> _Done:
        level = self._level
        none = np.full(len(level.demand_gbps), np.inf)
        rate = fitted(level.paths, wished, none, level.room_gbps)
        loss = losses(level, rate, len(self._probability), self._loss)
        at, mean = tail(loss, self._probability, self._beta)
        told = Tail(priority=0, value_at_risk=at, cvar=mean, bound=bound, loss=loss)
        return _Done(rate, told, settled=False)

    def _broken(self, primal: FloatArray) -> Rows:
        """Rows of the cases whose loss is above their threshold and excess, the costliest first."""
        columns, level, odds = self._columns, self._level, self._probability
        allowed = primal[columns.alpha] + primal[columns.excess : columns.unseen]
        if self._loss == "total":
            above = losses(level, primal[: columns.lost], len(odds), "total") - allowed
            cases = np.flatnonzero((above > _NEAR) & (odds > 0.0))
            costly = cases[np.argsort(-(above * odds)[cases], kind="stable")[:_CASES]]
            return total_rows(level, columns, np.sort(costly).astype(np.int64))
        above = lost_share(level, primal[: columns.lost])[level.hit] - allowed[level.case]
        hits = np.flatnonzero((above > _NEAR) & (odds[level.case] > 0.0))
        costly = hits[np.argsort(-(above * odds[level.case])[hits], kind="stable")[:_HITS]]
        return worst_rows(level, columns, costly.astype(np.int64))

    def _add(self, rows: Rows) -> None:
        """Few rows go on from the last basis; for many, presolve and a new start are faster."""
        self._program = replace(self._program, rows=Rows.joined([self._program.rows, rows]))
        if len(rows) > _FEW:
            self._session = Session(self._program)
        else:
            self._session.add_rows(rows)
