"""Routing to one destination as trees, so that a failure cuts off stretches of an array.

A site with one next hop hangs below it; the destination and sites with several are roots. Places
are given so that whoever rides through a site by single next hops has the places right after its
own, and every next hop has a lower place than who uses it.
"""

from typing import NamedTuple

import numpy as np

from arterial.paths.bare import bare
from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.routing.scratch import Job
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Forest", "forest_of", "plant"]


class Forest(NamedTuple):
    """The trees towards one destination: memory of one thread, filled anew for each."""

    place: IntArray
    """(N,) of a site; of no use where it has no way."""
    end: IntArray
    """(N,) of a site: one past the last place below it."""
    at: IntArray
    """(N,) site at a place."""
    roots: IntArray
    """(N + 1,) how many, the destination, and the sites with several next hops, near to far."""
    mixed: BoolArray
    """(N,) a root other than the destination sends some of its traffic through here."""
    first: IntArray
    """(N + 1,) where the crossings from a place begin."""
    crossing: IntArray
    """(E,) arcs that belong to no tree, by the place of their source."""
    origin: IntArray
    """(E,) place that a crossing comes from."""
    onto: IntArray
    """(E,) place that a crossing leads to."""
    extra: FloatArray
    """(E,) by how much the way of its source gets longer over a crossing; 0 from root to hop."""
    child: IntArray
    """(N,) one of the sites right below; -1 for none."""
    sibling: IntArray
    """(N,) another one below the same site; -1 for none."""
    key: FloatArray
    queue: IntArray
    """(N,) a heap."""


def forest_of(ip: Ip) -> Forest:
    """Memory for one thread."""
    sites, arcs = len(ip.first) - 1, len(ip.target)
    place, end, at, child, sibling = (np.empty(sites, dtype=np.int64) for _ in range(5))
    return Forest(
        place=place,
        end=end,
        at=at,
        roots=np.empty(sites + 1, dtype=np.int64),
        mixed=np.empty(sites, dtype=np.bool_),
        first=np.empty(sites + 1, dtype=np.int64),
        crossing=np.empty(arcs, dtype=np.int64),
        origin=np.empty(arcs, dtype=np.int64),
        onto=np.empty(arcs, dtype=np.int64),
        extra=np.empty(arcs),
        child=child,
        sibling=sibling,
        key=np.empty(sites),
        queue=np.empty(sites, dtype=np.int64),
    )


@bare
def plant(ip: Ip, job: Job, forest: Forest) -> int:
    """Fill ``forest`` for one destination; returns how many sites have a way to it."""
    _hang(ip.target, job.far, job.only, forest)
    count = 0
    for number in range(1, forest.roots[0] + 1):
        count = _walk(ip.target, job.only, forest, forest.roots[number], count)
    _mix(ip, job.far, job.only, forest)
    _cross(ip, job.far, job.only, forest, count)
    return count


@bare
def _hang(target: IntArray, far: FloatArray, only: IntArray, forest: Forest) -> None:
    """List what hangs below each site, and the roots from near to far."""
    child, sibling, key, queue = forest.child, forest.sibling, forest.key, forest.queue
    child[:] = -1
    size = 0
    for site in range(len(far)):
        if only[site] >= 0:
            above = target[only[site]]
            sibling[site], child[above] = child[above], site
        elif far[site] < np.inf:
            rise(key, queue, float(far[site]), site, size)
            size += 1
    forest.roots[0] = size
    for number in range(1, size + 1):
        forest.roots[number] = queue[0]
        sink(key, queue, size - number)


@bare
def _walk(target: IntArray, only: IntArray, forest: Forest, root: int, count: int) -> int:
    """Give places to a root and all below it; returns the next free one."""
    place, end, at = forest.place, forest.end, forest.at
    child, sibling = forest.child, forest.sibling
    site, down = root, True
    while True:
        if down:
            place[site], at[count] = count, site
            count += 1
            if child[site] >= 0:
                site = child[site]
                continue
        end[site] = count
        if site == root:
            return count
        down = sibling[site] >= 0
        site = sibling[site] if down else target[only[site]]


@bare
def _mix(ip: Ip, far: FloatArray, only: IntArray, forest: Forest) -> None:
    """Mark who carries a part of what comes from a site with several next hops."""
    first, leaving, target, metric, _ = ip
    mixed = forest.mixed
    mixed[:] = False
    for number in range(2, forest.roots[0] + 1):
        root = forest.roots[number]
        for place in range(first[root], first[root + 1]):
            arc = leaving[place]
            onward = target[arc]
            if far[root] != metric[arc] + far[onward]:
                continue
            while only[onward] >= 0 and not mixed[onward]:
                mixed[onward] = True
                onward = target[only[onward]]


@bare
def _cross(ip: Ip, far: FloatArray, only: IntArray, forest: Forest, count: int) -> None:
    """List the arcs beside the trees."""
    first, leaving, target, metric, _ = ip
    found = 0
    for number in range(count):
        site = forest.at[number]
        forest.first[number] = found
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if arc != only[site] and only[there] != arc ^ 1:
                forest.crossing[found] = arc
                forest.origin[found], forest.onto[found] = number, forest.place[there]
                forest.extra[found] = metric[arc] + far[there] - far[site]
                found += 1
    forest.first[count] = found
