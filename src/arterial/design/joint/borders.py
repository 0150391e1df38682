"""What any placement must bring across the border of a set of sites, as rows that a point breaks.

Sets are found on the network of one placement, where that is quick; each is then asked with the
places of answers on the side where it asks most, so that its rows hold for every placement.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.checker import Checker
from arterial.design.capacity.cut_sets import CutSets
from arterial.design.capacity.late_cuts import LateCuts
from arterial.design.capacity.measure import measured, still_of
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.design.joint.asked import Answers
from arterial.design.joint.program import Columns
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["FEW_LINKS", "Borders", "Reach"]

LATE_ROWS = 600
"""Of borders in time, about, in a round: they are sought with all placements in view."""
FEW_LINKS = 250
"""Links, those to places of answers counted, up to which sets are sought with all placements in
view too, cases are asked for their prices and light is whole: minutes each on a continent."""
SHORT = 12
"""Cases a round that are asked for their prices."""
MOST_SETS = 1500
"""Sets looked at for every point: those found last."""
SMALL = 1e-9


@dataclass(frozen=True)
class Reach:
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
        own: FloatArray = left[near.astype(np.int64), answers.market]
        away: BoolArray = near ^ (own < 1.0 - SMALL)
        return np.concatenate([inside, away])


class Borders:
    """Rows of one layer that a point breaks."""

    def __init__(
        self,
        joint: Problem,
        alone: Problem,
        reach: Reach,
        seed: int,
        deadline: Deadline = FOREVER,
    ) -> None:
        self._joint = joint
        self._still = still_of(joint)
        self._sets = CutSets(joint, seed=seed, still=self._still)
        self._found = CutSets(alone, seed=seed)
        self._late = LateCuts(joint, self._still)
        self._checker = Checker(joint, None, deadline)
        self._deadline = deadline
        self._reach = reach
        self._known: dict[bytes, BoolArray] = {
            inside.tobytes(): inside for inside in _first_sets(alone, reach)
        }

    def rows(self, point: FloatArray) -> list[Row]:
        """Sets found now, and those found before; raises LateError when time is up."""
        # Rows of these would be true of one placement alone: it is the sets that are wanted.
        found = self._found.too_thin(point[: self._reach.columns.first])
        for inside in self._deadline.each(found):
            self._known.pop(inside.tobytes(), None)
            self._known[inside.tobytes()] = inside
        for key in list(self._known)[: max(0, len(self._known) - MOST_SETS)]:
            del self._known[key]
        thin = measured(self._joint, point, self._still)
        rows = [
            row
            for inside in self._deadline.each(self._known.values())
            for row in self._sets.rows_of(self._reach.extended(inside, point), point, thin)
        ]
        self._deadline.check()
        rows += self._late.rows(point, most=LATE_ROWS)
        if len(self._joint.links.ends) <= FEW_LINKS:
            rows += self._sets.rows(point)
            rows += self._checker.rows(self._checker.check(point, most=SHORT), point)
        return rows


def _first_sets(alone: Problem, reach: Reach) -> Iterator[BoolArray]:
    """Each site, and both ends of each link."""
    sites = reach.sites
    for site in range(sites):
        yield np.arange(sites) == site
    ends = np.sort(alone.links.ends, axis=1)
    for a, z in np.unique(ends[(ends < sites).all(axis=1)], axis=0).tolist():
        yield np.isin(np.arange(sites), (a, z))
