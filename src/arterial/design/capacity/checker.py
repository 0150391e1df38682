"""Which cases a point does not carry: those that were short lately first, and few at a time.

Cases are dealt to lanes once and for all; every lane looks at some, then it is seen whether that is
enough. So what comes out is the same however many lanes work at once.
"""

from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.flow import Short
from arterial.design.capacity.lane import LANES, Asked, Lanes, Threads
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, length_row, rounded
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.solve.program import FloatArray

__all__ = ["Checked", "Checker"]

NOTHING = 1e-9
ROWS_A_CASE = 2
AT_ONCE = 16
"""Cases that a lane is asked for at once, unless more of them are short than are wanted."""


@dataclass(frozen=True)
class Checked:
    """What came of looking at the cases."""

    short: tuple[Short, ...]
    whole: bool
    """Every case was looked at, or is told by one that was."""


class Checker:
    """Remembers when each case was last short."""

    def __init__(
        self, problem: Problem, lanes: Lanes | None = None, deadline: Deadline = FOREVER
    ) -> None:
        self._problem = problem
        self._lanes = lanes or Threads(problem, deadline=deadline)
        self._deadline = deadline
        self._last = np.full(len(problem.cases.names), -1, dtype=np.int64)
        self._round = 0
        self.solved = 0
        """Programs solved so far."""

    def check(self, point: FloatArray, *, most: int) -> Checked:
        """Cases that a point (X,) does not carry, ``most`` of them at most."""
        self._round += 1
        order = self._order(point)
        waiting = [[case for case in order if case % LANES == lane] for lane in range(LANES)]
        found: list[Short] = []
        while any(waiting) and len(found) < most:
            self._deadline.check()
            each = -(-(most - len(found)) // LANES)
            asked = [
                Asked(point, tuple(cases[:AT_ONCE]), each) if cases else None for cases in waiting
            ]
            for lane, answer in enumerate(self._lanes.ask(asked)):
                if answer is not None:
                    found += answer.short
                    self.solved += answer.solved
                    waiting[lane] = waiting[lane][answer.seen :]
        for short in found:
            self._last[short.case] = self._round
        whole = not any(waiting) and len(found) <= most
        return Checked(tuple(found[:most]), whole)

    def rows(self, checked: Checked, point: FloatArray) -> list[Row]:
        """What the short cases ask of whatever is bought."""
        program = self._problem.program
        rows: list[Row] = []
        for short in checked.short:
            rows += rounded(
                length_row(self._problem, short.case, short.length, short.distance),
                whole=program.integer,
                high=program.high,
                point=point,
                most=ROWS_A_CASE,
            )
        return rows

    def _order(self, point: FloatArray) -> list[int]:
        """Cases to look at: of those that leave and ask the same, the first."""
        problem, cases = self._problem, self._problem.cases
        seen: set[tuple[bytes, bytes]] = set()
        order: list[int] = []
        for case in np.argsort(-self._last, kind="stable").tolist():
            room = problem.capacity_gbps(point, case)
            key = (np.round(room, 6).tobytes(), cases.gbps[case].tobytes())
            if key not in seen and (cases.gbps[case] > NOTHING).any():
                seen.add(key)
                order.append(case)
        return order
