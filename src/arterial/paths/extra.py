"""Lightest paths where links cost something beside their weight, or are closed by it, compiled.

As ``guided``, for engines that set that cost themselves and need the total.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.tree import Adjacency, rise, sink

__all__ = ["Memory", "memory_of", "search"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Memory(NamedTuple):
    """Working memory of the searches of one thread."""

    ahead: FloatArray
    """(N,) least weight from each site to the target at hand: what guides the search."""
    reached: FloatArray
    arrival: IntArray
    settled: BoolArray
    key: FloatArray
    queue: IntArray
    extra: FloatArray
    """(L,) what a link costs beside its weight; inf closes it."""
    worn: FloatArray
    """(L,) how often a path over it came back."""
    used: IntArray
    """(G,) how many of the demand's paths ride a risk."""
    own: BoolArray
    """(G,) the primary rides it."""
    path: IntArray
    """(N,) arcs of the last path found."""


@njit(cache=True, nogil=True)
def memory_of(sites: int, arcs: int, risks: int) -> Memory:
    """Memory for searches on a graph of so many sites, arcs and risks."""
    room = arcs + sites + 2
    return Memory(
        np.empty(sites),
        np.empty(sites),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.bool_),
        np.empty(room),
        np.empty(room, dtype=np.int64),
        np.empty(arcs // 2),
        np.empty(arcs // 2),
        np.empty(risks, dtype=np.int64),
        np.empty(risks, dtype=np.bool_),
        np.empty(sites + 1, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def search(
    adjacency: Adjacency, weight: FloatArray, memory: Memory, source: int, goal: int
) -> tuple[int, float]:
    """The lightest path with what links cost extra, into ``path``: its hops (-1: none) and total.

    Guided by ``ahead``, which extra cost can only exceed (A*, Hart, Nilsson and Raphael 1968).
    """
    first, leaving, target = adjacency
    ahead, reached, arrival, settled, key, queue, extra, _, _, _, path = memory
    if ahead[source] == np.inf:
        return -1, np.inf
    reached[:] = np.inf
    settled[:] = False
    reached[source] = 0.0
    rise(key, queue, ahead[source], source, 0)
    size = 1
    while size:
        site = queue[0]
        size -= 1
        sink(key, queue, size)
        if site == goal:
            break
        if settled[site]:
            continue
        settled[site] = True
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            through = reached[site] + weight[arc] + extra[arc >> 1]
            if through < reached[there] and not settled[there] and ahead[there] < np.inf:
                reached[there], arrival[there] = through, arc
                rise(key, queue, float(through + ahead[there]), int(there), size)
                size += 1
    if reached[goal] == np.inf:
        return -1, np.inf
    hops, site = 0, goal
    while site != source:
        site = target[arrival[site] ^ 1]
        hops += 1
    site = goal
    for place in range(hops - 1, -1, -1):
        path[place] = arrival[site]
        site = target[arrival[site] ^ 1]
    return hops, reached[goal]
