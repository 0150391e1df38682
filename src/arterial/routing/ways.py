"""ECMP judged case by case: what demands with a choice of ends keep, and how late they come.

A demand uses every arc that a packet of it may take. Links serve levels in order; within one level
all that is offered loses the same share. A demand keeps the share of its tightest arc and is as
late as the longest of its ways. Distances of a case are mended (``dirty``), loads are summed anew:
with the destinations of one case side by side, nothing leaves the nearest caches.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.routing.dirty import Marks, detours, dirty_sites, marks_of
from arterial.routing.ecmp import Base, Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Asked", "Judged", "asked_of", "judged"]

ROUNDING = 1e-9
"""Relative, and in Gb/s: sums of loads differ so much from what they would be on paper."""


class Asked(NamedTuple):
    """K demands with up to O options of where they run: M of them, by target."""

    first: IntArray
    """(N + 1,) where the options to each destination begin."""
    demand: IntArray
    """(M,)"""
    option: IntArray
    """(M,)"""
    source: IntArray
    """(M,)"""
    level: IntArray
    """(K,) 0 is served first."""
    gbps: FloatArray
    """(K,)"""


class Judged(NamedTuple):
    """What F cases make of K demands."""

    share: FloatArray
    """(F, K) of what is asked; 0 where there is no way or no option was chosen."""
    late_ms: FloatArray
    """(F, K) one way; NaN where an arc's delay is unknown, inf where there is no way."""
    load: FloatArray
    """(F, E, C) Gb/s offered to each arc."""


class _Trees(NamedTuple):
    """The shortest ways of one case, by destination."""

    far: FloatArray
    """(N, N)"""
    sites: IntArray
    """(N, N) those with a way, from the destination to the farthest."""
    size: IntArray
    """(N,) how many; 0 where nobody asks."""
    via: IntArray
    """(N, N) by place in ``sites``: the arc to the one next hop, -1 where there are several."""


def asked_of(ends: IntArray, level: IntArray, gbps: FloatArray, *, sites: int) -> Asked:
    """Demands by target; ``ends`` is int (O, 2, K), source and target by option.

    An option that starts where it ends rides nothing and is left out; so is one below 0.
    """
    option, demand = np.nonzero((ends[:, 0] != ends[:, 1]) & (ends >= 0).all(axis=1))
    source, target = ends[option, 0, demand], ends[option, 1, demand]
    order = np.argsort(target, kind="stable")
    return Asked(
        np.searchsorted(target[order], np.arange(sites + 1)),
        demand[order],
        option[order],
        np.ascontiguousarray(source[order]),
        np.ascontiguousarray(level),
        np.ascontiguousarray(gbps),
    )


def judged(
    ip: Ip,
    base: Base,
    asked: Asked,
    delay_ms: FloatArray,
    chosen: IntArray,
    case: tuple[tuple[IntArray, IntArray], FloatArray],
) -> Judged:
    """Route every case.

    Parameters
    ----------
    base
        Of ``ip`` without failure; its traffic is not looked at.
    delay_ms : float (E,)
        Of each arc, its router included; NaN where unknown.
    chosen : int (F, K)
        The option that each demand takes; one that it has not: it is not offered.
    case
        Where each case's dead links begin (F + 1,) and the links; Gb/s that each arc can carry,
        float (F, E). Cases with the same dead links are quicker side by side.
    """
    links, room = case
    shape, levels = chosen.shape, int(asked.level.max(initial=0)) + 1
    results = Judged(np.zeros(shape), np.full(shape, np.inf), np.zeros((*room.shape, levels)))
    order = np.argsort(base.distance, axis=1, kind="stable")
    _judge((ip, base, asked), links, (room, delay_ms, chosen, order), results, marks_of(ip))
    return results


@njit(cache=True, nogil=True)
def _judge(
    given: tuple[Ip, Base, Asked],
    case_links: tuple[IntArray, IntArray],
    seen: tuple[FloatArray, FloatArray, IntArray, IntArray],
    results: Judged,
    marks: Marks,
) -> None:
    ip, _, asked = given
    first, links = case_links
    room, delay_ms, chosen, order = seen
    arcs, sites, levels = len(ip.target), len(order), results.load.shape[2]
    dead = np.zeros(arcs, dtype=np.bool_)
    trees = _Trees(
        np.empty((sites, sites)),
        np.empty((sites, sites), dtype=np.int64),
        np.zeros(sites, dtype=np.int64),
        np.empty((sites, sites), dtype=np.int64),
    )
    left, share = np.empty(arcs), np.empty((arcs, levels))
    held, late_ms = np.empty((sites, levels)), np.empty(sites)
    before = links[:0]
    for case in range(len(chosen)):
        lost = links[first[case] : first[case + 1]]
        for link in lost:
            dead[2 * link] = dead[2 * link + 1] = True
        load = results.load[case]
        fresh = case == 0 or not np.array_equal(lost, before)
        before = lost
        for to in range(sites):
            if fresh:
                _grow(given, (dead, lost, order[to]), trees, marks, to, case * sites + to)
            if trees.size[to]:
                _offer(asked, chosen[case], held, to)
                _pour(ip, trees, dead, held, load, to)
        left[:] = room[case]
        _serve(load, left, share)
        for to in range(sites):
            if trees.size[to]:
                _look(ip, trees, dead, (share, delay_ms), (held, late_ms), to)
                _tell(asked, chosen[case], trees, (held, late_ms), to, (results, case))
        for link in lost:
            dead[2 * link] = dead[2 * link + 1] = False


