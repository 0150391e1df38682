"""The capacity engine as the ways of a horizon call it: a problem in, what is bought out."""

from math import isfinite

from arterial.design.capacity.engine import capacity
from arterial.design.capacity.problem import Problem
from arterial.design.folded import folded
from arterial.design.horizon_ways import Carried, Solve
from arterial.errors import InfeasibleError, SolverError

__all__ = ["solver"]


def solver(*, gap: float, rounds: int, seed: int) -> Solve:
    """Solves to a gap or for so many rounds; a point that carries every case, and a bound.

    What it returns raises InfeasibleError where nothing carries all cases, SolverError where the
    engine stopped without a point.
    """

    def solved(problem: Problem) -> Carried:
        fold = folded(problem)
        asked = problem if fold is None else fold.problem
        *_, last = capacity(asked, gap=gap, rounds=rounds, seed=seed)
        if last.infeasible:
            raise InfeasibleError(
                "what the phases ask",
                "all that can be bought by then does not carry it",
                ("more pairs on its fibres", "a fibre that comes sooner", "a smaller load"),
            )
        if not isfinite(last.cost):
            raise SolverError(
                "capacity engine", "it stopped before it found what carries all cases"
            )
        columns = last.columns if fold is None else fold.columns(last.columns)
        return Carried(last.cost, last.bound, columns)

    return solved
