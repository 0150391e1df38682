"""The capacity engine as the ways of a horizon call it: a problem in, what is bought out."""

from collections.abc import Iterator
from math import inf, isfinite

import numpy as np

from arterial.design.capacity.engine import capacity
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.step import Step
from arterial.design.folded import folded
from arterial.design.horizon_ways import Carried, Solve
from arterial.errors import InfeasibleError, SolverError
from arterial.solve.program import FloatArray

__all__ = ["MANY", "solver"]

MANY = 1200
"""Whole columns that can move beyond which no program with whole modules is solved. Measured on the
reference network: with 1,500 a program of one phase took minutes for a hundredth of its cost, and
with 4,600 one of three phases had no point after five."""
PATIENCE, WORTH = 4, 20.0
"""A bound has arrived where so many rounds raise it by less than the gap by this."""


def solver(*, gap: float, rounds: int, seed: int, many: int = MANY) -> Solve:
    """Solves to a gap or for so many rounds; a point that carries every case, and a bound.

    With more whole columns than ``many`` the bound is that with parts of modules. A problem of one
    phase then has a point that was bought without a program; one of several has parts to lean on.

    What it returns raises InfeasibleError where nothing carries all cases, SolverError where the
    engine stopped without a point.
    """

    def solved(problem: Problem) -> Carried:
        fold = folded(problem)
        asked = problem if fold is None else fold.problem
        large = int(asked.program.integer.sum()) > many
        staged = bool(asked.column_stage.any())
        steps = capacity(asked, gap=gap, rounds=rounds, seed=seed)
        *_, last = _with_parts(steps, gap, pointless=staged) if large else steps
        if last.infeasible:
            raise InfeasibleError(
                "what the phases ask",
                "all that can be bought by then does not carry it",
                ("more pairs on its fibres", "a fibre that comes sooner", "a smaller load"),
            )

        def whole(columns: FloatArray) -> FloatArray:
            return columns if fold is None or not len(columns) else fold.columns(columns)

        if not isfinite(last.cost) and not (large and staged):
            raise SolverError(
                "capacity engine", "it stopped before it found what carries all cases"
            )
        parts = whole(last.parts) if large and staged else np.zeros(0)
        return Carried(last.cost, last.bound, whole(last.columns), parts)

    return solved


def _with_parts(steps: Iterator[Step], gap: float, *, pointless: bool) -> Iterator[Step]:
    """Steps until the bound with parts of modules has arrived, or the first with whole ones.

    Unless no point is wanted they go on until there is one.
    """
    bounds: list[float] = []
    for step in steps:
        yield step
        bounds.append(step.bound)
        known = bounds[-1 - PATIENCE] if len(bounds) > PATIENCE else -inf
        arrived = step.short > 0 and step.bound - known <= gap / WORTH * step.bound
        if (pointless or isfinite(step.cost)) and (arrived or step.phase == "whole"):
            return
