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
from arterial.design.capacity.problem import FIXED, Problem
from arterial.design.capacity.row import Row, divided, length_row, rounded
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["CutSets", "measured"]

MOST_SETS = 2000
"""Sets remembered and looked at again for every point: those found last."""
MOST_FOUND = 400
STEPS = 400
SHORT = 1e-4
DRAWN = 40
DRAWN_SITES = 40
SIZES = 3
"""Module sizes that borders are counted in, those of most columns first."""


@dataclass(frozen=True)
class _Still:
    """What does not change from point to point."""

    adjacency: Adjacency
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
            inside.tobytes(): inside for inside in _first_sets(problem)
        }

    def rows(self, point: FloatArray, *, most: int = 200) -> list[Row]:
        """Rows that a point (X,) breaks, worst sets first.

        The sets that are known and smallest cuts are bettered; each that is still too thin gives
        the rows of its worst cases.
        """
        thin = measured(self._problem, point, self._still)
        tried = np.array([*self._known.values(), *self._smallest(thin), *self._grown()])
        far = climbed(tried, thin, STEPS)
        found = {
            inside.tobytes(): (short, inside.copy())
            for inside, short in zip(tried, far.tolist(), strict=True)
            if short > SHORT
        }
        rows: list[Row] = []
        for key, (_, inside) in sorted(found.items(), key=lambda entry: (-entry[1][0], entry[0])):
            self._known.pop(key, None)
            self._known[key] = inside
            rows += self.rows_of(inside, point, thin)
            if len(rows) >= most:
                break
        for key in list(self._known)[: max(0, len(self._known) - MOST_SETS)]:
            del self._known[key]
        return rows

    def rows_of(self, inside: BoolArray, point: FloatArray, thin: Thin | None = None) -> list[Row]:
        """Rows of one set (N,) that a point breaks."""
        problem = self._problem
        thin = thin or measured(problem, point, self._still)
        cases = _worst_cases(problem, thin, inside)
        whole, high = problem.program.integer, problem.program.high
        rows: list[Row] = []
        for row in _asked(problem, inside, cases, self._still.size_gbps):
            rows += rounded(row, whole=whole, high=high, point=point, most=1)
        return rows

    def _grown(self) -> Iterator[BoolArray]:
        """Connected sets drawn at random: starts that no point suggests."""
        sites, ends = self._problem.links.sites, self._problem.links.ends
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
        still, sites = self._still, self._problem.links.sites
        graph = (still.adjacency.first, still.adjacency.arcs, still.adjacency.target)
        room = np.zeros((MOST_FOUND, sites), dtype=np.bool_)
        units = thin.units[-1].max(axis=0)
        twice = bool((np.diff(thin.first_lost) > 0).any())
        count = nearest_cuts(graph, units, still.pairs, 2.0 if twice else 1.0, room)
        found = {inside.tobytes(): inside.copy() for inside in room[:count]}
        for case in _telling(self._problem, units):
            if len(found) >= MOST_FOUND:
                break
            left = units * self._problem.cases.alive[case]
            count = nearest_cuts(graph, left, still.pairs, 1.0, room)
            found |= {inside.tobytes(): inside.copy() for inside in room[:count]}
        return _pieces(self._problem.links.ends, list(found.values()))


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


def _telling(problem: Problem, units: FloatArray) -> list[int]:
    """Cases that take some of what the point has; those that take the same links count once."""
    lost = (1.0 - problem.cases.alive) * (units > SHORT)
    seen: dict[bytes, int] = {}
    for case in range(len(lost)):
        if lost[case].any():
            seen.setdefault(lost[case].tobytes(), case)
    return list(seen.values())


def _still(problem: Problem) -> _Still:
    links = problem.links
    graph = Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1])
    size_gbps = _sizes(problem)
    supply = links.supply.tocsr()
    whole: list[sparse.csr_array] = []
    for size in size_gbps.tolist():
        counted = supply.copy()
        parts = ~problem.program.integer[counted.indices]
        counted.data = np.where(
            parts, counted.data / size, np.ceil(counted.data / size - SHORT / 100)
        )
        whole.append(counted)
    return _Still(
        adjacency=Adjacency.of(graph),
        pairs=_pairs(problem),
        size_gbps=size_gbps,
        whole=tuple(whole),
        base=np.array([np.ceil(links.base_gbps / size - SHORT / 100) for size in size_gbps]),
    )


def _sizes(problem: Problem) -> FloatArray:
    """(U,) module sizes of most columns; 1 Gb/s where nothing is whole."""
    supply = problem.links.supply.tocsr()
    data = supply.data[problem.program.integer[supply.indices]]
    sizes, count = np.unique(np.round(data[data > 0.0], 6), return_counts=True)
    if not len(sizes):
        return np.ones(1)
    return np.asarray(sizes[np.argsort(-count, kind="stable")[:SIZES]], dtype=np.float64)


def _pairs(problem: Problem) -> IntArray:
    """Every site where traffic ends, with the first site of those that traffic joins to it."""
    asked = (problem.cases.gbps > 0.0).any(axis=0)
    root = list(range(problem.links.sites))

    def top(site: int) -> int:
        while root[site] != site:
            root[site] = root[root[site]]
            site = root[site]
        return site

    ends: set[int] = set()
    for k in np.flatnonzero(asked):
        a, z = int(problem.demands.source[k]), int(problem.demands.target[k])
        ends |= {a, z}
        low, high = sorted((top(a), top(z)))
        root[high] = low
    pairs = [(top(site), site) for site in sorted(ends) if top(site) != site]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _first_sets(problem: Problem) -> Iterator[BoolArray]:
    """Every site where traffic ends, and both ends of every link."""
    sites = problem.links.sites
    asked = (problem.cases.gbps > 0.0).any(axis=0)
    ends = np.unique(np.concatenate([problem.demands.source[asked], problem.demands.target[asked]]))
    for site in ends.tolist():
        yield np.arange(sites) == site
    for a, z in np.unique(np.sort(problem.links.ends, axis=1), axis=0).tolist():
        yield np.isin(np.arange(sites), (a, z))


