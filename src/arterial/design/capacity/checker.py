"""Which cases a point does not carry: those that were short lately first, and few at a time."""

from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.flow import Flows, Short
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, length_row, rounded
from arterial.solve.program import FloatArray

__all__ = ["Checked", "Checker"]

NOTHING = 1e-9
ROWS_A_CASE = 2


@dataclass(frozen=True)
class Checked:
    """What came of looking at the cases."""

    short: tuple[Short, ...]
    whole: bool
    """Every case was looked at, or is told by one that was."""


class Checker:
    """Remembers when each case was last short."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._flows = Flows(problem)
        self._last = np.full(len(problem.cases.names), -1, dtype=np.int64)
        self._round = 0

    @property
    def solved(self) -> int:
        """Programs solved so far."""
        return self._flows.asked

    def check(self, point: FloatArray, *, most: int) -> Checked:
        """Cases that a point (X,) does not carry, ``most`` of them at most."""
        self._round += 1
        found: list[Short] = []
        order = self._order(point)
        for number, case in enumerate(order):
            short = self._flows.short(point, case)
            if short is None:
                continue
            self._last[case] = self._round
            found.append(short)
            if len(found) >= most:
                return Checked(tuple(found), number + 1 == len(order))
        return Checked(tuple(found), whole=True)

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
