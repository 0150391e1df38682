"""The shortest round tour through sites: a good one by exchanges, and what none is shorter than.

Tours start from the nearest neighbour of each site and are improved by turning pieces round (2-opt)
and by moving short pieces (or-opt) until neither helps. The bound is the linear program in which
every site has two halves of a tour and no set of sites is cut off (Dantzig, Fulkerson and Johnson
1954); cuts are added as they are broken.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from arterial.errors import SolverError
from arterial.paths.graph import Graph
from arterial.paths.maxflow import max_flow
from arterial.solve.highs import Session
from arterial.solve.program import FloatArray, Program, Rows

__all__ = ["Tour", "shortest_tour"]

_EPS = 1e-9
_BROKEN = 1e-6
_PIECE = 3
"""Sites that or-opt moves at once, at most."""


@dataclass(frozen=True, kw_only=True)
class Tour:
    """A round tour; no tour is shorter than ``bound``."""

    order: tuple[int, ...]
    """Each site once; the tour comes back from the last to the first."""
    length: float
    bound: float
    cuts: int
    """Sets of sites whose border the bound asks for, beside those of single sites."""

    @property
    def gap(self) -> float:
        """(length - bound) / length; 0 for a tour of no length."""
        return (self.length - self.bound) / self.length if self.length > 0.0 else 0.0


def shortest_tour(distance: FloatArray) -> Tour:
    """A short tour and a bound on the shortest.

    Parameters
    ----------
    distance : float (N, N)
        Symmetric, finite, not negative, obeying the triangle inequality.

    Raises
    ------
    SolverError
        HiGHS ended without a bound.

    Examples
    --------
    >>> corners = np.array([0, 1, 1 + 1j, 1j])
    >>> shortest_tour(np.abs(corners[:, None] - corners))
    Tour(order=(0, 1, 2, 3), length=4.0, bound=4.0, cuts=0)
    """
    count = len(distance)
    if count <= 3:  # noqa: PLR2004 - one tour alone
        order = list(range(count))
        length = _length(distance, order)
        return Tour(order=tuple(order), length=length, bound=length, cuts=0)
    tours = [_improved(distance, _nearest(distance, start)) for start in range(count)]
    best = min(tours, key=lambda order: (round(_length(distance, order), 6), order))
    length = _length(distance, best)
    bound, cuts = _bound(distance)
    return Tour(
        order=tuple(_turned(best)), length=length, bound=float(min(bound, length)), cuts=cuts
    )


def _length(distance: FloatArray, order: list[int]) -> float:
    return float(sum(distance[a, z] for a, z in zip(order, order[1:] + order[:1], strict=True)))


def _turned(order: list[int]) -> list[int]:
    """The same tour from site 0, towards the lower of its neighbours."""
    at = order.index(0)
    turned = order[at:] + order[:at]
    return turned if turned[1] < turned[-1] else [turned[0], *reversed(turned[1:])]


def _nearest(distance: FloatArray, start: int) -> list[int]:
    order, left = [start], set(range(len(distance))) - {start}
    while left:
        here = order[-1]
        following = min(left, key=lambda site: (float(distance[here, site]), site))
        order.append(following)
        left.remove(following)
    return order


def _improved(distance: FloatArray, order: list[int]) -> list[int]:
    """Exchanges until none helps."""
    better: list[int] | None = order
    while better is not None:
        order = better
        better = _untwisted(distance, order) or _moved(distance, order)
    return order


def _untwisted(distance: FloatArray, order: list[int]) -> list[int] | None:
    """The best turning of a piece, or None: two links replaced by two."""
    site = np.array(order)
    after = np.roll(site, -1)
    here = distance[site, after]
    gain = here[:, None] + here[None, :] - distance[np.ix_(site, site)]
    gain = np.triu(gain - distance[np.ix_(after, after)], 1)
    first, last = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[first, last] <= _EPS:
        return None
    return [*order[: first + 1], *reversed(order[first + 1 : last + 1]), *order[last + 1 :]]


def _moved(distance: FloatArray, order: list[int]) -> list[int] | None:
    """The first move of up to three sites to a better place, either way round, or None."""
    before = _length(distance, order)
    for size in range(1, _PIECE + 1):
        for start in range(len(order)):
            turned = order[start:] + order[:start]
            piece, rest = turned[:size], turned[size:]
            ring = np.array(rest)
            onward = np.roll(ring, -1)
            for way in (piece, piece[::-1]):
                added = distance[ring, way[0]] + distance[way[-1], onward] - distance[ring, onward]
                place = int(added.argmin())
                moved = [*rest[: place + 1], *way, *rest[place + 1 :]]
                if _length(distance, moved) < before - _EPS:
                    return moved
    return None


def _bound(distance: FloatArray) -> tuple[float, int]:
    """The value of the linear program and the cuts that it took."""
    count = len(distance)
    links = list(combinations(range(count), 2))
    ends = np.array(links)
    column = {link: number for number, link in enumerate(links)}
    own = [
        [column[min(site, other), max(site, other)] for other in range(count) if other != site]
        for site in range(count)
    ]
    degree = [(row, [1.0] * len(row), 2.0, 2.0) for row in own]
    session = Session(
        Program(
            cost=distance[ends[:, 0], ends[:, 1]],
            low=np.zeros(len(links)),
            high=np.ones(len(links)),
            integer=np.zeros(len(links), dtype=np.bool_),
            rows=Rows.of(degree),
        )
    )
    known: set[frozenset[int]] = set()
    while True:
        solved = session.solve()
        if solved.status != "optimal":
            raise SolverError("HiGHS (tour)", solved.detail)
        fresh = _cut_off(count, links, solved.primal) - known
        if not fresh:
            return solved.bound, len(known)
        known |= fresh
        rows = [
            [n for n, (a, z) in enumerate(links) if (a in members) != (z in members)]
            for members in sorted(fresh, key=sorted)
        ]
        session.add_rows(Rows.of([(row, [1.0] * len(row), 2.0, np.inf) for row in rows]))


def _cut_off(count: int, links: list[tuple[int, int]], point: FloatArray) -> set[frozenset[int]]:
    """Sets of sites, without site 0, whose border the point crosses less than twice."""
    used = [n for n, value in enumerate(point.tolist()) if value > _EPS]
    graph = Graph.of(count, [links[n][0] for n in used], [links[n][1] for n in used])
    capacity = [float(point[n]) for n in used]
    found: set[frozenset[int]] = set()
    for target in range(1, count):
        if any(target in members for members in found):
            continue
        flow = max_flow(graph, capacity, 0, target)
        if flow.value < 2.0 - _BROKEN:
            near = _side(graph, set(flow.cut), capacity)
            found.add(frozenset(range(count)) - near)
    return found


def _side(graph: Graph, cut: set[int], capacity: list[float]) -> frozenset[int]:
    """Sites that hang together with site 0 once the cut is gone."""
    reached, queue = {0}, [0]
    while queue:
        for arc in graph.leaving[queue.pop()]:
            there = graph.arc_target[arc]
            if arc >> 1 not in cut and capacity[arc >> 1] > 0.0 and there not in reached:
                reached.add(there)
                queue.append(there)
    return frozenset(reached)