def measured(problem: Problem, point: FloatArray, still: _Still | None = None) -> Thin:
    """A point (X,) in whole units, and what each case asks."""
    still = still or _still(problem)
    cases, demands, links = problem.cases, problem.demands, problem.links
    stages = int(cases.stage.max(initial=0)) + 1
    units = np.zeros((stages, len(still.size_gbps), len(links.ends)))
    for stage in range(stages):
        counted = np.where(problem.column_stage <= stage, point, 0.0)
        for number, whole in enumerate(still.whole):
            units[stage, number] = whole @ counted + still.base[number]
    scale = np.where(demands.scaled_by == FIXED, 1.0, point[np.maximum(demands.scaled_by, 0)])
    gbps, pattern = np.unique(cases.gbps / cases.usable[:, None], axis=0, return_inverse=True)
    lost = np.asarray(cases.alive, dtype=np.float64) < 1.0
    case, link = np.nonzero(lost)
    return Thin(
        ends=links.ends,
        units=units,
        size_gbps=still.size_gbps,
        source=demands.source,
        target=demands.target,
        gbps=np.ascontiguousarray(gbps * scale),
        pattern=pattern.reshape(-1).astype(np.int64),
        stage=cases.stage,
        first_lost=np.concatenate([[0], np.cumsum(lost.sum(axis=1))]).astype(np.int64),
        lost=link.astype(np.int64),
        lost_share=1.0 - np.asarray(cases.alive, dtype=np.float64)[case, link],
        shared=links.shared,
    )


def _worst_cases(problem: Problem, thin: Thin, inside: BoolArray) -> IntArray:
    """Of each way to lose links of the border, the case that asks most."""
    links, cases = problem.links, problem.cases
    border = np.flatnonzero(inside[links.ends[:, 0]] != inside[links.ends[:, 1]])
    out = inside[thin.source] & ~inside[thin.target]
    back = ~inside[thin.source] & inside[thin.target]
    both = thin.gbps @ out, thin.gbps @ back
    need = (both[0] + both[1] if links.shared else np.maximum(*both))[thin.pattern]
    left = np.asarray(cases.alive, dtype=np.float64)[:, border]
    asking = need > 0.0
    touched = (left < 1.0).any(axis=1)
    strongest: dict[tuple[bytes, int], int] = {}
    for stage in np.unique(cases.stage).tolist():
        whole = np.flatnonzero(asking & ~touched & (cases.stage == stage))
        if len(whole):
            strongest[b"", stage] = int(whole[np.argmax(need[whole])])
    for case in np.flatnonzero(asking & touched).tolist():
        key = (left[case].tobytes(), int(cases.stage[case]))
        known = strongest.setdefault(key, case)
        if need[case] > need[known]:
            strongest[key] = case
    return np.array(sorted(strongest.values()), dtype=np.int64)


def _asked(
    problem: Problem, inside: BoolArray, chosen: IntArray, size_gbps: FloatArray
) -> Iterator[tuple[FloatArray, float]]:
    """What the border must carry in each of some cases, and in all that lose one of its links.

    The latter are rounded up before they are added: losing any one of d links leaves k units, so
    that together they are k d / (d - 1) or more. With k = 1 a border of single waves needs two.
    """
    links, demands = problem.links, problem.demands
    crosses = inside[links.ends[:, 0]] != inside[links.ends[:, 1]]
    out = inside[demands.source] & ~inside[demands.target]
    back = ~inside[demands.source] & inside[demands.target]
    ways = [(out | back)] if links.shared else [way for way in (out, back) if way.any()]
    lengths = [_length(problem, inside, outward=way is out) for way in ways]
    if links.shared:
        lengths = [crosses.astype(np.float64)]
    lost = np.asarray(problem.cases.alive)[:, crosses] < 1.0
    for way, length in zip(ways, lengths, strict=True):
        together: dict[int, tuple[FloatArray, float, float]] = {}
        for case in chosen.tolist():
            row = length_row(problem, case, length, way.astype(np.float64))
            yield row
            if lost[case].sum() == 1:
                link = int(lost[case].argmax())
                if link not in together or row[1] > together[link][1]:
                    together[link] = (*row, float(problem.cases.usable[case]))
        if len(together) == lost.shape[1] > 1:
            for size in size_gbps.tolist():
                yield _together(problem, list(together.values()), size)


def _together(
    problem: Problem, rows: list[tuple[FloatArray, float, float]], size_gbps: float
) -> tuple[FloatArray, float]:
    """Rows, each with what may be filled, in modules rounded up, and added."""
    whole = problem.program.integer
    added, least = np.zeros(len(whole)), 0.0
    for values, low, usable in rows:
        size = size_gbps * usable
        up = divided(values, low, whole=whole, divisor=size) or (values / size, low / size)
        added += up[0]
        least += up[1]
    return added, least


def _length(problem: Problem, inside: BoolArray, *, outward: bool) -> FloatArray:
    """(L,) 1 on links that can be ridden over the border in this direction."""
    a, z = inside[problem.links.ends[:, 0]], inside[problem.links.ends[:, 1]]
    with_link, against = (a & ~z, ~a & z) if outward else (~a & z, a & ~z)
    one_way = problem.links.one_way
    there = with_link if one_way is None else with_link | (against & ~one_way)
    return (there | (against if one_way is None else there)).astype(np.float64)
