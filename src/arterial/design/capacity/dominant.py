"""Cases that tell all: the rest hold wherever these do.

A case that leaves as much of every link as another, and asks no more of any demand, needs no look:
the cut of a fibre beside the duct that holds it, a loss that takes no link that can be bought.
"""

from dataclasses import replace

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.solve.program import BoolArray

__all__ = ["dominant"]

SMALL = 1e-12


def dominant(problem: Problem) -> Problem:
    """The problem with the cases alone that no other one implies; same answers, same bounds."""
    cases = problem.cases
    left = np.asarray(cases.alive, dtype=np.float64) * cases.usable[:, None]
    count = len(left)
    implied: BoolArray = np.zeros(count, dtype=np.bool_)
    for case in range(count):
        by = (
            ~implied
            & (cases.stage == cases.stage[case])
            & (left <= left[case] + SMALL).all(axis=1)
            & (cases.gbps >= cases.gbps[case] - SMALL).all(axis=1)
        )
        by[case] = False
        implied[case] = by.any()
    kept = np.flatnonzero(~implied)
    return replace(
        problem,
        cases=replace(
            cases,
            names=tuple(cases.names[case] for case in kept.tolist()),
            alive=cases.alive[kept],
            usable=cases.usable[kept],
            gbps=cases.gbps[kept],
            stage=cases.stage[kept],
        ),
    )
