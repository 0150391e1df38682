"""A capacity problem without the columns that are fixed: what they give and use is there already.

A step of a horizon has all columns of all phases, and most of them cannot move. Without them it is
a smaller problem, often of one phase alone: then whole points are bought for it without a program.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Problem
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["Folded", "folded"]

LITTLE = 1e-6
"""By so much a row of fixed columns may be broken."""


@dataclass(frozen=True)
class Folded:
    """The smaller problem, and what it was made of."""

    problem: Problem
    """Its last column is what the fixed ones cost: gaps are of all that is spent."""
    free: BoolArray
    """(X,)"""
    fixed: FloatArray
    """(X,) values of those that are; 0 of the others."""

    def columns(self, smaller: FloatArray) -> FloatArray:
        """(X,) of the whole problem."""
        found = self.fixed.copy()
        found[self.free] = smaller[:-1]
        return found


def folded(problem: Problem) -> Folded | None:
    """The problem of the columns that can move; None where it would not be the same.

    Fixed columns must count in every case, or be nothing; no demand hangs on a column.
    """
    program, stage = problem.program, problem.column_stage
    free = program.low < program.high
    fixed = np.where(free, 0.0, program.low)
    given = problem.links.supply @ fixed
    seen = int(problem.cases.stage.min(initial=np.iinfo(np.int64).max))
    late = bool((fixed[stage > seen] != 0.0).any())
    if free.all() or not free.any() or late or (problem.demands.scaled_by != FIXED).any():
        return None
    rows, holds = _rows(program.rows, free, fixed)
    if not holds:
        return None
    spent = float(program.cost @ fixed)
    smaller = Program(
        cost=np.append(program.cost[free], spent),
        low=np.append(program.low[free], 1.0),
        high=np.append(program.high[free], 1.0),
        integer=np.append(program.integer[free], np.False_),
        rows=rows,
    )
    cases, when = _one_stage(problem.cases, np.append(stage[free], 0))
    links = replace(
        problem.links,
        base_gbps=problem.links.base_gbps + given,
        supply=_supply(problem.links.supply, free),
    )
    made = replace(problem, program=smaller, links=links, cases=cases, stage=when)
    return Folded(made, free, fixed)


def _supply(supply: sparse.csr_array, free: BoolArray) -> sparse.csr_array:
    """Of the free columns, and none of the last."""
    entries = supply.tocoo()
    place = np.cumsum(free) - 1
    link, column = entries.coords
    moves = free[column]
    return sparse.csr_array(
        (entries.data[moves], (link[moves], place[column[moves]])),
        shape=(supply.shape[0], int(free.sum()) + 1),
    )


def _one_stage(cases: Cases, stage: IntArray) -> tuple[Cases, IntArray]:
    """All of stage 0, where every column counts in every case."""
    if stage.max() > cases.stage.min():
        return cases, stage
    return replace(cases, stage=np.zeros_like(cases.stage)), np.zeros_like(stage)


def _rows(rows: Rows, free: BoolArray, fixed: FloatArray) -> tuple[Rows, bool]:
    """The same on free columns, ends less by what fixed ones have; whether those without hold."""
    count = len(rows)
    of = np.repeat(np.arange(count), np.diff(rows.start))
    had = np.bincount(of, weights=rows.value * fixed[rows.column], minlength=count)
    place = np.cumsum(free) - 1
    moves = free[rows.column]
    kept = np.unique(of[moves])
    number = np.full(count, -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    alone = number < 0
    low, high = rows.low - had, rows.high - had
    smaller = Rows.gathered(
        number[of[moves]],
        np.asarray(place[rows.column[moves]], dtype=np.int64),
        rows.value[moves],
        low=low[kept],
        high=high[kept],
    )
    return smaller, bool((low[alone] <= LITTLE).all() and (high[alone] >= -LITTLE).all())
