"""Routing as installed: what each tunnel carries in each case before anybody re-optimises.

A primary carries while every link, site and replica it needs stands. The backups of a dead primary
make up for its rate, in the order of the table. Classes then take links in order of priority;
within one priority each tunnel keeps the share of its tightest link. Nothing here looks for
another path.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.prove.cases import Cases
from arterial.prove.tables import Tables
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Installed", "Routing", "installed", "routed"]


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What of the installed routing is the same in every case."""

    tables: Tables
    uses: "sparse.csr_array"
    """Float (P, L): above 0 where a tunnel uses a link, either way."""
    rides: "sparse.csr_array"
    """Float (P, E): how often a tunnel rides a directed link."""
    passes: "sparse.csr_array"
    """Float (P, N): 1 where a tunnel passes a site at the IP layer."""
    asks: "sparse.csr_array"
    """Float (P, N): 1 where a tunnel needs a site's replicas."""
    levels: tuple[IntArray, ...]
    """Tunnels of each priority, first served first."""
    ranks: tuple[IntArray, ...]
    """Backups by their place among those of their primary: all first ones, all second ones."""


@dataclass(frozen=True, kw_only=True)
class Routing:
    """What runs in each of F cases."""

    alive: BoolArray
    """bool (F, P)."""
    wanted_gbps: FloatArray
    """float (F, P): what each tunnel would carry if links had room."""
    carried_gbps: FloatArray
    """float (F, P)."""
    load_gbps: FloatArray
    """float (F, E)."""


def installed(tables: Tables) -> Installed:
    """Prepare the installed routing once for all cases."""
    tunnels, links, sites = tables.tunnels, len(tables.links), len(tables.sites)
    row, place = np.nonzero(tunnels.hop < 2 * links)
    hop = tunnels.hop[row, place]
    ones, count = np.ones(len(hop)), len(tunnels.names)
    priority = tables.demands.priority[tunnels.demand]
    seen: dict[int, int] = {}
    ranks: list[list[int]] = []
    for backup in np.flatnonzero(tunnels.protects >= 0).tolist():
        primary = int(tunnels.protects[backup])
        rank = seen.get(primary, 0)
        seen[primary] = rank + 1
        if rank == len(ranks):
            ranks.append([])
        ranks[rank].append(backup)
    return Installed(
        tables=tables,
        uses=sparse.csr_array((ones, (row, hop % max(links, 1))), shape=(count, links)),
        rides=sparse.csr_array((ones, (row, hop)), shape=(count, 2 * links)),
        passes=sparse.csr_array(tunnels.site.astype(np.float64)),
        asks=sparse.csr_array((tunnels.edge[:, np.newaxis] == np.arange(sites)).astype(np.float64)),
        levels=tuple(np.flatnonzero(priority == level) for level in np.unique(priority)),
        ranks=tuple(np.array(rank, dtype=np.int64) for rank in ranks),
    )


def routed(ready: Installed, cases: Cases) -> Routing:
    """What the installed routing carries in each case.

    Returns
    -------
    Routing
        Rates in Gb/s. No link is loaded beyond the capacity left times the policy's usable share.
    """
    policy = ready.tables.plan.network.policy
    usable = np.array([policy.usable(failed=f is not None) for f in cases.failures])
    alive = _alive(ready, cases)
    wanted = _wanted(ready, alive)
    left = np.concatenate([cases.left_gbps, cases.left_gbps], axis=1).T * usable  # (E, F)
    carried = np.zeros_like(wanted)
    total = np.zeros_like(left)
    for level in ready.levels:
        rides = ready.rides[level]
        offered = rides.T @ wanted[level]  # (E, F)
        share = _share(ready, level, left, offered)
        carried[level] = wanted[level] * share
        load = offered if (share == 1.0).all() else rides.T @ carried[level]
        total += load
        left = np.maximum(left - load, 0.0)
    return Routing(alive=alive.T, wanted_gbps=wanted.T, carried_gbps=carried.T, load_gbps=total.T)


def _alive(ready: Installed, cases: Cases) -> BoolArray:
    """Bool (P, F): nothing that the tunnel needs is lost."""
    tunnels = ready.tables.tunnels
    dead_links = (cases.left_gbps <= 0.0).astype(np.float64)
    alive = (ready.uses @ dead_links.T) == 0.0
    alive &= tunnels.whole[:, np.newaxis]
    # Few sites are down in a case: sparse on both sides.
    for needs, down in ((ready.passes, cases.site_down), (ready.asks, cases.edge_down)):
        lost = needs @ sparse.csr_array(down.T.astype(np.float64))
        alive[lost.nonzero()] = False
    return alive


def _wanted(ready: Installed, alive: BoolArray) -> FloatArray:
    """Float (P, F): rate of live primaries, and of live backups while their primary is dead."""
    tunnels = ready.tables.tunnels
    wanted = tunnels.rate_gbps[:, np.newaxis] * alive
    missing = tunnels.rate_gbps[:, np.newaxis] * ~alive
    for backups in ready.ranks:
        primaries = tunnels.protects[backups]
        wanted[backups] = np.minimum(wanted[backups], missing[primaries])
        missing[primaries] -= wanted[backups]
    return wanted


def _share(ready: Installed, level: IntArray, left: FloatArray, offered: FloatArray) -> FloatArray:
    """Float (tunnels of the level, F): the share that each one's tightest link leaves it."""
    share = np.ones((len(level), left.shape[1]))
    tight = np.flatnonzero((offered > left).any(axis=0))
    if len(tight):
        factor = np.ones((len(left) + 1, len(tight)))  # the last row stands for "no further hop"
        np.divide(
            left[:, tight],
            offered[:, tight],
            out=factor[:-1],
            where=offered[:, tight] > left[:, tight],
        )
        least = np.ones((len(level), len(tight)))
        for hop in ready.tables.tunnels.hop[level].T:
            np.minimum(least, factor[hop], out=least)
        share[:, tight] = least
    return share
