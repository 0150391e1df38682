"""A design as a capacity problem: candidate lightpaths, and what every case asks of any routing.

The program is the master's: waves, pairs, chassis. Demands are what the policy keeps, from site to
site; where any of several sites will do (a market's edge or its fail-over) a further site stands
for them, which light leads into, or out of, for nothing. Of R routers that share a site's waves the
loss of one leaves the share 1 - 1 / R of each link, taken over all of them: a case of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.design.cuts import Asks, asks_of
from arterial.design.flows import Flow
from arterial.design.instance import Instance, option_latency_ms
from arterial.design.master import master_of
from arterial.design.parted import fibres_standing
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program

__all__ = ["Layers", "layers_of", "layers_on"]

PLENTY_GBPS = 1e9
"""Capacity of what leads to the sites that a further site stands for."""


@dataclass(frozen=True)
class Layers:
    """Two problems over one program, whose columns are those of ``master.master_of``."""

    underlay: Problem
    """Its best answer is a lower bound on a plan's waves, pairs and chassis; the first L links are
    the instance's."""
    plant: Problem
    """The same on fibre alone: a pair holds what its band may at best, however it is used.

    No answer of the underlay breaks what this asks of pairs. Its cut sets say what parts of waves
    hide: to be reached after any cut, a part of the network needs whole pairs on two fibres."""


def layers_of(instance: Instance, flows: Sequence[Flow]) -> Layers:
    """Light and fibre of a design, as capacity problems."""
    asks = asks_of(instance, flows)
    return layers_on(instance, asks, master_of(instance, asks))


def layers_on(instance: Instance, asks: Asks, program: Program) -> Layers:
    """The same over a program that is given, whose first columns are the master's."""
    return Layers(_underlay(instance, asks, program), _plant(instance, asks, program))


def _underlay(instance: Instance, asks: Asks, program: Program) -> Problem:
    links, options = instance.rate_gbps.shape
    real = np.flatnonzero(instance.real)
    of: IntArray = np.asarray(real // options, dtype=np.int64)
    supply = sparse.csr_array(
        (instance.rate_gbps.reshape(-1)[real], (of, real)),
        shape=(links, len(program.cost)),
    )
    drawn = _Drawn(
        ends=instance.ends,
        base_gbps=np.zeros(len(instance.ends)),
        supply=supply,
        latency_ms=_least_latency_ms(instance),
        alive=(~asks.dead[:-1]).astype(np.float64),
    )
    return _problem(instance, program, asks, drawn, asks.limit_ms)


def _plant(instance: Instance, asks: Asks, program: Program) -> Problem:
    ground = instance.ground
    index = ground.site_index
    fibres = [(index[fibre.a], index[fibre.z]) for fibre in ground.network.fibres]
    given = [link for link, route in enumerate(instance.routes) if route.given]
    first = instance.rate_gbps.size
    pair_gbps = _pair_gbps(instance)
    options = instance.rate_gbps.shape[1]
    entries = [(m, first + m, gbps) for m, gbps in enumerate(pair_gbps.tolist()) if gbps > 0.0]
    entries += [
        (len(fibres) + number, link * options + option, float(instance.rate_gbps[link, option]))
        for number, link in enumerate(given)
        for option in np.flatnonzero(instance.real[link]).tolist()
    ]
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(fibres) + len(given), len(program.cost))
    ends = np.array([*fibres, *instance.ends[given].tolist()], dtype=np.int64).reshape(-1, 2)
    alive: BoolArray = np.hstack([fibres_standing(instance), ~asks.dead[:-1, given]])
    drawn = _Drawn(
        ends=ends,
        base_gbps=np.concatenate([ground.lit * pair_gbps, np.zeros(len(given))]),
        supply=sparse.csr_array((np.array(value, dtype=np.float64), (row, column)), shape=shape),
        latency_ms=np.zeros(len(ends)),
        alive=alive.astype(np.float64),
    )
    return _problem(instance, program, asks, drawn, np.full(len(asks.gbps), np.inf))


def _pair_gbps(instance: Instance) -> FloatArray:
    """(M,) the most that one pair of a fibre carries, by the densest option that rides it."""
    dense = np.divide(
        instance.rate_gbps,
        instance.slot_ghz,
        out=np.zeros_like(instance.rate_gbps),
        where=instance.real & (instance.slot_ghz > 0.0),
    ).max(axis=1, initial=0.0)
    best = (instance.link_fibre * dense[:, None]).max(axis=0, initial=0.0)
    return np.asarray(best * instance.room.band_ghz, dtype=np.float64)


@dataclass(frozen=True)
class _Drawn:
    """Links of one layer, before the sites that stand for several."""

    ends: IntArray
    base_gbps: FloatArray
    supply: sparse.csr_array
    latency_ms: FloatArray
    alive: FloatArray
    """(1 + F, L)"""


def _problem(
    instance: Instance, program: Program, asks: Asks, drawn: _Drawn, limit_ms: FloatArray
) -> Problem:
    places = _Places(instance.graph.sites)
    source = [places.number(row, into=False) for row in asks.source]
    target = [places.number(row, into=True) for row in asks.target]
    both = np.column_stack([np.array([source, target], dtype=np.float64).T, limit_ms])
    merged, of = np.unique(both, axis=0, return_inverse=True)
    share = asks.share * asks.gbps
    gbps = np.zeros((len(share), len(merged)))
    np.add.at(gbps.T, of.reshape(-1), share.T)
    links, leading = len(drawn.ends), places.links()
    more = len(leading)
    none = sparse.csr_array((more, len(program.cost)))
    return Problem(
        program=program,
        links=Links(
            sites=places.count,
            ends=np.vstack([drawn.ends, leading]),
            base_gbps=np.concatenate([drawn.base_gbps, np.full(more, PLENTY_GBPS)]),
            supply=sparse.csr_array(sparse.vstack([drawn.supply, none], format="csr")),
            latency_ms=np.concatenate([drawn.latency_ms, np.zeros(more)]),
            one_way=np.arange(links + more) >= links,
        ),
        demands=Demands(
            source=merged[:, 0].astype(np.int64),
            target=merged[:, 1].astype(np.int64),
            limit_ms=np.asarray(merged[:, 2], dtype=np.float64),
            scaled_by=np.full(len(merged), FIXED),
        ),
        cases=_cases(instance, drawn, gbps, more),
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


def _cases(instance: Instance, drawn: _Drawn, gbps: FloatArray, more: int) -> Cases:
    """Without failure, every failure, and the loss of a router at each site that has several."""
    routers = instance.ground.routers
    ends = instance.ends
    asked = len(drawn.ends) == len(ends) and bool(gbps[-1].any())
    shared = [int(n) for n in np.flatnonzero(routers > 1) if asked and (ends == n).any()]
    at = np.array([(ends == n).any(axis=1) for n in shared]).reshape(-1, len(drawn.ends))
    alive = np.vstack([drawn.alive, 1.0 - at / routers[shared].reshape(-1, 1)])
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
