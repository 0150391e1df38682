"""Tunnels to install for a traffic matrix: risk-disjoint where possible, within round trips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.paths.graph import Graph
from arterial.paths.risks import Risks
from arterial.paths.tree import Adjacency
from arterial.paths.tunnels import Tunnels, tunnels
from arterial.routing.pathset import PathSet
from arterial.routing.straight import told
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Installed", "installed", "installed_over"]


@dataclass(frozen=True, kw_only=True)
class Installed:
    """P tunnels of K demands, by demand and rank: the primary, its backup, then others."""

    paths: PathSet
    rank: IntArray
    """(P,) 0 for a primary."""
    shared: IntArray
    """(K,) risks that primary and backup share; those of the primary where it has no backup."""
    exact: BoolArray
    """(K,) no two paths of the demand share fewer risks, but for round trips."""
    limit_ms: FloatArray
    """(K,) longest path, one way, one router left out; inf where the class has no bound."""

    def first(self, count: int) -> PathSet:
        """The first so many tunnels of each demand."""
        return self.paths.taken(np.flatnonzero(self.rank < count).astype(np.int64))

    def without_path(self) -> IntArray:
        """Demands that no path serves within their round trip."""
        count = np.bincount(self.paths.demand, minlength=len(self.shared))
        return np.flatnonzero(count == 0).astype(np.int64)


def installed(
    traffic: Traffic,
    ends: IntArray,
    sites: int,
    arc_ms: FloatArray,
    groups: Iterable[Sequence[int]],
    *,
    hop_ms: float = 0.0,
    k: int = 2,
) -> Installed:
    """At most k tunnels a demand.

    Parameters
    ----------
    ends : int (L, 2)
    arc_ms : float (E,)
        One way. Unknown (NaN) counts as the longest known, and is refused where a class has a
        round-trip bound.
    groups
        Links that fall together; each link's own fall goes without saying.
    hop_ms
        What a router adds, once for each arc and once more a path.
    """
    adjacency = Adjacency.of(Graph.of(sites, ends[:, 0], ends[:, 1]))
    risks = Risks.of(len(ends), groups)
    unknown, known_ms = np.isnan(arc_ms), told(arc_ms) + hop_ms
    limit = traffic.rtt_ms[traffic.of_class] / 2.0 - traffic.access_ms - hop_ms
    bounded = np.isfinite(limit)

    def of(chosen: BoolArray, weight: FloatArray) -> Tunnels:
        own = traffic.source[chosen], traffic.target[chosen], limit[chosen]
        return tunnels(adjacency, weight, risks, *own, k=k)

    if not unknown.any() or not bounded.any():
        found = of(np.ones(len(traffic), dtype=np.bool_), known_ms)
        paths = PathSet(start=found.start, arc=found.arc, demand=found.demand)
        return Installed(
            paths=paths, rank=found.rank, shared=found.shared, exact=found.exact, limit_ms=limit
        )
    sure = of(bounded, np.where(unknown, np.inf, known_ms))
    return _both(sure, of(~bounded, known_ms), bounded, limit)


def installed_over(ip: IpFabric, traffic: Traffic, hop_ms: float, k: int) -> Installed:
    """The same over the IP layer, where a fibre or a shared risk may hold several links."""
    groups = [links for _, links in (*ip.fibres, *ip.risks) if len(links) > 1]
    sites = len(ip.sites)
    return installed(traffic, ip.ends, sites, ip.latency_ms, groups, hop_ms=hop_ms, k=k)


def _both(one: Tunnels, other: Tunnels, first: BoolArray, limit: FloatArray) -> Installed:
    """Tunnels of the demands that are ``first`` and of those that are not, by demand again."""
    numbers = np.flatnonzero(first), np.flatnonzero(~first)
    demand = np.concatenate([numbers[0][one.demand], numbers[1][other.demand]])
    order = np.argsort(demand, kind="stable").astype(np.int64)
    mixed = PathSet(
        start=np.concatenate([one.start, one.start[-1] + other.start[1:]]),
        arc=np.concatenate([one.arc, other.arc]),
        demand=demand.astype(np.int64),
    )
    shared, exact = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.bool_)
    for own, found in zip(numbers, (one, other), strict=True):
        shared[own], exact[own] = found.shared, found.exact
    return Installed(
        paths=mixed.taken(order),
        rank=np.concatenate([one.rank, other.rank])[order],
        shared=shared,
        exact=exact,
        limit_ms=limit,
    )
