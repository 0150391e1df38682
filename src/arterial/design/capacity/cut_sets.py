"""Cut sets: what must cross the border of a set of sites, in every case, in whole modules.

The cheapest of all inequalities to find and the strongest to have: on a continent they alone give
97 % of the least cost in half a second. Sets come from smallest cuts of the point that is asked
about, and are bettered one site at a time.
"""

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from arterial.design.capacity.climb import climbed
from arterial.design.capacity.cut_kernels import Thin, nearest_cuts
from arterial.design.capacity.cut_rows import set_rows
from arterial.design.capacity.measure import Still, measured, still_of
from arterial.design.capacity.places import Places
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["CutSets"]

MOST_SETS = 2000
"""Sets remembered and looked at again for every point: those found last."""
BETTERED = 60
"""Of these those that are bettered, the thinnest."""
MOST_FOUND = 100
STEPS = 400
SHORT = 1e-4
DRAWN = 20
DRAWN_SITES = 80


class CutSets:
    """Finds sets whose border a point leaves too thin; remembers those it found."""

    def __init__(self, problem: Problem, *, seed: int = 0, still: Still | None = None) -> None:
        self._problem = problem
        self._still = still or still_of(problem)
        self._random = np.random.default_rng(seed)
        self._known: dict[bytes, BoolArray] = {
            inside.tobytes(): inside for inside in _first_sets(problem, self._still.places)
        }

    def rows(self, point: FloatArray, *, most: int = 200) -> list[Row]:
        """Rows that a point (X,) breaks, worst sets first: those of their worst cases."""
        thin = measured(self._problem, point, self._still)
        rows: list[Row] = []
        for inside in self.too_thin(point, thin):
            rows += self.rows_of(inside, point, thin)
            if len(rows) >= most:
                break
        return rows

    def too_thin(self, point: FloatArray, thin: Thin | None = None) -> Iterator[BoolArray]:
        """Sets (N,) whose border is too thin, worst first: known ones and smallest cuts bettered.

        Those that are taken are remembered.
        """
        thin = thin or measured(self._problem, point, self._still)
        tried = np.array([*self._thinnest(thin), *self._smallest(thin), *self._grown()])
        far = climbed(tried, thin, STEPS)
        found = {
            inside.tobytes(): (short, inside.copy())
            for inside, short in zip(tried, far.tolist(), strict=True)
            if short > SHORT
        }
        for key, (_, inside) in sorted(found.items(), key=lambda entry: (-entry[1][0], entry[0])):
            self._known.pop(key, None)
            self._known[key] = inside
            yield inside

    def rows_of(self, inside: BoolArray, point: FloatArray, thin: Thin | None = None) -> list[Row]:
        """Rows of one set (N,) that a point breaks."""
        thin = thin or measured(self._problem, point, self._still)
        return set_rows(self._problem, self._still.places, thin, inside, point)

    def _thinnest(self, thin: Thin) -> BoolArray:
        """(n, N) of the known sets those that are thinnest at the point; the oldest are dropped."""
        for key in list(self._known)[: max(0, len(self._known) - MOST_SETS)]:
            del self._known[key]
        known = np.array([*self._known.values()])
        far = climbed(known.copy(), thin, 0)
        return known[np.argsort(-far, kind="stable")[:BETTERED]]

    def _grown(self) -> Iterator[BoolArray]:
        """Connected sets drawn at random: starts that no point suggests."""
        places = self._still.places
        sites, ends = places.sites, self._problem.links.ends[places.links]
        for _ in range(DRAWN):
            inside = np.zeros(sites, dtype=np.bool_)
            inside[self._random.integers(sites)] = True
            for _ in range(int(self._random.integers(1, min(max(sites // 2, 2), DRAWN_SITES)))):
                across = ends[inside[ends[:, 0]] != inside[ends[:, 1]]]
                if not len(across):
                    break
                inside[across[self._random.integers(len(across))]] = True
            yield inside

    def _smallest(self, thin: Thin) -> list[BoolArray]:
        """Sides of smallest cuts: of two units without failure, of one in each case."""
        still, sites = self._still, self._still.places.sites
        graph = (still.adjacency.first, still.adjacency.arcs, still.adjacency.target)
        room = np.zeros((MOST_FOUND, sites), dtype=np.bool_)
        units = thin.units[-1].max(axis=0)
        twice = bool((np.diff(thin.first_lost) > 0).any())
        count = nearest_cuts(graph, units, still.pairs, 2.0 if twice else 1.0, room)
        found = {inside.tobytes(): inside.copy() for inside in room[:count]}
        alive = np.asarray(self._problem.cases.alive, dtype=np.float64)[:, still.places.links]
        for case in _telling(alive, units):
            if len(found) >= MOST_FOUND:
                break
            left = units * alive[case]
            count = nearest_cuts(graph, left, still.pairs, 1.0, room)
            found |= {inside.tobytes(): inside.copy() for inside in room[:count]}
        return _pieces(self._problem.links.ends[still.places.links], list(found.values()))


def _pieces(ends: IntArray, sets: list[BoolArray]) -> list[BoolArray]:
    """Connected parts of what lies beyond each set: each has a shorter border than all of them."""
    pieces: dict[bytes, BoolArray] = {}
    for inside in sets:
        sites = len(inside)
        beyond = ends[~inside[ends].any(axis=1)]
        graph = sparse.coo_array((np.ones(len(beyond)), beyond.T), shape=(sites, sites))
        count, label = csgraph.connected_components(graph, directed=False)
        for number in np.setdiff1d(np.arange(count), label[inside]).tolist():
            piece = label == number
            pieces.setdefault(piece.tobytes(), piece)
    return list(pieces.values())


def _telling(alive: FloatArray, units: FloatArray) -> list[int]:
    """Cases that take some of what the point has; those that take the same links count once."""
    lost = (1.0 - alive) * (units > SHORT)
    seen: dict[bytes, int] = {}
    for case in range(len(lost)):
        if lost[case].any():
            seen.setdefault(lost[case].tobytes(), case)
    return list(seen.values())


def _first_sets(problem: Problem, places: Places) -> Iterator[BoolArray]:
    """Every site where traffic ends, and both ends of every link."""
    sites = places.sites
    asked = np.flatnonzero((problem.cases.gbps > 0.0).any(axis=0))
    ends = {site for k in asked for site in (*places.source[k], *places.target[k])}
    for site in sorted(ends):
        yield np.arange(sites) == site
    joined = np.sort(problem.links.ends[places.links], axis=1)
    for a, z in np.unique(joined, axis=0).tolist():
        yield np.isin(np.arange(sites), (a, z))
