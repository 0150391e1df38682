"""Candidate paths of many demands as flat arrays, and sums along and across them.

Paths are given: nothing here searches, and nothing asks whether a path joins its demand's ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

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
        hops = np.diff(self.start)[chosen]
        start = np.concatenate([[0], np.cumsum(hops)]).astype(np.int64)
        within = np.arange(start[-1], dtype=np.int64) - np.repeat(start[:-1], hops)
        arc = self.arc[np.repeat(self.start[chosen], hops) + within]
        return PathSet(start=start, arc=arc, demand=self.demand[chosen])

    def once(self) -> "PathSet":
        """Each path of a demand but once, where it first stands."""
        seen: dict[tuple[int, bytes], int] = {}
        for path, demand in enumerate(self.demand.tolist()):
            arcs = self.arc[self.start[path] : self.start[path + 1]]
            seen.setdefault((demand, arcs.tobytes()), path)
        return self.taken(np.array(list(seen.values()), dtype=np.int64))

    def load(self, rate: FloatArray, arcs: int) -> FloatArray:
        """Sum of the paths' rates over each arc: float (P,) to float (E,)."""
        riding = np.repeat(rate, np.diff(self.start))
        return np.bincount(self.arc, weights=riding, minlength=arcs).astype(np.float64)

    def by_demand(self, rate: FloatArray, demands: int) -> FloatArray:
        """Sum of the rates of each demand's paths: float (P,) to float (K,)."""
        return np.bincount(self.demand, weights=rate, minlength=demands).astype(np.float64)

    def along(self, arc_value: FloatArray) -> FloatArray:
        """Sum of an arc value along each path: float (E,) to float (P,)."""
        values = arc_value[self.arc]
        return np.bincount(self.rider, weights=values, minlength=len(self)).astype(np.float64)

    def cheapest(self, arc_value: FloatArray, demands: int) -> FloatArray:
        """Least sum along a path of each demand, inf for one without: float (E,) to float (K,)."""
        result = np.full(demands, np.inf)
        np.minimum.at(result, self.demand, self.along(arc_value))
        return result

    def least(self, arc_value: FloatArray) -> FloatArray:
        """Least arc value along each path, inf for a path of no arcs: float (E,) to float (P,)."""
        result = np.full(len(self), np.inf)
        np.minimum.at(result, self.rider, arc_value[self.arc])
        return result
