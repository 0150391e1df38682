"""Candidate paths of many demands as flat arrays, and sums along and across them.

Paths are given: nothing here searches, and nothing asks whether a path joins its demand's ends.
Sums are compiled loops: with numpy each would make arrays as long as all paths together, 91 million
arcs for a continent's pairs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from arterial.solve.program import FloatArray, IntArray

__all__ = ["PathSet"]


@dataclass(frozen=True, kw_only=True)
class PathSet:
    """Path p serves ``demand[p]`` over ``arc[start[p]:start[p + 1]]``, no arc twice.

    int (P + 1,), int (nnz,), int (P,).
    """

    start: IntArray
    arc: IntArray
    demand: IntArray

    @staticmethod
    def of(paths: Iterable[tuple[int, Sequence[int]]]) -> "PathSet":
        """Paths from (demand, arcs) each.

        >>> PathSet.of([(0, (4, 6)), (0, (8,)), (1, ())]).start.tolist()
        [0, 2, 3, 3]
        """
        given = list(paths)
        return PathSet(
            start=np.cumsum([0, *(len(arcs) for _, arcs in given)], dtype=np.int64),
            arc=np.array([arc for _, arcs in given for arc in arcs], dtype=np.int64),
            demand=np.array([demand for demand, _ in given], dtype=np.int64),
        )

    @staticmethod
    def joined(parts: "Sequence[PathSet]") -> "PathSet":
        """The paths of all parts, in order."""
        before = np.cumsum([0, *(len(part.arc) for part in parts)])
        offset = [part.start[1:] + count for part, count in zip(parts, before, strict=False)]
        return PathSet(
            start=np.concatenate([[0], *offset]).astype(np.int64),
            arc=np.concatenate([np.zeros(0, np.int64), *(part.arc for part in parts)]),
            demand=np.concatenate([np.zeros(0, np.int64), *(part.demand for part in parts)]),
        )

    def __len__(self) -> int:
        return len(self.demand)

    @property
    def rider(self) -> IntArray:
        """Which path each entry of ``arc`` belongs to, int (nnz,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.start))

    def taken(self, chosen: IntArray) -> "PathSet":
        """The chosen paths only, in that order."""
        if np.array_equal(chosen, np.arange(len(self))):
            return self  # all of them: a continent's take most of a gigabyte
        start = np.zeros(len(chosen) + 1, dtype=np.int64)
        np.cumsum(np.diff(self.start)[chosen], out=start[1:])
        arc = np.empty(start[-1], dtype=np.int64)
        _take(self.start, self.arc, chosen, start, arc)
        return PathSet(start=start, arc=arc, demand=self.demand[chosen])

    def only(self, demands: IntArray) -> tuple["PathSet", IntArray]:
        """The paths of some demands, these numbered anew in their order, and which paths they are.

        >>> few, which = PathSet.of([(0, (4,)), (2, (6,)), (1, (8,))]).only(np.array([2, 1]))
        >>> few.demand.tolist(), which.tolist()
        ([0, 1], [1, 2])
        """
        most = max(int(self.demand.max(initial=-1)), int(demands.max(initial=-1)))
        number = np.full(most + 1, -1, dtype=np.int64)
        number[demands] = np.arange(len(demands))
        chosen = np.flatnonzero(number[self.demand] >= 0).astype(np.int64)
        ours = self.taken(chosen)
        return replace(ours, demand=number[ours.demand]), chosen

    def name(self, path: int) -> tuple[int, bytes]:
        """What a path of another set has too if it is the same: its demand and arcs."""
        arcs = self.arc[self.start[path] : self.start[path + 1]]
        return int(self.demand[path]), arcs.tobytes()

    def once(self) -> "PathSet":
        """Each path of a demand but once, where it first stands."""
        seen: dict[tuple[int, bytes], int] = {}
        for path in range(len(self)):
            seen.setdefault(self.name(path), path)
        return self.taken(np.array(list(seen.values()), dtype=np.int64))

    def load(self, rate: FloatArray, arcs: int) -> FloatArray:
        """Sum of the paths' rates over each arc: float (P,) to float (E,)."""
        load = np.zeros(arcs)
        _load(self.start, self.arc, np.asarray(rate, dtype=np.float64), load)
        return load

    def by_demand(self, rate: FloatArray, demands: int) -> FloatArray:
        """Sum of the rates of each demand's paths: float (P,) to float (K,)."""
        return np.bincount(self.demand, weights=rate, minlength=demands).astype(np.float64)

    def along(self, arc_value: FloatArray) -> FloatArray:
        """Sum of an arc value along each path: float (E,) to float (P,)."""
        result = np.zeros(len(self))
        _along(self.start, self.arc, np.asarray(arc_value, dtype=np.float64), result)
        return result

    def cheapest(self, arc_value: FloatArray, demands: int) -> FloatArray:
        """Least sum along a path of each demand, inf for one without: float (E,) to float (K,)."""
        result = np.full(demands, np.inf)
        np.minimum.at(result, self.demand, self.along(arc_value))
        return result

    def least(self, arc_value: FloatArray) -> FloatArray:
        """Least arc value along each path, inf for a path of no arcs: float (E,) to float (P,)."""
        result = np.full(len(self), np.inf)
        _least(self.start, self.arc, np.asarray(arc_value, dtype=np.float64), result)
        return result


@njit(cache=True, nogil=True)
def _take(start: IntArray, arc: IntArray, chosen: IntArray, place: IntArray, out: IntArray) -> None:
    for row in range(len(chosen)):
        begin = start[chosen[row]]
        for hop in range(place[row + 1] - place[row]):
            out[place[row] + hop] = arc[begin + hop]


@njit(cache=True, nogil=True)
def _load(start: IntArray, arc: IntArray, rate: FloatArray, load: FloatArray) -> None:
    for path in range(len(rate)):
        if rate[path] != 0.0:
            for hop in range(start[path], start[path + 1]):
                load[arc[hop]] += rate[path]


@njit(cache=True, nogil=True)
def _along(start: IntArray, arc: IntArray, value: FloatArray, result: FloatArray) -> None:
    for path in range(len(result)):
        for hop in range(start[path], start[path + 1]):
            result[path] += value[arc[hop]]


@njit(cache=True, nogil=True)
def _least(start: IntArray, arc: IntArray, value: FloatArray, result: FloatArray) -> None:
    for path in range(len(result)):
        for hop in range(start[path], start[path + 1]):
            result[path] = min(result[path], value[arc[hop]])
