"""Tunnels that fail apart, for many demands at once, compiled: a primary, its backup, and more.

The primary is the shortest path. Its backup is the shortest path that rides none of the primary's
risks, but for those that every path rides: removing such a risk parts the two ends. Where the
shortest path stands in the way of every such backup (the trap topology), a pair is tried that one
of the further paths leads; where none is found, the backup is the one found that shares least, and
``exact`` is false. Further paths pay for every risk that an earlier one rides.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.extra import Memory, memory_of, search
from arterial.paths.guided import look_back
from arterial.paths.risks import Risks, parts_without, starts
from arterial.paths.tree import Adjacency

__all__ = ["Tunnels", "tunnels"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_TRIES = 10
"""Searches a further path may take: a path that comes back is worn, one too long is allowed more
overlap."""
_EASE = 1.0 / 16.0
"""What a penalty is multiplied by when the path that it leads to is too long."""


@dataclass(frozen=True, kw_only=True)
class Tunnels:
    """Paths by demand and, within one, by rank: the primary, its backup, then others."""

    start: IntArray
    """(P + 1,) where each path begins in ``arc``."""
    arc: IntArray
    demand: IntArray
    """(P,)"""
    rank: IntArray
    """(P,) 0 for a primary."""
    shared: IntArray
    """(K,) risks that primary and backup share; those of the primary where it has no backup."""
    exact: BoolArray
    """(K,) no two paths share fewer risks."""


def tunnels(
    adjacency: Adjacency,
    weight: FloatArray,
    risks: Risks,
    source: IntArray,
    target: IntArray,
    limit: FloatArray,
    *,
    k: int = 2,
) -> Tunnels:
    """At most k paths a demand, none heavier than its limit.

    Parameters
    ----------
    weight : float (E,)
        By arc, not negative; inf closes an arc.
    source, target : int (K,)
        Sites, two different ones each.
    limit : float (K,)
        In the weight's unit; inf for none.

    Returns
    -------
    Tunnels
        No path of a demand whose ends are not joined within its limit.
    """
    assert not len(weight) or weight.min() >= 0.0, "weights are not negative, and numbers"
    assert (source != target).all(), "a demand leaves its site"
    parts = parts_without(adjacency, risks, weight)
    order = np.argsort(target, kind="stable").astype(np.int64)
    finite = weight[np.isfinite(weight)]
    net = _Net(
        adjacency,
        np.ascontiguousarray(weight, dtype=np.float64),
        risks,
        parts,
        2.0 * float(finite.sum()) + 1.0,
    )
    room = np.ascontiguousarray(limit, dtype=np.float64)
    found = _all(net, order, source, target, room, k)
    hops, arc, demand, rank, shared, exact = found
    start = starts(hops)
    sorted_paths = np.argsort(demand, kind="stable")
    again = starts(hops[sorted_paths])
    within = np.arange(again[-1], dtype=np.int64) - np.repeat(again[:-1], hops[sorted_paths])
    return Tunnels(
        start=again,
        arc=arc[np.repeat(start[:-1][sorted_paths], hops[sorted_paths]) + within],
        demand=demand[sorted_paths],
        rank=rank[sorted_paths],
        shared=shared,
        exact=exact,
    )


class _Net(NamedTuple):
    adjacency: Adjacency
    weight: FloatArray
    risks: Risks
    part: IntArray
    dear: float
    """More than any path weighs twice."""


class _Kept(NamedTuple):
    """The paths of the demand at hand."""

    arcs: IntArray
    """(k, N + 1)"""
    hops: IntArray
    """(k,)"""


@njit(cache=True, nogil=True)
def _all(
    net: _Net, order: IntArray, source: IntArray, target: IntArray, limit: FloatArray, k: int
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray, BoolArray]:
    """Hops, arcs, demand and rank of every path, demands in ``order``; then by demand."""
    sites, arcs_of = len(net.adjacency.first) - 1, len(net.weight)
    memory = memory_of(sites, arcs_of, len(net.risks.member_first) - 1)
    demands = len(source)
    shared = np.zeros(demands, dtype=np.int64)
    exact = np.zeros(demands, dtype=np.bool_)
    hops = np.empty(k * demands, dtype=np.int64)
    owner, rank = np.empty(k * demands, dtype=np.int64), np.empty(k * demands, dtype=np.int64)
    arcs = np.empty(max(64, 16 * k * demands), dtype=np.int64)
    kept = _Kept(np.empty((k, sites + 1), dtype=np.int64), np.zeros(k, dtype=np.int64))
    paths, used, goal = 0, 0, -1
    for demand in order:
        if int(target[demand]) != goal:
            goal = int(target[demand])
            look_back(net.adjacency, net.weight, goal, memory.ahead, memory.key, memory.queue)
        count, shared[demand], exact[demand] = _of_one(
            net, memory, kept, int(source[demand]), goal, float(limit[demand])
        )
        for place in range(count):
            many = kept.hops[place]
            if used + many > len(arcs):
                wider = np.empty(2 * (used + many), dtype=np.int64)
                _copy(wider, arcs, used)
                arcs = wider
            _copy(arcs[used:], kept.arcs[place], many)
            hops[paths], owner[paths], rank[paths] = many, demand, place
            used += many
            paths += 1
    return hops[:paths], arcs[:used], owner[:paths], rank[:paths], shared, exact


@njit(cache=True, nogil=True)
def _of_one(
    net: _Net, memory: Memory, kept: _Kept, source: int, goal: int, limit: float
) -> tuple[int, int, bool]:
    """Paths of one demand into ``kept``: how many, what two share, and whether that is least."""
    adjacency, weight, risks, part, dear = net
    k = len(kept.hops)
    memory.extra[:] = 0.0
    memory.worn[:] = 0.0
    memory.used[:] = 0
    hops, total = search(adjacency, weight, memory, source, goal)
    if hops < 0 or total > limit:
        return 0, 0, True
    _copy(kept.arcs[0], memory.path, hops)
    kept.hops[0] = hops
    own, must = _shut(risks, part, memory, hops, source, goal)
    if k == 1:
        return 1, own, must == own
    count = 1
    hops, total = search(adjacency, weight, memory, source, goal)
    if hops >= 0 and total <= limit and not _known(kept, count, memory.path, hops):
        _keep(risks, memory, kept, count, hops)
        count = 2
    tries, penalty = 0, dear
    while count < k and tries < _TRIES:
        tries += 1
        _charge(risks, memory, penalty)
        hops, _ = search(adjacency, weight, memory, source, goal)
        if _length(weight, memory.path, hops) > limit:
            penalty *= _EASE
        elif _known(kept, count, memory.path, hops):
            for place in range(hops):
                memory.worn[memory.path[place] >> 1] += 1.0
        else:
            _keep(risks, memory, kept, count, hops)
            count, tries, penalty = count + 1, 0, dear
    if count == 1:
        return 1, own, must == own
    both = _shared(risks, memory, kept.arcs[1], int(kept.hops[1]))
    if both > must and _untrapped(net, memory, kept, count, limit):
        both = must
    return count, both, both == must


@njit(cache=True, nogil=True)
def _untrapped(net: _Net, memory: Memory, kept: _Kept, count: int, limit: float) -> bool:
    """Put a pair that shares least first, if one of the paths beside the primary leads to it."""
    adjacency, weight, risks, part, _ = net
    before, length = kept.arcs.copy(), kept.hops.copy()
    for place in range(1, count):
        lead, many = before[place], int(length[place])
        source, goal = adjacency.target[lead[0] ^ 1], adjacency.target[lead[many - 1]]
        _copy(memory.path, lead, many)
        memory.extra[:] = 0.0
        _shut(risks, part, memory, many, int(source), int(goal))
        hops, total = search(adjacency, weight, memory, int(source), int(goal))
        if hops < 0 or total > limit:
            continue
        first = int(_length(weight, lead, many) > total)
        _copy(kept.arcs[first], lead, many)
        _copy(kept.arcs[1 - first], memory.path, hops)
        kept.hops[first], kept.hops[1 - first] = many, hops
        full = 2
        for old in range(count):
            if full < count and not _known(kept, full, before[old], int(length[old])):
                _copy(kept.arcs[full], before[old], int(length[old]))
                kept.hops[full] = length[old]
                full += 1
        return True
    return False


@njit(cache=True, nogil=True)
def _shut(
    risks: Risks, part: IntArray, memory: Memory, hops: int, source: int, goal: int
) -> tuple[int, int]:
    """Close the links of the primary's risks that some path avoids.

    Returns how many risks it rides in all, and how many every path rides.
    """
    first, held, member_first, member = risks
    own, must = 0, 0
    memory.own[:] = False
    for hop in range(hops):
        link = memory.path[hop] >> 1
        for place in range(first[link], first[link + 1]):
            risk = held[place]
            if memory.own[risk]:
                continue
            memory.own[risk] = True
            memory.used[risk] = 1
            own += 1
            if part[risk, source] != part[risk, goal]:
                must += 1
                continue
            for other in range(member_first[risk], member_first[risk + 1]):
                memory.extra[member[other]] = np.inf
    return own, must


@njit(cache=True, nogil=True)
def _charge(risks: Risks, memory: Memory, penalty: float) -> None:
    """Each link costs more by every path that rides one of its risks."""
    first, held, _, _ = risks
    for link in range(len(memory.extra)):
        count = memory.worn[link]
        for place in range(first[link], first[link + 1]):
            count += memory.used[held[place]]
        memory.extra[link] = penalty * count


@njit(cache=True, nogil=True)
def _shared(risks: Risks, memory: Memory, path: IntArray, hops: int) -> int:
    """How many of the primary's risks another path rides; forgets them as it counts."""
    first, held, _, _ = risks
    count = 0
    for hop in range(hops):
        link = path[hop] >> 1
        for place in range(first[link], first[link + 1]):
            if memory.own[held[place]]:
                memory.own[held[place]] = False
                count += 1
    return count


@njit(cache=True, nogil=True)
def _known(kept: _Kept, count: int, path: IntArray, hops: int) -> bool:
    for place in range(count):
        same = kept.hops[place] == hops
        for hop in range(hops):
            if not same:
                break
            same = kept.arcs[place, hop] == path[hop]
        if same:
            return True
    return False


@njit(cache=True, nogil=True)
def _keep(risks: Risks, memory: Memory, kept: _Kept, count: int, hops: int) -> None:
    first, held, _, _ = risks
    _copy(kept.arcs[count], memory.path, hops)
    kept.hops[count] = hops
    for hop in range(hops):
        link = memory.path[hop] >> 1
        for place in range(first[link], first[link + 1]):
            memory.used[held[place]] += 1


# Loops, where slices would do: what numba compiles for a slice that is written costs seconds.
@njit(cache=True, nogil=True)
def _copy(out: IntArray, given: IntArray, count: int) -> None:
    for place in range(count):
        out[place] = given[place]


@njit(cache=True, nogil=True)
def _length(weight: FloatArray, path: IntArray, hops: int) -> float:
    total = 0.0
    for place in range(hops):
        total += float(weight[path[place]])
    return total
