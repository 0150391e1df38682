"""Borders in time, compiled: few arcs without which a demand has no way soon enough.

Sites get times, the source's 0, the target's more than the limit. An arc that leads to a time later
than its delay explains jumps; every way within the limit takes an arc that jumps (Dahl 1999, for
numbers of hops). What jumps is therefore a border, whatever the times; good ones make it thin.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.tree import rise, sink
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["MARGIN_MS", "Arcs", "Borders", "Wanted", "crossing", "thin_borders"]

Borders = NDArray[np.int8]
"""(n, L) 1 where the arc from end 0 of a link is part of a border, -1 where the one back is."""

MARGIN_MS = 1e-6
"""A way that is late by no more is in time."""
JUMPS_MS = 2.5e-7
LESS = 1e-9
SWEEPS = 30
THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9)
"""Arcs with more units than this are ridden where times begin: none of them jumps."""
SHORT = 1e-4


class Arcs(NamedTuple):
    """A network as loops read it: arc ``2 l`` leads from end 0 of link l to end 1."""

    first: IntArray
    """(N + 1,) of the arcs of a site."""
    arcs: IntArray
    """(E,)"""
    to: IntArray
    """(E,)"""
    delay: FloatArray
    """(E,) ms"""
    exists: BoolArray
    """(E,)"""


class Wanted(NamedTuple):
    """Demands from one site to any of several, by source."""

    source: IntArray
    """(W,)"""
    first_target: IntArray
    """(W + 1,)"""
    target: IntArray
    limit: FloatArray
    """(W,) ms"""


class _Room(NamedTuple):
    time: FloatArray
    """(N,)"""
    held: BoolArray
    """(N,) times that do not change."""
    key: FloatArray
    queue: IntArray


@njit(cache=True, nogil=True)
def _room(arcs: Arcs) -> _Room:
    sites, heap = len(arcs.first) - 1, len(arcs.to) + 2
    return _Room(
        np.empty(sites), np.zeros(sites, dtype=np.bool_), np.empty(heap), np.zeros(heap, np.int64)
    )


@njit(cache=True, nogil=True)
def _reach(arcs: Arcs, units: FloatArray, least: float, room: _Room, turned: int) -> None:
    """Lower each time to when a site is reached from those that hold theirs.

    Only arcs with more units than ``least`` are ridden, against their direction where turned (1).
    """
    size = 0
    for site in range(len(room.time)):
        if room.held[site]:
            rise(room.key, room.queue, float(room.time[site]), site, size)
            size += 1
    while size:
        site, here = room.queue[0], room.key[0]
        size -= 1
        sink(room.key, room.queue, size)
        if here > room.time[site]:
            continue
        for place in range(arcs.first[site], arcs.first[site + 1]):
            own = arcs.arcs[place]
            ridden = own ^ turned
            there = arcs.to[own]
            then = here + arcs.delay[ridden]
            if units[ridden] > least and arcs.exists[ridden] and then < room.time[there]:
                room.time[there] = then
                rise(room.key, room.queue, float(then), int(there), size)
                size += 1


@njit(cache=True, nogil=True)
def _begun(
    arcs: Arcs, wanted: Wanted, units: FloatArray, start: tuple[int, float, int], room: _Room
) -> bool:
    """Times by what of a demand arcs with some units reach; False where that is in time.

    From the source on, or (turned) towards the targets.
    """
    w, least, turned = start
    late = wanted.limit[w] + 2.0 * MARGIN_MS
    targets = wanted.target[wanted.first_target[w] : wanted.first_target[w + 1]]
    room.time[:] = late
    room.held[:] = False
    for site in targets if turned else wanted.source[w : w + 1]:
        room.time[site] = 0.0
        room.held[site] = True
    _reach(arcs, units, least, room, turned)
    if turned:
        for site in range(len(room.time)):
            room.time[site] = late - room.time[site]
    room.held[wanted.source[w]] = True
    for site in targets:
        room.held[site] = True
        if room.time[site] - room.time[wanted.source[w]] < wanted.limit[w] + MARGIN_MS:
            return False
    return True


@njit(cache=True, nogil=True)
def _jumping(arcs: Arcs, units: FloatArray, time: FloatArray, at: tuple[int, float]) -> float:
    """Units of arcs that would jump at a site if it had some time."""
    site, own = at
    jumping = 0.0
    for place in range(arcs.first[site], arcs.first[site + 1]):
        arc = arcs.arcs[place]
        other = time[arcs.to[arc]]
        if other - own > arcs.delay[arc] + JUMPS_MS:
            jumping += units[arc]
        if own - other > arcs.delay[arc ^ 1] + JUMPS_MS:
            jumping += units[arc ^ 1]
    return float(jumping)


@njit(cache=True, nogil=True)
def _bettered(arcs: Arcs, units: FloatArray, late: float, room: _Room) -> None:
    """Change one site's time after the other while fewer units jump."""
    for _ in range(SWEEPS):
        changed = False
        for site in range(len(room.time)):
            if room.held[site]:
                continue
            own = float(room.time[site])
            best = _jumping(arcs, units, room.time, (site, own))
            now = best
            for place in range(arcs.first[site], arcs.first[site + 1]):
                arc = arcs.arcs[place]
                other = room.time[arcs.to[arc]]
                for tried in (other - arcs.delay[arc], other + arcs.delay[arc ^ 1]):
                    if best <= LESS:
                        break
                    time = min(max(float(tried), 0.0), late)
                    jumping = _jumping(arcs, units, room.time, (site, time))
                    if jumping < best - LESS:
                        best, own = jumping, time
            if best < now - LESS:
                room.time[site] = own
                changed = True
        if not changed:
            return


