"""One destination without failure, and the memory in which its failure cases are worked out."""

from typing import NamedTuple

import numpy as np

from arterial.routing.ecmp import Ip
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Job", "Scratch", "scratch_of"]


class Job(NamedTuple):
    """One destination: its rows of ``Base``, and what is offered to it."""

    far: FloatArray
    """(N,) metric to the destination without failure."""
    inflow: FloatArray
    """(N, C)"""
    only: IntArray
    """(N,)"""
    offered: FloatArray
    """(N, C)"""
    destination: int


class Scratch(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of the step."""

    key: FloatArray
    queue: IntArray
    dead: BoolArray
    """(E,) lost in this case; all False between cases."""
    late: FloatArray
    """(N,) by place: by how much a way gets longer, inf where there is none; 0 between cases."""
    cut: IntArray
    """(N,) tops of the trees that are cut off."""
    top: BoolArray
    """(N,) by place: such a top; all False between cases."""
    torn: IntArray
    """(N,) sites that lose some of their next hops, but not all."""
    moved: IntArray
    """(N,) sites that are cut off and take new next hops, each after these."""
    via: IntArray
    """(N,) the new next hop of a site that moves; -1 for several."""
    mark: IntArray
    """(N,) the site moves, or has no way any more."""
    touched: IntArray
    """(N,) the site is not cut off, and ``change`` is of this step."""
    change: FloatArray
    """(N, C) Gb/s that a site has more or less to hand on; all of it where it is torn."""
    carry: FloatArray
    """(C,) Gb/s on their way."""
    bits: int
    """An arc is less than 2 to this."""


def scratch_of(ip: Ip, classes: int) -> Scratch:
    """Memory for one thread."""
    sites, arcs = len(ip.first) - 1, len(ip.target)
    # A heap holds each crossing twice at most, and each site once.
    room = 2 * arcs + sites + 1
    cut, torn, moved, via, mark, touched = (np.full(sites, -1, dtype=np.int64) for _ in range(6))
    return Scratch(
        key=np.empty(room),
        queue=np.empty(room, dtype=np.int64),
        dead=np.zeros(arcs, dtype=np.bool_),
        late=np.zeros(sites),
        cut=cut,
        torn=torn,
        top=np.zeros(sites, dtype=np.bool_),
        moved=moved,
        via=via,
        mark=mark,
        touched=touched,
        change=np.empty((sites, classes)),
        carry=np.empty(classes),
        bits=arcs.bit_length(),
    )
