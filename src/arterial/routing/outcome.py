"""What a routing is worth in each failure case: by class, and on the fullest arc.

A demand is cut off where no link joins its ends any more: no routing helps it. What else is not
carried is dropped.
"""

from dataclasses import dataclass

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.paths.parts import parts
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Outcome", "cut_off_gbps", "fullest", "offered_gbps"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """F failure cases by C classes, Gb/s."""

    offered_gbps: FloatArray
    """(C,)"""
    carried_gbps: FloatArray
    """(F, C)"""
    cut_off_gbps: FloatArray
    """(F, C)"""
    utilisation: FloatArray
    """(F,) load over capacity of the fullest arc that stands; 0 where nothing runs."""
    arc: IntArray
    """(F,) that arc; -1 where nothing runs."""

    @property
    def dropped_gbps(self) -> FloatArray:
        """(F, C) what is neither carried nor cut off."""
        return np.maximum(self.offered_gbps - self.carried_gbps - self.cut_off_gbps, 0.0)

    @property
    def joined_gbps(self) -> FloatArray:
        """(F, C) what is offered and not cut off."""
        return np.maximum(self.offered_gbps - self.cut_off_gbps, 0.0)

    @property
    def share(self) -> FloatArray:
        """(F, C) carried, of what is offered and not cut off; 1 where that is nothing."""
        joined = self.joined_gbps
        share = np.ones_like(joined)
        return np.divide(self.carried_gbps, joined, out=share, where=joined > 0.0)


def offered_gbps(traffic: Traffic) -> FloatArray:
    """What each class asks for, (C,)."""
    count = len(traffic.classes)
    return np.bincount(traffic.of_class, weights=traffic.gbps, minlength=count).astype(np.float64)


def cut_off_gbps(traffic: Traffic, ends: IntArray, sites: int, down: BoolArray) -> FloatArray:
    """Traffic whose ends no standing link joins, float (F, C).

    Parameters
    ----------
    ends : int (L, 2)
        Sites that each link joins.
    down : bool (F, L)
    """
    lost = np.zeros((len(down), len(traffic.classes)))
    for case, part in enumerate(parts(ends, sites, down)):
        if not part.any():  # all in the part of site 0
            continue
        apart = part[traffic.source] != part[traffic.target]
        np.add.at(lost[case], traffic.of_class[apart], traffic.gbps[apart])
    return lost


def fullest(load_gbps: FloatArray, capacity_gbps: FloatArray) -> tuple[FloatArray, IntArray]:
    """Utilisation of the fullest arc in each case and that arc, (F,) both, from loads (F, E).

    An arc without load is passed over; one that has load and no capacity is infinitely full.
    """
    share = np.zeros_like(load_gbps)
    busy = load_gbps > 0.0
    room = np.broadcast_to(capacity_gbps, load_gbps.shape)
    np.divide(load_gbps, room, out=share, where=busy & (room > 0.0))
    share[busy & (room <= 0.0)] = np.inf
    if not share.shape[1]:
        return np.zeros(len(share)), np.full(len(share), -1, dtype=np.int64)
    arc = share.argmax(axis=1).astype(np.int64)
    most = share[np.arange(len(share)), arc]
    return most, np.where(most > 0.0, arc, -1)
