"""Whom a failure cuts off from one destination, and where they are grafted onto what stands.

What counts is by how much each way gets longer. Below a site that stays the same, so that next hops
change only where a way out of the cut begins and between there and the cut; all others who are cut
off keep theirs, and are not looked at.
"""

import numpy as np

from arterial.paths.bare import bare
from arterial.paths.tree import rise, sink
from arterial.routing.ecmp import Ip
from arterial.routing.forest import Forest
from arterial.routing.scratch import Job, Scratch
from arterial.solve.program import BoolArray, IntArray

__all__ = ["cut_off", "rejoin"]


@bare
def cut_off(
    ip: Ip, job: Job, forest: Forest, scratch: Scratch, lost: IntArray
) -> tuple[int, int, bool]:
    """Mark whom lost links cut off as endlessly late.

    Returns how many trees are cut, how many sites are torn, and whether a tree lies in another.
    """
    target, metric, far, only = ip.target, ip.metric, job.far, job.only
    trees, nested, spread = 0, False, False
    for link in lost:
        for arc in (2 * link, 2 * link + 1):
            site, there = int(target[arc ^ 1]), target[arc]
            if only[site] == arc:
                spread = spread or forest.mixed[site]
                nested = _fell(forest, scratch, site, trees) or nested
                trees += 1
            elif only[site] < 0 and far[site] < np.inf:
                spread = spread or far[site] == metric[arc] + far[there]
    if not spread:
        return trees, 0, nested
    torn = 0
    for number in range(2, forest.roots[0] + 1):
        site = int(forest.roots[number])
        kept, gone = _hops(ip, job, forest, scratch, site)
        if not kept:
            nested = _fell(forest, scratch, site, trees) or nested
            trees += 1
        elif gone:
            scratch.torn[torn] = site
            torn += 1
    return trees, torn, nested


@bare
def _fell(forest: Forest, scratch: Scratch, site: int, trees: int) -> bool:
    """Cut off a site and all below it; whether some of them were cut off before."""
    spot, below, late = forest.place[site], forest.end[site], scratch.late
    scratch.cut[trees], scratch.top[spot] = site, True
    before = 0.0
    for under in range(spot, below):
        before += late[under]
        late[under] = np.inf
    return before > 0.0


@bare
def _hops(ip: Ip, job: Job, forest: Forest, scratch: Scratch, site: int) -> tuple[int, int]:
    """How many next hops a site keeps, and loses: their link is dead, or they are cut off."""
    kept, gone = 0, 0
    for turn in range(ip.first[site], ip.first[site + 1]):
        arc = ip.leaving[turn]
        there = ip.target[arc]
        if job.far[site] == ip.metric[arc] + job.far[there]:
            if scratch.dead[arc] or scratch.late[forest.place[there]] > 0.0:
                gone += 1
            else:
                kept += 1
    return kept, gone


@bare
def rejoin(
    ip: Ip, job: Job, forest: Forest, scratch: Scratch, step: int, trees_nested: tuple[int, bool]
) -> int:
    """Work out by how much the ways of those cut off get longer; returns how many sites move.

    Sites are taken by how late they are and then by place: a next hop comes before who uses it.
    """
    metric, target, only = ip.metric, ip.target, job.only
    late, dead, mark = scratch.late, scratch.dead, scratch.mark
    key, queue, moved, via = scratch.key, scratch.queue, scratch.moved, scratch.via
    bits = scratch.bits
    left, nested = trees_nested
    size, count, last = _ways_out(forest, scratch, left), 0, np.inf
    while size and key[0] <= last:
        longer, arc = float(key[0]), queue[0] & ((1 << bits) - 1)
        spot = int(queue[0] >> bits)
        size -= 1
        sink(key, queue, size)
        if late[spot] < longer:
            continue
        site = forest.at[spot]
        if mark[site] != step:
            mark[site], moved[count] = step, site
            count += 1
        if late[spot] == longer:
            via[site] = -1
            continue
        via[site], up = arc, only[site]
        if up < 0 or dead[up]:
            left -= 1
        else:
            back = int(forest.place[target[up]] << bits | up ^ 1)
            rise(key, queue, longer + float(metric[up] + metric[up ^ 1]), back, size)
            size += 1
        # Who is settled last lets nobody in: all are settled.
        last = last if left else longer
        begin, below = spot, int(forest.end[site])
        while begin < below:
            stop = _stretch(scratch.top, begin, below) if nested else below
            if left:
                size = _ways_in(ip, job, forest, scratch, size, (begin, stop, longer))
            for under in range(begin, stop):
                late[under] = min(late[under], longer)
            begin = stop
            while begin < below and scratch.top[begin]:
                begin = int(forest.end[forest.at[begin]])
    return count


@bare
def _stretch(top: BoolArray, begin: int, below: int) -> int:
    """Where a stretch of places ends: at the next tree that is cut off from it."""
    stop = begin + 1
    while stop < below and not top[stop]:
        stop += 1
    return stop


@bare
def _ways_out(forest: Forest, scratch: Scratch, trees: int) -> int:
    """Let crossings from what is cut off to what stands wait; returns the heap's size."""
    late, dead, bits = scratch.late, scratch.dead, scratch.bits
    size = 0
    for number in range(trees):
        site = scratch.cut[number]
        spot, below = forest.place[site], forest.end[site]
        for turn in range(forest.first[spot], forest.first[below]):
            arc = forest.crossing[turn]
            if late[forest.onto[turn]] == 0.0 and not dead[arc]:
                extra, entry = float(forest.extra[turn]), int(forest.origin[turn] << bits | arc)
                rise(scratch.key, scratch.queue, extra, entry, size)
                size += 1
    return size


@bare
def _ways_in(
    ip: Ip,
    job: Job,
    forest: Forest,
    scratch: Scratch,
    size: int,
    settled: tuple[int, int, float],
) -> int:
    """Let crossings wait from what is still cut off to a stretch that is about to be settled."""
    metric, target, far = ip.metric, ip.target, job.far
    late, dead, bits = scratch.late, scratch.dead, scratch.bits
    begin, stop, longer = settled
    for turn in range(forest.first[begin], forest.first[stop]):
        there = forest.onto[turn]
        if late[there] <= longer or begin <= there < stop or late[forest.origin[turn]] <= longer:
            continue
        arc = forest.crossing[turn] ^ 1
        if not dead[arc]:
            extra = float(metric[arc] + far[target[arc]] - far[target[arc ^ 1]])
            rise(scratch.key, scratch.queue, longer + extra, int(there << bits | arc), size)
            size += 1
    return size
