"""What failures do to ECMP routing: only what a failure touches is worked out again.

For each destination and case, whom it cuts off is grafted onto what stands (``graft``), and the
traffic that moves is taken out of the loads and put into others (``shift``). The work grows with
the next hops that change and the way until detours rejoin, not with the network.
"""

import numpy as np

from arterial.paths.bare import bare
from arterial.routing.ecmp import Base, Ip
from arterial.routing.forest import Forest, forest_of, plant
from arterial.routing.graft import cut_off, rejoin
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
    load[:] = base.load
    dropped, ended = np.zeros((cases, classes)), np.zeros((cases, classes))
    results = load, dropped, ended
    _play(
        (ip, base, offered),
        case_links,
        case_sites,
        results,
        (forest_of(ip), scratch_of(ip, classes)),
    )
    return load, dropped, ended


@bare
def _play(
    given: tuple[Ip, Base, FloatArray],
    case_links: tuple[IntArray, IntArray],
    case_sites: BoolArray,
    results: tuple[FloatArray, FloatArray, FloatArray],
    memory: tuple[Forest, Scratch],
) -> None:
    ip, base, offered = given
    first, links = case_links
    loads, dropped, ended = results
    cases = len(case_sites)
    # Destinations outside, cases inside: the rows of one destination stay in the nearest cache.
    for to in range(len(base.distance)):
        if not _asked(base.inflow[to]):
            continue
        job = Job(base.distance[to], base.inflow[to], base.only[to], offered[to], to)
        apart = plant(ip, job, memory[0]) < len(job.far)
        for case in range(cases):
            gone = case_sites[case]
            into = loads[case], dropped[case], ended[case]
            if gone[to]:
                _withdraw(ip, job, loads[case])
            else:
                lost = links[first[case] : first[case + 1]]
                _mend(ip, job, memory, (lost, gone, to * cases + case), into)
            if apart or gone[to]:
                for site in range(len(job.far)):
                    if job.far[site] == np.inf or gone[to]:
                        _count(job, site, gone, dropped[case], ended[case])


@bare
def _asked(inflow: FloatArray) -> bool:
    """Whether anything is offered to a destination: what a site offers is in its own inflow."""
    for site in range(len(inflow)):
        for c in range(inflow.shape[1]):
            if inflow[site, c] != 0.0:
                return True
    return False


@bare
def _mend(
    ip: Ip,
    job: Job,
    memory: tuple[Forest, Scratch],
    failure: tuple[IntArray, BoolArray, int],
    into: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    """Mend the loads of one case, and count what has no way any more."""
    forest, scratch = memory
    lost, gone, step = failure
    load, dropped, ended = into
    for link in lost:
        scratch.dead[2 * link] = scratch.dead[2 * link + 1] = True
    trees, torn, nested = cut_off(ip, job, forest, scratch, lost)
    if trees or torn:
        moved = rejoin(ip, job, forest, scratch, step, (trees, nested))
        shift(ip, job, forest, scratch, load, (trees, moved, torn, step))
    for number in range(trees):
        top = scratch.cut[number]
        scratch.top[forest.place[top]] = False
        for spot in range(forest.place[top], forest.end[top]):
            if scratch.late[spot] == np.inf:
                _count(job, forest.at[spot], gone, dropped, ended)
            scratch.late[spot] = 0.0
    for link in lost:
        scratch.dead[2 * link] = scratch.dead[2 * link + 1] = False


@bare
def _count(job: Job, site: int, gone: BoolArray, dropped: FloatArray, ended: FloatArray) -> None:
    """Add what a site offers and does not get through, by whether an end is lost."""
    for c in range(len(dropped)):
        if gone[site] or gone[job.destination]:
            ended[c] += job.offered[site, c]
        else:
            dropped[c] += job.offered[site, c]


@bare
def _withdraw(ip: Ip, job: Job, load: FloatArray) -> None:
    """Take all that goes to a destination out of the loads."""
    first, leaving, target, metric, weight = ip
    far, inflow = job.far, job.inflow
    for site in range(len(far)):
        if site == job.destination or far[site] == np.inf:
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
