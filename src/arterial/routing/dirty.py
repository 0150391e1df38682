"""Whom a failure touches, for one destination: sites that lose next hops, and their new distances.

A site that loses one of its next hops is *dirty*; one that loses all of them is *cut*, and so takes
a next hop from whoever rides it.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Marks", "detours", "dirty_sites", "marks_of"]


class Marks(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of the step."""

    key: FloatArray
    queue: IntArray
    left: IntArray
    """(N,) next hops that a dirty site keeps."""
    dirty: IntArray
    """(N,) loses a next hop."""
    cut: IntArray
    """(N,) loses all of them."""
    now: FloatArray
    """(N,) distances in this case."""
    sites: IntArray
    """(N,) dirty ones, in the order in which they were found."""
    order: IntArray
    """(N,) cut ones: those yet to be looked at, then those that have a way, nearest first."""


def marks_of(ip: Ip) -> Marks:
    """Memory for one thread."""
    sites = len(ip.first) - 1
    room = len(ip.target) + sites + 1
    left, dirty, cut = (np.full(sites, -1, dtype=np.int64) for _ in range(3))
    return Marks(
        np.empty(room),
        np.empty(room, dtype=np.int64),
        left,
        dirty,
        cut,
        np.empty(sites),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def dirty_sites(
    ip: Ip,
    row: tuple[FloatArray, IntArray],
    lost: IntArray,
    dead: BoolArray,
    marks: Marks,
    step: int,
) -> int:
    """Mark the sites that lose a next hop; returns how many they are.

    ``row``: distances (N,) and numbers of next hops (N,) of a destination in ``Base``.
    """
    first, leaving, target, metric, _ = ip
    far, hops = row
    _, _, left, dirty, cut, _, sites, order = marks
    found, depth = 0, 0
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            site, onward = target[arc ^ 1], far[target[arc]]
            if onward == np.inf or far[site] != metric[arc] + onward:
                continue
            if dirty[site] != step:
                dirty[site], left[site], sites[found] = step, hops[site], site
                found += 1
            left[site] -= 1
            if left[site] == 0:
                cut[site], order[depth] = step, site
                depth += 1
    while depth:
        depth -= 1
        there = order[depth]
        for place in range(first[there], first[there + 1]):
            arc = leaving[place] ^ 1
            site = target[arc ^ 1]
            if dead[arc] or far[site] != metric[arc] + far[there]:
                continue
            if dirty[site] != step:
                dirty[site], left[site], sites[found] = step, hops[site], site
                found += 1
            left[site] -= 1
            if left[site] == 0:
                cut[site], order[depth] = step, site
                depth += 1
    return found


@njit(cache=True, nogil=True)
def detours(ip: Ip, far: FloatArray, dead: BoolArray, marks: Marks, found: int, step: int) -> int:
    """Distances in this case: those of cut sites are new. Returns how many of these have a way."""
    first, leaving, target, metric, _ = ip
    key, queue, _, _, cut, now, sites, order = marks
    size, ways = 0, 0
    now[:] = far
    for number in range(found):
        site = sites[number]
        if cut[site] != step:
            continue
        now[site] = np.inf
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if not dead[arc] and cut[there] != step:
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
        order[ways] = site
        ways += 1
        for place in range(first[site], first[site + 1]):
            arc = leaving[place] ^ 1
            before, through = target[arc ^ 1], reached + metric[arc]
            if not dead[arc] and cut[before] == step and through < now[before]:
                now[before] = through
                rise(key, queue, float(through), int(before), size)
                size += 1
    return ways
