"""How long what was built lasts: the first year in which it no longer carries what is asked.

Between two phases each demand grows in a straight line; what begins with a phase is not there
before. A year holds where nothing more has to be bought for it.
"""

from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.checker import Checker
from arterial.design.capacity.problem import Problem
from arterial.design.horizon import Horizon
from arterial.design.horizon_ways import Solve, step
from arterial.errors import InfeasibleError
from arterial.solve.program import FloatArray

__all__ = ["RunOut", "asked_in", "holds", "run_out"]

NOTHING = 1e-6


@dataclass(frozen=True)
class RunOut:
    """When the plan of a phase is no longer enough."""

    year: int | None
    """None where it lasts to the end of the last phase's year."""
    proved: bool
    """A bound says that this year needs more; else no way without more was found."""


def run_out(horizon: Horizon, columns: FloatArray, stage: int, solve: Solve) -> RunOut:
    """The first year in which what was bought up to a phase no longer holds.

    Years before that of the first later phase that it does not carry are tried one by one.
    """
    stands = np.where(horizon.bought.stage <= stage, columns, 0.0)
    years = horizon.years
    for later in range(stage + 1, len(years)):
        told = _lacks(horizon, stands, later, years[later], solve)
        if told is not None:
            for year in range(years[later - 1] + 1, years[later]):
                sooner = _lacks(horizon, stands, later, year, solve)
                if sooner is not None:
                    return RunOut(year, sooner)
            return RunOut(years[later], told)
    return RunOut(None, proved=True)


def asked_in(horizon: Horizon, later: int, year: int) -> FloatArray:
    """(F, K) what cases of a phase ask in an earlier year; other rows as they are."""
    cases, years = horizon.problem.cases, horizon.years
    part = (year - years[later - 1]) / (years[later] - years[later - 1])
    peak = [cases.gbps[cases.stage == stage].max(axis=0) for stage in (later - 1, later)]
    between = np.where(peak[0] > 0.0, (1.0 - part) * peak[0] + part * peak[1], 0.0)
    ratio = np.divide(between, peak[1], out=np.ones_like(between), where=peak[1] > 0.0)
    gbps = cases.gbps.copy()
    if year < years[later]:
        gbps[cases.stage == later] *= ratio
    return gbps


def _lacks(
    horizon: Horizon, stands: FloatArray, later: int, year: int, solve: Solve
) -> bool | None:
    """None where a year holds, True where a bound proves that it does not."""
    problem = step(
        horizon,
        stands,
        later,
        later,
        horizon.problem.cases.stage == later,
        gbps=asked_in(horizon, later, year),
        opens=year == horizon.years[later],
    )
    if (problem.program.cost[horizon.bought.stage == later] > 0.0).all():
        return None if holds(problem, stands) else True
    try:  # something costs nothing: what is free may be bought
        found = solve(problem)
    except InfeasibleError:
        return True
    spent = horizon.spent(stands)[:later].sum()
    if horizon.spent(found.columns)[later] <= NOTHING:
        return None
    return bool(found.bound - spent > NOTHING)


def holds(problem: Problem, stands: FloatArray) -> bool:
    """Whether what stands keeps every row and carries every case."""
    rows = problem.program.rows
    of = np.repeat(np.arange(len(rows)), np.diff(rows.start))
    had = np.bincount(of, weights=rows.value * stands[rows.column], minlength=len(rows))
    if (had < rows.low - NOTHING).any() or (had > rows.high + NOTHING).any():
        return False
    return not Checker(problem).check(stands, most=1).short
