"""Whom a failure touches, for one destination: sites that lose next hops, and their new distances.

A site that loses one of its next hops is *dirty*; one that loses all of them is *cut*, and so takes
a next hop from whoever rides it.
"""

import numpy as np
from numba import njit

from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.routing.scratch import Job, Scratch
from arterial.solve.program import BoolArray, IntArray

__all__ = ["detours", "dirty_sites"]


@njit(cache=True, nogil=True)
def dirty_sites(
    ip: Ip, job: Job, lost: IntArray, dead: BoolArray, scratch: Scratch, step: int
) -> int:
    """Mark the sites that lose a next hop; returns how many they are."""
    first, leaving, target, metric, _ = ip
    far, hops = job.distance, job.hops
    _, _, left, dirty, cut, _, _, _, sites, order = scratch
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
def detours(ip: Ip, job: Job, dead: BoolArray, scratch: Scratch, found: int, step: int) -> int:
    """Distances in this case: those of cut sites are new. Returns how many of these have a way."""
    first, leaving, target, metric, _ = ip
    far = job.distance
    key, queue, _, _, cut, _, now, _, sites, order = scratch
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
