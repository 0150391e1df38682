"""A design as a capacity problem: candidate lightpaths, and what every case asks of any routing.

The program is the master's: waves, pairs, chassis. Demands are what the policy keeps, from site to
site; where any of several sites will do (a market's edge or its fail-over) a further site stands
for them, which light leads into, or out of, for nothing. Of R routers that share a site's waves the
loss of one leaves the share 1 - 1 / R of each link, taken over all of them: a case of its own.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.design.cuts import Asks, asks_of
from arterial.design.flows import Flow
from arterial.design.instance import Instance, option_latency_ms
from arterial.design.master import master_of
from arterial.solve.program import FloatArray, IntArray

__all__ = ["underlay"]

PLENTY_GBPS = 1e7
"""Capacity of what leads to the sites that a further site stands for."""


def underlay(instance: Instance, flows: Sequence[Flow]) -> Problem:
    """The problem whose every answer is a lower bound on a plan's waves, pairs and chassis.

    Columns as ``arterial.design.master.master_of``; the first L links are the instance's.
    """
    asks = asks_of(instance, flows)
    program = master_of(instance, asks)
    places = _Places(instance.graph.sites)
    limit_ms = _limits(instance, flows)
    source = [places.number(row, into=False) for row in asks.source]
    target = [places.number(row, into=True) for row in asks.target]
    share = asks.share * asks.gbps
    keys = np.array([source, target], dtype=np.int64).T
    both = np.column_stack([keys.astype(np.float64), limit_ms])
    merged, of = np.unique(both, axis=0, return_inverse=True)
    gbps = np.zeros((len(share), len(merged)))
    np.add.at(gbps.T, of.reshape(-1), share.T)
    links, options = instance.rate_gbps.shape
    ends = np.vstack([instance.ends, places.links()])
    more = len(ends) - links
    real = np.flatnonzero(instance.real)
    supply = sparse.csr_array(
        (instance.rate_gbps.reshape(-1)[real], (real // options, real)),
        shape=(len(ends), len(program.cost)),
    )
    return Problem(
        program=program,
        links=Links(
            sites=places.count,
            ends=ends,
            base_gbps=np.concatenate([np.zeros(links), np.full(more, PLENTY_GBPS)]),
            supply=supply,
            latency_ms=np.concatenate([_least_latency_ms(instance), np.zeros(more)]),
            one_way=np.concatenate(
                [np.zeros(links, dtype=np.bool_), np.ones(more, dtype=np.bool_)]
            ),
        ),
        demands=Demands(
            source=merged[:, 0].astype(np.int64),
            target=merged[:, 1].astype(np.int64),
            limit_ms=np.asarray(merged[:, 2], dtype=np.float64),
            scaled_by=np.full(len(merged), FIXED),
        ),
        cases=_cases(instance, asks, gbps, more),
    )


class _Places:
    """Sites, and further ones that stand for several."""

    def __init__(self, sites: int) -> None:
        self.count = sites
        self._known: dict[tuple[bytes, bool], int] = {}
        self._links: list[tuple[int, int]] = []

    def number(self, members: FloatArray, *, into: bool) -> int:
        """The place of a set of sites, for traffic that ends there or starts there."""
        sites = np.flatnonzero(members)
        if len(sites) == 1:
            return int(sites[0])
        key = (members.tobytes(), into)
        if key not in self._known:
            self._known[key] = self.count
            self._links += [
                (site, self.count) if into else (self.count, site) for site in sites.tolist()
            ]
            self.count += 1
        return self._known[key]

    def links(self) -> IntArray:
        """(n, 2) one-way links between sites and what stands for them."""
        return np.array(self._links, dtype=np.int64).reshape(-1, 2)


def _limits(instance: Instance, flows: Sequence[Flow]) -> FloatArray:
    """(K,) in the order of ``asks_of``: what the links of a path may take, one way."""
    limits: list[float] = []
    for flow in flows:
        ways = asks_of(instance, [flow])
        limits += [flow.limit_ms - instance.hop_ms] * len(ways.gbps)
    return np.array(limits)


def _least_latency_ms(instance: Instance) -> FloatArray:
    """(L,) of the soonest option of each link, with the router behind it."""
    ground = instance.ground
    soonest = [
        latency
        if route.given
        else min(option_latency_ms(ground, route, option) for option in options)
        for route, options, latency in zip(
            instance.routes, instance.options, instance.latency_ms.tolist(), strict=True
        )
    ]
    return np.array(soonest) + instance.hop_ms


def _cases(instance: Instance, asks: Asks, gbps: FloatArray, more: int) -> Cases:
    """Without failure, every failure, and the loss of a router at each site that has several."""
    routers = instance.ground.routers
    asked = np.unique(instance.ends)
    shared = [int(n) for n in asked if routers[n] > 1] if gbps[-1].any() else []
    at = np.array([(instance.ends == n).any(axis=1) for n in shared]).reshape(-1, len(asks.dead.T))
    left = 1.0 - at / routers[shared].reshape(-1, 1)
    alive = np.vstack([~asks.dead[:-1], left]).astype(np.float64)
    sites = instance.ground.network.sites
    names = [failure.name for failure in instance.failures]
    count = len(alive)
    return Cases(
        names=("none", *names, *(f"a router of {sites[n].name}" for n in shared)),
        alive=np.hstack([alive, np.ones((count, more))]),
        usable=np.concatenate(
            [[instance.usable_normal], np.full(count - 1, instance.usable_failed)]
        ),
        gbps=np.vstack([gbps[:-1], np.repeat(gbps[-1:], len(shared), axis=0)]),
        stage=np.zeros(count, dtype=np.int64),
    )
