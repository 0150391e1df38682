"""Late cuts: borders in time, and what must take them in every case, in whole modules.

A cut set says what leaves a part of the network. Where demands have a limit on delay there are more
borders: links without which all ways are too late (``late_kernels``). Rounded up like those of cut
sets they say what parts of modules hide from any price: that a ring is too long for what it saves.
"""

from collections.abc import Iterator

import numpy as np

from arterial.design.capacity.cut_kernels import FULL, Thin
from arterial.design.capacity.cut_rows import Side, side_rows
from arterial.design.capacity.late_kernels import Arcs, Borders, Wanted, crossing, thin_borders
from arterial.design.capacity.measure import Still, measured
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["LateCuts"]

ONE, TWO = 1.0, 2.0
"""Units that a border has, or those that two cases leave between them."""
MOST_FOUND = 20000
AT_ONCE = 1000
"""Borders in a round that are asked who must take them."""
MOST_KNOWN = 50000
"""Borders of which it is remembered who must take them."""
SHORT = 1e-4


class LateCuts:
    """Finds borders in time that a point leaves too thin."""

    def __init__(self, problem: Problem, still: Still) -> None:
        self._problem, self._still = problem, still
        places, links = still.places, problem.links
        self._alive = np.asarray(problem.cases.alive, dtype=np.float64)[:, places.links]
        one_way = links.one_way
        back = np.ones(len(links.ends), np.bool_) if one_way is None else ~one_way
        self._arcs = Arcs(
            *still.adjacency,
            np.repeat(links.latency_ms[places.links], 2),
            np.column_stack([np.ones(len(places.links), np.bool_), back[places.links]]).reshape(-1),
        )
        self._wanted = _wanted(problem, still)
        self._crosses: dict[bytes, BoolArray] = {}
        """(2, K) demands that must take a border, or that against it: the same for every point."""

    def rows(self, point: FloatArray, *, most: int) -> list[Row]:
        """Rows that a point (X,) breaks, worst borders first: those of their worst cases."""
        if not len(self._wanted.source):
            return []
        thin = measured(self._problem, point, self._still)
        borders = self._borders(thin)
        if not len(borders):
            return []
        both = self._crossing(thin, borders)
        sides: list[BoolArray] = [both[0] | both[1]] if thin.shared else [both[0], both[1]]
        short = np.array([self._short(thin, borders, crosses) for crosses in sides])
        rows: list[Row] = []
        for place in np.argsort(-short.max(axis=0), kind="stable").tolist():
            for number in np.flatnonzero(short[:, place] > SHORT).tolist():
                side = self._side(thin, borders[place], sides[number][place])
                rows += side_rows(self._problem, thin, side, point)
            if len(rows) >= most or short[:, place].max() <= SHORT:
                break
        return rows

    def _borders(self, thin: Thin) -> Borders:
        """The thinnest, each once: of two units without failure, of one in each case."""
        room = np.zeros((MOST_FOUND, len(thin.ends)), dtype=np.int8)
        found: dict[bytes, tuple[float, Borders]] = {}
        for units, limit in self._looks(thin):
            each = np.where(self._arcs.exists, np.repeat(units, 2), 0.0)
            fresh = room[: thin_borders(self._arcs, self._wanted, each, limit, room)].copy()
            for border, has in zip(fresh, ((fresh != 0) @ units).tolist(), strict=True):
                found.setdefault(border.tobytes(), (has - limit, border))
        thinnest = sorted(found.values(), key=lambda entry: entry[0])[:AT_ONCE]
        borders = np.array([border for _, border in thinnest], dtype=np.int8)
        return borders.reshape(-1, len(thin.ends))

    def _crossing(self, thin: Thin, borders: Borders) -> BoolArray:
        """(2, n, K) demands that must take each border, or that against it."""
        if len(self._crosses) > MOST_KNOWN:
            self._crosses.clear()
        keys = [border.tobytes() for border in borders]
        fresh = [place for place, key in enumerate(keys) if key not in self._crosses]
        ends = (thin.first_source, thin.source, thin.first_target, thin.target)
        found = crossing(self._arcs, borders[fresh], ends, self._problem.demands.limit_ms)
        known = zip([keys[place] for place in fresh], found.swapaxes(0, 1), strict=True)
        self._crosses |= dict(known)
        return np.stack([self._crosses[key] for key in keys], axis=1)

    def _looks(self, thin: Thin) -> Iterator[tuple[FloatArray, float]]:
        """Units of links, and the fewest that will do: in all, and what each case leaves, once.

        All demands are looked at in all cases: a border that one of them suggests counts for those
        that the case asks for.
        """
        seen: set[bytes] = set()
        most = np.minimum(thin.units.max(axis=1), TWO)
        for stage, whole in enumerate(most):
            yield whole, TWO
            for case in np.flatnonzero(thin.stage == stage).tolist():
                left = whole * self._alive[case]
                if left.tobytes() not in seen:
                    seen.add(left.tobytes())
                    yield left, ONE

    def _short(self, thin: Thin, borders: Borders, crosses: BoolArray) -> FloatArray:
        """(n,) units that each border is short of, in some case or for two of them together."""
        need = (crosses.astype(np.float64) @ thin.gbps.T)[:, thin.pattern]
        gone = (self._alive <= 0.0).astype(np.float64)
        short = np.full(len(borders), -np.inf)
        for stage in range(len(thin.units)):
            own = np.flatnonzero(thin.stage == stage)
            asks = need[:, own] > FULL
            covered = asks.astype(np.float64) @ gone[own] > 0.0
            for unit, size in enumerate(thin.size_gbps.tolist()):
                has = (borders != 0) * thin.units[stage, unit]
                left = has @ self._alive[own].T
                each = np.ceil(need[:, own] / size - FULL) - left
                bare = (has * ~covered).sum(axis=1) > SHORT
                both = np.where(bare | ~asks.any(axis=1), -np.inf, TWO - has.sum(axis=1))
                short = np.maximum(short, np.maximum(each.max(axis=1, initial=-np.inf), both))
        return short

    def _side(self, thin: Thin, border: Borders, crosses: BoolArray) -> Side:
        at = np.flatnonzero(border)
        return Side(
            border=self._still.places.links[at],
            leads=np.ones(len(at)),
            left=self._alive[:, at],
            units=thin.units[:, :, at],
            crosses=crosses,
            need=(thin.gbps @ crosses)[thin.pattern],
        )


def _wanted(problem: Problem, still: Still) -> Wanted:
    """Demands that have a limit, each pair of ends once, from the end that is one site."""
    own: dict[tuple[int, tuple[int, ...], float], None] = {}
    limit = problem.demands.limit_ms
    asked = (problem.cases.gbps > 0.0).any(axis=0)
    for k in np.flatnonzero(asked & np.isfinite(limit)).tolist():
        start, end = still.places.source[k].tolist(), still.places.target[k].tolist()
        if len(start) > 1:
            start, end = end, start
        if len(start) == 1:
            own[start[0], tuple(end), float(limit[k])] = None
    own = dict.fromkeys(sorted(own))
    size = [len(end) for _, end, _ in own]
    return Wanted(
        np.array([start for start, _, _ in own], dtype=np.int64),
        np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        np.array([site for _, end, _ in own for site in end], dtype=np.int64),
        np.array([most for _, _, most in own], dtype=np.float64),
    )
