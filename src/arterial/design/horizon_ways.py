"""Three ways to build for years to come: all phases at once, rolling with forecasts, year by year.

All three buy columns of one problem, so that their costs and the bound of the whole stand side by
side. Whatever one way buys, carries every phase: the best of them is a point of the whole problem,
and the whole horizon is never dearer than the others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from arterial.design.capacity.problem import Cases, Problem
from arterial.design.horizon import Horizon
from arterial.errors import InfeasibleError
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = ["Carried", "Solve", "Way", "forecast", "rolling", "step", "whole", "yearly"]

LIT = 0.05
"""Parts of a module from which on a point counts as buying it."""
SURCHARGE = 0.1
"""On what a point to lean on does not buy, as a share of its price (``study.chains``)."""


@dataclass(frozen=True)
class Carried:
    """What a capacity problem came to."""

    cost: float
    bound: float
    columns: FloatArray
    """(X,); empty where none was found: ``cost`` is inf then, and ``parts`` are there."""
    parts: FloatArray = field(default_factory=lambda: np.zeros(0))
    """(X,) what would be bought if everything came in parts, where several phases with whole
    modules are too much to ask; else empty."""


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
    """All phases at once, every load known; the best point of ``others`` where that is cheaper.

    Where its whole point is too much to ask, one is built year by year, leaning on its parts.
    """
    name, found = "whole horizon", solve(horizon.problem)
    if len(found.parts):
        others = (*others, yearly(horizon, solve, lead=found.parts))
    best = min(others, key=lambda way: way.cost, default=None)
    if best is not None and best.cost < found.cost:
        return Way(name, best.cost, min(found.bound, best.cost), best.columns)
    return Way(name, found.cost, min(found.bound, found.cost), found.columns)


def yearly(horizon: Horizon, solve: Solve, *, lead: FloatArray | None = None) -> Way:
    """Each phase alone, on top of the one before.

    Parameters
    ----------
    lead : float (X,), optional
        A point to lean on: what it does not buy costs more.
    """
    columns = np.zeros(len(horizon.bought.stage))
    for stage in range(len(horizon.outlook.stages)):
        cases = horizon.problem.cases.stage == stage
        problem = step(horizon, columns, stage, stage, cases)
        try:
            found = solve(problem if lead is None else _leaning(problem, lead))
        except InfeasibleError:
            return Way("year by year", inf, -inf, np.zeros(0))
        columns = found.columns
    return Way("year by year", float(horizon.spent(columns).sum()), -inf, columns)


def rolling(horizon: Horizon, solve: Solve, draw: int, seed: int) -> Way:
    """Each phase plans to the end with the forecast it then has, and buys its own part of that.

    Where whole points for all that is left are too much to ask, it buys for itself and leans on
    parts of modules for all that is left.
    """
    name = f"rolling, draw {draw + 1}"
    random = np.random.default_rng([seed, draw])
    columns = np.zeros(len(horizon.bought.stage))
    last = len(horizon.outlook.stages) - 1
    for stage in range(last + 1):
        gbps = forecast(horizon, stage, random)
        cases = horizon.problem.cases.stage >= stage
        try:
            found = solve(step(horizon, columns, stage, last, cases, gbps=gbps))
            if len(found.parts):
                own = step(horizon, columns, stage, stage, horizon.problem.cases.stage == stage)
                found = solve(_leaning(own, found.parts))
        except InfeasibleError:
            return Way(name, inf, -inf, np.zeros(0), draw)
        columns = np.where(horizon.bought.stage <= stage, found.columns, 0.0)
    return Way(name, float(horizon.spent(columns).sum()), -inf, columns, draw)


def _leaning(problem: Problem, lead: FloatArray) -> Problem:
    """The same with all dearer that a point does not buy, in parts at least."""
    dear = np.where(lead > LIT, 1.0, 1.0 + SURCHARGE)
    return replace(problem, program=replace(problem.program, cost=problem.program.cost * dear))


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
