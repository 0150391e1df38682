"""What no placement with its network costs less than, on the candidate lightpaths.

Sets of sites come from the network of one placement, where cut sets are quick to find. Each is
asked what any placement must bring across its border: a market inside needs none of it as far as
edges inside answer it. Rows are those of the capacity core, rounded. Last, placement is whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

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
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Bounded", "bound"]

SLOW = 2e-4
"""A bound that rises by less than this share in ``PATIENCE`` rounds has arrived."""
PATIENCE = 3
NODES = 200
"""Branch-and-bound nodes for the whole placement."""
GAP = 1e-3
MOST_SETS = 1500
"""Sets looked at for every point: those found last."""
SMALL = 1e-9


@dataclass(frozen=True)
class Bounded:
    """The bound after a round; it never falls. The last round has whole placements."""

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
        With parts of everything, at most.
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
    best, history = -np.inf, list[float]()
    for number in range(1, rounds + 1):
        answer = master.relaxed()
        if answer.status != "optimal":
            raise SolverError("HiGHS (joint bound)", answer.detail)
        best = max(best, answer.objective)
        history.append(best)
        yield Bounded(number, best)
        added = sum(master.add(border.rows(answer.primal)) for border in borders)
        if not added or _arrived(history):
            break
    whole = _whole_placement(layers.underlay, columns, master.rows, seed)
    yield Bounded(len(history) + 1, max(best, whole))


def _whole_placement(problem: Problem, columns: Columns, rows: list[Row], seed: int) -> float:
    """The bound where edges are open or not, and waves come in parts."""
    integer = np.zeros_like(problem.program.integer)
    integer[columns.first :] = True
    master = Master(replace(problem, program=replace(problem.program, integer=integer)), seed=seed)
    master.add(rows)
    master.relaxed()
    return master.whole(gap=GAP, nodes=NODES).bound


def _arrived(history: list[float]) -> bool:
    return len(history) > PATIENCE and history[-1] - history[-1 - PATIENCE] <= SLOW * history[-1]


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
        return [
            row
            for inside in self._known.values()
            for row in self._sets.rows_of(self._reach.extended(inside, point), point, thin)
        ]


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
