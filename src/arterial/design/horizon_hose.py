"""Matrices of every phase's hose, found against what the whole horizon builds, until none is left.

Each round solves all phases with the matrices known so far and seeks, phase by phase and case by
case, one that its capacity does not carry. The bound of a round holds for the hose: every matrix in
it is one of the hose's. That nothing more was found is no proof that nothing more is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.fits import carried_share
from arterial.design.horizon import Horizon, horizon_of, loads_asked
from arterial.design.horizon_cases import Asked, asked_of
from arterial.design.horizon_ways import Solve
from arterial.design.hose import (
    FULL,
    Hose,
    asked_by,
    hose_of,
    share_of,
    worst_matrix,
)
from arterial.design.outlook import Outlook
from arterial.jobs.progress import Report, silent
from arterial.solve.program import FloatArray

__all__ = ["Hosed", "hosed", "stage_arcs_gbps"]


@dataclass(frozen=True)
class Hosed:
    """What the phases ask, matrices of their hoses in it."""

    asked: tuple[Asked, ...]
    matrices: int
    """Added to the loads' own."""
    rounds: int
    closed: bool
    """The last round found no further one."""


def hosed(
    outlook: Outlook, solve: Solve, *, rounds: int, seed: int = 0, report: Report = silent
) -> Hosed:
    """Add matrices until none is found, or for so many rounds."""
    own = loads_asked(outlook)
    asked = list(own)
    for number in range(rounds):
        report("hose", number, rounds)
        horizon = horizon_of(outlook, asked)
        columns = solve(horizon.problem).columns
        random = np.random.default_rng([seed, number])
        fresh = [
            found
            for stage in range(len(outlook.stages))
            if (found := _worst(horizon, columns, stage, len(asked), random)) is not None
        ]
        if not fresh:
            return Hosed(tuple(asked), len(asked) - len(own), number, closed=True)
        asked += fresh
    return Hosed(tuple(asked), len(asked) - len(own), rounds, closed=False)


def stage_arcs_gbps(problem: Problem, columns: FloatArray, stage: int) -> FloatArray:
    """(E,) raw capacity of every arc once a phase has bought."""
    counted = np.where(problem.column_stage <= stage, columns, 0.0)
    return np.repeat(problem.links.base_gbps + problem.links.supply @ counted, 2)


def _worst(
    horizon: Horizon, columns: FloatArray, stage: int, known: int, random: np.random.Generator
) -> Asked | None:
    """The matrix of a phase's hose that is carried least, in whichever case."""
    here, instance = horizon.outlook.stages[stage], horizon.outlook.instance
    hose = hose_of(instance, here.flows[0])
    raw = stage_arcs_gbps(horizon.problem, columns, stage)
    worst: tuple[float, FloatArray] | None = None
    for case, capacity, fixed in _cases(horizon, stage, raw):
        share = share_of(instance, hose, case)
        matrix = worst_matrix(instance, hose, share, capacity, fixed, random)
        if matrix is not None:
            asked = (share * matrix).sum(axis=0) + fixed
            left = carried_share(instance.graph, capacity, asked).share
            if worst is None or left < worst[0]:
                worst = left, matrix
    if worst is None or worst[0] >= FULL:
        return None
    name = f"{here.phase.name}, matrix {known + 1 + stage}"
    return asked_by(instance, here.flows[0], hose, worst[1], name, stage=stage, usable=here.usable)


def _cases(
    horizon: Horizon, stage: int, raw: FloatArray
) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """(case, capacity by arc, what markets ask) of every case that asks something of the hose."""
    here, instance = horizon.outlook.stages[stage], horizon.outlook.instance
    hose: Hose = hose_of(instance, here.flows[0])
    markets = [flow for flow in here.flows[0] if flow.market]
    fixed = asked_of(instance, markets, "", stage, here.usable)
    for case, asked in enumerate(fixed.gbps):
        if share_of(instance, hose, case).any():
            alive = here.usable & ~instance.dead[case - 1] if case else here.usable
            usable = instance.usable_failed if case else instance.usable_normal
            gbps = np.zeros((instance.graph.sites, instance.graph.sites))
            for pair, rate in asked.items():
                gbps[pair[0], pair[1]] += rate
            yield case, np.where(np.repeat(alive, 2), raw, 0.0) * usable, gbps
