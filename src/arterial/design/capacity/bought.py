"""Routes of a case changed until they carry another, and modules bought where no room is left.

No program: what finds no room takes the way on which the fewest modules, by price, are missing.
Quick and far from best; what carries is proved elsewhere.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.moved import (
    FULL,
    HALVES,
    Ground,
    Net,
    Routes,
    Tree,
    room_to_search,
    soonest,
    stays,
    way_of,
)
from arterial.paths.tree import rise, sink
from arterial.solve.program import FloatArray

__all__ = ["Shop", "bought"]

SLANT = 1e-6
"""Of two ways of one price the sooner: a ms costs so much of the dearest module."""


class Shop(NamedTuple):
    """What a module of each link brings in a case, and costs."""

    gbps: FloatArray
    """(L,) what of it may be filled; 0 where the case leaves nothing of the link."""
    price: FloatArray
    """(L,) inf where there is none to buy."""
    most: FloatArray
    """(L,) modules that there can still be."""


@njit(cache=True, nogil=True)
def bought(
    net: Net, ground: Ground, shop: Shop, ways: Routes, budget: float
) -> tuple[bool, Routes, FloatArray]:
    """Whether a case is carried with modules for less than a budget; its ways, modules (L,) bought.

    Parameters
    ----------
    ways
        Of any case; what no longer fits is taken off and put elsewhere.
    """
    left, kept, missing = stays(net, ground, ways)
    units = np.zeros(len(ground.room))
    tree = room_to_search(len(net.first) - 1, len(net.arcs))
    demand, size, arcs, gbps = [0][:0], [0][:0], [0][:0], [0.0][:0]
    spent = 0.0
    for k in np.argsort(-missing):
        slack = FULL * max(1.0, ground.asked[k])
        while missing[k] > slack:
            wanted = (int(k), float(missing[k]))
            part = _found(net, ground, (shop, units), left, wanted, tree)
            way = way_of(net, int(k), tree.arrival) if part > 0.0 else [0][:0]
            for arc in way:
                spent += _fetched(net, shop, units, left, arc, part)
            if part <= 0.0 or spent >= budget:
                return False, ways, units
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
    return True, _joined(ways, kept, (demand, size, arcs, gbps)), units


@njit(cache=True, nogil=True)
def _found(
    net: Net,
    ground: Ground,
    buying: tuple[Shop, FloatArray],
    left: FloatArray,
    wanted: tuple[int, float],
    tree: Tree,
) -> float:
    """How much of a demand the way takes that the tree then holds; 0 where there is none.

    The soonest that has room, for all or a half or a quarter and so on; else all, and bought.
    """
    k, missing = wanted
    part = missing
    for _ in range(HALVES + 1):
        if soonest(net, ground, left, (k, part), tree):
            return part
        part /= 2.0
    return missing if _cheapest(net, ground, buying, left, wanted, tree) else 0.0


@njit(cache=True, nogil=True)
def _short(shop: Shop, units: FloatArray, link: int, missing: float) -> float:
    """Modules that a link must get for so many Gb/s more; inf where it cannot."""
    if missing <= FULL:
        return 0.0
    if shop.gbps[link] <= FULL or shop.price[link] == np.inf:
        return np.inf
    more = np.ceil(missing / shop.gbps[link] - FULL)
    return float(more) if units[link] + more <= shop.most[link] else np.inf


@njit(cache=True, nogil=True)
def _fetched(
    net: Net, shop: Shop, units: FloatArray, left: FloatArray, arc: int, part: float
) -> float:
    """Buy what an arc needs to take so much; what that costs."""
    place = arc >> 1 if net.shared else arc
    more = _short(shop, units, arc >> 1, float(part - left[place]))
    if more == 0.0:
        return 0.0
    units[arc >> 1] += more
    left[place] += more * shop.gbps[arc >> 1]
    if not net.shared:
        left[arc ^ 1] += more * shop.gbps[arc >> 1]
    return float(more * shop.price[arc >> 1])


@njit(cache=True, nogil=True)
def _cheapest(
    net: Net,
    ground: Ground,
    buying: tuple[Shop, FloatArray],
    left: FloatArray,
    wanted: tuple[int, float],
    tree: Tree,
) -> bool:
    """Whether a demand has a way, with modules bought, that is soon enough; the tree is filled.

    The cheapest one, and where that is too late the soonest.
    """
    k, part = wanted
    for scale in (SLANT, np.inf):
        if _grown(net, ground, buying, left, (k, part, scale), tree):
            late, site = 0.0, net.target[k]
            while site != net.source[k]:
                late += net.delay[tree.arrival[site]]
                site = net.to[tree.arrival[site] ^ 1]
            if late <= net.limit[k] + FULL:
                return True
    return False


@njit(cache=True, nogil=True)
def _grown(
    net: Net,
    ground: Ground,
    buying: tuple[Shop, FloatArray],
    left: FloatArray,
    wanted: tuple[int, float, float],
    tree: Tree,
) -> bool:
    """The lightest way by price and delay; by delay alone where the scale is endless."""
    k, part, scale = wanted
    shop, units = buying
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
        for place in range(net.first[site], net.first[site + 1]):
            arc = net.arcs[place]
            if not ground.open_arc[arc]:
                continue
            link = arc >> 1
            more = _short(shop, units, link, float(part - left[link if net.shared else arc]))
            if more == np.inf:
                continue
            weight = net.delay[arc]
            if scale < np.inf:
                weight = weight * scale + (more * shop.price[link] if more > 0.0 else 0.0)
            there, then = net.to[arc], here + weight
            if then < far[there]:
                far[there], tree.arrival[there] = then, arc
                rise(tree.key, tree.queue, float(then), int(there), size)
                size += 1
    return False


@njit(cache=True, nogil=True)
def _joined(
    ways: Routes, kept: FloatArray, fresh: tuple[list[int], list[int], list[int], list[float]]
) -> Routes:
    """Routes that stay, then fresh ones."""
    demand, size, arcs, gbps = fresh
    old = np.flatnonzero(kept > FULL)
    long = len(arcs)
    for p in old:
        long += ways.first[p + 1] - ways.first[p]
    count = len(old) + len(demand)
    found = Routes(
        np.empty(count, dtype=np.int64),
        np.zeros(count + 1, dtype=np.int64),
        np.empty(long, dtype=np.int64),
        np.empty(count),
    )
    at = 0
    for number, p in enumerate(old):
        found.demand[number], found.gbps[number] = ways.demand[p], kept[p]
        for place in range(ways.first[p], ways.first[p + 1]):
            found.arcs[at] = ways.arcs[place]
            at += 1
        found.first[number + 1] = at
    start = at
    for number in range(len(demand)):
        found.demand[len(old) + number] = demand[number]
        found.gbps[len(old) + number] = gbps[number]
        at += size[number]
        found.first[len(old) + number + 1] = at
    for place in range(len(arcs)):
        found.arcs[start + place] = arcs[place]
    return found
