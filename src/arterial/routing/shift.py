"""Traffic to one destination moved to where it goes after a failure, load by load.

What dirty sites had handed on is taken out of the loads of their old next hops; what they have is
then put onto the new ones, and what others have more or less goes with it. Sites go from far to
near, so that each is taken once, and a change ends where a detour rejoins its way.
"""

from numba import njit

from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.routing.scratch import Job, Scratch
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["shift"]

NOTHING = 1e-13
"""Share of what a site has: a smaller change of it is rounding, and ends there."""


@njit(cache=True, nogil=True)
def shift(
    ip: Ip,
    job: Job,
    dead: BoolArray,
    load: FloatArray,
    scratch: Scratch,
    marked: tuple[int, int, int],
) -> None:
    """Mend the loads of one case.

    ``marked``: how many sites are dirty, how many cut ones have a way, and the step.
    """
    found, ways, step = marked
    _take(ip, job, load, scratch, found, step)
    waiting = _begin(ip, job, scratch, found, step)
    _put(ip, job, dead, load, scratch, (ways, waiting, step))


@njit(cache=True, nogil=True)
def _take(ip: Ip, job: Job, load: FloatArray, scratch: Scratch, found: int, step: int) -> None:
    """Take out what dirty sites handed on; ``change`` is what their old next hops get less."""
    first, leaving, target, metric, weight = ip
    far, inflow = job.distance, job.inflow
    touched, change, sites = scratch.touched, scratch.change, scratch.sites
    classes = load.shape[1]
    for number in range(found):
        site = sites[number]
        touched[site] = step
        for c in range(classes):
            change[site, c] = inflow[site, c]
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
            share = weight[arc] / total
            for c in range(classes):
                less = inflow[site, c] * share
                load[arc, c] -= less
                change[there, c] = -less if touched[there] < step else change[there, c] - less
            touched[there] = max(touched[there], step)


@njit(cache=True, nogil=True)
def _begin(ip: Ip, job: Job, scratch: Scratch, found: int, step: int) -> int:
    """Let dirty sites wait that are not cut, and all old next hops; returns the heap's size."""
    first, leaving, target, metric, _ = ip
    far = job.distance
    key, queue, _, _, cut, touched, _, _, sites, _ = scratch
    size = 0
    for number in range(found):
        site = sites[number]
        if touched[site] == step and cut[site] != step:
            touched[site] = step + 1
            rise(key, queue, -float(far[site]), int(site), size)
            size += 1
        for place in range(first[site], first[site + 1]):
            arc = leaving[place]
            there = target[arc]
            if far[site] != metric[arc] + far[there] or cut[there] == step:
                continue
            if touched[there] == step:
                touched[there] = step + 1
                rise(key, queue, -float(far[there]), int(there), size)
                size += 1
    return size


@njit(cache=True, nogil=True)
def _put(
    ip: Ip,
    job: Job,
    dead: BoolArray,
    load: FloatArray,
    scratch: Scratch,
    waiting: tuple[int, int, int],
) -> None:
    """Let sites hand on what they have now, or have more or less, from far to near.

    Cut sites come first, in the order of their new distances: nothing comes to one but from other
    cut sites, for who else had it as next hop is dirty and rides it no more. ``waiting``: cut sites
    with a way, the heap's size, and the step.
    """
    first, leaving, target, metric, weight = ip
    _, inflow, _, only, _, destination = job
    key, queue, _, dirty, cut, touched, now, change, _, order = scratch
    turn, size, step = waiting
    classes = load.shape[1]
    while turn or size:
        if turn:
            turn -= 1
            site = order[turn]
        else:
            site = queue[0]
            size -= 1
            sink(key, queue, size)
            matters = False
            for c in range(classes):
                matters = matters or abs(change[site, c]) > NOTHING * inflow[site, c]
            if site == destination or not matters:
                continue
        alone = only[site] if dirty[site] != step else -1
        total = 0.0
        for place in range(first[site], first[site + 1] if alone < 0 else first[site]):
            arc = leaving[place]
            if not dead[arc] and now[site] == metric[arc] + now[target[arc]]:
                total += weight[arc]
        for place in range(first[site], first[site + 1] if alone < 0 else first[site] + 1):
            arc = leaving[place] if alone < 0 else alone
            there = target[arc]
            if dead[arc] or now[site] != metric[arc] + now[there]:
                continue
            share = weight[arc] / total if alone < 0 else 1.0
            for c in range(classes):
                more = change[site, c] * share
                load[arc, c] += more
                change[there, c] = more if touched[there] < step else change[there, c] + more
            if cut[there] != step and touched[there] <= step:
                touched[there] = step + 1
                rise(key, queue, -float(now[there]), int(there), size)
                size += 1
