"""Failure cases played one stretch at a time, with results as sums: nothing grows with their loads.

What plays a stretch is a ``Player``, a function from cases as arrays to an ``Outcome``; ``Ecmp`` is
one. Outcomes of stretches are joined by ``joined``, in their order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import Chunk
from arterial.paths.parts import parts
from arterial.routing.dirty import marks_of
from arterial.routing.ecmp import Base, Ip, base_of, ip_of
from arterial.routing.overload import lost_to_overload
from arterial.routing.repair import play
from arterial.routing.tally import parted, scarce, tally
from arterial.solve.program import FloatArray, IntArray

__all__ = [
    "NO_CASE",
    "Ecmp",
    "Outcome",
    "Player",
    "Split",
    "ecmp",
    "joined",
    "nothing_failed",
    "pieces",
]

Split = Literal["equal", "capacity"]
"""How a site divides traffic among its next hops: evenly, or by their capacity without failure."""


NO_CASE = -1
"""Where the stretch begins that holds the state without failure alone."""


class Outcome(NamedTuple):
    """What F cases do to C classes; all rates in Gb/s."""

    carried: FloatArray
    """(F, C)"""
    dropped: FloatArray
    """(F, C) between standing sites without a way."""
    ended: FloatArray
    """(F, C) with a lost end."""
    overload: FloatArray
    """(F, C) has a way and finds no room there."""
    latency_ms: FloatArray
    """(F, C) mean one-way delay, by rate, of what has a way; NaN where none or unknown."""
    utilisation: FloatArray
    """(F,) load over capacity of the fullest arc, of what is left of it."""
    arc: IntArray
    """(F,) that arc; -1 where nothing is loaded."""
    cut_off: IntArray
    """(F,) standing sites outside the largest remnant of what held together without failure."""
    gap: FloatArray
    """(F,) of a routing that was optimised, to the bound on what its class can carry; else NaN."""
    peak: FloatArray
    """(L,) largest utilisation of either direction of a link in all cases."""
    peak_case: IntArray
    """(L,) number of the first case that gives it; -1 for none."""


Player = Callable[[Chunk], Outcome]


@dataclass(frozen=True, kw_only=True)
class Ecmp:
    """A network under ECMP, ready to be broken; call it with cases."""

    ip: Ip
    base: Base
    offered: FloatArray
    """(N, N, C)"""
    capacity_gbps: FloatArray
    """(E,)"""
    delay_ms: FloatArray
    """(E,)"""
    level: IntArray
    """(C,) place of each class's priority."""
    piece: IntArray
    """(N,) what holds together without failure."""

    def __call__(self, chunk: Chunk) -> Outcome:
        """Play cases; the outcome is the same however they are cut into stretches."""
        classes, lost = self.offered.shape[2], (chunk.first, chunk.links)
        loads, dropped, ended = play(self.ip, self.base, self.offered, lost, chunk.sites)
        cases = (*lost, chunk.weak_first, chunk.weak, chunk.weak_share)
        count, links = len(chunk.sites), len(self.capacity_gbps) // 2
        travel, full = np.zeros((count, classes)), np.zeros(count)
        where = np.full(count, -1, dtype=np.int64)
        short = np.zeros((count, int(self.level.max(initial=0)) + 1), dtype=np.int64)
        peak, culprit = np.zeros(links), np.full(links, -1, dtype=np.int64)
        arcs = self.capacity_gbps, self.delay_ms
        tally(loads, cases, arcs, self.level, (travel, full, where, short), (peak, culprit))
        overload = self._overload(chunk, loads, short)
        routed = np.maximum(self.offered.sum(axis=(0, 1)) - dropped - ended, 0.0)
        return Outcome(
            carried=np.maximum(routed - overload, 0.0),
            dropped=dropped,
            ended=ended,
            overload=overload,
            latency_ms=np.divide(
                travel, routed, out=np.full_like(travel, np.nan), where=routed > 0.0
            ),
            utilisation=full,
            arc=where,
            cut_off=parted(*self.ip[:3], self.piece, (*lost, chunk.sites)),
            gap=np.full(count, np.nan),
            peak=peak,
            peak_case=np.where(culprit >= 0, culprit + chunk.start, -1),
        )

    def _overload(self, chunk: Chunk, loads: FloatArray, short: IntArray) -> FloatArray:
        if not short.any():
            return np.zeros((len(loads), loads.shape[2]))
        cases = (chunk.first, chunk.links, chunk.weak_first, chunk.weak, chunk.weak_share)
        begin = np.concatenate([[0], np.cumsum(short)]).astype(np.int64)
        found = np.empty(begin[-1], dtype=np.int64), np.empty(begin[-1])
        scarce(loads, cases, self.capacity_gbps, self.level, begin, found)
        return lost_to_overload(
            (self.ip, self.base, self.offered),
            (chunk.first, chunk.links, chunk.sites),
            self.level,
            (begin, *found),
            marks_of(self.ip),
        )


def ecmp(ip: IpFabric, traffic: Traffic, router_ms: float, split: Split = "equal") -> Ecmp:
    """Route a network's traffic without failure, for ``Ecmp`` to break.

    Parameters
    ----------
    router_ms
        Delay of a router, counted for each hop.
    """
    sites = len(ip.sites)
    weight = ip.capacity_gbps if split == "capacity" else np.ones(len(ip.metric))
    compiled = ip_of(ip.ends, sites, ip.metric, weight)
    offered = traffic.matrix(sites)
    order = traffic.priority if len(traffic.priority) else np.zeros(1, dtype=np.int64)
    return Ecmp(
        ip=compiled,
        base=base_of(compiled, offered),
        offered=offered,
        capacity_gbps=ip.capacity_gbps,
        delay_ms=ip.latency_ms + router_ms,
        level=np.unique(order, return_inverse=True)[1].astype(np.int64),
        piece=pieces(sites, ip.ends),
    )


def pieces(sites: int, ends: IntArray) -> IntArray:
    """(N,) the lowest site that each site holds together with, over links with ``ends`` (L, 2)."""
    return parts(ends, sites, np.zeros((1, len(ends)), dtype=np.bool_))[0]


def nothing_failed(sites: int) -> Chunk:
    """The one case in which nothing is down."""
    none, first = np.empty(0, dtype=np.int64), np.zeros(2, dtype=np.int64)
    return Chunk(
        NO_CASE, first, none, np.zeros((1, sites), dtype=np.bool_), first, none, np.empty(0)
    )


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome of several stretches, in their order; of equal peaks the first case stands."""
    columns = [np.concatenate(column) for column in list(zip(*outcomes, strict=True))[:-2]]
    peak, culprit = outcomes[0].peak, outcomes[0].peak_case
    for outcome in outcomes[1:]:
        higher = outcome.peak > peak
        peak = np.where(higher, outcome.peak, peak)
        culprit = np.where(higher, outcome.peak_case, culprit)
    return Outcome._make([*columns, peak, culprit])
