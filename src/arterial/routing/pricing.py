"""Cheapest ways of many demands at given prices of arcs, within each demand's delay: compiled.

Demands of one source share a search. Labels (price, delay) are taken by price and then by delay; a
site takes a further label only where it is faster than those before, and only for demands whose
delay is bounded. The answer is exact unless a source needs more than ``LABELS`` labels a site; the
price without any bound then stands in as what no way is cheaper than, and the bound that is drawn
from it still holds.
"""

from dataclasses import dataclass, field

import numpy as np
from numba import njit

from arterial.paths.tree import Adjacency
from arterial.routing.pathset import PathSet
from arterial.solve.program import FloatArray, IntArray

__all__ = ["LABELS", "Given", "Priced", "Pricer", "Ways", "settle", "unwound"]

LABELS = 64
"""Labels a site, on average, before a search with bounded delay gives up."""


@dataclass(frozen=True)
class Priced:
    """What the cheapest way of each demand costs, and the ways that pay."""

    price: FloatArray
    """float (K,), inf where a demand has no way."""
    paths: PathSet
    """At most one a demand, cheaper than its limit."""


@dataclass(frozen=True)
class Ways:
    """Who asks for ways, over which arcs: all that a search needs but the prices."""

    adjacency: Adjacency
    source: IntArray
    """(K,)"""
    target: IntArray
    """(K,) another site"""
    delay_ms: FloatArray
    """(E,) one way with a router's; inf where unknown."""
    budget_ms: FloatArray
    """(K,) what a way's delays may add up to; inf for any."""
    tie: FloatArray
    """(E,) what decides between ways of one price: delays, the longest where unknown."""

    def __len__(self) -> int:
        return len(self.source)

    def of(self, chosen: IntArray) -> "Ways":
        """Some of the demands."""
        return Ways(
            self.adjacency,
            self.source[chosen],
            self.target[chosen],
            self.delay_ms,
            self.budget_ms[chosen],
            self.tie,
        )


class Pricer:
    """Ways anywhere in the network: scope ``network``."""

    scope = "network"

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        # Demands of one source and kind stand together: with a bound and without are two searches.
        bounded = np.isfinite(ways.budget_ms)
        self._order = np.lexsort((bounded, ways.source)).astype(np.int64)
        key = 2 * ways.source[self._order] + bounded[self._order]
        cuts = np.flatnonzero(np.diff(key)) + 1
        self._start = np.concatenate([[0], cuts, [len(key)]]).astype(np.int64)
        if not len(key):
            self._start = np.zeros(1, dtype=np.int64)

    def cheapest(self, weight: FloatArray, limit: FloatArray) -> Priced:
        """Cheapest ways by ``weight`` (E,), and those that cost less than ``limit`` (K,)."""
        ways, order = self.ways, self._order
        price, hops, arcs = _search(
            *ways.adjacency,
            weight,
            ways.delay_ms,
            ways.tie,
            self._start,
            ways.source[order],
            ways.target[order],
            ways.budget_ms[order],
            limit[order],
            LABELS,
        )
        found = np.empty(len(ways))
        found[order] = price
        took = np.flatnonzero(hops)
        start = np.concatenate([[0], np.cumsum(hops[took])]).astype(np.int64)
        return Priced(found, PathSet(start=start, arc=arcs, demand=order[took]))


@dataclass
class Given:
    """Ways among given paths only: scope ``paths``."""

    paths: PathSet
    demands: int
    scope: str = field(default="paths", init=False)

    def cheapest(self, weight: FloatArray, limit: FloatArray) -> Priced:
        """As ``Pricer``; all paths are known, so none is handed out."""
        assert len(limit) == self.demands
        return Priced(self.paths.cheapest(weight, self.demands), PathSet.of([]))


@njit(cache=True, nogil=True)
def _before(cost: FloatArray, delay: FloatArray, one: int, other: int) -> bool:
    """Whether a label comes before another: by price, then delay, then number."""
    if cost[one] != cost[other]:
        return bool(cost[one] < cost[other])
    if delay[one] != delay[other]:
        return bool(delay[one] < delay[other])
    return one < other


@njit(cache=True, nogil=True)
def _push(heap: IntArray, size: int, label: int, cost: FloatArray, delay: FloatArray) -> None:
    place = size
    while place:
        parent = (place - 1) // 2
        if not _before(cost, delay, label, heap[parent]):
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = label


@njit(cache=True, nogil=True)
def _drop(heap: IntArray, size: int, cost: FloatArray, delay: FloatArray) -> None:
    """Take the top off: the label at ``size``, the last one, finds its place from there."""
    label = heap[size]
    place, below = 0, 1
    while below < size:
        if below + 1 < size and _before(cost, delay, heap[below + 1], heap[below]):
            below += 1
        if not _before(cost, delay, heap[below], label):
            break
        heap[place] = heap[below]
        place, below = below, 2 * below + 1
    heap[place] = label


