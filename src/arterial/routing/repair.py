"""What a failure does to ECMP routing: only what it touches is worked out again.

For each destination, sites that lose a next hop are *dirty*; those left without any are *cut* and
get a new distance. What dirty sites had handed on is taken out of the loads of their old next hops;
what they have is then put onto the new ones, and what others have more or less goes with it. Sites
go from far to near, so that each is taken once, and a change ends where a detour rejoins its way.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Base, Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["play"]


class Scratch(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of the step."""

    key: FloatArray
    queue: IntArray
    queued: IntArray
    """(N,) waiting in the search for dirty sites, or through it."""
    cut: IntArray
    """(N,) without its old next hops."""
    touched: IntArray
    """(N,) ``change`` is of this step; one more: it waits to be handed on, or has been."""
    now: FloatArray
    """(N,) distances in this case."""
    change: FloatArray
    """(N, C) Gb/s that a site has more or less to hand on; all of it where it is dirty."""
    sites: IntArray
    """(N,) dirty ones, in the order in which they were found."""


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


NOTHING = 1e-13
"""Share of what a site has: a smaller change of it is rounding, and ends there."""


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
    marks = [np.full(sites, -1, dtype=np.int64) for _ in range(3)]
    return Scratch(
        np.empty(room),
        np.empty(room, dtype=np.int64),
        *marks,
        now=np.empty(sites),
        change=np.zeros((sites, classes)),
        sites=np.empty(sites, dtype=np.int64),
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
    apart = np.array([np.isinf(row).any() for row in base.distance])
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
                _empty(ip, job, load)
                ended[case] += offered[to].sum(axis=0)
                continue
            found = _dirty(ip, job, lost, dead, scratch)
            if found:
                _detour(ip, job, dead, scratch, found)
                _take(ip, job, load, scratch, found)
                _put(ip, job, dead, load, scratch, found)
            if apart[to] or found or len(lost) > 1:
                _count(job, gone, scratch, found, dropped[case], ended[case])
            step += 2
        for link in lost:
            dead[2 * link] = False
            dead[2 * link + 1] = False


@njit(cache=True, nogil=True)
def _empty(ip: Ip, job: Job, load: FloatArray) -> None:
    """Take all that goes to a destination out of the loads."""
    first, leaving, target, metric, weight = ip
    far, inflow, _, destination, _ = job
    for site in range(len(far)):
        if site == destination or far[site] == np.inf:
            continue
        total = 0.0
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            if far[site] == metric[arc] + far[target[arc]]:
                total += weight[arc]
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            if far[site] == metric[arc] + far[target[arc]]:
                for c in range(load.shape[1]):
                    load[arc, c] -= inflow[site, c] * (weight[arc] / total)


@njit(cache=True, nogil=True)
def _dirty(ip: Ip, job: Job, lost: IntArray, dead: BoolArray, scratch: Scratch) -> int:
    """Mark the sites that lose a next hop, nearest first; returns how many they are."""
    first, leaving, target, metric, _ = ip
    far, step = job.distance, job.step
    key, queue, queued, cut = scratch[:4]
    sites = scratch.sites
    size, found = 0, 0
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            site, onward = target[arc ^ 1], far[target[arc]]
            if queued[site] != step and onward < np.inf and far[site] == metric[arc] + onward:
                queued[site] = step
                rise(key, queue, float(far[site]), int(site), size)
                size += 1
    while size:
        site = queue[0]
        size -= 1
        sink(key, queue, size)
        sites[found] = site
        found += 1
        left = False
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if not dead[arc] and cut[there] != step and far[site] == metric[arc] + far[there]:
                left = True
                break
        if left:
            continue
        cut[site] = step
        for place in range(first[site], first[site + 1]):
            arc = leaving[place] ^ 1
            before = target[arc ^ 1]
            if queued[before] != step and far[before] == metric[arc] + far[site]:
                queued[before] = step
                rise(key, queue, float(far[before]), int(before), size)
                size += 1
    return found


@njit(cache=True, nogil=True)
def _detour(ip: Ip, job: Job, dead: BoolArray, scratch: Scratch, found: int) -> None:
    """Distances in this case: those of cut sites are new."""
    first, leaving, target, metric, _ = ip
    far, step = job.distance, job.step
    key, queue, cut, now, sites = (
        scratch.key,
        scratch.queue,
        scratch.cut,
        scratch.now,
        scratch.sites,
    )
    size = 0
    now[:] = far
    for number in range(found):
        site = sites[number]
        if cut[site] != step:
            continue
        now[site] = np.inf
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if not dead[arc] and cut[there] != step:
                now[site] = min(now[site], metric[arc] + far[there])
        if now[site] < np.inf:
            rise(key, queue, float(now[site]), int(site), size)
            size += 1
    while size:
        reached, site = key[0], queue[0]
        size -= 1
        sink(key, queue, size)
        if reached > now[site]:
            continue
        for place in range(first[site], first[site + 1]):
            arc = leaving[place] ^ 1
            before, through = target[arc ^ 1], reached + metric[arc]
            if not dead[arc] and cut[before] == step and through < now[before]:
                now[before] = through
                rise(key, queue, float(through), int(before), size)
                size += 1


@njit(cache=True, nogil=True)
def _take(ip: Ip, job: Job, load: FloatArray, scratch: Scratch, found: int) -> None:
    """Take out what dirty sites handed on; ``change`` is what their old next hops get less."""
    first, leaving, target, metric, weight = ip
    far, inflow, step = job.distance, job.inflow, job.step
    touched, change, sites = scratch.touched, scratch.change, scratch.sites
    for number in range(found):
        site = sites[number]
        touched[site] = step
        change[site] = inflow[site]
    for number in range(found):
        site = sites[number]
        total = 0.0
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            if far[site] == metric[arc] + far[target[arc]]:
                total += weight[arc]
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if far[site] != metric[arc] + far[there]:
                continue
            if touched[there] != step:
                touched[there] = step
                change[there] = 0.0
            share = weight[arc] / total
            for c in range(load.shape[1]):
                load[arc, c] -= inflow[site, c] * share
                change[there, c] -= inflow[site, c] * share


@njit(cache=True, nogil=True)
def _begin(ip: Ip, job: Job, scratch: Scratch, found: int) -> int:
    """Let dirty sites wait, and their old next hops; returns the heap's size."""
    first, leaving, target, metric, _ = ip
    far, step = job.distance, job.step
    key, queue, _, _, touched, now, _, sites = scratch
    size = 0
    for number in range(found):
        site = sites[number]
        if touched[site] == step and now[site] < np.inf:
            touched[site] = step + 1
            rise(key, queue, -float(now[site]), int(site), size)
            size += 1
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if far[site] != metric[arc] + far[there]:
                continue
            if touched[there] == step and now[there] < np.inf:
                touched[there] = step + 1
                rise(key, queue, -float(now[there]), int(there), size)
                size += 1
    return size


@njit(cache=True, nogil=True)
def _matters(change: FloatArray, inflow: FloatArray) -> bool:
    """Whether any class has a change that is more than rounding."""
    matters = False
    for c in range(len(change)):
        matters = matters or abs(change[c]) > NOTHING * inflow[c]
    return matters


@njit(cache=True, nogil=True)
def _put(ip: Ip, job: Job, dead: BoolArray, load: FloatArray, scratch: Scratch, found: int) -> None:
    """Hand on, from far to near, what dirty sites have now and what others have more or less."""
    first, leaving, target, metric, weight = ip
    _, inflow, _, destination, step = job
    key, queue, _, _, touched, now, change, _ = scratch
    size = _begin(ip, job, scratch, found)
    while size:
        site = queue[0]
        size -= 1
        sink(key, queue, size)
        if site == destination or not _matters(change[site], inflow[site]):
            continue
        total = 0.0
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            if not dead[arc] and now[site] == metric[arc] + now[target[arc]]:
                total += weight[arc]
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if dead[arc] or now[site] != metric[arc] + now[there]:
                continue
            share = weight[arc] / total
            if touched[there] < step:
                change[there] = 0.0
            if touched[there] <= step:
                touched[there] = step + 1
                rise(key, queue, -float(now[there]), int(there), size)
                size += 1
            for c in range(load.shape[1]):
                load[arc, c] += change[site, c] * share
                change[there, c] += change[site, c] * share


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
