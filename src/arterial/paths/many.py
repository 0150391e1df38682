"""Diverse paths of very many pairs, compiled: a continent's half million in seconds.

The first path of a pair is a shortest one. Each further one is shortest over weights in which a
link costs more for every earlier path that it would fail with, so that paths part where they can;
what all paths must cross costs no more. The search is guided by the distance to the target, which
no dearer link makes smaller: it looks at little more than it must. Greedy: it finds disjoint paths
where the links to avoid are clear from the shorter paths, and does not prove that there are none.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.tree import Adjacency, rise, sink

__all__ = ["Fates", "Paths", "many_paths"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

PENALTY = 4.0
"""Times its weight that a link costs more for each earlier path that it would fail with."""

TRIES = 2
"""Searches for each path that is asked for: a path that comes back makes its links dearer."""

CHAIN = 2
"""Links of a site at which there is nothing to choose."""

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
    arc: SmallArray
    """(nnz,)"""
    pair: IntArray
    """(P,)"""


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
    free = _bridges(adjacency)
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
    spread = np.empty(start[-1], dtype=np.int32)
    _copy(arc, begin[place], start, turned[pair], spread)
    return Paths(start, spread, pair)


@njit(cache=True, nogil=True)
def _copy(
    arc: SmallArray, begin: IntArray, start: IntArray, turned: BoolArray, out: SmallArray
) -> None:
    for path in range(len(begin)):
        hops = start[path + 1] - start[path]
        for hop in range(hops):
            if turned[path]:
                out[start[path + 1] - 1 - hop] = arc[begin[path] + hop] ^ 1
            else:
                out[start[path] + hop] = arc[begin[path] + hop]


@njit(cache=True, nogil=True)
def _bridges(graph: Adjacency) -> BoolArray:
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
    memory = Memory(
        np.empty(len(weight) + 1),
        np.empty(len(weight) + 1, dtype=np.int64),
        np.full(sites, np.inf),
        np.full(sites, np.inf),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
        np.zeros(len(free)),
    )
    arc_out = np.empty(16 * room + len(weight), dtype=np.int32)
    hops_out, count_out = np.empty(room, dtype=np.int64), np.zeros(len(source), dtype=np.int64)
    end, count, last = 0, 0, -1
    for pair in range(len(source)):
        start, goal = source[pair], target[pair]
        if goal != last:
            _look_back(graph, weight, goal, memory)
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
                hops = _descent(graph, weight, memory.ahead, start, arc_out, end)
            else:
                hops = _search(graph, weight, memory, (start, goal), arc_out, end)
            _wear(fates, free, memory.used, arc_out[end : end + hops])
            if not _known(arc_out, end, hops, hops_out[own:count], begin):
                hops_out[count] = hops
                count += 1
                end += hops
        count_out[pair] = count - own
        memory.used[:] = 0.0
    return hops_out[:count].copy(), arc_out[:end].copy(), count_out


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _look_back(graph: Adjacency, weight: FloatArray, goal: int, memory: Memory) -> None:
    """Distance of every site to ``goal`` into ``ahead``."""
    first, arcs, arc_target = graph
    key, queue, ahead = memory.key, memory.queue, memory.ahead
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


@njit(cache=True, nogil=True)
def _descent(
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


@njit(cache=True, nogil=True)
def _search(
    graph: Adjacency,
    weight: FloatArray,
    memory: Memory,
    ends: tuple[int, int],
    out: SmallArray,
    end: int,
) -> int:
    """The shortest path where used links cost more (A*, Hart et al. 1968); how many hops."""
    first, arcs, arc_target = graph
    key, queue, ahead, reached, arrival, touched, used = memory
    start, goal = ends
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
            through = here + weight[arc] * (1.0 + PENALTY * used[arc >> 1])
            # Along a chain there is nothing to choose: only its far end is looked at.
            while first[there + 1] - first[there] <= CHAIN and there != goal:
                arc = _onward(first, arcs, arc, there)
                if arc < 0:
                    break
                there = arc_target[arc]
                through += weight[arc] * (1.0 + PENALTY * used[arc >> 1])
            if arc >= 0 and through < reached[there]:
                if reached[there] == np.inf:
                    touched[marked] = there
                    marked += 1
                reached[there], arrival[there] = through, arc
                rise(key, queue, float(through + ahead[there]), int(there), size)
                size += 1
    for number in range(marked):
        reached[touched[number]] = np.inf
    return _traced(graph, arrival, ends, out, end)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _onward(first: IntArray, arcs: IntArray, arc: int, site: int) -> int:
    """The arc that leaves a site of one or two links by which one did not come; -1 at an end."""
    for place in range(first[site], first[site + 1]):
        if arcs[place] != arc ^ 1:
            return arcs[place]
    return -1


@njit(cache=True, nogil=True)
def _before(
    first: IntArray, arcs: IntArray, arc_target: IntArray, arrival: IntArray, arc: int
) -> int:
    """The arc by which a path came to where ``arc`` begins."""
    site = arc_target[arc ^ 1]
    if first[site + 1] - first[site] > CHAIN:
        return int(arrival[site])
    return _onward(first, arcs, arc ^ 1, int(site)) ^ 1