@njit(cache=True, nogil=True)
def _search(
    first: IntArray,
    arcs: IntArray,
    arc_target: IntArray,
    weight: FloatArray,
    delay_ms: FloatArray,
    tie: FloatArray,
    start: IntArray,
    source: IntArray,
    target: IntArray,
    budget_ms: FloatArray,
    limit: FloatArray,
    labels: int,
) -> tuple[FloatArray, IntArray, IntArray]:
    """Price of each demand's cheapest way, hops of those below the limit (else 0), their arcs."""
    demands, sites = len(target), len(first) - 1
    price, hops = np.full(demands, np.inf), np.zeros(demands, dtype=np.int64)
    ends = np.full(demands, -1, dtype=np.int64)
    out, filled = np.empty(4 * demands + sites, dtype=np.int64), 0
    room = max(labels * sites, len(arcs)) + 1
    cost, slow = np.empty(room), np.empty(room)
    site, by, parent = (
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
        np.empty(room, dtype=np.int64),
    )
    heap = np.empty(room, dtype=np.int64)
    fastest, wanted = np.empty(sites), np.zeros(sites, dtype=np.int64)
    for group in range(len(start) - 1):
        low, high = start[group], start[group + 1]
        bounded = bool(budget_ms[low] < np.inf)
        slowest_ms = budget_ms[low:high].max()
        passed = delay_ms if bounded else tie
        whole = settle(
            first, arcs, arc_target, weight, passed, int(source[low]), slowest_ms, bounded,
            target[low:high], budget_ms[low:high], ends[low:high],
            cost, slow, site, by, parent, heap, fastest, wanted,
        )  # fmt: skip
        for k in range(low, high):
            label = ends[k]
            if label < 0:
                continue
            price[k] = cost[label]
            if price[k] >= limit[k]:
                continue
            out, hops[k] = unwound(label, by, parent, out, filled)
            filled += hops[k]
        if whole:
            continue
        # No way is cheaper than the cheapest of any delay.
        floor = np.full(high - low, -1, dtype=np.int64)
        settle(
            first, arcs, arc_target, weight, delay_ms, int(source[low]), np.inf, False,
            target[low:high], budget_ms[low:high], floor,
            cost, slow, site, by, parent, heap, fastest, wanted,
        )  # fmt: skip
        for k in range(low, high):
            if ends[k] < 0 and floor[k - low] >= 0:
                price[k] = cost[floor[k - low]]
    return price, hops, out[:filled].copy()


@njit(cache=True, nogil=True)
def unwound(
    label: int, by: IntArray, parent: IntArray, out: IntArray, filled: int
) -> tuple[IntArray, int]:
    """Put the arcs of a label's way behind the first ``filled``; the array, and how many."""
    count, at = 0, label
    while parent[at] >= 0:
        count += 1
        at = parent[at]
    if filled + count > len(out):
        more = np.empty(2 * len(out) + count, dtype=np.int64)
        more[:filled] = out[:filled]
        out = more
    at = label
    for place in range(filled + count - 1, filled - 1, -1):
        out[place] = by[at]
        at = parent[at]
    return out, count


@njit(cache=True, nogil=True)
def settle(
    first: IntArray,
    arcs: IntArray,
    arc_target: IntArray,
    weight: FloatArray,
    delay_ms: FloatArray,
    source: int,
    slowest_ms: float,
    bounded: bool,  # noqa: FBT001 - compiled
    target: IntArray,
    budget_ms: FloatArray,
    ends: IntArray,
    cost: FloatArray,
    slow: FloatArray,
    site: IntArray,
    by: IntArray,
    parent: IntArray,
    heap: IntArray,
    fastest: FloatArray,
    wanted: IntArray,
) -> bool:
    """Settle labels from one source until each demand has its way; False when room runs out."""
    fastest[:] = np.inf
    wanted[:] = 0
    for there in target:
        wanted[there] += 1
    open_demands = len(target)
    cost[0], slow[0], site[0], by[0], parent[0], heap[0] = 0.0, 0.0, source, -1, -1, 0
    size, count = 1, 1
    while size and open_demands:
        label = heap[0]
        size -= 1
        _drop(heap, size, cost, slow)
        here = site[label]
        if slow[label] >= fastest[here] or (not bounded and fastest[here] < np.inf):
            continue
        fastest[here] = slow[label]
        if wanted[here]:
            for k in range(len(target)):
                if target[k] == here and ends[k] < 0:
                    if bounded and slow[label] > budget_ms[k]:
                        continue
                    ends[k] = label
                    wanted[here] -= 1
                    open_demands -= 1
        for place in range(first[here], first[here + 1]):
            arc = arcs[place]
            there = arc_target[arc]
            later = slow[label] + delay_ms[arc]
            # False for an unknown delay, which is inf: such an arc serves no bounded demand.
            if not later <= slowest_ms or later == np.inf or weight[arc] == np.inf:
                continue
            if later >= fastest[there] or (not bounded and fastest[there] < np.inf):
                continue
            if count == len(cost):
                return False
            cost[count], slow[count] = cost[label] + weight[arc], later
            site[count], by[count], parent[count] = there, arc, label
            _push(heap, size, count, cost, slow)
            size, count = size + 1, count + 1
    return True
