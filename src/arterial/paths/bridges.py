"""Links that every path across must ride: their cut parts the graph."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.tree import Adjacency

__all__ = ["bridges"]

BoolArray = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def bridges(graph: Adjacency) -> BoolArray:
    """(L,) True where a link's cut parts the graph: all paths across ride it (Tarjan 1974)."""
    first, arcs, target = graph
    sites = len(first) - 1
    bridge = np.zeros(len(target) // 2, dtype=np.bool_)
    seen = np.full(sites, -1, dtype=np.int64)
    low = np.zeros(sites, dtype=np.int64)
    arrival = np.full(sites, -1, dtype=np.int64)
    place = first[:-1].copy()
    stack = np.empty(sites, dtype=np.int64)
    clock = 0
    for root in range(sites):
        if seen[root] >= 0:
            continue
        depth = 1
        stack[0] = root
        seen[root] = low[root] = clock
        clock += 1
        while depth:
            site = stack[depth - 1]
            if place[site] < first[site + 1]:
                arc = arcs[place[site]]
                place[site] += 1
                there = target[arc]
                if arrival[site] >= 0 and arc == arrival[site] ^ 1:
                    continue
                if seen[there] < 0:
                    seen[there] = low[there] = clock
                    clock += 1
                    arrival[there] = arc
                    stack[depth] = there
                    depth += 1
                else:
                    low[site] = min(low[site], seen[there])
                continue
            depth -= 1
            if depth:
                above = stack[depth - 1]
                low[above] = min(low[above], low[site])
                bridge[arrival[site] >> 1] = low[site] > seen[above]
    return bridge
