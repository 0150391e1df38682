"""The master: what is bought, under the program's own rows and all inequalities found so far.

Relaxed it is solved after every round, warm; whole, from time to time, on the rows that come near
to binding. Rows that a whole point breaks are added until none is.
"""

from dataclasses import replace

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, broken_by
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, Rows, Solution

__all__ = ["Master"]

NEAR = 0.25
"""Rows this near to binding stay in the relaxed program when it is tidied."""
BINDING = 1e-3
"""Rows this near to the relaxed point take part in whole programs: the fewer, the quicker, and
what a whole point breaks comes back."""
LOOSE, FEW_NODES = 0.02, 20
"""Gap of whole points while rows known still come back, or that are wanted soon; nodes of these."""
LEAN = 0.1
"""Columns whose reduced cost is a larger share of their cost are far from use."""
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
        self.back: set[int] = set()
        """Rows that whole points broke: they take part in all that follow."""
        self._session = Session(self._relaxed, seed=seed)
        self.point: FloatArray = np.zeros(0)
        """(X,) of the last relaxed solution."""
        self._reduced_cost: FloatArray = np.zeros(0)

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
        if self._held > TIDY and len(self.point):
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
                self.point, self._reduced_cost = answer.primal, answer.reduced_cost
                return answer
            self._session.add_rows(_rows(missed))
            self._held += len(missed)

    def lean(self) -> FloatArray:
        """(X,) upper ends that leave out columns which the relaxed point is far from using."""
        program = self._program
        far = self._reduced_cost > LEAN * np.abs(program.cost)
        used = (self.point > BROKEN) | (program.low > 0.0)
        return np.where(far & ~used, np.minimum(program.high, 0.0), program.high)

    def whole(
        self,
        *,
        gap: float,
        nodes: int,
        closings: int = CLOSINGS,
        low: FloatArray | None = None,
        high: FloatArray | None = None,
        near: FloatArray | None = None,
        start: FloatArray | None = None,
    ) -> Solution:
        """A whole point, within ``gap`` of the bound or after ``nodes``.

        No row known breaks it, unless they come back too often: then those that do take part in
        the next one.

        Parameters
        ----------
        closings
            Programs solved at most.
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
        taken = self._taken(self.point if near is None else near)
        bound, closed, left = -np.inf, False, closings
        while True:
            rows = Rows.joined([program.rows, self._of(taken)])
            session = Session(replace(program, rows=rows), seed=self._seed)
            if start is not None:
                session.set_start(start)
            answer = session.solve(
                gap=gap if closed or left == 1 else max(gap, LOOSE),
                nodes=nodes,
                time_limit_s=self._deadline.left_s(),
            )
            if answer.status == "limit" and self._deadline.late:
                narrow = low is not None or high is not None
                raise LateError(-np.inf if narrow else max(bound, answer.bound))
            if not len(answer.primal):
                return answer
            bound = max(bound, answer.bound)
            point = program.rounded(answer.primal)
            missed = (broken_by(self.rows, point) > BROKEN) & ~taken
            self.back |= set(np.flatnonzero(missed).tolist())
            left -= 1
            if not left or (closed and not missed.any()):
                return replace(answer, primal=point, bound=bound)
            closed = not missed.any()
            taken = taken | missed

    def soon(self, high: FloatArray) -> tuple[Solution, int]:
        """A whole point below some ends (X,), wanted soon and not best; no bound.

        Tells too how many rows it breaks that take part from now on.
        """
        known = len(self.back)
        answer = self.whole(gap=LOOSE, nodes=FEW_NODES, closings=1, high=high)
        return answer, len(self.back) - known

    def near(self) -> Rows:
        """Rows near to binding at the last relaxed point, and those that whole points broke."""
        return self._of(self._taken(self.point))

    def _of(self, taken: BoolArray) -> Rows:
        return _rows([row for row, flag in zip(self.rows, taken.tolist(), strict=True) if flag])

    def _taken(self, at: FloatArray) -> BoolArray:
        """(R,) rows that take part in a whole program from the start."""
        taken = broken_by(self.rows, at) > -BINDING
        taken[list(self.back)] = True
        return taken

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
