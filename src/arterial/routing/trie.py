"""Paths as a trie: what paths have in common from their first arc on stands there once.

The paths of one source share most of their ways: half a million pairs of a continent ride 76
million arcs, but only 4 million distinct beginnings. A sum along every path, or of every path onto
its arcs, then costs one step a beginning; the incidence of paths and arcs is never written down.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.routing.pathset import PathSet
from arterial.solve.program import IntArray, SmallArray

__all__ = ["Trie", "trie_of"]

PARTS = 32
"""Pieces of about equal size that threads share; fixed, so that sums do not depend on them."""

RANKS = 8
"""Paths of a demand that are laid along paths of the demand before."""


class Trie(NamedTuple):
    """T beginnings of P paths; those of one part lie together, a shorter one before a longer."""

    parent: SmallArray
    """(T,) the beginning one arc shorter, -1 where there is none."""
    arc: SmallArray
    """(T,) the arc with which it ends."""
    part: IntArray
    """(parts + 1,) where the beginnings of each part start."""
    end: SmallArray
    """(P,) the beginning that is the whole of a path, -1 for a path of no arcs; by ``path``."""
    path: IntArray
    """(P,) paths in the order of the parts, those of one demand together."""
    demand: IntArray
    """(K',) demands that have paths, in that order."""
    first: IntArray
    """(K' + 1,) where each demand's paths start in ``path``."""
    turn: IntArray
    """(parts + 1,) where each part's demands start in ``demand``."""


def trie_of(paths: PathSet, demands: int, arcs: int, *, threads: int = 2) -> Trie:
    """The trie of a set of paths; ``demands`` is K and ``arcs`` is E.

    The same for any number of threads.
    """
    steps = paths.arc.astype(np.int32)
    group = _groups(paths.start, steps, paths.demand, demands, arcs)
    of_path = group[paths.demand]
    path = np.argsort(of_path * demands + paths.demand, kind="stable").astype(np.int64)
    sorted_demand = paths.demand[path]
    begins = np.flatnonzero(np.diff(sorted_demand, prepend=-1))
    demand = sorted_demand[begins]
    first = np.append(begins, len(path)).astype(np.int64)
    hops = np.diff(paths.start)[path]
    turn = _turns(group[demand], np.add.reduceat(hops, begins) if len(begins) else hops)
    group_of = group[demand]

    def planted(piece: int) -> tuple[SmallArray, SmallArray, SmallArray]:
        return _planted(
            paths.start,
            steps,
            path,
            first,
            group_of,
            (arcs, int(turn[piece]), int(turn[piece + 1])),
        )

    with ThreadPoolExecutor(threads) as pool:
        pieces = list(pool.map(planted, range(len(turn) - 1)))
    part = np.cumsum([0, *(len(arc) for _, arc, _ in pieces)], dtype=np.int64)
    return Trie(
        parent=_joined(
            [_moved(above, by) for (above, _, _), by in zip(pieces, part.tolist(), strict=False)]
        ),
        arc=_joined([arc for _, arc, _ in pieces]),
        part=part,
        end=_joined(
            [_moved(end, by) for (_, _, end), by in zip(pieces, part.tolist(), strict=False)]
        ),
        path=path,
        demand=demand,
        first=first,
        turn=turn,
    )


def _joined(pieces: list[SmallArray]) -> SmallArray:
    return np.concatenate([np.zeros(0, dtype=np.int32), *pieces])


def _moved(node: SmallArray, by: int) -> SmallArray:
    """Numbers of a part as numbers of the whole; -1 stays."""
    moved: SmallArray = np.where(node < 0, np.int32(-1), node + np.int32(by))
    return moved


def _turns(group: IntArray, size: IntArray) -> IntArray:
    """Where parts of about equal size start: only between groups."""
    if not len(group):
        return np.zeros(2, dtype=np.int64)
    may = np.flatnonzero(np.diff(group, prepend=-1))
    before = (np.cumsum(size) - size)[may]
    marks = np.arange(PARTS) * (float(size.sum()) / PARTS)
    begins = {int(may[min(place, len(may) - 1)]) for place in np.searchsorted(before, marks)}
    return np.array(sorted({0, *begins, len(group)}), dtype=np.int64)


@njit(cache=True, nogil=True)
def _groups(
    start: IntArray, arc: SmallArray, demand: IntArray, demands: int, arcs: int
) -> IntArray:
    """(K,) demands of one group are joined by first arcs that their paths share."""
    leader = np.arange(arcs + 1)
    own = np.full(demands, -1, dtype=np.int64)
    for path in range(len(demand)):
        if start[path] == start[path + 1]:
            continue
        one = _leader(leader, int(arc[start[path]]))
        if own[demand[path]] < 0:
            own[demand[path]] = one
        else:
            other = _leader(leader, int(own[demand[path]]))
            leader[max(one, other)] = min(one, other)
    for k in range(demands):
        own[k] = _leader(leader, int(own[k])) if own[k] >= 0 else arcs
    return own


@njit(cache=True, nogil=True)
def _leader(leader: IntArray, arc: int) -> int:
    while leader[arc] != arc:
        leader[arc] = leader[leader[arc]]
        arc = leader[arc]
    return arc


@njit(cache=True, nogil=True)
def _planted(
    start: IntArray,
    arc: SmallArray,
    path: IntArray,
    first: IntArray,
    group: IntArray,
    asked: tuple[int, int, int],
) -> tuple[SmallArray, SmallArray, SmallArray]:
    """The beginnings of the paths of some demands: parents, arcs, and the end of each path.

    ``asked``: E, and the demands' range. A path is laid along the one of the same rank of the
    demand before, which it follows for half its way; from there on it is looked up.
    """
    arcs, begin, stop = asked
    node = np.empty((1024, 4), dtype=np.int32)  # parent, arc, first child, next sibling
    end = np.full(first[stop] - first[begin], -1, dtype=np.int32)
    roots = np.full(arcs, -1, dtype=np.int32)
    before = np.empty((RANKS, arcs), dtype=np.int32)
    before_hops, before_start = np.zeros(RANKS, dtype=np.int64), np.zeros(RANKS, dtype=np.int64)
    count = 0
    for k in range(begin, stop):
        if k == begin or group[k] != group[k - 1]:
            roots[:] = -1
            before_hops[:] = 0
        for place in range(first[k], first[k + 1]):
            rank = min(place - first[k], RANKS - 1)
            way, own = before[rank], start[path[place]]
            hops, other = start[path[place] + 1] - own, before_start[rank]
            hop = 0
            while hop < min(hops, before_hops[rank]) and arc[own + hop] == arc[other + hop]:
                hop += 1
            at = way[hop - 1] if hop else -1
            for later in range(hop, hops):
                step = arc[own + later]
                below = node[at, 2] if later else roots[step]
                while later and below >= 0 and node[below, 1] != step:
                    below = node[below, 3]
                if below < 0:
                    node = _longer(node) if count == len(node) else node
                    below = count
                    count += 1
                    node[below, 0], node[below, 1], node[below, 2] = at, step, -1
                    if later:
                        node[below, 3], node[at, 2] = node[at, 2], below
                    else:
                        roots[step] = below
                way[later] = at = below
            end[place - first[begin]] = at
            before_hops[rank], before_start[rank] = hops, own
    return node[:count, 0].copy(), node[:count, 1].copy(), end


@njit(cache=True, nogil=True)
def _longer(node: SmallArray) -> SmallArray:
    longer = np.empty((2 * len(node), 4), dtype=np.int32)
    longer[: len(node)] = node
    return longer
