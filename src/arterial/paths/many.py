"""Diverse paths of very many pairs, compiled: a continent's half million in seconds.

The first path of a pair is a shortest one. Each further one shares as few links as can be with what
would fail with earlier ones, and is the shortest of those; what all paths must cross counts for
nothing. The search is guided by the distance to the target, which no dearer link makes smaller.
Greedy: the second path shares nothing with the first where that can be; that the first is in the
way of all others (the trap topology) is not seen.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.bare import bare
from arterial.paths.bridges import bridges
from arterial.paths.guided import descent, look_back, memory_of, search
from arterial.paths.tree import Adjacency

__all__ = ["Fates", "Paths", "many_paths"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

TRIES = 2
"""Searches for each path that is asked for: a path that comes back makes its links dearer."""

CHUNK = 4096
"""Pairs that a thread takes at once."""


class Fates(NamedTuple):
    """Which links fall with which: those of link l are ``links[first[l]:first[l + 1]]``, l too."""

    first: IntArray
    links: IntArray

    @staticmethod
    def alone(links: int) -> "Fates":
        """Every link fails by itself."""
        every = np.arange(links + 1, dtype=np.int64)
        return Fates(every, every[:-1].copy())


class Paths(NamedTuple):
    """Path p serves pair ``pair[p]`` over ``arc[start[p]:start[p + 1]]``; pairs in order."""

    start: IntArray
    """(P + 1,)"""
    arc: IntArray
    """(nnz,)"""
    pair: IntArray
    """(P,)"""


def many_paths(
    adjacency: Adjacency,
    weight: FloatArray,
    source: IntArray,
    target: IntArray,
    k: int,
    fates: Fates,
    *,
    threads: int = 2,
) -> Paths:
    """At most ``k`` different paths a pair, in the order in which they were found.

    Parameters
    ----------
    weight : float (E,)
        By arc, above 0.
    source, target : int (K,)
        Pairs; one that no path joins, or that stays at a site, gets none.

    Returns
    -------
    Paths
        The same for any number of threads.
    """
    assert (weight > 0.0).all()
    assert k >= 1
    sites = len(adjacency.first) - 1
    both_ways = bool((weight[::2] == weight[1::2]).all())
    near = np.where(both_ways, np.minimum(source, target), source)
    far = np.where(both_ways, np.maximum(source, target), target)
    unique, pair_of = np.unique(far * sites + near, return_inverse=True)
    free = np.zeros(len(weight) // 2, dtype=np.bool_)
    free[bridges(adjacency.graph())] = True
    parts = [unique[begin : begin + CHUNK] for begin in range(0, len(unique), CHUNK)]

    def found(part: IntArray) -> tuple[IntArray, SmallArray, IntArray]:
        return _chunk(adjacency, weight, free, fates, (part % sites, part // sites), k)

    with ThreadPoolExecutor(threads) as pool:
        chunks = list(pool.map(found, parts))
    hops = np.concatenate([np.zeros(0, np.int64), *(hops for hops, _, _ in chunks)])
    count = np.concatenate([np.zeros(0, np.int64), *(count for _, _, count in chunks)])
    arc = np.concatenate([np.zeros(0, np.int32), *(arc for _, arc, _ in chunks)])
    return _spread(hops, arc, count, pair_of, near != source)


def _spread(
    hops: IntArray, arc: SmallArray, count: IntArray, pair_of: IntArray, turned: BoolArray
) -> Paths:
    """Hand each pair the paths that were found for it, or for the pair the other way."""
    own = count[pair_of]
    first = np.cumsum(count) - count
    shift = first[pair_of] - np.cumsum(own) + own
    place: IntArray = np.repeat(shift, own)
    place += np.arange(len(place))
    begin = np.cumsum(hops) - hops
    start = np.concatenate([[0], np.cumsum(hops[place])]).astype(np.int64)
    pair = np.repeat(np.arange(len(own), dtype=np.int64), own)
    spread = np.empty(start[-1], dtype=np.int64)
    _copy(arc, begin[place], start, turned[pair], spread)
    return Paths(start, spread, pair)


@njit(cache=True, nogil=True)
def _copy(
    arc: SmallArray, begin: IntArray, start: IntArray, turned: BoolArray, out: IntArray
) -> None:
    for path in range(len(begin)):
        hops = start[path + 1] - start[path]
        for hop in range(hops):
            if turned[path]:
                out[start[path + 1] - 1 - hop] = arc[begin[path] + hop] ^ 1
            else:
                out[start[path] + hop] = arc[begin[path] + hop]


@njit(cache=True, nogil=True)
def _chunk(
    graph: Adjacency,
    weight: FloatArray,
    free: BoolArray,
    fates: Fates,
    pairs: tuple[IntArray, IntArray],
    k: int,
) -> tuple[IntArray, SmallArray, IntArray]:
    """Paths of pairs that are sorted by target: hops of each, arcs, and how many each pair has."""
    source, target = pairs
    sites, room = len(graph.first) - 1, len(source) * k
    memory = memory_of(sites, len(free))
    arc_out = np.empty(16 * room + len(weight), dtype=np.int32)
    hops_out, count_out = np.empty(room, dtype=np.int64), np.zeros(len(source), dtype=np.int64)
    end, count, last, apart = 0, 0, -1, 2.0 * weight.sum()
    for pair in range(len(source)):
        start, goal = source[pair], target[pair]
        if goal != last:
            look_back(graph, weight, goal, memory.ahead, memory.key, memory.queue)
            last = goal
        if start == goal or memory.ahead[start] == np.inf:
            continue
        own, begin = count, end
        for number in range(TRIES * k):
            if count - own == k or (number and not memory.used.any()):
                break
            if end + len(weight) > len(arc_out):
                arc_out = _longer(arc_out)
            if number == 0:
                hops = descent(graph, weight, memory.ahead, start, arc_out, end)
            else:
                hops = search(graph, weight, memory, (start, goal, apart), arc_out, end)
            _wear(fates, free, memory.used, arc_out[end : end + hops])
            if not _known(arc_out, end, hops, hops_out[own:count], begin):
                hops_out[count] = hops
                count += 1
                end += hops
        count_out[pair] = count - own
        memory.used[:] = 0.0
    return hops_out[:count].copy(), arc_out[:end].copy(), count_out


@bare
def _wear(fates: Fates, free: BoolArray, used: FloatArray, path: SmallArray) -> None:
    """Count a path against every link that would fail with it, but for those all must ride."""
    first, links = fates
    for arc in path:
        for place in range(first[arc >> 1], first[(arc >> 1) + 1]):
            if not free[links[place]]:
                used[links[place]] += 1.0


@njit(cache=True, nogil=True)
def _longer(arc: SmallArray) -> SmallArray:
    longer = np.empty(2 * len(arc), dtype=np.int32)
    longer[: len(arc)] = arc
    return longer


@njit(cache=True, nogil=True)
def _known(arc: SmallArray, end: int, hops: int, hops_of: IntArray, begin: int) -> bool:
    """Whether the path at ``end`` is one of those that stand from ``begin`` on."""
    for before in hops_of:
        if before == hops and (arc[begin : begin + hops] == arc[end : end + hops]).all():
            return True
        begin += before
    return False
