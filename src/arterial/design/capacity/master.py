"""The master: what is bought, under the program's own rows and all inequalities found so far.

Relaxed it is solved after every round, warm; whole, from time to time, on the rows that come near
to binding. Rows that a whole point breaks are added until none is.
"""

from dataclasses import replace

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, broken_by
from arterial.errors import SolverError
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.highs import Session
from arterial.solve.program import FloatArray, Rows, Solution

__all__ = ["Master"]

NEAR = 0.25
"""Rows this near to the relaxed point take part in the whole program from the start."""
TIDY = 4000
"""Rows in the relaxed program beyond which those far from binding are taken out."""
BROKEN = 1e-6
CLOSINGS = 30


class Master:
    """Grows by rows; never forgets one."""

    def __init__(self, problem: Problem, *, seed: int = 0, deadline: Deadline = FOREVER) -> None:
        self._program = problem.program
        self._relaxed = replace(problem.program, integer=np.zeros_like(problem.program.integer))
        self._seed = seed
        self._deadline = deadline
        self.rows: list[Row] = []
        self._keys: set[tuple[bytes, bytes, float]] = set()
        self._held = 0
        self._session = Session(self._relaxed, seed=seed)
        self.point: FloatArray = np.zeros(0)
        """(X,) of the last relaxed solution."""

    def add(self, rows: list[Row]) -> int:
        """Add rows, each once; returns how many were new."""
        fresh: list[Row] = []
        for row in rows:
            key = (row.columns.tobytes(), np.round(row.values, 9).tobytes(), round(row.low, 9))
            if key not in self._keys:
                self._keys.add(key)
                fresh.append(row)
        self.rows += fresh
        self._session.add_rows(_rows(fresh))
        self._held += len(fresh)
        return len(fresh)

    def relaxed(self) -> Solution:
        """The least cost with parts of everything; its objective is a bound.

        Raises LateError when time is up.
        """
        if self._held > TIDY:
            self._tidy()
        while True:
            answer = self._session.solve(time_limit_s=self._deadline.left_s())
            if answer.status == "limit":
                raise LateError
            if answer.status != "optimal":
                return answer
            far = broken_by(self.rows, answer.primal)
            missed = [self.rows[number] for number in np.flatnonzero(far > BROKEN).tolist()]
            if self._held >= len(self.rows) or not missed:
                self.point = answer.primal
                return answer
            self._session.add_rows(_rows(missed))
            self._held += len(missed)

    def whole(
        self,
        *,
        gap: float,
        nodes: int,
        low: FloatArray | None = None,
        high: FloatArray | None = None,
        near: FloatArray | None = None,
        start: FloatArray | None = None,
    ) -> Solution:
        """A whole point that no row known breaks, within ``gap`` of the bound or after ``nodes``.

        Parameters
        ----------
        low, high : float (X,), optional
            Narrower ends of the columns: the bound is then one for these alone.
        near : float (X,), optional
            The point whose near rows take part from the start; the last relaxed one without.
        start : float (X,), optional
            A point to begin from.

        Raises
        ------
        LateError
            Time is up; it carries the bound, where that is one for all columns.
        """
        program = replace(
            self._program,
            low=self._program.low if low is None else low,
            high=self._program.high if high is None else high,
        )
        at = self.point if near is None else near
        taken = broken_by(self.rows, at) > -NEAR
        bound = -np.inf
        for _ in range(CLOSINGS):
            chosen = [row for row, flag in zip(self.rows, taken.tolist(), strict=True) if flag]
            rows = Rows.joined([program.rows, _rows(chosen)])
            session = Session(replace(program, rows=rows), seed=self._seed)
            if start is not None:
                session.set_start(start)
            answer = session.solve(gap=gap, nodes=nodes, time_limit_s=self._deadline.left_s())
            if answer.status == "limit" and self._deadline.late:
                narrow = low is not None or high is not None
                raise LateError(-np.inf if narrow else max(bound, answer.bound))
            if not len(answer.primal):
                return answer
            bound = max(bound, answer.bound)
            point = np.where(program.integer, np.round(answer.primal), answer.primal)
            missed = broken_by(self.rows, point) > BROKEN
            if not (missed & ~taken).any():
                return replace(answer, primal=point, bound=bound)
            taken = taken | missed
        raise SolverError("HiGHS (capacity, whole modules)", "rows stay broken")

    def _tidy(self) -> None:
        """Begin anew with the rows that are near to binding."""
        far = broken_by(self.rows, self.point)
        kept = [self.rows[number] for number in np.flatnonzero(far > -NEAR).tolist()]
        self._session = Session(self._relaxed, seed=self._seed)
        self._session.add_rows(_rows(kept))
        self._held = len(kept)


def _rows(rows: list[Row]) -> Rows:
    size = [len(row.columns) for row in rows]
    return Rows(
        start=np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        column=np.concatenate([row.columns for row in rows]) if rows else np.zeros(0, np.int64),
        value=np.concatenate([row.values for row in rows]) if rows else np.zeros(0),
        low=np.array([row.low for row in rows]),
        high=np.full(len(rows), np.inf),
    )
