# ruff: noqa: INP001 - a part of build.py, no package
"""Railways as a graph: where they meet, how long they are, and where places lie beside them."""

import csv
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from arterial.solve.program import FloatArray, IntArray
from arterial.study.populate.people import distances_km

__all__ = ["Line", "Railways", "Stop", "beside", "read_lines"]

Point = tuple[float, float]
KM_PER_DEGREE = 111.195


class Line(NamedTuple):
    """A railway from one end to another; others meet it at its ends alone."""

    km: float
    points: tuple[Point, ...]


class Stop(NamedTuple):
    """Where a place comes to a line."""

    line: int
    share: float
    """Of the line's length, from its first point."""
    away_km: float
    """From the place, great circle."""


def read_lines(path: Path) -> tuple[Line, ...]:
    """Lines of a table that ``rails.py`` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Line(float(row["km"]), tuple(map(_point, row["line"].split(";")))) for row in rows)


def _point(text: str) -> Point:
    lat, lon = text.split(" ")
    return float(lat), float(lon)


def beside(lines: Sequence[Line], places: Sequence[Point]) -> list[Stop]:
    """The nearest point of any line, for each place."""
    spans = [
        (number, step, *line.points[step], *line.points[step + 1])
        for number, line in enumerate(lines)
        for step in range(len(line.points) - 1)
    ]
    table = np.array(spans)
    before = _shares(lines)
    found: list[Stop] = []
    for lat, lon in places:
        shrink = np.cos(np.radians(lat))
        a = np.stack([table[:, 2] - lat, (table[:, 3] - lon) * shrink], axis=1)
        way = np.stack([table[:, 4] - table[:, 2], (table[:, 5] - table[:, 3]) * shrink], axis=1)
        square = np.maximum((way * way).sum(axis=1), 1e-12)
        along = np.clip(-(a * way).sum(axis=1) / square, 0.0, 1.0)
        off_deg = np.hypot(*(a + along[:, None] * way).T)
        best = int(off_deg.argmin())
        line, step = int(table[best, 0]), int(table[best, 1])
        low, high = before[line][step], before[line][step + 1]
        share = float(low + along[best] * (high - low))
        found.append(Stop(line, share, float(off_deg[best]) * KM_PER_DEGREE))
    return found


def _shares(lines: Sequence[Line]) -> list[FloatArray]:
    """How much of a line lies before each of its points."""
    found: list[FloatArray] = []
    for line in lines:
        steps = [
            float(distances_km([a], [z])[0, 0])
            for a, z in zip(line.points, line.points[1:], strict=False)
        ]
        whole = np.concatenate([[0.0], np.cumsum(steps)])
        found.append(whole / whole[-1] if whole[-1] > 0.0 else np.linspace(0.0, 1.0, len(whole)))
    return found


@dataclass
class Railways:
    """Lines cut where places come to them: nodes, and pieces of line between."""

    nodes: int
    ends: IntArray
    """(R, 2) nodes of each piece."""
    km: FloatArray
    """(R,)"""
    line: IntArray
    """(R,) the line it is of."""
    meeting: list[Point]
    """Where lines meet: the first nodes."""
    stop_node: list[int]
    """Of each stop."""
    _piece: dict[tuple[int, int], int] = field(default_factory=dict)

    @staticmethod
    def of(lines: Sequence[Line], stops: Sequence[Stop]) -> "Railways":
        """Cut the lines at the stops."""
        meeting = sorted({end for line in lines for end in (line.points[0], line.points[-1])})
        node = {point: number for number, point in enumerate(meeting)}
        on_line: dict[int, list[tuple[float, int]]] = {}
        for number, stop in enumerate(stops):
            entry = (stop.share, len(meeting) + number)
            on_line.setdefault(stop.line, []).append(entry)
        rows: list[tuple[int, int, float, int]] = []
        for number, line in enumerate(lines):
            first, last = (0.0, node[line.points[0]]), (1.0, node[line.points[-1]])
            marks = [first, *sorted(on_line.get(number, [])), last]
            for (low, a), (high, z) in itertools.pairwise(marks):
                rows.append((a, z, (high - low) * line.km, number))
        return Railways(
            nodes=len(meeting) + len(stops),
            ends=np.array([(a, z) for a, z, _, _ in rows], dtype=np.int64),
            km=np.array([km for _, _, km, _ in rows]),
            line=np.array([number for _, _, _, number in rows], dtype=np.int64),
            meeting=meeting,
            stop_node=[len(meeting) + number for number in range(len(stops))],
        )

    def ways(
        self, sources: Sequence[int], closed: Iterable[int] = ()
    ) -> tuple[FloatArray, IntArray]:
        """Shortest ways from some nodes to all: km, and the node before on each, (S, V) each."""
        shut = set(closed)
        best: dict[tuple[int, int], int] = {}
        for piece, (a, z) in enumerate(self.ends.tolist()):
            pair = (min(a, z), max(a, z))
            if a != z and piece not in shut:
                other = best.setdefault(pair, piece)
                if self.km[piece] < self.km[other]:
                    best[pair] = piece
        self._piece = best
        pairs, pieces = np.array(list(best)), list(best.values())
        # A piece of no length must still be a piece: scipy takes 0 for no entry.
        weight = np.maximum(self.km[pieces], 1e-6)
        shape = (self.nodes, self.nodes)
        matrix = sparse.csr_array((weight, (pairs[:, 0], pairs[:, 1])), shape=shape)
        km, before = csgraph.dijkstra(
            matrix, directed=False, indices=list(sources), return_predecessors=True
        )
        return np.asarray(km), np.asarray(before, dtype=np.int64)

    def pieces(self, before: IntArray, start: int, end: int) -> tuple[int, ...]:
        """Pieces of the way from a source to a node, of the last ``ways``."""
        found: list[int] = []
        node = end
        while node != start:
            previous = int(before[node])
            found.append(self._piece[min(node, previous), max(node, previous)])
            node = previous
        return tuple(found)
