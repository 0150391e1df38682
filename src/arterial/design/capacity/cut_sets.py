"""Cut sets: what must cross the border of a set of sites, in every case, in whole modules.

The cheapest of all inequalities to find and the strongest to have: on a continent they alone give
97 % of the least cost in half a second. Sets come from smallest cuts of the point that is asked
about, and are bettered one site at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from arterial.design.capacity.climb import climbed
from arterial.design.capacity.cut_kernels import Thin, nearest_cuts
from arterial.design.capacity.cut_rows import set_rows
from arterial.design.capacity.places import Places, places_of
from arterial.design.capacity.problem import FIXED, Problem
from arterial.design.capacity.row import Row
from arterial.paths.graph import Graph
from arterial.paths.parts import parts
from arterial.paths.tree import Adjacency
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["CutSets", "measured"]

MOST_SETS = 2000
"""Sets remembered and looked at again for every point: those found last."""
BETTERED = 60
"""Of these those that are bettered, the thinnest."""
MOST_FOUND = 100
STEPS = 400
SHORT = 1e-4
DRAWN = 20
DRAWN_SITES = 80
ENDS = 2
SIZES = 3
"""Module sizes that borders are counted in, those of most columns first."""


@dataclass(frozen=True)
class _Still:
    """What does not change from point to point."""

    adjacency: Adjacency
    places: Places
    pairs: IntArray
    """(n, 2) sites that traffic must join, each with the first of its part."""
    size_gbps: FloatArray
    whole: tuple[sparse.csr_array, ...]
    """By size, (L, X) whole units that one unit of a column gives."""
    base: FloatArray
    """(U, L)"""


class CutSets:
    """Finds sets whose border a point leaves too thin; remembers those it found."""

    def __init__(self, problem: Problem, *, seed: int = 0) -> None:
        self._problem = problem
        self._still = _still(problem)
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


def _still(problem: Problem) -> _Still:
    links = problem.links
    places = places_of(problem)
    ends = links.ends[places.links]
    graph = Graph.of(places.sites, ends[:, 0], ends[:, 1])
    size_gbps = _sizes(problem)
    supply = links.supply.tocsr()[places.links]
    base_gbps = links.base_gbps[places.links]
    whole: list[sparse.csr_array] = []
    for size in size_gbps.tolist():
        counted = supply.copy()
        continuous = ~problem.program.integer[counted.indices]
        counted.data = np.where(
            continuous, counted.data / size, np.ceil(counted.data / size - SHORT / 100)
        )
        whole.append(counted)
    return _Still(
        adjacency=Adjacency.of(graph),
        places=places,
        pairs=_pairs(problem, places),
        size_gbps=size_gbps,
        whole=tuple(whole),
        base=np.array([np.ceil(base_gbps / size - SHORT / 100) for size in size_gbps]),
    )


def _sizes(problem: Problem) -> FloatArray:
    """(U,) module sizes of most columns; 1 Gb/s where nothing is whole."""
    supply = problem.links.supply.tocsr()
    data = supply.data[problem.program.integer[supply.indices]]
    sizes, count = np.unique(np.round(data[data > 0.0], 6), return_counts=True)
    if not len(sizes):
        return np.ones(1)
    return np.asarray(sizes[np.argsort(-count, kind="stable")[:SIZES]], dtype=np.float64)


def _pairs(problem: Problem, places: Places) -> IntArray:
    """Every site where traffic ends, with the first site of those that traffic joins to it."""
    joined: list[tuple[int, int]] = []
    ends: set[int] = set()
    for k in np.flatnonzero((problem.cases.gbps > 0.0).any(axis=0)).tolist():
        own = [*places.source[k].tolist(), *places.target[k].tolist()]
        joined += [(own[0], other) for other in own[1:]]
        ends |= set(own) if len(own) == ENDS else set()
    by = np.array(joined, dtype=np.int64).reshape(-1, 2)
    first = parts(by, places.sites, np.zeros((1, len(by)), dtype=np.bool_))[0].tolist()
    pairs = [(first[site], site) for site in sorted(ends) if first[site] != site]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


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


def measured(problem: Problem, point: FloatArray, still: _Still | None = None) -> Thin:
    """A point (X,) in whole units, and what each case asks."""
    still = still or _still(problem)
    cases, demands, links = problem.cases, problem.demands, problem.links
    stages = int(cases.stage.max(initial=0)) + 1
    places = still.places
    units = np.zeros((stages, len(still.size_gbps), len(places.links)))
    for stage in range(stages):
        counted = np.where(problem.column_stage <= stage, point, 0.0)
        for number, whole in enumerate(still.whole):
            units[stage, number] = whole @ counted + still.base[number]
    scale = np.where(demands.scaled_by == FIXED, 1.0, point[np.maximum(demands.scaled_by, 0)])
    gbps, pattern = np.unique(cases.gbps / cases.usable[:, None], axis=0, return_inverse=True)
    alive = np.asarray(cases.alive, dtype=np.float64)[:, places.links]
    case, link = np.nonzero(alive < 1.0)
    one_way = links.one_way
    back = np.ones(len(links.ends)) if one_way is None else 1.0 - one_way.astype(np.float64)
    return Thin(
        ends=links.ends[places.links],
        back=back[places.links],
        units=units,
        size_gbps=still.size_gbps,
        first_source=_firsts(places.source),
        source=_joined(places.source),
        first_target=_firsts(places.target),
        target=_joined(places.target),
        gbps=np.ascontiguousarray(gbps * scale),
        pattern=pattern.reshape(-1).astype(np.int64),
        stage=cases.stage,
        first_lost=np.concatenate([[0], np.cumsum((alive < 1.0).sum(axis=1))]).astype(np.int64),
        lost=link.astype(np.int64),
        lost_share=1.0 - alive[case, link],
        shared=links.shared,
    )


def _firsts(sites: tuple[IntArray, ...]) -> IntArray:
    return np.concatenate([[0], np.cumsum([len(own) for own in sites])]).astype(np.int64)


def _joined(sites: tuple[IntArray, ...]) -> IntArray:
    return np.concatenate([*sites, np.zeros(0, np.int64)]).astype(np.int64)
