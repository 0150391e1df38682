"""What a failure does to ECMP routing: only what it touches is worked out again.

For each destination, sites that lose a next hop are *dirty*; those left without any are *cut* and
get a new distance. Two turns mend the loads: the first takes out of them, along the old next hops,
what dirty sites had handed on; the second puts it back along the new ones. Sites go from far to
near, so that each is taken once, with all that comes to it.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.tree import Heap, rise, sink
from arterial.routing.ecmp import Base, Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["play"]


class Scratch(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of its step or turn."""

    heap: Heap
    queued: IntArray
    """(N,) by step: waiting in the search for dirty sites, or through it."""
    dirty: IntArray
    """(N,) by step"""
    cut: IntArray
    """(N,) by step"""
    touched: IntArray
    """(N,) by turn: ``change`` is of this turn."""
    now: FloatArray
    """(N,) distances in this case."""
    change: FloatArray
    """(N, C) what comes to a site less, or has to go elsewhere, Gb/s."""
    sites: IntArray
    """(N,) dirty ones, in the order in which they were found."""
    none: BoolArray
    """(E,) False: nothing is dead."""


class Job(NamedTuple):
    """One destination in one case."""

    distance: FloatArray
    """(N,) without failure."""
    inflow: FloatArray
    """(N, C)"""
    offered: FloatArray
    """(N, C)"""
    destination: int
    step: int


class Turn(NamedTuple):
    """One way through the sites: taking out along old next hops, or putting onto new ones."""

    far: FloatArray
    """(N,) distances that say what a next hop is."""
    dead: BoolArray
    """(E,)"""
    taking: bool
    number: int