@njit(cache=True, nogil=True)
def _grow(
    given: tuple[Ip, Base, Asked],
    lost: tuple[BoolArray, IntArray, IntArray],
    trees: _Trees,
    marks: Marks,
    to: int,
    step: int,
) -> None:
    """The ways to one destination. Sites that are not cut ride none that is: they come first."""
    ip, base, asked = given
    dead, links, order = lost
    trees.size[to] = 0
    if asked.first[to] == asked.first[to + 1]:
        return
    row = base.distance[to], base.hops[to]
    dirty = dirty_sites(ip, row, links, dead, marks, step)
    cut = detours(ip, base.distance[to], dead, marks, dirty, step) if dirty else 0
    now = marks.now if dirty else base.distance[to]
    far, sites, via, only = trees.far[to], trees.sites[to], trees.via[to], base.only[to]
    count = 0
    for site in order:
        far[site] = now[site]
        if now[site] < np.inf and marks.cut[site] != step:
            sites[count] = site
            via[count] = only[site] if marks.dirty[site] != step else -1
            count += 1
    for place in range(cut):
        sites[count], via[count] = marks.order[place], -1
        count += 1
    trees.size[to] = count


@njit(cache=True, nogil=True)
def _offer(asked: Asked, chosen: IntArray, held: FloatArray, to: int) -> None:
    """What each site has for a destination before anybody hands on."""
    held[:] = 0.0
    for m in range(asked.first[to], asked.first[to + 1]):
        k = asked.demand[m]
        if chosen[k] == asked.option[m]:
            held[asked.source[m], asked.level[k]] += asked.gbps[k]


@njit(cache=True, nogil=True)
def _pour(
    ip: Ip, trees: _Trees, dead: BoolArray, held: FloatArray, load: FloatArray, to: int
) -> None:
    """Hand all on from the farthest site to the nearest; where one hop is left, it is kept."""
    first, leaving, target, metric, weight = ip
    far, sites, via = trees.far[to], trees.sites[to], trees.via[to]
    levels = load.shape[1]
    for place in range(trees.size[to] - 1, 0, -1):
        site, alone = sites[place], via[place]
        if alone < 0:
            total, hops = 0.0, 0
            for k in range(first[site], first[site + 1]):
                arc = leaving[k]
                if not dead[arc] and far[site] == metric[arc] + far[target[arc]]:
                    total += weight[arc]
                    hops += 1
                    alone = arc
            if hops > 1:
                for k in range(first[site], first[site + 1]):
                    arc = leaving[k]
                    if not dead[arc] and far[site] == metric[arc] + far[target[arc]]:
                        part = weight[arc] / total
                        for c in range(levels):
                            load[arc, c] += held[site, c] * part
                            held[target[arc], c] += held[site, c] * part
                continue
            via[place] = alone
        for c in range(levels):
            load[alone, c] += held[site, c]
            held[target[alone], c] += held[site, c]


@njit(cache=True, nogil=True)
def _serve(load: FloatArray, left: FloatArray, share: FloatArray) -> None:
    """Share that each arc leaves each level; what is lost further on takes its room all the same.

    ``left`` is used up.
    """
    for arc in range(len(left)):
        for c in range(load.shape[1]):
            offered, room = load[arc, c], left[arc]
            share[arc, c] = 1.0
            if offered > room * (1.0 + ROUNDING) + ROUNDING:
                share[arc, c] = room / offered
            left[arc] = max(room - offered, 0.0)


@njit(cache=True, nogil=True)
def _look(
    ip: Ip,
    trees: _Trees,
    dead: BoolArray,
    seen: tuple[FloatArray, FloatArray],
    found: tuple[FloatArray, FloatArray],
    to: int,
) -> None:
    """The tightest and the latest on the ways of each site, from the nearest to the farthest."""
    first, leaving, target, metric, _ = ip
    share, delay_ms = seen
    keep, late_ms = found
    far, sites, via = trees.far[to], trees.sites[to], trees.via[to]
    keep[to] = 1.0
    late_ms[to] = 0.0
    for place in range(1, trees.size[to]):
        site, alone = sites[place], via[place]
        keep[site] = 1.0
        late_ms[site] = 0.0
        for k in range(first[site], first[site + 1] if alone < 0 else first[site] + 1):
            arc = leaving[k] if alone < 0 else alone
            there = target[arc]
            if dead[arc] or far[site] != metric[arc] + far[there]:
                continue
            for c in range(share.shape[1]):
                keep[site, c] = min(keep[site, c], share[arc, c], keep[there, c])
            late = delay_ms[arc] + late_ms[there]
            if not np.isnan(late_ms[site]) and not late <= late_ms[site]:
                late_ms[site] = late


@njit(cache=True, nogil=True)
def _tell(
    asked: Asked,
    chosen: IntArray,
    trees: _Trees,
    found: tuple[FloatArray, FloatArray],
    to: int,
    where: tuple[Judged, int],
) -> None:
    keep, late_ms = found
    results, case = where
    for m in range(asked.first[to], asked.first[to + 1]):
        k, source = asked.demand[m], asked.source[m]
        if chosen[k] == asked.option[m] and trees.far[to, source] < np.inf:
            results.share[case, k] = keep[source, asked.level[k]]
            results.late_ms[case, k] = late_ms[source]
