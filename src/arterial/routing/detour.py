"""How far sites are from a destination once links are lost: only those cut off are looked at again.

A site that loses all of its next hops is cut off, and so takes a next hop from whoever rides it.
All others keep their distance.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.tree import rise, sink
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Memory", "detour", "memory_of"]


class Memory(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of the step."""

    key: FloatArray
    queue: IntArray
    left: IntArray
    """(N,) next hops that a marked site keeps."""
    marked: IntArray
    """(N,) loses a next hop."""
    cut: IntArray
    """(N,) sites that lose all of them, as they are found."""
    now: FloatArray
    """(N,) distances in this case."""


def memory_of(sites: int, arcs: int) -> Memory:
    """Memory for one thread; steps are numbered from 0."""
    return Memory(
        key=np.empty(arcs + sites + 1),
        queue=np.empty(arcs + sites + 1, dtype=np.int64),
        left=np.empty(sites, dtype=np.int64),
        marked=np.full(sites, -1, dtype=np.int64),
        cut=np.empty(sites, dtype=np.int64),
        now=np.empty(sites),
    )


@njit(cache=True, nogil=True)
def detour(
    graph: tuple[IntArray, IntArray, IntArray, FloatArray],
    routed: tuple[FloatArray, IntArray],
    lost: IntArray,
    dead: BoolArray,
    memory: Memory,
    step: int,
) -> bool:
    """Put the distances of a case into ``memory.now``; False where they are as without failure.

    Parameters
    ----------
    graph
        Where the arcs that leave a site begin (N + 1,), the arcs, where they lead, their metric.
    routed
        Distance of each site without failure, and how many next hops it has, (N,).
    lost
        Links that are lost; ``dead`` (E,) marks their arcs.
    """
    first, leaving, target, metric = graph
    far, _ = routed
    key, queue, left, marked, cut, now = memory
    found = _cut_off(first, leaving, target, metric, *routed, lost, dead, left, marked, cut, step)
    if not found:
        return False
    now[:] = far
    for number in range(found):
        now[cut[number]] = np.inf
    size = 0
    for number in range(found):
        site = cut[number]
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            standing = marked[there] != step or left[there] > 0
            if not dead[arc] and standing:
                now[site] = min(now[site], metric[arc] + far[there])
        if now[site] < np.inf:
            rise(key, queue, float(now[site]), int(site), size)
            size += 1
    while size:
        reached, site = key[0], queue[0]
        size -= 1
        sink(key, queue, size)
        if reached > now[site]:
            continue
        for place in range(first[site], first[site + 1]):
            onto = leaving[place] ^ 1
            before, through = target[leaving[place]], reached + metric[onto]
            if not dead[onto] and through < now[before]:
                now[before] = through
                rise(key, queue, float(through), int(before), size)
                size += 1
    return True


@njit(cache=True, nogil=True)
def _cut_off(
    first: IntArray,
    leaving: IntArray,
    target: IntArray,
    metric: FloatArray,
    far: FloatArray,
    hops: IntArray,
    lost: IntArray,
    dead: BoolArray,
    left: IntArray,
    marked: IntArray,
    cut: IntArray,
    step: int,
) -> int:
    """List the sites that lose all their next hops; returns how many they are."""
    found, seen = 0, 0
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            site, onward = target[arc ^ 1], far[target[arc]]
            if onward == np.inf or far[site] != metric[arc] + onward:
                continue
            if marked[site] != step:
                marked[site], left[site] = step, hops[site]
            left[site] -= 1
            if left[site] == 0:
                cut[found] = site
                found += 1
    while seen < found:
        there = cut[seen]
        seen += 1
        for place in range(first[there], first[there + 1]):
            arc = leaving[place] ^ 1
            site = target[leaving[place]]
            if dead[arc] or far[site] != metric[arc] + far[there]:
                continue
            if marked[site] != step:
                marked[site], left[site] = step, hops[site]
            left[site] -= 1
            if left[site] == 0:
                cut[found] = site
                found += 1
    return found
