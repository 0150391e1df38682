"""Lightest paths on arrays, compiled: for engines that ask for ten thousand of them.

The same answers as ``shortest``, ties included: sites are settled by weight and then by number, and
of equal ways in the first one found stays.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.bare import bare
from arterial.paths.graph import Graph, Path

__all__ = ["Adjacency", "lightest_path", "rise", "sink"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Adjacency(NamedTuple):
    """A graph as arrays: the arcs that leave site n are ``arcs[first[n]:first[n + 1]]``."""

    first: IntArray
    """(N + 1,)"""
    arcs: IntArray
    """(E,)"""
    target: IntArray
    """(E,) by arc: where it leads."""

    @staticmethod
    def of(graph: Graph) -> "Adjacency":
        """Arrays of a graph."""
        count = [len(arcs) for arcs in graph.leaving]
        return Adjacency(
            np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
            np.array([arc for arcs in graph.leaving for arc in arcs], dtype=np.int64),
            np.array(graph.arc_target, dtype=np.int64),
        )

    def graph(self) -> Graph:
        """The graph again."""
        leaving = np.split(self.arcs, self.first[1:-1])
        target = tuple(self.target.tolist())
        return Graph(len(leaving), target, tuple(tuple(arcs.tolist()) for arcs in leaving))


def lightest_path(
    adjacency: Adjacency, weight: FloatArray, source: int, target: int
) -> Path | None:
    """The lightest path by ``weight`` (E,), inf closing an arc; None where there is none.

    >>> lightest_path(Adjacency.of(Graph.of(3, [0, 1], [1, 2])), np.ones(4), 0, 2)
    (0, 2)
    """
    if source == target:
        return ()
    arrival = _arrivals(*adjacency, weight, source, target)
    if arrival[target] < 0:
        return None
    arcs: list[int] = []
    site = target
    while site != source:
        arc = int(arrival[site])
        arcs.append(arc)
        site = int(adjacency.target[arc ^ 1])
    return tuple(reversed(arcs))


@njit(cache=True)
def _arrivals(
    first: IntArray,
    arcs: IntArray,
    arc_target: IntArray,
    weight: FloatArray,
    source: int,
    target: int,
) -> IntArray:
    """(N,) the arc by which each site is reached once the target is settled, -1 without one."""
    sites = len(first) - 1
    distance = np.full(sites, np.inf)
    arrival = np.full(sites, -1, dtype=np.int64)
    settled = np.zeros(sites, dtype=np.bool_)
    key, queue = np.empty(len(arcs) + 1), np.empty(len(arcs) + 1, dtype=np.int64)
    distance[source] = 0.0
    rise(key, queue, 0.0, source, 0)
    size = 1
    while size:
        site = queue[0]
        size -= 1
        sink(key, queue, size)
        if site == target:
            break
        if settled[site]:
            continue
        settled[site] = True
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            there, reached = arc_target[arc], distance[site] + weight[arc]
            if reached < distance[there]:
                distance[there], arrival[there] = reached, arc
                rise(key, queue, float(reached), int(there), size)
                size += 1
    return arrival


@bare
def _above(weight: float, site: int, other_weight: float, other_site: int) -> bool:
    return weight < other_weight or (weight == other_weight and site < other_site)


@bare
def rise(key: FloatArray, queue: IntArray, weight: float, site: int, place: int) -> None:
    """Put a site into a heap whose first free place is ``place``.

    A heap is two arrays of which its user knows the size: lightest and then lowest sites on top.
    """
    while place:
        parent = (place - 1) // 2
        if not _above(weight, site, float(key[parent]), int(queue[parent])):
            break
        key[place], queue[place] = key[parent], queue[parent]
        place = parent
    key[place], queue[place] = weight, site


@bare
def sink(key: FloatArray, queue: IntArray, size: int) -> None:
    """Take the top off: the entry at ``size``, the last one, finds its place from there."""
    weight, site = float(key[size]), int(queue[size])
    place, below = 0, 1
    while below < size:
        other = below + 1
        if other < size and _above(
            float(key[other]), int(queue[other]), float(key[below]), int(queue[below])
        ):
            below = other
        if not _above(float(key[below]), int(queue[below]), weight, site):
            break
        key[place], queue[place] = key[below], queue[below]
        place, below = below, 2 * below + 1
    key[place], queue[place] = weight, site
