"""A linear or mixed-integer program as arrays, and what came of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BoolArray",
    "Columns",
    "FloatArray",
    "IntArray",
    "Program",
    "Rows",
    "SmallArray",
    "Solution",
    "SolveStatus",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

SolveStatus = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]
"""``optimal``: within the gap that was asked for. ``limit``: stopped before, by time, rounds or
nodes; ``primal`` holds the best feasible point found, if any."""


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Linear rows, compressed by row: row r spans ``start[r]:start[r + 1]`` of column and value.

    int (R + 1,), int (nnz,), float (nnz,), float (R,), float (R,).
    """

    start: IntArray
    column: IntArray
    value: FloatArray
    low: FloatArray
    high: FloatArray

    @staticmethod
    def of(entries: list[tuple[list[int], list[float], float, float]]) -> "Rows":
        """Rows from (columns, values, low, high) a row."""
        lengths = [len(columns) for columns, _, _, _ in entries]
        return Rows(
            start=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
            column=np.array([c for columns, _, _, _ in entries for c in columns], dtype=np.int64),
            value=np.array([v for _, values, _, _ in entries for v in values], dtype=np.float64),
            low=np.array([low for _, _, low, _ in entries], dtype=np.float64),
            high=np.array([high for _, _, _, high in entries], dtype=np.float64),
        )

    @staticmethod
    def gathered(
        row: IntArray, column: IntArray, value: FloatArray, *, low: FloatArray, high: FloatArray
    ) -> "Rows":
        """Rows from entries in any order; entries of one row keep theirs.

        Parameters
        ----------
        row, column, value : int (nnz,), int (nnz,), float (nnz,)
            No two entries share row and column.
        low, high : float (R,)
        """
        order = np.argsort(row, kind="stable")
        ends = np.cumsum(np.bincount(row, minlength=len(low)))
        start = np.concatenate([[0], ends]).astype(np.int64)
        return Rows(start=start, column=column[order], value=value[order], low=low, high=high)

    @staticmethod
    def joined(parts: "list[Rows]") -> "Rows":
        """The rows of all parts, in order.

        >>> free = Rows.of([([0, 2], [1.0, 1.0], -np.inf, 4.0)])
        >>> Rows.joined([free, Rows.of([]), free]).start.tolist()
        [0, 2, 4]
        """
        before = np.cumsum([0, *(len(part.column) for part in parts)])
        offset = [part.start[1:] + count for part, count in zip(parts, before, strict=False)]
        return Rows(
            start=np.concatenate([[0], *offset]).astype(np.int64),
            column=np.concatenate([part.column for part in parts]),
            value=np.concatenate([part.value for part in parts]),
            low=np.concatenate([part.low for part in parts]),
            high=np.concatenate([part.high for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Columns for a program that has rows, compressed by column as ``Rows`` is by row."""

    start: IntArray
    row: IntArray
    value: FloatArray
    cost: FloatArray
    low: FloatArray
    high: FloatArray

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True, kw_only=True)
class Program:
    """Minimise ``cost @ x`` so that rows and bounds hold.

    float (X,), float (X,), float (X,), bool (X,).
    """

    cost: FloatArray
    low: FloatArray
    high: FloatArray
    integer: BoolArray
    rows: Rows

    def rounded(self, point: FloatArray) -> FloatArray:
        """A point (X,) with whole columns whole: solvers give them nearly. None, (0,), stays so."""
        return np.where(self.integer, np.round(point), point) if len(point) else point


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Primal and dual values; ``bound`` is what no solution can beat (minimisation)."""

    status: SolveStatus
    objective: float
    bound: float
    primal: FloatArray
    row_dual: FloatArray
    """float (R,) of an optimal LP, positive where the row's low end binds; else empty.

    Of an infeasible LP: a Farkas ray y, if HiGHS has one. Rows ask ``y @ A @ x`` to reach
    ``sum(y * where(y > 0, low, high))``, and no x within its bounds does.
    """
    reduced_cost: FloatArray
    detail: str
    """HiGHS's own words."""
