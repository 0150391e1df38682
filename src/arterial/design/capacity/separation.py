"""Rows that a point breaks: of cut sets, of borders in time, and known ones made stronger."""

from arterial.design.capacity.cut_sets import CutSets
from arterial.design.capacity.late_cuts import LateCuts
from arterial.design.capacity.measure import still_of
from arterial.design.capacity.opened import Opened
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.solve.program import FloatArray

__all__ = ["Separation"]

ROWS = 600
"""Of each kind, about, at once."""
FEW_SETS = 600
"""Rows of cut sets below which late cuts are sought too."""


class Separation:
    """Finds rows, and remembers what it came by."""

    def __init__(self, problem: Problem, *, seed: int, deadline: Deadline = FOREVER) -> None:
        still = still_of(problem)
        self._sets, self._late = CutSets(problem, seed=seed, still=still), LateCuts(problem, still)
        self._opened, self._deadline = Opened(problem.program), deadline

    def rows(self, point: FloatArray, known: list[Row]) -> list[Row]:
        """Rows that a point (X,) breaks, some of them stronger ones in place of known ones.

        Raises LateError when time is up.
        """
        self._deadline.check()
        found = self._sets.rows(point, most=ROWS)
        if len(found) < FEW_SETS:
            found += self._late.rows(point, most=ROWS)
        return [*found, *self._opened.rows([*known, *found], point)]
