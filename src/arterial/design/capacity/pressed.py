"""Ways of a case pressed until they fit: those on overfull links are laid anew, as cheap as can be.

Any link may be overfull at first, at a price that grows while it stays so, until those ways have
left it that do best without it (negotiated congestion, McMurchie and Ebeling 1995). Finds room
where putting one way after the other does not; where it finds none nothing is known.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.moved import FULL, Ground, Net, Routes, Tree, room_to_search
from arterial.paths.tree import rise, sink
from arterial.solve.program import FloatArray, IntArray

__all__ = ["pressed"]

ROUNDS = 40
STALLED = 8
"""Rounds without less over than before, after which it ends."""
LESS = 0.95
"""Of the least over so far: less than this is less."""
PIECES = 16.0
"""A way takes at most the largest room divided by this, so that it can ride with others."""
SPLIT, SPARE = 4, 64
"""Pieces there may be in the end, by demands, and besides."""
PRESSURE, GROWTH = 0.5, 1.3
"""What being overfull costs at first, in delays of the link, and how it grows by round."""


class _Pieces(NamedTuple):
    """Parts of demands, each on one way; room for more."""

    demand: IntArray
    """(Q,)"""
    gbps: FloatArray
    """(Q,)"""
    length: IntArray
    """(Q,) arcs of its way; 0 where it has none yet."""
    way: IntArray
    """(Q, N)"""
    number: IntArray
    """(1,) how many there are."""


class _Prices(NamedTuple):
    room: FloatArray
    """(E,), (L,) where directions share: as all of these."""
    load: FloatArray
    dear: FloatArray
    """Times what a place costs for having been overfull."""


@njit(cache=True, nogil=True)
def pressed(net: Net, ground: Ground, ways: Routes) -> tuple[bool, Routes]:
    """Whether ways were found that carry a case within its room, and these; begun from others.

    Ways may be of any case and point: arcs that are closed, and more than is asked, are left out.
    """
    most = float(ground.room.max()) / PIECES
    if most <= FULL:
        return False, ways
    pieces = _cut(net, ground, ways, most)
    room = ground.room.copy() if net.shared else np.repeat(ground.room, 2)
    prices = _Prices(room, np.zeros(len(room)), np.ones(len(room)))
    tree = room_to_search(len(net.first) - 1, len(net.arcs))
    least, stalled, pressure = np.inf, 0, PRESSURE
    _loaded(net, pieces, prices.load)
    for _ in range(ROUNDS):
        if not _round(net, ground, pieces, (prices, tree), pressure):
            break
        _loaded(net, pieces, prices.load)
        over = np.maximum(prices.load - room, 0.0)
        if over.max() <= FULL:
            return True, _told(pieces)
        stalled = 0 if over.sum() < least * LESS else stalled + 1
        if stalled >= STALLED:
            break
        least = min(least, over.sum())
        prices.dear[:] += over / np.maximum(room, most)
        pressure *= GROWTH
    return False, ways


@njit(cache=True, nogil=True)
def _cut(net: Net, ground: Ground, ways: Routes, most: float) -> _Pieces:
    """What is asked in pieces of no more than so many Gb/s, on the ways that it has already."""
    missing = ground.asked.copy()
    demand, gbps, way = [0][:0], [0.0][:0], [0][:0]
    for p in range(len(ways.gbps)):
        k = ways.demand[p]
        take = min(ways.gbps[p], missing[k])
        for place in range(ways.first[p], ways.first[p + 1]):
            if not ground.open_arc[ways.arcs[place]]:
                take = 0.0
        if take > FULL:
            missing[k] -= take
            _shared_out(demand, gbps, way, (int(k), float(take), most, p))
    for k in range(len(missing)):
        if missing[k] > FULL * max(1.0, ground.asked[k]):
            _shared_out(demand, gbps, way, (int(k), float(missing[k]), most, -1))
    count, sites = len(demand), len(net.first) - 1
    size = max(count, SPLIT * len(missing)) + SPARE
    pieces = _Pieces(
        np.zeros(size, dtype=np.int64),
        np.zeros(size),
        np.zeros(size, dtype=np.int64),
        np.zeros((size, sites), dtype=np.int64),
        np.full(1, count),
    )
    for q in range(count):
        pieces.demand[q], pieces.gbps[q] = demand[q], gbps[q]
        if way[q] >= 0:
            arcs = ways.arcs[ways.first[way[q]] : ways.first[way[q] + 1]]
            pieces.length[q] = len(arcs)
            pieces.way[q, : len(arcs)] = arcs
    return pieces


@njit(cache=True, nogil=True)
def _shared_out(
    demand: list[int], gbps: list[float], way: list[int], part: tuple[int, float, float, int]
) -> None:
    """Note (demand, Gb/s, at most in a piece, way) as pieces of one size."""
    k, take, most, own = part
    count = max(1, int(np.ceil(take / most - FULL)))
    for _ in range(count):
        demand.append(k)
        gbps.append(take / count)
        way.append(own)


@njit(cache=True, nogil=True)
def _round(
    net: Net, ground: Ground, pieces: _Pieces, search: tuple[_Prices, Tree], pressure: float
) -> bool:
    """Lay anew what rides an overfull link, the largest first; False where one has no way."""
    prices, tree = search
    for q in np.argsort(-pieces.gbps[: pieces.number[0]]):
        over = _over(net, prices, pieces, q)
        if over <= FULL:
            continue
        own = _parted(pieces, q, over)
        _put(net, pieces, own, prices.load, float(-pieces.gbps[own]))
        wanted = (int(pieces.demand[own]), float(pieces.gbps[own]), pressure)
        if not _laid(net, ground, prices, wanted, tree):
            return False
        _written(net, pieces, own, tree)
        _put(net, pieces, own, prices.load, float(pieces.gbps[own]))
    return True


@njit(cache=True, nogil=True)
def _over(net: Net, prices: _Prices, pieces: _Pieces, q: int) -> float:
    """By how much the fullest that a piece rides is overfull; all of it where it has no way."""
    if pieces.length[q] == 0:
        return float(pieces.gbps[q])
    most = 0.0
    for arc in pieces.way[q, : pieces.length[q]]:
        place = arc >> 1 if net.shared else arc
        most = max(most, prices.load[place] - prices.room[place])
    return float(most)


@njit(cache=True, nogil=True)
def _parted(pieces: _Pieces, q: int, over: float) -> int:
    """The piece that is to be moved: what is over of one, split off, or all where it is small."""
    own = pieces.number[0]
    if over >= pieces.gbps[q] - FULL or own >= len(pieces.gbps):
        return q
    pieces.number[0] += 1
    pieces.demand[own], pieces.gbps[own] = pieces.demand[q], over
    pieces.length[own] = pieces.length[q]
    pieces.way[own] = pieces.way[q]
    pieces.gbps[q] -= over
    return int(own)


@njit(cache=True, nogil=True)
def _put(net: Net, pieces: _Pieces, q: int, load: FloatArray, gbps: float) -> None:
    for arc in pieces.way[q, : pieces.length[q]]:
        load[arc >> 1 if net.shared else arc] += gbps


@njit(cache=True, nogil=True)
def _loaded(net: Net, pieces: _Pieces, load: FloatArray) -> None:
    """Add all up anew, so that no error grows."""
    load[:] = 0.0
    for q in range(pieces.number[0]):
        _put(net, pieces, q, load, float(pieces.gbps[q]))


@njit(cache=True, nogil=True)
def _written(net: Net, pieces: _Pieces, q: int, tree: Tree) -> None:
    """Give a piece the way that the tree holds."""
    k = pieces.demand[q]
    size, site = 0, net.target[k]
    while site != net.source[k]:
        size += 1
        site = net.to[tree.arrival[site] ^ 1]
    pieces.length[q] = size
    site = net.target[k]
    while site != net.source[k]:
        size -= 1
        pieces.way[q, size] = tree.arrival[site]
        site = net.to[tree.arrival[site] ^ 1]


@njit(cache=True, nogil=True)
def _laid(
    net: Net, ground: Ground, prices: _Prices, wanted: tuple[int, float, float], tree: Tree
) -> bool:
    """Whether a demand has a way within its limit: the cheapest one, else the soonest."""
    k, gbps, pressure = wanted
    for scale in (pressure, -1.0):
        if _grown(net, ground, prices, (k, gbps, scale), tree):
            late, site = 0.0, net.target[k]
            while site != net.source[k]:
                late += net.delay[tree.arrival[site]]
                site = net.to[tree.arrival[site] ^ 1]
            if late <= net.limit[k] + FULL:
                return True
    return False


@njit(cache=True, nogil=True)
def _grown(
    net: Net, ground: Ground, prices: _Prices, wanted: tuple[int, float, float], tree: Tree
) -> bool:
    """The lightest way by what its links cost; by delay alone where the pressure is negative."""
    k, part, pressure = wanted
    far = tree.late
    far[:] = np.inf
    far[net.source[k]] = 0.0
    rise(tree.key, tree.queue, 0.0, int(net.source[k]), 0)
    size = 1
    while size:
        site, here = tree.queue[0], tree.key[0]
        size -= 1
        sink(tree.key, tree.queue, size)
        if site == net.target[k]:
            return True
        if here > far[site]:
            continue
        for at in range(net.first[site], net.first[site + 1]):
            arc = net.arcs[at]
            place = arc >> 1 if net.shared else arc
            if not ground.open_arc[arc] or prices.room[place] <= FULL:
                continue
            weight = net.delay[arc] + FULL
            if pressure >= 0.0:
                over = max(prices.load[place] + part - prices.room[place], 0.0) / part
                weight *= prices.dear[place] * (1.0 + pressure * over)
            there, then = net.to[arc], here + weight
            if then < far[there]:
                far[there], tree.arrival[there] = then, arc
                rise(tree.key, tree.queue, float(then), int(there), size)
                size += 1
    return False


@njit(cache=True, nogil=True)
def _told(pieces: _Pieces) -> Routes:
    """Pieces of one demand on one way are one again, or they would grow in number for ever."""
    kept = [0][:0]
    gbps, length = pieces.gbps, pieces.length
    latest = np.full(pieces.demand.max() + 1, -1)
    before = np.full(len(gbps), -1)
    for q in range(pieces.number[0]):
        k, same = pieces.demand[q], latest[pieces.demand[q]]
        while same >= 0 and not _alike(pieces, q, int(same)):
            same = before[same]
        if same >= 0:
            gbps[same] += gbps[q]
            continue
        before[q], latest[k] = latest[k], q
        kept.append(q)
    own = np.array(kept)
    first = np.zeros(len(own) + 1, dtype=np.int64)
    first[1:] = np.cumsum(length[own])
    arcs = np.empty(first[-1], dtype=np.int64)
    for number, q in enumerate(own):
        arcs[first[number] : first[number + 1]] = pieces.way[q, : length[q]]
    return Routes(pieces.demand[own], first, arcs, gbps[own])


@njit(cache=True, nogil=True)
def _alike(pieces: _Pieces, q: int, other: int) -> bool:
    size = pieces.length[q]
    return bool(
        size == pieces.length[other] and (pieces.way[q, :size] == pieces.way[other, :size]).all()
    )
