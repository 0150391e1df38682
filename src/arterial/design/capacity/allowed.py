"""Whole points near those that rows known allow, and what none of these costs less than.

No case is looked at, and rows far from binding take no part: a point is found in seconds. With
borders in time among the rows it is near enough to what can be to lead a search.
"""

from collections.abc import Iterator

import numpy as np

from arterial.design.capacity.master import Master
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.design.capacity.separation import Separation
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.program import FloatArray

__all__ = ["Allowed"]

TIGHT, NODES = 1e-3, 200
"""Of a bound."""


class Allowed:
    """A problem under the rows that rounds with parts have found."""

    def __init__(
        self, problem: Problem, rows: list[Row], *, seed: int, deadline: Deadline = FOREVER
    ) -> None:
        self._master = Master(problem, seed=seed, deadline=deadline)
        self._master.add(rows)
        self._separation = Separation(problem, seed=seed, deadline=deadline)

    def points(self) -> Iterator[FloatArray]:
        """Whole points (X,) of few columns, until nothing is known against one or time is up.

        What a point breaks is known to the next.
        """
        added = 1
        while added and self._relaxed():
            try:
                answer, back = self._master.soon(self._master.lean())
                if not len(answer.primal):
                    return
                yield answer.primal
                fresh = self._separation.rows(answer.primal, self._master.rows)
                added = self._master.add(fresh) + back
            except LateError:
                return

    def bound(self) -> float:
        """What no whole point costs less than; -inf where time is up before anything is known.

        Rows and columns take part as the master thinks best, and branches end by number.
        """
        if not self._relaxed():
            return -np.inf
        try:
            return self._master.whole(gap=TIGHT, nodes=NODES, closings=1).bound
        except LateError as late:
            return late.bound

    def _relaxed(self) -> bool:
        """Whether the program with parts has an answer: what is near to binding follows by it."""
        try:
            return self._master.relaxed().status == "optimal"
        except LateError:
            return False