def play(
    ip: Ip,
    base: Base,
    offered: FloatArray,
    case_links: tuple[IntArray, IntArray],
    case_sites: BoolArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Loads of every failure case.

    Parameters
    ----------
    offered : float (N, N, C)
        As in ``base_of``.
    case_links
        Where each case's links begin (F + 1,), and the links: those of lost sites are among them.
    case_sites : bool (F, N)
        Sites that a case takes whole.

    Returns
    -------
    tuple of float (F, E, C), (F, C), (F, C)
        Loads; traffic between standing sites that has no way; traffic with a lost end. Gb/s.
    """
    cases, classes = len(case_sites), offered.shape[2]
    load = np.empty((cases, *base.load.shape))
    dropped, ended = np.zeros((cases, classes)), np.zeros((cases, classes))
    _play(
        (ip, base, offered), case_links, case_sites, (load, dropped, ended), _scratch(ip, classes)
    )
    return load, dropped, ended


def _scratch(ip: Ip, classes: int) -> Scratch:
    sites = len(ip.first) - 1
    room = len(ip.target) + sites + 1
    marks = [np.full(sites, -1, dtype=np.int64) for _ in range(4)]
    return Scratch(
        Heap(np.empty(room), np.empty(room, dtype=np.int64)),
        *marks,
        now=np.empty(sites),
        change=np.zeros((sites, classes)),
        sites=np.empty(sites, dtype=np.int64),
        none=np.zeros(len(ip.target), dtype=np.bool_),
    )


@njit(cache=True, nogil=True)
def _play(
    given: tuple[Ip, Base, FloatArray],
    case_links: tuple[IntArray, IntArray],
    case_sites: BoolArray,
    results: tuple[FloatArray, FloatArray, FloatArray],
    scratch: Scratch,
) -> None:
    ip, base, offered = given
    first, links = case_links
    loads, dropped, ended = results
    dead = np.zeros(len(ip.target), dtype=np.bool_)
    step = 0
    for case in range(len(case_sites)):
        load, gone = loads[case], case_sites[case]
        load[:] = base.load
        lost = links[first[case] : first[case + 1]]
        for link in lost:
            dead[2 * link] = True
            dead[2 * link + 1] = True
        for to in range(len(base.distance)):
            job = Job(base.distance[to], base.inflow[to], offered[to], to, step)
            if gone[to]:
                _empty(ip, job, load, scratch)
                ended[case] += offered[to].sum(axis=0)
                continue
            found = _dirty(ip, job, lost, dead, scratch)
            if found:
                _detour(ip, job, dead, scratch, found)
                turn = Turn(far=job.distance, dead=scratch.none, taking=True, number=2 * step)
                _walk(ip, job, turn, load, scratch, found)
                turn = Turn(far=scratch.now, dead=dead, taking=False, number=2 * step + 1)
                _walk(ip, job, turn, load, scratch, found)
            _count(job, gone, scratch, found, dropped[case], ended[case])
            step += 1
        for link in lost:
            dead[2 * link] = False
            dead[2 * link + 1] = False


@njit(cache=True, nogil=True)
def _hop(ip: Ip, far: FloatArray, dead: BoolArray, arc: int) -> bool:
    """Whether an arc leads to a next hop."""
    here = far[ip.target[arc ^ 1]]
    onward = far[ip.target[arc]]
    return bool(not dead[arc] and here < np.inf and here == ip.metric[arc] + onward)


@njit(cache=True, nogil=True)
def _total(ip: Ip, far: FloatArray, dead: BoolArray, site: int) -> float:
    """Weights of a site's next hops together."""
    total = 0.0
    for place in range(ip.first[site], ip.first[site + 1]):
        arc = int(ip.leaving[place])
        if _hop(ip, far, dead, arc):
            total += float(ip.weight[arc])
    return total


@njit(cache=True, nogil=True)
def _empty(ip: Ip, job: Job, load: FloatArray, scratch: Scratch) -> None:
    """Take all that goes to a destination out of the loads."""
    for site in range(len(job.distance)):
        if site == job.destination:
            continue
        total = _total(ip, job.distance, scratch.none, site)
        for place in range(ip.first[site], ip.first[site + 1]):
            arc = int(ip.leaving[place])
            if _hop(ip, job.distance, scratch.none, arc):
                load[arc] -= job.inflow[site] * (ip.weight[arc] / total)


@njit(cache=True, nogil=True)
def _dirty(ip: Ip, job: Job, lost: IntArray, dead: BoolArray, scratch: Scratch) -> int:
    """Mark the sites that lose a next hop, nearest first; returns how many they are."""
    size, found, step = 0, 0, job.step
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            size = _queue(ip, job, arc, scratch, size)
    while size:
        site = scratch.heap.site[0]
        size -= 1
        sink(scratch.heap, size)
        scratch.dirty[site] = step
        scratch.sites[found] = site
        found += 1
        left = False
        for place in range(ip.first[site], ip.first[site + 1]):
            arc = int(ip.leaving[place])
            stands = scratch.cut[ip.target[arc]] != step
            left = left or (stands and _hop(ip, job.distance, dead, arc))
        if not left:
            scratch.cut[site] = step
            for place in range(ip.first[site], ip.first[site + 1]):
                size = _queue(ip, job, int(ip.leaving[place]) ^ 1, scratch, size)
    return found


@njit(cache=True, nogil=True)
def _queue(ip: Ip, job: Job, arc: int, scratch: Scratch, size: int) -> int:
    """Let the site wait that an arc leaves, if the arc leads to a next hop; the heap's size."""
    site = int(ip.target[arc ^ 1])
    if scratch.queued[site] != job.step and _hop(ip, job.distance, scratch.none, arc):
        scratch.queued[site] = job.step
        rise(scratch.heap, float(job.distance[site]), site, size)
        size += 1
    return size


@njit(cache=True, nogil=True)
def _detour(ip: Ip, job: Job, dead: BoolArray, scratch: Scratch, found: int) -> None:
    """Distances in this case: those of cut sites are new."""
    now, cut, heap, size = scratch.now, scratch.cut, scratch.heap, 0
    now[:] = job.distance
    for place in range(found):
        site = int(scratch.sites[place])
        if cut[site] != job.step:
            continue
        now[site] = np.inf
        for out in range(ip.first[site], ip.first[site + 1]):
            arc = ip.leaving[out]
            there = ip.target[arc]
            if not dead[arc] and cut[there] != job.step:
                now[site] = min(now[site], ip.metric[arc] + job.distance[there])
        if now[site] < np.inf:
            rise(heap, float(now[site]), site, size)
            size += 1
    while size:
        reached, site = heap.weight[0], int(heap.site[0])
        size -= 1
        sink(heap, size)
        if reached > now[site]:
            continue
        for out in range(ip.first[site], ip.first[site + 1]):
            arc = ip.leaving[out] ^ 1
            before, through = int(ip.target[arc ^ 1]), reached + ip.metric[arc]
            if not dead[arc] and cut[before] == job.step and through < now[before]:
                now[before] = through
                rise(heap, float(through), before, size)
                size += 1


@njit(cache=True, nogil=True)
def _walk(ip: Ip, job: Job, turn: Turn, load: FloatArray, scratch: Scratch, found: int) -> None:
    """Hand on from far to near what each site has to: see ``Turn``."""
    size = _begin(job, turn, scratch, found)
    while size:
        site = int(scratch.heap.site[0])
        size -= 1
        sink(scratch.heap, size)
        if site == job.destination:
            continue
        total = _total(ip, turn.far, turn.dead, site)
        whole = turn.taking and scratch.dirty[site] == job.step
        for out in range(ip.first[site], ip.first[site + 1]):
            arc = int(ip.leaving[out])
            if not _hop(ip, turn.far, turn.dead, arc):
                continue
            there, share = int(ip.target[arc]), ip.weight[arc] / total
            if scratch.touched[there] != turn.number:
                if scratch.dirty[there] != job.step:
                    scratch.change[there] = 0.0
                size = _touch(turn, scratch, there, size)
            for c in range(load.shape[1]):
                gbps = -job.inflow[site, c] if whole else scratch.change[site, c]
                load[arc, c] += gbps * share
                scratch.change[there, c] += gbps * share


@njit(cache=True, nogil=True)
def _begin(job: Job, turn: Turn, scratch: Scratch, found: int) -> int:
    """Let dirty sites wait that have a way; returns the heap's size."""
    size = 0
    for place in range(found):
        site = int(scratch.sites[place])
        if turn.taking:
            scratch.change[site] = 0.0
        else:
            scratch.change[site] += job.inflow[site]
        if turn.far[site] < np.inf:
            size = _touch(turn, scratch, site, size)
    return size


@njit(cache=True, nogil=True)
def _touch(turn: Turn, scratch: Scratch, site: int, size: int) -> int:
    """Let a site wait for its turn, farthest first; returns the heap's size."""
    if scratch.touched[site] != turn.number:
        scratch.touched[site] = turn.number
        rise(scratch.heap, -float(turn.far[site]), site, size)
        size += 1
    return size


@njit(cache=True, nogil=True)
def _count(
    job: Job,
    gone: BoolArray,
    scratch: Scratch,
    found: int,
    dropped: FloatArray,
    ended: FloatArray,
) -> None:
    """Add what is offered to a destination and has no way, or whose source is lost."""
    far = scratch.now if found else job.distance
    for site in range(len(far)):
        if gone[site]:
            ended += job.offered[site]
        elif far[site] == np.inf:
            dropped += job.offered[site]
