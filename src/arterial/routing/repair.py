"""What failures do to ECMP routing: only what a failure touches is worked out again.

For each destination and case the sites that lose next hops are found (``dirty``), and the traffic
that passed them is moved (``shift``). The work grows with what a failure cuts off, not with the
network.
"""

import numpy as np
from numba import njit

from arterial.routing.dirty import detours, dirty_sites
from arterial.routing.ecmp import Base, Ip
from arterial.routing.scratch import Job, Scratch, scratch_of
from arterial.routing.shift import shift
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["play"]


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
        (ip, base, offered), case_links, case_sites, (load, dropped, ended), scratch_of(ip, classes)
    )
    return load, dropped, ended


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
    takes_sites = np.array([sites.any() for sites in case_sites])
    loads[:] = base.load
    step = 0
    # Destinations outside, cases inside: the rows of one destination stay in the nearest cache.
    for to in range(len(base.distance)):
        rows = base.hops[to], base.only[to], offered[to]
        job = Job(base.distance[to], base.inflow[to], *rows, to)
        apart = np.isinf(job.distance).any()
        for case in range(len(case_sites)):
            load, lost = loads[case], links[first[case] : first[case + 1]]
            if case_sites[case, to]:
                _empty(ip, job, load)
                ended[case] += job.offered.sum(axis=0)
                continue
            _flip(dead, lost)
            found = dirty_sites(ip, job, lost, dead, scratch, step)
            if found:
                ways = detours(ip, job, dead, scratch, found, step)
                shift(ip, job, dead, load, scratch, (found, ways, step))
            if apart or takes_sites[case]:
                _count(job, case_sites[case], scratch, found, (dropped[case], ended[case]))
            elif found:
                _count_cut(job, scratch, found, dropped, case)
            _flip(dead, lost)
            step += 2


@njit(cache=True, nogil=True)
def _flip(dead: BoolArray, lost: IntArray) -> None:
    """Both arcs of each link: from standing to dead, or back."""
    for link in lost:
        dead[2 * link] = not dead[2 * link]
        dead[2 * link + 1] = dead[2 * link]


@njit(cache=True, nogil=True)
def _empty(ip: Ip, job: Job, load: FloatArray) -> None:
    """Take all that goes to a destination out of the loads."""
    first, leaving, target, metric, weight = ip
    far, inflow, _, _, _, destination = job
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
def _count(
    job: Job,
    gone: BoolArray,
    scratch: Scratch,
    found: int,
    totals: tuple[FloatArray, FloatArray],
) -> None:
    """Add what is offered to a destination and has no way, or whose source is lost."""
    dropped, ended = totals
    far = scratch.now if found else job.distance
    for site in range(len(far)):
        if gone[site]:
            ended += job.offered[site]
        elif far[site] == np.inf:
            dropped += job.offered[site]


@njit(cache=True, nogil=True)
def _count_cut(job: Job, scratch: Scratch, found: int, dropped: FloatArray, case: int) -> None:
    """The same where every site had a way and none is lost: only cut sites can have none."""
    now, sites = scratch.now, scratch.sites
    for number in range(found):
        if now[sites[number]] == np.inf:
            dropped[case] += job.offered[sites[number]]
