"""The lightest way within a delay limit, compiled: labels by weight, each sooner than those before.

Exact: a label is dropped only where another reached its site as light and as soon, or where even
the soonest rest of the way is too late.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.graph import Path
from arterial.paths.tree import Adjacency, rise, sink
from arterial.solve.program import FloatArray, IntArray

__all__ = ["limited_path"]

LABELS = 1024
"""Room at first; it doubles."""
SITE, ARC, BEFORE = 0, 1, 2


class _Arcs(NamedTuple):
    first: IntArray
    arcs: IntArray
    target: IntArray
    weight: FloatArray
    delay: FloatArray
    rest: FloatArray
    """(N,) least delay from each site to the target."""


@njit(cache=True)
def _wider_ints(array: IntArray) -> IntArray:
    wide = np.empty((2 * array.shape[0], array.shape[1]), dtype=np.int64)
    wide[: array.shape[0]] = array
    return wide


@njit(cache=True)
def _wider(array: FloatArray) -> FloatArray:
    wide = np.empty((2 * array.shape[0], array.shape[1]))
    wide[: array.shape[0]] = array
    return wide


@njit(cache=True)
def _way(label: int, steps: IntArray) -> IntArray:
    """Arcs from the source to a label."""
    hops, at = 0, label
    while steps[at, BEFORE] >= 0:
        hops += 1
        at = steps[at, BEFORE]
    path = np.empty(hops, dtype=np.int64)
    at = label
    while steps[at, BEFORE] >= 0:
        hops -= 1
        path[hops] = steps[at, ARC]
        at = steps[at, BEFORE]
    return path


@njit(cache=True)
def _labelled(net: _Arcs, ends: tuple[int, int], limit: float) -> tuple[int, IntArray, FloatArray]:
    """The label that ends at the target, -1 without one; steps and (weight, delay) of labels."""
    source, target = ends
    steps = np.empty((LABELS, 3), dtype=np.int64)
    value = np.empty((LABELS, 2))
    key, queue = np.empty(LABELS), np.empty(LABELS, dtype=np.int64)
    soonest = np.full(len(net.first) - 1, np.inf)
    steps[0] = np.array([source, -1, -1])
    value[0] = 0.0
    rise(key, queue, 0.0, 0, 0)
    count, size = 1, 1
    while size:
        label = int(queue[0])
        size -= 1
        sink(key, queue, size)
        site, when = steps[label, SITE], value[label, 1]
        if when >= soonest[site]:
            continue
        soonest[site] = when
        if site == target:
            return label, steps, value
        for place in range(net.first[site], net.first[site + 1]):
            arc = net.arcs[place]
            there, then = net.target[arc], when + net.delay[arc]
            late = then + net.rest[there] > limit or then >= soonest[there]
            if late or net.weight[arc] == np.inf:
                continue
            if count == len(steps):
                steps, value = _wider_ints(steps), _wider(value)
                key = np.append(key, np.empty(len(key)))
                queue = np.append(queue, np.empty(len(queue), dtype=np.int64))
            steps[count, SITE], steps[count, ARC], steps[count, BEFORE] = there, arc, label
            value[count, 0], value[count, 1] = value[label, 0] + net.weight[arc], then
            rise(key, queue, float(value[count, 0]), count, size)
            size += 1
            count += 1
    return -1, steps, value


@njit(cache=True, nogil=True)
def _limited(net: _Arcs, ends: tuple[int, int], limit: float) -> tuple[float, IntArray]:
    label, steps, value = _labelled(net, ends, limit)
    if label < 0:
        return np.inf, np.empty(0, dtype=np.int64)
    return float(value[label, 0]), _way(label, steps)


def limited_path(
    adjacency: Adjacency,
    weight: FloatArray,
    delay: FloatArray,
    ends: tuple[int, int],
    *,
    limit: float,
    rest: FloatArray,
) -> tuple[float, Path]:
    """Weight and arcs of the lightest way whose delay is within a limit; (inf, ()) without one.

    Parameters
    ----------
    weight, delay : float (E,)
        Not negative; an infinite weight closes an arc.
    rest : float (N,)
        Least delay from each site to the target, or less.

    Examples
    --------
    >>> from arterial.paths.graph import Graph
    >>> triangle = Adjacency.of(Graph.of(3, [0, 1, 0], [1, 2, 2]))
    >>> weight, delay = np.array([1.0, 1, 1, 1, 9, 9]), np.array([5.0, 5, 5, 5, 1, 1])
    >>> limited_path(triangle, weight, delay, (0, 2), limit=4.0, rest=np.zeros(3))
    (9.0, (4,))
    """
    net = _Arcs(*adjacency, weight, delay, rest)
    far, path = _limited(net, ends, limit)
    return float(far), tuple(path.tolist())