@njit(cache=True, nogil=True)
def thin_borders(
    arcs: Arcs, wanted: Wanted, units: FloatArray, limit: float, found: Borders
) -> int:
    """Borders with fewer units than ``limit``, as rows of ``found``; how many there are.

    Parameters
    ----------
    units : float (E,)
        That arcs have.
    found
        Room for them.
    """
    count, room, from_site = 0, _room(arcs), -1
    soonest = np.empty(len(room.time))
    for w in range(len(wanted.source)):
        if wanted.source[w] != from_site:
            from_site = int(wanted.source[w])
            _from(arcs, units, limit - SHORT, from_site, room)
            soonest[:] = room.time
        if _first(wanted, w, soonest) <= wanted.limit[w] + MARGIN_MS:
            continue  # a way in time whose every arc has enough
        late = wanted.limit[w] + 2.0 * MARGIN_MS
        for least in THRESHOLDS:
            for turned in range(2):
                if not _begun(arcs, wanted, units, (w, least, turned), room):
                    break
                _bettered(arcs, units, late, room)
                if count < len(found) and _told(arcs, units, room.time, found[count]) < (
                    limit - SHORT
                ):
                    count += 1
    return count


@njit(cache=True, nogil=True)
def _from(arcs: Arcs, units: FloatArray, least: float, site: int, room: _Room) -> None:
    """When every site is reached from one."""
    room.held[:] = False
    room.held[site] = True
    room.time[:] = np.inf
    room.time[site] = 0.0
    _reach(arcs, units, least, room, 0)


@njit(cache=True, nogil=True)
def _first(wanted: Wanted, w: int, when: FloatArray) -> float:
    """When the first target is reached."""
    soonest = np.inf
    for site in wanted.target[wanted.first_target[w] : wanted.first_target[w + 1]]:
        soonest = min(soonest, when[site])
    return float(soonest)


@njit(cache=True, nogil=True)
def _told(arcs: Arcs, units: FloatArray, time: FloatArray, border: Borders) -> float:
    """Note which arcs jump; the units that they have."""
    jumping = 0.0
    for link in range(len(border)):
        border[link] = 0
        for arc, sign in ((2 * link, 1), (2 * link + 1, -1)):
            gained = time[arcs.to[arc]] - time[arcs.to[arc ^ 1]]
            if arcs.exists[arc] and gained > arcs.delay[arc] + JUMPS_MS:
                border[link] = sign
                jumping += units[arc]
    return float(jumping)


@njit(cache=True, nogil=True)
def crossing(
    arcs: Arcs,
    borders: Borders,
    ends: tuple[IntArray, IntArray, IntArray, IntArray],
    limit: FloatArray,
) -> BoolArray:
    """(2, n, K) demands that have no way in time without taking a border (n, L).

    As it leads, and against it: every arc turned.

    Parameters
    ----------
    ends
        First sources (K + 1,), sources, first targets (K + 1,), targets.
    """
    first_source, source, first_target, target = ends
    room, sites = _room(arcs), len(arcs.first) - 1
    begins = np.unique(np.concatenate((source, target)))
    crossed = np.zeros((2, len(borders), len(limit)), dtype=np.bool_)
    when = np.empty((2, sites, sites))
    open_arc = np.empty(len(arcs.to))
    alike = arcs.exists.all() and (arcs.delay[0::2] == arcs.delay[1::2]).all()
    for number in range(len(borders)):
        for turned in range(1 if alike else 2):
            for link in range(borders.shape[1]):
                sign = borders[number, link] * (1 - 2 * turned)
                open_arc[2 * link] = 0.0 if sign > 0 else 1.0
                open_arc[2 * link + 1] = 0.0 if sign < 0 else 1.0
            for site in begins:
                _from(arcs, open_arc, 0.5, int(site), room)
                when[turned, site] = room.time
        if alike:  # every way out is a way back, and as long
            when[1] = when[0].T
        for turned in range(2):
            for k in range(len(limit)):
                soonest = np.inf
                for start in source[first_source[k] : first_source[k + 1]]:
                    for end in target[first_target[k] : first_target[k + 1]]:
                        soonest = min(soonest, when[turned, start, end])
                crossed[turned, number, k] = soonest == np.inf or soonest > limit[k] + MARGIN_MS
    return crossed
