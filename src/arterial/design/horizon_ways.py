"""Three ways to build for years to come: all phases at once, rolling with forecasts, year by year.

All three buy columns of one problem, so that their costs and the bound of the whole stand side by
side. Whatever one way buys, carries every phase: the best of them is a point of the whole problem,
and the whole horizon is never dearer than the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from arterial.design.capacity.problem import Cases, Problem
from arterial.design.horizon import Horizon
from arterial.errors import InfeasibleError
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = ["Carried", "Solve", "Way", "forecast", "rolling", "step", "whole", "yearly"]

WHOLE = 1e-6


@dataclass(frozen=True)
class Carried:
    """What a capacity problem came to."""

    cost: float
    bound: float
    columns: FloatArray
    """(X,)"""


Solve = Callable[[Problem], Carried]
"""Raises InfeasibleError where nothing carries all cases."""


@dataclass(frozen=True)
class Way:
    """What is bought when, and what it costs."""

    name: str
    cost: float
    """Discounted, edges not in it; inf where some phase finds no room left."""
    bound: float
    """Of the problem that it solves; -inf where each step has one of its own."""
    columns: FloatArray
    """(X,); empty where it ends without a way."""
    draw: int = -1
    """Which forecasts; -1 where none were drawn."""


def whole(horizon: Horizon, solve: Solve, others: tuple[Way, ...] = ()) -> Way:
    """All phases at once, every load known; the best point of ``others`` where that is cheaper."""
    found = solve(horizon.problem)
    best = min(others, key=lambda way: way.cost, default=None)
    if best is not None and best.cost < found.cost:
        return Way("whole horizon", best.cost, min(found.bound, best.cost), best.columns)
    return Way("whole horizon", found.cost, min(found.bound, found.cost), found.columns)


def yearly(horizon: Horizon, solve: Solve) -> Way:
    """Each phase alone, on top of the one before."""
    columns = np.zeros(len(horizon.bought.stage))
    for stage in range(len(horizon.outlook.stages)):
        cases = horizon.problem.cases.stage == stage
        try:
            found = solve(step(horizon, columns, stage, stage, cases))
        except InfeasibleError:
            return Way("year by year", inf, -inf, np.zeros(0))
        columns = found.columns
    return Way("year by year", float(horizon.spent(columns).sum()), -inf, columns)


def rolling(horizon: Horizon, solve: Solve, draw: int, seed: int) -> Way:
    """Each phase plans to the end with the forecast it then has, and buys its own part of that."""
    name = f"rolling, draw {draw + 1}"
    random = np.random.default_rng([seed, draw])
    columns = np.zeros(len(horizon.bought.stage))
    last = len(horizon.outlook.stages) - 1
    for stage in range(last + 1):
        gbps = forecast(horizon, stage, random)
        cases = horizon.problem.cases.stage >= stage
        try:
            found = solve(step(horizon, columns, stage, last, cases, gbps=gbps))
        except InfeasibleError:
            return Way(name, inf, -inf, np.zeros(0), draw)
        columns = np.where(horizon.bought.stage <= stage, found.columns, 0.0)
    return Way(name, float(horizon.spent(columns).sum()), -inf, columns, draw)


def forecast(horizon: Horizon, stage: int, random: np.random.Generator) -> FloatArray:
    """(F, K) what every case is thought to ask, seen from one phase.

    What that phase asks itself is known. Each class of each later phase is off by a factor between
    ``(1 + error) ** -years`` and ``(1 + error) ** years``, its logarithm drawn evenly.
    """
    cases, years = horizon.problem.cases, horizon.years
    error = horizon.outlook.network.horizon.forecast_error
    kinds = sorted({pair[3] for pair in horizon.pairs})
    of_kind = np.array([kinds.index(pair[3]) for pair in horizon.pairs], dtype=np.int64)
    gbps = cases.gbps.copy()
    for later in range(stage + 1, len(years)):
        off = random.uniform(-1.0, 1.0, len(kinds)) * (years[later] - years[stage])
        here = cases.stage == later
        gbps[here] *= ((1.0 + error) ** off)[of_kind]
    return gbps


def step(
    horizon: Horizon,
    columns: FloatArray,
    stage: int,
    last: int,
    cases: BoolArray,
    *,
    gbps: FloatArray | None = None,
    opens: bool = True,
) -> Problem:
    """The problem in which phases before ``stage`` have bought and those after ``last`` do not.

    Parameters
    ----------
    columns : float (X,)
        What was bought; only phases before ``stage`` count.
    cases : bool (F,)
        Those that must hold.
    gbps : float (F, K), optional
        What they ask in place of what the problem says.
    opens
        Whether sites in use from ``last`` on must have their routers.
    """
    problem, when = horizon.problem, horizon.bought.stage
    program = problem.program
    done = when < stage
    fixed = np.where(done, np.round(columns), 0.0)
    rows = (horizon.row_stage <= last) & (opens | (horizon.row_stage < last) | ~horizon.row_opens)
    return replace(
        problem,
        program=Program(
            cost=program.cost,
            low=np.where(done, fixed, program.low),
            high=np.where(done, fixed, np.where(when > last, 0.0, program.high)),
            integer=program.integer,
            rows=_some(program.rows, rows),
        ),
        cases=_chosen(problem.cases, cases, gbps),
    )


def _chosen(cases: Cases, which: BoolArray, gbps: FloatArray | None) -> Cases:
    """Some cases, those without failure still first in their phase."""
    order: list[int] = np.flatnonzero(which).tolist()
    return Cases(
        names=tuple(cases.names[n] for n in order),
        alive=cases.alive[order],
        usable=cases.usable[order],
        gbps=(cases.gbps if gbps is None else gbps)[order],
        stage=cases.stage[order],
    )


def _some(rows: Rows, which: BoolArray) -> Rows:
    lengths = np.diff(rows.start)
    entries = np.repeat(which, lengths)
    return Rows(
        start=np.concatenate([[0], np.cumsum(lengths[which])]).astype(np.int64),
        column=rows.column[entries],
        value=rows.value[entries],
        low=rows.low[which],
        high=rows.high[which],
    )
