"""Demands as arrays: who sends how much to whom, in which class, the first served first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arterial.model.network import Network
from arterial.plan.rows import Demand
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Traffic", "asking", "traffic_of"]


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """K directed demands in C classes."""

    classes: tuple[str, ...]
    """Those in use, by priority and then in the network's order."""
    priority: IntArray
    """(C,) lower numbers are served first."""
    rtt_ms: FloatArray
    """(C,) largest round trip, planning value; inf where the class has no bound."""
    source: IntArray
    """(K,) site"""
    target: IntArray
    """(K,) site, another one"""
    of_class: IntArray
    """(K,) place in ``classes``"""
    gbps: FloatArray
    """(K,) above 0"""
    access_ms: FloatArray
    """(K,) one-way delay beyond the backbone, counted in the round trip."""

    def __len__(self) -> int:
        return len(self.gbps)

    def matrix(self, sites: int) -> FloatArray:
        """What is offered, float (N, N, C), ``[d, v, c]`` from site v to site d, Gb/s."""
        shape = (sites, sites, max(1, len(self.classes)))
        offered = np.zeros(shape)
        np.add.at(offered, (self.target, self.source, self.of_class), self.gbps)
        return offered


def asking(demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """Those that ask something of the network, in the order of ``Traffic``."""
    return tuple(row for row in demands if row.source != row.target and row.gbps > 0.0)


def traffic_of(network: Network, demands: Sequence[Demand]) -> Traffic:
    """The demands of a network as arrays; those that stay at a site ask nothing and are left out.

    Sites are numbered as in the network.
    """
    used = {demand.traffic_class for demand in demands}
    known = sorted(
        (entry for entry in network.classes if entry.name in used), key=lambda e: e.priority
    )
    place = {entry.name: number for number, entry in enumerate(known)}
    site = {entry.name: number for number, entry in enumerate(network.sites)}
    rows = asking(demands)
    return Traffic(
        classes=tuple(place),
        priority=np.array([entry.priority for entry in known], dtype=np.int64),
        rtt_ms=np.array([entry.rtt_ms or np.inf for entry in known], dtype=np.float64),
        source=np.array([site[demand.source] for demand in rows], dtype=np.int64),
        target=np.array([site[demand.target] for demand in rows], dtype=np.int64),
        of_class=np.array([place[demand.traffic_class] for demand in rows], dtype=np.int64),
        gbps=np.array([demand.gbps for demand in rows], dtype=np.float64),
        access_ms=np.array([demand.access_ms for demand in rows], dtype=np.float64),
    )
