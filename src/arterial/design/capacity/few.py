"""Points of a problem of few cases: begun, annealed, kicked, bettered piece by piece, proved."""

from collections.abc import Iterator

from arterial.design.capacity.annealed import Annealed
from arterial.design.capacity.kicked import Kicked
from arterial.design.capacity.master import Master
from arterial.design.capacity.piecemeal import Piecemeal
from arterial.design.capacity.problem import Problem
from arterial.jobs.deadline import Deadline
from arterial.solve.program import FloatArray, Solution

__all__ = ["Few"]


class Few:
    """What betters points where the flows of all cases can be written out."""

    @staticmethod
    def of(problem: Problem, master: Master, *, seed: int, deadline: Deadline) -> "Few | None":
        """None where there are too many cases, or limits on delay.

        Parameters
        ----------
        master
            Whose rows points are known to hold.
        """
        if not Piecemeal.serves(problem):
            return None
        return Few(problem, master, seed=seed, deadline=deadline)

    def __init__(self, problem: Problem, master: Master, *, seed: int, deadline: Deadline) -> None:
        self._problem, self._master = problem, master
        self._seed, self._deadline = seed, deadline
        self._pieces = Piecemeal(problem, seed=seed, deadline=deadline)
        self._kicked: Kicked | None = None
        self.kicks = Kicked.serves(problem)
        """Whether points can be kicked."""
        self.small = self._pieces.small
        """Whether the program of the whole problem is worth its time."""

    def started(self) -> FloatArray | None:
        """A whole point (X,) near the cheapest one with parts; None without."""
        return self._pieces.started(self._master.near())

    def annealed(self) -> FloatArray | None:
        """A whole point (X,) of flows searched without a program; None without."""
        search = Annealed.of(self._problem, seed=self._seed, deadline=self._deadline)
        return search and self._pieces.carrying(search.flows(), self._master.near())

    def kicked(self, columns: FloatArray, number: int) -> Iterator[FloatArray]:
        """Whole points (X,), each cheaper than the one before: of a round of kicks."""
        if self.kicks and len(columns):
            if self._kicked is None:
                self._kicked = Kicked(self._problem, seed=self._seed, deadline=self._deadline)
            yield from self._kicked.bettered(columns, self._master.rows, number=number)

    def bettered(self, columns: FloatArray, number: int) -> Iterator[FloatArray]:
        """Whole points (X,), each cheaper than the one before: kicked, or else piece by piece."""
        found = False
        for point in self.kicked(columns, number):
            found = True
            yield point
        if not found and len(columns):
            yield from self._pieces.bettered(columns, self._master.near(), number=number)

    def whole(self, *, gap: float, nodes: int, start: FloatArray) -> Solution:
        """The whole program at once, from a whole point (X,) that carries all, or empty.

        Raises LateError when time is up; it carries the bound.
        """
        return self._pieces.whole(self._master.near(), gap=gap, nodes=nodes, start=start)
