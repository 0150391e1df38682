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
from arterial.design.horizon_cases import Asked, answer_alive, asked_of
from arterial.design.horizon_ways import Solve, whole
from arterial.design.hose import (
    FULL,
    asked_by,
    hose_of,
    share_of,
    worst_matrix,
)
from arterial.design.outlook import Outlook
from arterial.jobs.progress import Report, silent
from arterial.paths.graph import Graph
from arterial.solve.program import FloatArray

__all__ = ["Hosed", "cases_asked", "hosed", "markets_of", "stage_arcs_gbps"]


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
        columns = whole(horizon, solve).columns
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
    """(E,) raw capacity of every arc once a phase has bought; 0 against a one-way link."""
    links = problem.links
    counted = np.where(problem.column_stage <= stage, columns, 0.0)
    arcs = np.repeat(links.base_gbps + links.supply @ counted, 2)
    if links.one_way is not None:
        arcs[1::2][links.one_way] = 0.0
    return arcs


def _worst(
    horizon: Horizon, columns: FloatArray, stage: int, known: int, random: np.random.Generator
) -> Asked | None:
    """The matrix of a phase's hose that is carried least, in whichever case."""
    here, instance = horizon.outlook.stages[stage], horizon.outlook.instance
    hose, markets = hose_of(instance, here.flows[0]), markets_of(horizon.outlook, stage)
    links, sites = horizon.problem.links, instance.graph.sites
    graph = Graph.of(links.sites, links.ends[:, 0].tolist(), links.ends[:, 1].tolist())
    raw = stage_arcs_gbps(horizon.problem, columns, stage)
    worst: tuple[float, FloatArray] | None = None
    for case, capacity, fixed in cases_asked(horizon, stage, markets, raw):
        share = share_of(instance, hose, case)
        matrix = worst_matrix(graph, hose, share, capacity, fixed, random)
        if matrix is not None:
            asked = fixed.copy()
            asked[:sites, :sites] += (share * matrix).sum(axis=0)
            left = carried_share(graph, capacity, asked).share
            if worst is None or left < worst[0]:
                worst = left, matrix
    if worst is None or worst[0] >= FULL:
        return None
    name = f"{here.phase.name}, matrix {known + 1 + stage}"
    return asked_by(instance, markets, hose, worst[1], name)


def markets_of(outlook: Outlook, stage: int) -> Asked:
    """What markets ask in a phase."""
    here = outlook.stages[stage]
    flows = [flow for flow in here.flows[0] if flow.market]
    return asked_of(outlook.instance, flows, outlook.answers, "", stage=stage, usable=here.usable)


def cases_asked(
    horizon: Horizon, stage: int, markets: Asked, raw: FloatArray
) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """(case, capacity by arc, what markets ask) of every case that asks something of the hose."""
    here, outlook = horizon.outlook.stages[stage], horizon.outlook
    instance, sites = outlook.instance, horizon.problem.links.sites
    hose = hose_of(instance, here.flows[0])
    for case, asked in enumerate(markets.gbps):
        if share_of(instance, hose, case).any():
            alive = here.usable & ~instance.dead[case - 1] if case else here.usable
            alive = np.concatenate([alive, answer_alive(instance, outlook.answers, case)])
            usable = instance.usable_failed if case else instance.usable_normal
            gbps = np.zeros((sites, sites))
            for pair, rate in asked.items():
                gbps[pair[0], pair[1]] += rate
            yield case, np.where(np.repeat(alive, 2), raw, 0.0) * usable, gbps
