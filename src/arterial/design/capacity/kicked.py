"""A whole point bettered by kicks: modules of a few links are gone, and what is short bought anew.

Where links have one module each, ways pressed into what is left find in half a second what a
program of the same links takes many to prove. Nothing is proved here.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.design.capacity.shop import Shopper
from arterial.design.capacity.spread import spread
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.jobs.threads import in_threads
from arterial.solve.program import FloatArray

__all__ = ["Kicked"]

KICKS, AT_ONCE = 48, 2
"""In a round, and how many begin from one point: always, so that answers are the same anywhere."""
FEWEST, MOST = 3, 7
"""Links that lose a module."""
LEAST = 1e-6
"""Saving from which on a point is another."""


class Kicked:
    """Betters points of one problem."""

    @staticmethod
    def serves(problem: Problem) -> bool:
        """Whether points of it carry every case, and links have one kind of module each."""
        kinds = np.diff(problem.links.supply.tocsr().indptr)
        return Shopper.settles(problem) and bool((kinds <= 1).all())

    def __init__(self, problem: Problem, *, seed: int, deadline: Deadline = FOREVER) -> None:
        self._problem, self._seed, self._deadline = problem, seed, deadline
        self._shoppers = [Shopper(problem, deadline) for _ in range(AT_ONCE)]

    def bettered(
        self, columns: FloatArray, rows: Sequence[Row], *, number: int
    ) -> Iterator[FloatArray]:
        """Whole points (X,), each cheaper than the one before: of a round of kicks.

        Parameters
        ----------
        columns
            A whole point that carries all.
        rows
            Of the problem, that every answer holds.
        number
            Of the round: other links in each.

        Raises LateError when time is up.
        """
        cost, random = self._problem.program.cost, np.random.default_rng((self._seed, number))
        point = columns
        for _ in self._deadline.each(range(0, KICKS, AT_ONCE)):
            tasks = [(shopper, self._kick(point, random)) for shopper in self._shoppers]
            found = in_threads(partial(_bought, rows), tasks, at_once=AT_ONCE)
            tried = [one for _, one in found if one is not None]
            best = min(tried or [point], key=lambda one: float(cost @ one))
            saved = float(cost @ point - cost @ best)
            if saved >= -LEAST:  # of one cost: another point to kick
                point = best
            if saved > LEAST:
                yield point

    def _kick(self, point: FloatArray, random: np.random.Generator) -> FloatArray:
        """The point with a module less on a few links that hang together."""
        links, program = self._problem.links, self._problem.program
        some = int(random.integers(FEWEST, MOST))
        near = spread(links.ends, int(random.integers(links.sites)), some, random)
        gives = np.asarray(links.supply.tocsr()[near].sum(axis=0)).reshape(-1) > 0.0
        less = gives & program.integer & (point >= program.low + 1.0)
        return np.where(less, point - 1.0, point)


def _bought(rows: Sequence[Row], task: tuple[Shopper, FloatArray]) -> FloatArray | None:
    shopper, start = task
    return shopper.point(start, rows=rows, asks=True)
