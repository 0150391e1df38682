"""A linear or mixed-integer program as arrays, and what came of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "FloatArray", "IntArray", "Program", "Rows", "Solution", "SolveStatus"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SolveStatus = Literal["optimal", "infeasible", "unbounded", "limit", "failed"]
"""``limit``: stopped by time, rounds or nodes; ``primal`` holds the best point found, if any."""


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

    def __len__(self) -> int:
        return len(self.low)


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


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Primal and dual values; ``bound`` is what no solution can beat (minimisation)."""

    status: SolveStatus
    objective: float
    bound: float
    primal: FloatArray
    row_dual: FloatArray
    """float (R,), empty for a mixed-integer program. Of an infeasible LP: a Farkas ray, if any."""
    reduced_cost: FloatArray
    detail: str
    """HiGHS's own words."""
