"""Equal-cost multipath: where every pair's traffic goes along shortest paths, and what it loads.

Traffic to one destination is worked out at once, whatever its sources: sites are taken from the
farthest to the nearest, and each hands what it has to its next hops. The state that comes of it is
kept, so that a failure has only to mend what it touches (``repair``).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.bare import bare
from arterial.paths.tree import rise, sink
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Base", "Ip", "base_of", "ip_of"]


class Ip(NamedTuple):
    """The IP layer as compiled loops read it: link l is arc ``2 l`` and, back, arc ``2 l + 1``."""

    first: IntArray
    """(N + 1,) where the arcs that leave a site begin in ``leaving``."""
    leaving: IntArray
    """(E,)"""
    target: IntArray
    """(E,)"""
    metric: FloatArray
    """(E,) whole numbers above 0: sums are exact, so equal costs are equal."""
    weight: FloatArray
    """(E,) what a site splits by among its next hops: all 1, or their capacity."""


class Base(NamedTuple):
    """Routing without failure, by destination."""

    distance: FloatArray
    """(N, N) metric from site v, ``[d, v]``, to destination d; inf where there is no way."""
    inflow: FloatArray
    """(N, N, C) Gb/s that site v has for destination d, its own offer in."""
    hops: IntArray
    """(N, N) next hops of site v, ``[d, v]``, towards destination d."""
    only: IntArray
    """(N, N) the arc to the next hop where there is but one, else -1."""
    load: FloatArray
    """(E, C) Gb/s"""


def ip_of(ends: IntArray, sites: int, metric: FloatArray, weight: FloatArray) -> Ip:
    """Adjacency of links with ``ends`` (L, 2); ``metric`` and ``weight`` are by arc, (E,)."""
    source = ends.reshape(-1)
    target = ends[:, ::-1].reshape(-1)
    assert (metric >= 1.0).all()
    assert (metric == np.floor(metric)).all()
    leaving = np.argsort(source, kind="stable")
    count = np.bincount(source, minlength=sites)
    return Ip(
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        leaving=leaving.astype(np.int64),
        target=np.ascontiguousarray(target, dtype=np.int64),
        metric=np.ascontiguousarray(metric, dtype=np.float64),
        weight=np.ascontiguousarray(weight, dtype=np.float64),
    )


def base_of(ip: Ip, offered: FloatArray) -> Base:
    """Route ``offered`` (N, N, C) Gb/s, ``[d, v]`` from v to d, with nothing failed.

    What has no way stays out of ``load``; its distance is inf.
    """
    sites, classes = len(ip.first) - 1, offered.shape[2]
    base = Base(
        distance=np.full((sites, sites), np.inf),
        inflow=np.array(offered, dtype=np.float64, order="C"),
        hops=np.zeros((sites, sites), dtype=np.int64),
        only=np.full((sites, sites), -1, dtype=np.int64),
        load=np.zeros((len(ip.target), classes)),
    )
    _fill(ip, base)
    return base


@njit(cache=True, nogil=True)
def _fill(ip: Ip, base: Base) -> None:
    sites, arcs = len(ip.first) - 1, len(ip.target)
    order = np.empty(sites, dtype=np.int64)
    key, queue = np.empty(arcs + 1), np.empty(arcs + 1, dtype=np.int64)
    for destination in range(sites):
        distance = base.distance[destination]
        distance[destination] = 0.0
        rise(key, queue, 0.0, destination, 0)
        count = _settle(ip, distance, order, key, queue)
        inflow = base.inflow[destination]
        for place in range(count - 1, 0, -1):
            site = order[place]
            hops, arc = _hand_on(ip, distance, inflow, site, base.load)
            base.hops[destination, site] = hops
            base.only[destination, site] = arc if hops == 1 else -1


@bare
def _settle(ip: Ip, distance: FloatArray, order: IntArray, key: FloatArray, queue: IntArray) -> int:
    """Distances of all sites to the one in the queue, and the sites in that order; how many."""
    first, leaving, target, metric, _ = ip
    size, count = 1, 0
    while size:
        reached, site = key[0], queue[0]
        size -= 1
        sink(key, queue, size)
        if reached > distance[site]:
            continue
        order[count] = site
        count += 1
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there, through = target[arc], reached + metric[arc ^ 1]
            if through < distance[there]:
                distance[there] = through
                rise(key, queue, float(through), int(there), size)
                size += 1
    return count


@bare
def _hand_on(
    ip: Ip, distance: FloatArray, inflow: FloatArray, site: int, load: FloatArray
) -> tuple[int, int]:
    """Split what a site has among its next hops; how many they are, and the arc to the last."""
    first, leaving, target, metric, weight = ip
    total, hops, last = 0.0, 0, -1
    for place in range(first[site], first[site + 1]):
        arc = leaving[place]
        if distance[site] == metric[arc] + distance[target[arc]]:
            total += weight[arc]
            hops += 1
            last = arc
    for place in range(first[site], first[site + 1]):
        arc = leaving[place]
        there = target[arc]
        if distance[site] == metric[arc] + distance[there]:
            share = weight[arc] / total
            for c in range(load.shape[1]):
                load[arc, c] += inflow[site, c] * share
                inflow[there, c] += inflow[site, c] * share
    return hops, last
