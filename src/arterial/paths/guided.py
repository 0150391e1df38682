"""Compiled searches for the pairs of one target, guided by the distance to it.

No dearer link makes that distance smaller, so a search under dearer links looks at little more than
it must. Chains of sites with two links, half of a continent's, are passed in one go.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.bare import bare
from arterial.paths.tree import Adjacency, rise, sink

__all__ = ["Memory", "descent", "look_back", "memory_of", "search"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int32]

CHAIN = 2
"""Links of a site at which there is nothing to choose."""


class Memory(NamedTuple):
    """What a thread's searches work in."""

    key: FloatArray
    queue: IntArray
    ahead: FloatArray
    """(N,) distance to the target."""
    reached: FloatArray
    """(N,) distance from the source over dearer weights, inf where it was not looked at."""
    arrival: IntArray
    """(N,) arc by which a site was reached; through a chain, its last one."""
    touched: IntArray
    """Sites that were reached, so many as were."""
    used: FloatArray
    """(L,) earlier paths of this pair that a link would fail with."""


@njit(cache=True, nogil=True)
def memory_of(sites: int, links: int) -> Memory:
    """Memory of one thread."""
    room = 2 * links + 1
    return Memory(
        np.empty(room),
        np.empty(room, dtype=np.int64),
        np.full(sites, np.inf),
        np.full(sites, np.inf),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
        np.zeros(links),
    )


@bare
def look_back(
    graph: Adjacency,
    weight: FloatArray,
    goal: int,
    ahead: FloatArray,
    key: FloatArray,
    queue: IntArray,
) -> None:
    """Distance of every site to ``goal`` into ``ahead`` (N,); ``key`` and ``queue`` are a heap."""
    first, arcs, arc_target = graph
    ahead[:] = np.inf
    ahead[goal] = 0.0
    rise(key, queue, 0.0, goal, 0)
    size = 1
    while size:
        reached, site = key[0], queue[0]
        size -= 1
        sink(key, queue, size)
        if reached > ahead[site]:
            continue
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            there, through = arc_target[arc], reached + weight[arc ^ 1]
            if through < ahead[there]:
                ahead[there] = through
                rise(key, queue, float(through), int(there), size)
                size += 1


@bare
def descent(
    graph: Adjacency,
    weight: FloatArray,
    ahead: FloatArray,
    start: int,
    out: SmallArray,
    end: int,
) -> int:
    """The shortest path from ``start``, by the first arc that leads nearer; how many hops."""
    first, arcs, arc_target = graph
    site, hops = start, 0
    while ahead[site] > 0.0:
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            if ahead[site] == weight[arc] + ahead[arc_target[arc]]:
                out[end + hops] = arc
                hops += 1
                site = arc_target[arc]
                break
    return hops


@bare
def search(
    graph: Adjacency,
    weight: FloatArray,
    memory: Memory,
    asked: tuple[int, int, float],
    out: SmallArray,
    end: int,
) -> int:
    """The shortest path where used links cost more (A*, Hart et al. 1968); how many hops.

    ``asked``: source and target, and what a used link costs besides.
    """
    first, arcs, arc_target = graph
    key, queue, ahead, reached, arrival, touched, used = memory
    start, goal, extra = asked
    reached[start] = 0.0
    touched[0] = start
    marked = 1
    rise(key, queue, float(ahead[start]), int(start), 0)
    size = 1
    while queue[0] != goal:
        guess, site = key[0], queue[0]
        size -= 1
        sink(key, queue, size)
        here = reached[site]
        if guess > here + ahead[site]:
            continue
        for place in range(first[site], first[site + 1]):
            arc = arcs[place]
            there = arc_target[arc]
            through = here + weight[arc] + extra * used[arc >> 1]
            # Along a chain there is nothing to choose: only its far end is looked at.
            while first[there + 1] - first[there] <= CHAIN and there != goal:
                arc = _onward(first, arcs, arc, int(there))
                if arc < 0:
                    break
                there = arc_target[arc]
                through += weight[arc] + extra * used[arc >> 1]
            if arc >= 0 and through < reached[there]:
                if reached[there] == np.inf:
                    touched[marked] = there
                    marked += 1
                reached[there], arrival[there] = through, arc
                rise(key, queue, float(through + ahead[there]), int(there), size)
                size += 1
    for number in range(marked):
        reached[touched[number]] = np.inf
    return _traced(graph, arrival, (start, goal), out, end)


@bare
def _traced(
    graph: Adjacency, arrival: IntArray, ends: tuple[int, int], out: SmallArray, end: int
) -> int:
    """Write the path that was found, from its last arc back; how many hops."""
    first, arcs, arc_target = graph
    start, goal = ends
    hops, arc = 1, arrival[goal]
    while arc_target[arc ^ 1] != start:
        hops += 1
        arc = _before(first, arcs, arc_target, arrival, arc)
    arc = arrival[goal]
    for hop in range(end + hops - 1, end, -1):
        out[hop] = arc
        arc = _before(first, arcs, arc_target, arrival, arc)
    out[end] = arc
    return hops


@bare
def _onward(first: IntArray, arcs: IntArray, arc: int, site: int) -> int:
    """The arc that leaves a site of one or two links by which one did not come; -1 at an end."""
    for place in range(first[site], first[site + 1]):
        if arcs[place] != arc ^ 1:
            return arcs[place]
    return -1


@bare
def _before(
    first: IntArray, arcs: IntArray, arc_target: IntArray, arrival: IntArray, arc: int
) -> int:
    """The arc by which a path came to where ``arc`` begins."""
    site = arc_target[arc ^ 1]
    if first[site + 1] - first[site] > CHAIN:
        return int(arrival[site])
    return _onward(first, arcs, arc ^ 1, int(site)) ^ 1
