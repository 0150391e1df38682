"""What no placement with its network costs less than, on the candidate lightpaths.

Sets of sites come from the network of one placement, where cut sets are quick to find. Each is
asked what any placement must bring across its border: a market inside needs none of it as far as
edges inside answer it. Rows are those of the capacity core, rounded. Last, placement is whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.capacity.checker import Checker
from arterial.design.capacity.cut_sets import CutSets, measured
from arterial.design.capacity.dominant import dominant
from arterial.design.capacity.master import Master
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.design.instance import Instance
from arterial.design.joint.asked import Answers, asked
from arterial.design.joint.offered import Offered, Pairs
from arterial.design.joint.program import Columns, joint_layers, placement_columns
from arterial.design.joint.traffic import Traffic
from arterial.design.underlay import layers_of
from arterial.errors import SolverError
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Rows, Solution

__all__ = ["Bounded", "bound"]

RELAXED = 2
"""Rounds before placements are whole."""
NODES = 200
"""Branch-and-bound nodes for the whole placement."""
GAP = 1e-3
NEAR = 0.05
"""Rows this near to the relaxed point take part there."""
FEW_LINKS = 250
"""Links, those to places of answers counted, up to which sets are sought with all placements in view
too, and cases are asked for their prices: both take minutes on a continent."""
SHORT = 12
"""Cases a round that are asked for their prices."""
MOST_SETS = 1500
"""Sets looked at for every point: those found last."""
SMALL = 1e-9


@dataclass(frozen=True)
class Bounded:
    """The bound after a round; it never falls. From the third on placements are whole."""

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
) -> Iterator[Bounded]:
    """Bounds on edges, waves, pairs and chassis together, for every placement.

    Parameters
    ----------
    pairs
        The placement whose network tells sets of sites; any will do.
    rounds
        Of new rows, at most.
    """
    wanted = asked(instance, choices, traffic)
    layers = joint_layers(instance, choices, wanted)
    flows = traffic.flows(choices.replicas(pairs))
    guide = layers_of(instance, flows)
    columns = placement_columns(choices, len(guide.underlay.program.cost))
    index = instance.ground.site_index
    site = np.array([index[name] for name in choices.edges], dtype=np.int64)
    reach = _Reach(columns, wanted.answers, instance.graph.sites, site)
    borders = [
        _Borders(dominant(joint), dominant(alone), reach, seed)
        for joint, alone in ((layers.underlay, guide.underlay), (layers.plant, guide.plant))
    ]
    master = Master(layers.underlay, seed=seed)
    best = -np.inf
    for number in range(1, rounds + 2):
        answer = master.relaxed()
        if answer.status != "optimal":
            raise SolverError("HiGHS (joint bound)", answer.detail)
        best, point = max(best, answer.objective), answer.primal
        if number > RELAXED:
            whole = _whole_placement(layers.underlay, columns, master.rows, master.point, seed)
            best = max(best, whole.bound if np.isfinite(whole.bound) else -np.inf)
            point = whole.primal if len(whole.primal) else point
        yield Bounded(number, best)
        if number <= rounds:
            added = sum(master.add(border.rows(point)) for border in borders)
            if not added and number > RELAXED:
                return


def _whole_placement(
    problem: Problem, columns: Columns, rows: list[Row], point: FloatArray, seed: int
) -> Solution:
    """The least where edges are open or not, and waves come in parts; of rows near a point."""
    program = problem.program
    integer = np.zeros_like(program.integer)
    integer[columns.first :] = True
    near = [row for row in rows if row.broken(point) > -NEAR]
    entries = [(row.columns.tolist(), row.values.tolist(), row.low, np.inf) for row in near]
    joined = Rows.joined([program.rows, Rows.of(entries)])
    session = Session(replace(program, integer=integer, rows=joined), seed=seed)
    return session.solve(gap=GAP, nodes=NODES)


class _Found(CutSets):
    """Sets whose border a point leaves too thin, as sets."""

    def __init__(self, problem: Problem, *, seed: int) -> None:
        super().__init__(problem, seed=seed)
        self.sets: list[BoolArray] = []

    def rows_of(self, inside: BoolArray, point: FloatArray, thin: object = None) -> list[Row]:
        """Keep the set; of this placement alone its rows would be true."""
        self.sets.append(inside)
        return []


class _Borders:
    """Rows of one layer that a point breaks."""

    def __init__(self, joint: Problem, alone: Problem, reach: "_Reach", seed: int) -> None:
        self._joint = joint
        self._sets = CutSets(joint, seed=seed)
        self._found = _Found(alone, seed=seed)
        self._checker = Checker(joint, None)
        self._reach = reach
        self._known: dict[bytes, BoolArray] = {
            inside.tobytes(): inside for inside in _first_sets(alone, reach)
        }

    def rows(self, point: FloatArray) -> list[Row]:
        """Sets found now, and those found before."""
        self._found.sets = []
        self._found.rows(point[: self._reach.columns.first])
        for inside in self._found.sets:
            self._known.pop(inside.tobytes(), None)
            self._known[inside.tobytes()] = inside
        for key in list(self._known)[: max(0, len(self._known) - MOST_SETS)]:
            del self._known[key]
        thin = measured(self._joint, point)
        rows = [
            row
            for inside in self._known.values()
            for row in self._sets.rows_of(self._reach.extended(inside, point), point, thin)
        ]
        if len(self._joint.links.ends) <= FEW_LINKS:
            rows += self._sets.rows(point)
            rows += self._checker.rows(self._checker.check(point, most=SHORT), point)
        return rows


def _first_sets(alone: Problem, reach: "_Reach") -> Iterator[BoolArray]:
    """Each site, and both ends of each link."""
    sites = reach.sites
    for site in range(sites):
        yield np.arange(sites) == site
    ends = np.sort(alone.links.ends, axis=1)
    for a, z in np.unique(ends[(ends < sites).all(axis=1)], axis=0).tolist():
        yield np.isin(np.arange(sites), (a, z))


@dataclass(frozen=True)
class _Reach:
    """Which edges lead to which places of answers, and where they stand."""

    columns: Columns
    answers: Answers
    sites: int
    """N, places apart."""
    edge_site: IntArray
    """(E,)"""

    def extended(self, inside: BoolArray, point: FloatArray) -> BoolArray:
        """A set with the places of answers on the side where its border asks most at a point.

        A market inside has its place outside unless edges inside answer it, whichever one of them
        is lost; and the other way round.
        """
        columns, answers = self.columns, self.answers
        share = point[columns.answers]
        here = inside[self.edge_site[columns.edge]]
        markets = int(columns.market.max(initial=-1)) + 1
        left = np.zeros((2, markets))
        for side, at in enumerate((~here, here)):
            most = np.zeros(markets)
            np.add.at(left[side], columns.market[at], share[at])
            np.maximum.at(most, columns.market[at], share[at])
            left[side] -= most
        near = inside[answers.site]
        own = np.where(near, left[1, answers.market], left[0, answers.market])
        apart = own < 1.0 - SMALL
        return np.concatenate([inside, near ^ apart])
