"""Routes that carry a case are changed until they carry another: no program where that is enough.

What no longer fits is taken off the routes, and put on the soonest ways that still have room for
it. Where all of it finds room the case is carried, which is a proof; where not, nothing is known.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.graph import Path
from arterial.paths.tree import Adjacency, rise, sink
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "Ground",
    "Net",
    "Routes",
    "Tree",
    "moved",
    "room_to_search",
    "soonest",
    "stays",
    "way_of",
]

FULL = 1e-9
"""Of a room or an amount, Gb/s: no more than this is nothing."""
HALVES = 6
"""What finds no way whole is tried in halves, quarters and so on: how often it is halved."""


class Routes(NamedTuple):
    """Ways of a case, one after the other."""

    demand: IntArray
    """(P,)"""
    first: IntArray
    """(P + 1,) of each way among ``arcs``."""
    arcs: IntArray
    gbps: FloatArray
    """(P,)"""

    @staticmethod
    def none() -> "Routes":
        """No way at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return Routes(nothing, np.zeros(1, dtype=np.int64), nothing, np.zeros(0))

    def path(self, number: int) -> Path:
        """Arcs of one way."""
        return tuple(self.arcs[self.first[number] : self.first[number + 1]].tolist())


class Ground(NamedTuple):
    """What a case may fill and asks for."""

    open_arc: BoolArray
    """(E,) arcs that can be ridden."""
    room: FloatArray
    """(L,) Gb/s."""
    asked: FloatArray
    """(K,) Gb/s."""


class Net(NamedTuple):
    """Arcs and demands as compiled loops read them."""

    first: IntArray
    arcs: IntArray
    to: IntArray
    delay: FloatArray
    source: IntArray
    target: IntArray
    limit: FloatArray
    """(K,)"""
    shared: bool


class Tree(NamedTuple):
    """Room to look for ways in."""

    late: FloatArray
    """(N,) when a site is reached."""
    arrival: IntArray
    """(N,) by which arc."""
    key: FloatArray
    queue: IntArray


def moved(
    net: tuple[Adjacency, FloatArray],
    ends: tuple[IntArray, IntArray, FloatArray],
    ground: Ground,
    routes: Routes,
    *,
    shared: bool,
) -> Routes | None:
    """Routes that carry what is asked, begun from some others; None where that does not succeed.

    Parameters
    ----------
    net
        Arcs and their delay (E,).
    ends
        Source, target and delay limit of each demand, (K,) each.
    routes
        Of any case and point; arcs that are closed may be among them.
    """
    adjacency, delay = net
    inner = Net(*adjacency, delay, *ends, shared)
    left, kept, missing = stays(inner, ground, routes)
    demand, size, arcs, gbps, whole = _placed(inner, ground, left, missing)
    if not whole:
        return None
    stay = kept > FULL
    length = np.diff(routes.first)
    return Routes(
        demand=np.concatenate([routes.demand[stay], demand]),
        first=np.concatenate([[0], np.cumsum(np.concatenate([length[stay], size]))]).astype(
            np.int64
        ),
        arcs=np.concatenate([routes.arcs[np.repeat(stay, length)], arcs]),
        gbps=np.concatenate([kept[stay], gbps]),
    )


@njit(cache=True, nogil=True)
def stays(net: Net, ground: Ground, routes: Routes) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Room left, what stays on each way, and what each demand then misses."""
    demand, first, arcs, gbps = routes
    left = ground.room.copy() if net.shared else np.repeat(ground.room, 2)
    missing, kept = ground.asked.copy(), gbps.copy()
    for p in range(len(kept)):
        rides = True
        for place in range(first[p], first[p + 1]):
            rides &= ground.open_arc[arcs[place]]
        kept[p] = min(kept[p], missing[demand[p]]) if rides else 0.0
        missing[demand[p]] -= kept[p]
        for place in range(first[p], first[p + 1]):
            left[arcs[place] >> 1 if net.shared else arcs[place]] -= kept[p]
    for p in range(len(kept)):
        over = 0.0
        for place in range(first[p], first[p + 1]):
            over = max(over, -left[arcs[place] >> 1 if net.shared else arcs[place]])
        over = min(over, kept[p])
        if over > 0.0:
            kept[p] -= over
            missing[demand[p]] += over
            for place in range(first[p], first[p + 1]):
                left[arcs[place] >> 1 if net.shared else arcs[place]] += over
    return left, kept, missing


@njit(cache=True, nogil=True)
def _placed(
    net: Net, ground: Ground, left: FloatArray, missing: FloatArray
) -> tuple[IntArray, IntArray, IntArray, FloatArray, bool]:
    """Ways for what is missing, the largest first, and whether that is all.

    Demand and length of each way, arcs one way after the other, Gb/s.
    """
    demand, size, gbps, arcs = [0][:0], [0][:0], [0.0][:0], [0][:0]
    tree = room_to_search(len(net.first) - 1, len(net.arcs))
    for k in np.argsort(-missing):
        slack = FULL * max(1.0, ground.asked[k])
        part, halved = missing[k], 0
        while missing[k] > slack and halved <= HALVES:
            part = min(part, missing[k])
            if not soonest(net, ground, left, (int(k), float(part)), tree):
                part /= 2.0
                halved += 1
                continue
            way = way_of(net, int(k), tree.arrival)
            take = missing[k]
            for arc in way:
                take = min(take, left[arc >> 1 if net.shared else arc])
            for arc in way:
                left[arc >> 1 if net.shared else arc] -= take
            missing[k] -= take
            demand.append(int(k))
            size.append(len(way))
            gbps.append(float(take))
            arcs.extend(way)
        if missing[k] > slack:
            return np.array(demand), np.array(size), np.array(arcs), np.array(gbps), False
    return np.array(demand), np.array(size), np.array(arcs), np.array(gbps), True


@njit(cache=True, nogil=True)
def room_to_search(sites: int, arcs: int) -> Tree:
    """Room for a network of so many sites and arcs."""
    return Tree(
        np.empty(sites),
        np.empty(sites, dtype=np.int64),
        np.empty(arcs + 1),
        np.empty(arcs + 1, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def way_of(net: Net, k: int, arrival: IntArray) -> list[int]:
    """Arcs from a demand's source to its target."""
    way = [0][:0]
    site = net.target[k]
    while site != net.source[k]:
        way.append(int(arrival[site]))
        site = net.to[arrival[site] ^ 1]
    return way[::-1]


@njit(cache=True, nogil=True)
def soonest(
    net: Net, ground: Ground, left: FloatArray, wanted: tuple[int, float], tree: Tree
) -> bool:
    """Whether a demand has a way within its limit with so much room; the tree is filled."""
    k, least = wanted
    late, limit = tree.late, net.limit[k] + FULL
    late[:] = np.inf
    late[net.source[k]] = 0.0
    rise(tree.key, tree.queue, 0.0, int(net.source[k]), 0)
    size = 1
    while size:
        site, when = tree.queue[0], tree.key[0]
        size -= 1
        sink(tree.key, tree.queue, size)
        if site == net.target[k]:
            return True
        for place in range(net.first[site], net.first[site + 1]):
            arc = net.arcs[place]
            there, then = net.to[arc], when + net.delay[arc]
            room = left[arc >> 1 if net.shared else arc]
            sooner = then < late[there] and then <= limit and when <= late[site]
            if sooner and ground.open_arc[arc] and room >= least:
                late[there], tree.arrival[there] = then, arc
                rise(tree.key, tree.queue, float(then), int(there), size)
                size += 1
    return False
