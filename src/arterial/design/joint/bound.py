"""What no placement with its network costs less than, on the candidate lightpaths.

Sets of sites come from the network of one placement, where cut sets are quick to find. Each is
asked what any placement must bring across its border: a market inside needs none of it as far as
edges inside answer it. Rows are those of the capacity core, rounded. Last, placement is whole.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.bound import NO_HEURISTICS
from arterial.design.capacity.dominant import dominant
from arterial.design.capacity.master import Master
from arterial.design.capacity.problem import Problem
from arterial.design.instance import Instance
from arterial.design.joint.asked import asked
from arterial.design.joint.borders import FEW_LINKS, Borders, Reach
from arterial.design.joint.offered import Offered, Pairs
from arterial.design.joint.program import Columns, joint_layers, placement_columns
from arterial.design.joint.traffic import Traffic
from arterial.design.underlay import layers_of
from arterial.errors import SolverError
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.highs import Session
from arterial.solve.program import Rows, Solution

__all__ = ["Bounded", "bound"]

RELAXED = 2
"""Rounds before placements are whole."""
NODES = 200
"""Branch-and-bound nodes for the whole placement."""
GAP = 1e-3
NEAR = 0.05
"""Rows this near to the relaxed point take part there."""


@dataclass(frozen=True)
class Bounded:
    """The bound after a round; it never falls.

    From the third on placements are whole, in the last one light too.
    """

    round: int
    bound: float


def bound(
    instance: Instance,
    choices: Offered,
    traffic: Traffic,
    pairs: Pairs,
    *,
    rounds: int,
    seed: int = 0,
    deadline: Deadline = FOREVER,
) -> Iterator[Bounded]:
    """Bounds on edges, waves, pairs and chassis together, for every placement.

    Parameters
    ----------
    pairs
        The placement whose network tells sets of sites; any will do.
    rounds
        Of new rows, at most.
    deadline
        Asked between sets, and the limit of each program: there are no more rounds then.
    """
    rounds_of = _rounds(instance, choices, traffic, pairs, (rounds, seed), deadline)
    with suppress(LateError):
        yield from rounds_of


def _rounds(
    instance: Instance,
    choices: Offered,
    traffic: Traffic,
    pairs: Pairs,
    effort: tuple[int, int],
    deadline: Deadline,
) -> Iterator[Bounded]:
    """The first one, which is quick, whatever the time; raises LateError after it."""
    (rounds, seed), number = effort, 0
    after_first = Deadline(lambda: np.inf if number <= 1 else deadline.left_s())
    wanted = asked(instance, choices, traffic)
    layers = joint_layers(instance, choices, wanted)
    flows = traffic.flows(choices.replicas(pairs))
    guide = layers_of(instance, flows)
    columns = placement_columns(choices, len(guide.underlay.program.cost))
    index = instance.ground.site_index
    site = np.array([index[name] for name in choices.edges], dtype=np.int64)
    reach = Reach(columns, wanted.answers, instance.graph.sites, site)
    borders = [
        Borders(dominant(joint), dominant(alone), reach, seed, deadline)
        for joint, alone in ((layers.underlay, guide.underlay), (layers.plant, guide.plant))
    ]
    master = Master(layers.underlay, seed=seed, deadline=after_first)
    best = -np.inf
    for number in range(1, rounds + 2):
        answer = master.relaxed()
        if answer.status != "optimal":
            raise SolverError("HiGHS (joint bound)", answer.detail)
        best, point = max(best, answer.objective), answer.primal
        if number > RELAXED:
            few = len(layers.underlay.links.ends) <= FEW_LINKS
            light = few or number > rounds
            session = _session(layers.underlay, columns, master, seed, light=light)
            whole = _solved(session, quick=light and not few, deadline=deadline)
            best = max(best, whole.bound if np.isfinite(whole.bound) else -np.inf)
            point = whole.primal if len(whole.primal) else point
        yield Bounded(number, best)
        if number <= rounds:
            added = sum(master.add(border.rows(point)) for border in borders)
            if not added and number > RELAXED:
                return


def _session(
    problem: Problem, columns: Columns, master: Master, seed: int, *, light: bool
) -> Session:
    """The least where edges are open or not, of rows near the relaxed point.

    Parameters
    ----------
    light
        Waves, pairs and chassis are whole too.
    """
    program = problem.program
    integer = program.integer.copy()
    if not light:
        integer[: columns.first] = False
    near = [row for row in master.rows if row.broken(master.point) > -NEAR]
    entries = [(row.columns.tolist(), row.values.tolist(), row.low, np.inf) for row in near]
    joined = Rows.joined([program.rows, Rows.of(entries)])
    return Session(replace(program, integer=integer, rows=joined), seed=seed)


def _solved(session: Session, *, quick: bool, deadline: Deadline) -> Solution:
    """Within ``GAP`` or after ``NODES``; quick where there is no time for many nodes of that."""
    left_s = deadline.left_s()
    if quick:
        return session.solve(gap=GAP, nodes=1, options=NO_HEURISTICS, time_limit_s=left_s)
    return session.solve(gap=GAP, nodes=NODES, time_limit_s=left_s)
