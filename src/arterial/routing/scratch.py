"""One destination without failure, and the memory in which its failure cases are worked out."""

from typing import NamedTuple

import numpy as np

from arterial.routing.ecmp import Ip
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Job", "Scratch", "scratch_of"]


class Scratch(NamedTuple):
    """Working memory of one thread. A mark is set where it holds the number of the step."""

    key: FloatArray
    queue: IntArray
    left: IntArray
    """(N,) next hops that a dirty site keeps."""
    dirty: IntArray
    """(N,) loses a next hop."""
    cut: IntArray
    """(N,) loses all of them."""
    touched: IntArray
    """(N,) ``change`` is of this step; one more: it waits to be handed on, or has been."""
    now: FloatArray
    """(N,) distances in this case."""
    change: FloatArray
    """(N, C) Gb/s that a site has more or less to hand on; all of it where it is dirty."""
    sites: IntArray
    """(N,) dirty ones, in the order in which they were found."""
    order: IntArray
    """(N,) cut ones: those yet to be looked at, then those that have a way, nearest first."""


class Job(NamedTuple):
    """One destination: its rows of ``Base``, and what is offered to it."""

    distance: FloatArray
    """(N,) without failure."""
    inflow: FloatArray
    """(N, C)"""
    hops: IntArray
    """(N,)"""
    only: IntArray
    """(N,)"""
    offered: FloatArray
    """(N, C)"""
    destination: int


def scratch_of(ip: Ip, classes: int) -> Scratch:
    """Memory for one thread."""
    sites = len(ip.first) - 1
    room = len(ip.target) + sites + 1
    marks = [np.full(sites, -1, dtype=np.int64) for _ in range(4)]
    return Scratch(
        np.empty(room),
        np.empty(room, dtype=np.int64),
        *marks,
        now=np.empty(sites),
        change=np.zeros((sites, classes)),
        sites=np.empty(sites, dtype=np.int64),
        order=np.empty(sites, dtype=np.int64),
    )
