"""Backups that a network without a plan would have, under failure cases, summed up as a sweep's."""

from dataclasses import dataclass

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import Chunk
from arterial.routing.ecmp import Ip, ip_of
from arterial.routing.installed import installed_over
from arterial.routing.outcome import offered_gbps
from arterial.routing.standby import Net, net_of, stand_by
from arterial.routing.sweep import Outcome, pieces
from arterial.routing.tally import parted
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["INSTALLED", "Backups", "backups"]

INSTALLED = 2
"""Tunnels of a demand: a primary and its backup."""

NOTHING = 1e-9
"""Share of what a class offers: sums are mended by subtraction, and this is rounding."""


@dataclass(frozen=True, kw_only=True)
class Backups:
    """A network with its tunnels, ready to be broken; call it with cases."""

    net: Net
    ip: Ip
    traffic: Traffic
    piece: IntArray
    """(N,) what holds together without failure."""

    def __call__(self, chunk: Chunk) -> Outcome:
        """Play cases; the outcome is the same however they are cut into stretches."""
        lost, weak = (chunk.first, chunk.links), (chunk.weak_first, chunk.weak, chunk.weak_share)
        told = stand_by(self.net, lost, weak)
        offered, ended = offered_gbps(self.traffic), self._ended(chunk.sites)
        trace = NOTHING * offered
        wanted = np.where(told.wanted > trace, told.wanted, 0.0)
        overload = wanted - told.carried
        overload = np.where(overload > trace, overload, 0.0)
        dropped = offered - ended - wanted
        return Outcome(
            carried=wanted - overload,
            dropped=np.where(dropped > trace, dropped, 0.0),
            ended=ended,
            overload=overload,
            latency_ms=np.divide(
                told.travel,
                wanted,
                out=np.full_like(wanted, np.nan),
                where=(wanted > 0.0) & (told.blind == 0),
            ),
            utilisation=told.full,
            arc=told.full_arc,
            cut_off=parted(*self.ip[:3], self.piece, (*lost, chunk.sites)),
            gap=np.full(len(wanted), np.nan),
            peak=told.peak,
            peak_case=np.where(told.peak_case >= 0, told.peak_case + chunk.start, -1),
        )

    def _ended(self, gone: BoolArray) -> FloatArray:
        """(F, C) traffic with a lost end; ``gone`` is (F, N)."""
        traffic = self.traffic
        ended = np.zeros((len(gone), len(traffic.classes)))
        for case in np.flatnonzero(gone.any(axis=1)).tolist():
            own = gone[case, traffic.source] | gone[case, traffic.target]
            np.add.at(ended[case], traffic.of_class[own], traffic.gbps[own])
        return ended


def backups(ip: IpFabric, traffic: Traffic, router_ms: float) -> Backups:
    """Install a primary and a backup for every demand.

    Parameters
    ----------
    router_ms
        Delay of a router, counted for each hop.
    """
    ways = installed_over(ip, traffic, router_ms, INSTALLED)
    sites = len(ip.sites)
    return Backups(
        net=net_of(ways.paths, traffic, ip.capacity_gbps, ip.latency_ms + router_ms),
        ip=ip_of(ip.ends, sites, ip.metric, np.ones(len(ip.metric))),
        traffic=traffic,
        piece=pieces(sites, ip.ends),
    )
