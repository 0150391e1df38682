"""Shortest distances from some sites at once, compiled.

Of equally light ways the one of least delay is taken: capacity that nothing fills weighs nothing,
and a way that needlessly wanders is the first to break a delay limit.
"""

import numpy as np
from numba import njit

from arterial.paths.graph import Path
from arterial.paths.tree import Adjacency, rise, sink
from arterial.solve.program import FloatArray, IntArray

__all__ = ["tree_path", "trees"]

ROUNDING = 1e-12


@njit(cache=True, nogil=True)
def _trees(
    first: IntArray,
    arcs: IntArray,
    arc_target: IntArray,
    weight: FloatArray,
    delay: FloatArray,
    sources: IntArray,
) -> tuple[FloatArray, FloatArray, IntArray]:
    sites = len(first) - 1
    shape = (len(sources), sites)
    distance = np.full(shape, np.inf)
    late = np.full(shape, np.inf)
    arrival = np.full(shape, -1, dtype=np.int64)
    key, queue = np.empty(len(arcs) + 1), np.empty(len(arcs) + 1, dtype=np.int64)
    for number in range(len(sources)):
        settled = np.zeros(sites, dtype=np.bool_)
        near, when, by = distance[number], late[number], arrival[number]
        near[sources[number]], when[sources[number]] = 0.0, 0.0
        rise(key, queue, 0.0, sources[number], 0)
        size = 1
        while size:
            site = queue[0]
            size -= 1
            sink(key, queue, size)
            if settled[site]:
                continue
            settled[site] = True
            for place in range(first[site], first[site + 1]):
                arc = arcs[place]
                there, reached = arc_target[arc], near[site] + weight[arc]
                if settled[there] or reached == np.inf:
                    continue
                tie = abs(reached - near[there]) <= ROUNDING * reached
                sooner = when[site] + delay[arc] < when[there]
                if (reached < near[there] and not tie) or (tie and sooner):
                    near[there], when[there], by[there] = (
                        min(reached, near[there]),
                        when[site] + delay[arc],
                        arc,
                    )
                    rise(key, queue, float(near[there]), int(there), size)
                    size += 1
    return distance, late, arrival


def trees(
    adjacency: Adjacency, weight: FloatArray, delay: FloatArray, sources: IntArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Lightest ways from each source to all sites: weight, delay, and arc of arrival, (n, N) each.

    Parameters
    ----------
    weight, delay : float (E,)
        Not negative; an infinite weight closes an arc.
    """
    return _trees(*adjacency, weight, delay, sources)


def tree_path(adjacency: Adjacency, arrival: IntArray, source: int, target: int) -> Path:
    """The way to a target in one source's tree (N,)."""
    arcs: list[int] = []
    site = target
    while site != source:
        arc = int(arrival[site])
        arcs.append(arc)
        site = int(adjacency.target[arc ^ 1])
    return tuple(reversed(arcs))
