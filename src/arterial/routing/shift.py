"""Traffic to one destination moved to where it goes after a failure, load by load.

Who changes next hops takes what it had handed on out of the loads, and hands on what it has now;
what others have more or less goes along with what they have. A change ends where a detour rejoins
its way.
"""

import numpy as np

from arterial.paths.bare import bare
from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.routing.forest import Forest
from arterial.routing.scratch import Job, Scratch
from arterial.solve.program import FloatArray

__all__ = ["shift"]

NOTHING = 1e-13
"""Share of what a site has: a smaller change of it is rounding, and ends there."""


@bare
def shift(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    load: FloatArray,
    marked: tuple[int, int, int, int],
) -> None:
    """Mend the loads (E, C) of one case.

    ``marked``: how many trees are cut off, how many sites move, how many are torn, and the step.
    """
    trees, moved, torn, step = marked
    size = _begin(job, scratch, moved, torn, step)
    for number in range(moved):
        size = _leave(ip, job, forest, scratch, load, (int(scratch.moved[number]), step, size))
    for number in range(torn):
        size = _leave(ip, job, forest, scratch, load, (int(scratch.torn[number]), step, size))
    for number in range(trees):
        size = _leave_all(ip, job, forest, scratch, load, (int(scratch.cut[number]), step, size))
    for number in range(moved - 1, -1, -1):
        site = int(scratch.moved[number])
        arc = int(scratch.via[site])
        for c in range(load.shape[1]):
            scratch.change[site, c] += job.inflow[site, c]
            scratch.carry[c] = scratch.change[site, c]
        if arc < 0:
            size = _split(ip, job, forest, scratch, load, (site, step, size))
        else:
            size = _ride(ip, job, forest, scratch, load, (arc, step, size))
    _pour(ip, job, forest, scratch, load, (step, size))


@bare
def _begin(job: Job, scratch: Scratch, moved: int, torn: int, step: int) -> int:
    """Who moves has no change yet; who is torn waits with all it has. Returns the heap's size."""
    change = scratch.change
    for number in range(moved):
        change[scratch.moved[number]] = 0.0
    for number in range(torn):
        site = int(scratch.torn[number])
        scratch.touched[site] = step
        rise(scratch.key, scratch.queue, -float(job.far[site]), site, number)
        for c in range(change.shape[1]):
            change[site, c] = job.inflow[site, c]
    return torn


@bare
def _leave_all(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    load: FloatArray,
    marked: tuple[int, int, int],
) -> int:
    """Take out what those below a site handed on who have no way any more, and mark them."""
    top, step, size = marked
    spot, below = forest.place[top], forest.end[top]
    if scratch.late[spot] < np.inf:
        return size
    for under in range(spot, below):
        site = forest.at[under]
        if scratch.late[under] == np.inf and scratch.mark[site] != step:
            scratch.mark[site] = step
            size = _leave(ip, job, forest, scratch, load, (site, step, size))
    return size


@bare
def _leave(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    load: FloatArray,
    marked: tuple[int, int, int],
) -> int:
    """Take all that a site handed on out of the loads, and from who got it."""
    site, step, size = marked
    far, inflow, metric, target, weight = job.far, job.inflow, ip.metric, ip.target, ip.weight
    classes, carry = load.shape[1], scratch.carry
    arc = job.only[site]
    if arc >= 0:
        for c in range(classes):
            carry[c] = -inflow[site, c]
        return _ride(ip, job, forest, scratch, load, (arc, step, size))
    total = 0.0
    for turn in range(ip.first[site], ip.first[site + 1]):
        arc = ip.leaving[turn]
        if far[site] == metric[arc] + far[target[arc]]:
            total += weight[arc]
    for turn in range(ip.first[site], ip.first[site + 1]):
        arc = ip.leaving[turn]
        if far[site] == metric[arc] + far[target[arc]]:
            for c in range(classes):
                carry[c] = -inflow[site, c] * (weight[arc] / total)
            size = _ride(ip, job, forest, scratch, load, (arc, step, size))
    return size


@bare
def _split(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    load: FloatArray,
    marked: tuple[int, int, int],
) -> int:
    """Hand on the change of a site to its next hops of this case."""
    site, step, size = marked
    carry, change = scratch.carry, scratch.change
    total = 0.0
    for turn in range(ip.first[site], ip.first[site + 1]):
        arc = ip.leaving[turn]
        if _is_hop(ip, job, forest, scratch, arc):
            total += ip.weight[arc]
    for turn in range(ip.first[site], ip.first[site + 1]):
        arc = ip.leaving[turn]
        if _is_hop(ip, job, forest, scratch, arc):
            for c in range(load.shape[1]):
                carry[c] = change[site, c] * (ip.weight[arc] / total)
            size = _ride(ip, job, forest, scratch, load, (arc, step, size))
    return size


@bare
def _is_hop(ip: Ip, job: Job, forest: Forest, scratch: Scratch, arc: int) -> bool:
    """Whether an arc leads to a next hop in this case."""
    site, there = ip.target[arc ^ 1], ip.target[arc]
    late, place, far = scratch.late, forest.place, job.far
    if scratch.dead[arc] or far[there] == np.inf:
        return False
    now = far[there] + late[place[there]]
    return far[site] + late[place[site]] == ip.metric[arc] + now


@bare
def _ride(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    load: FloatArray,
    marked: tuple[int, int, int],
) -> int:
    """Carry a change over an arc, and on by kept next hops to who moves or is not cut off."""
    arc, step, size = marked
    carry, change, late, mark = scratch.carry, scratch.change, scratch.late, scratch.mark
    classes = load.shape[1]
    while True:
        for c in range(classes):
            load[arc, c] += carry[c]
        there = ip.target[arc]
        longer = late[forest.place[there]]
        if longer == np.inf:
            return size
        if longer == 0.0 or mark[there] == step:
            break
        arc = job.only[there]
    if longer > 0.0 or scratch.touched[there] == step:
        for c in range(classes):
            change[there, c] += carry[c]
        return size
    scratch.touched[there] = step
    for c in range(classes):
        change[there, c] = carry[c]
    rise(scratch.key, scratch.queue, -float(job.far[there]), int(there), size)
    return size + 1


@bare
def _pour(
    ip: Ip, job: Job, forest: Forest, scratch: Scratch, load: FloatArray, marked: tuple[int, int]
) -> None:
    """Let those who are not cut off hand on what they have more or less, from far to near."""
    step, size = marked
    only, far, change = job.only, job.far, scratch.change
    while size:
        site = int(scratch.queue[0])
        size -= 1
        sink(scratch.key, scratch.queue, size)
        # The farthest is often the next hop: it need not wait.
        while site >= 0 and _matters(job, change, site):
            arc = only[site]
            if arc < 0:
                size = _split(ip, job, forest, scratch, load, (site, step, size))
                break
            there = ip.target[arc]
            new = scratch.touched[there] != step
            for c in range(load.shape[1]):
                load[arc, c] += change[site, c]
                change[there, c] = change[site, c] + (0.0 if new else change[there, c])
            site = -1
            if new:
                scratch.touched[there] = step
                if not size or -far[there] < scratch.key[0]:
                    site = int(there)
                else:
                    rise(scratch.key, scratch.queue, -float(far[there]), int(there), size)
                    size += 1


@bare
def _matters(job: Job, change: FloatArray, site: int) -> bool:
    """Whether a change goes on: not at the destination, and not what is but rounding."""
    found = False
    for c in range(change.shape[1]):
        found = found or abs(change[site, c]) > NOTHING * job.inflow[site, c]
    return found and site != job.destination
