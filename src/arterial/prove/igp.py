"""What an IP network does next: ECMP by delay over the links that still stand, anycast to replicas.

Each demand goes to its edge, or to its fail-over once the edge is lost or has no way left. Links
serve classes in order of priority; within one priority all that is offered loses the same share,
and a demand keeps that of its tightest link. ASSUMPTIONS: the metric is what a ready-made link
says, else the planning delay in microseconds; what is lost further on still takes its room before.
"""

from dataclasses import dataclass

import numpy as np

from arterial.paths.parts import parts
from arterial.prove.cases import Cases
from arterial.prove.spread import Spread
from arterial.prove.tables import Tables
from arterial.prove.verifier import Flow
from arterial.routing.ecmp import Base, Ip, base_of, ip_of
from arterial.routing.ways import Asked, asked_of, judged
from arterial.solve.program import FloatArray, IntArray
from arterial.units import US_PER_MS

__all__ = ["NOWHERE", "Igp", "Rerouted", "igp_of", "options", "rerouted", "spreads"]

NOWHERE = 2
"""In place of an option: neither edge is in reach, or the demand's end is not."""


@dataclass(frozen=True, kw_only=True)
class Igp:
    """What routers are told, the same in every case: E = 2 L arcs, link l rides 2 l and 2 l + 1."""

    tables: Tables
    ip: Ip
    base: Base
    asked: Asked
    place: IntArray
    """int (N,): site as ``ip`` numbers it, -1 where no link ends."""
    delay_ms: FloatArray
    """float (E,): one way, the router at its head included; NaN where unknown."""
    router_ms: float
    ends: IntArray
    """int (2, 2, K): source and target by option: the edge first, then the fail-over."""
    edge: IntArray
    """int (2, K): site whose replicas an option needs, -1 for none."""
    access_ms: FloatArray
    """float (K,)."""


@dataclass(frozen=True, kw_only=True)
class Rerouted:
    """What each demand keeps in each of F cases."""

    share: FloatArray
    """float (F, K): of what is asked, whatever its delay."""
    round_trip_ms: FloatArray
    """float (F, K): the longest of its ways; NaN where unknown, inf where there is none."""
    option: IntArray
    """int (F, K): 0 the edge, 1 the fail-over, ``NOWHERE``."""


def igp_of(tables: Tables) -> Igp:
    """What the routers of a plan are told."""
    plan = tables.plan
    router_ms = plan.network.latency.router_ms
    priority = tables.demands.priority
    level = np.searchsorted(np.unique(priority), priority)
    metric = np.repeat(_metric(tables), 2)
    ends, edge = _options(tables)
    # Only sites where links end take part: others would but spread the arrays.
    joined, link_end = np.unique(tables.link_end, return_inverse=True)
    place = np.full(len(tables.sites), -1, dtype=np.int64)
    place[joined] = np.arange(len(joined))
    ip = ip_of(link_end.reshape(-1, 2), len(joined), metric, np.ones(len(metric)))
    return Igp(
        tables=tables,
        ip=ip,
        base=base_of(ip, np.zeros((len(joined), len(joined), 1))),
        place=place,
        asked=asked_of(place[ends], level, tables.demands.gbps, sites=len(joined)),
        delay_ms=np.repeat(tables.link_ms, 2) + router_ms,
        router_ms=router_ms,
        ends=ends,
        edge=edge,
        access_ms=np.array([demand.access_ms for demand in plan.demands], dtype=np.float64),
    )


def rerouted(igp: Igp, cases: Cases) -> Rerouted:
    """Route every case anew by ECMP."""
    dead = cases.left_gbps <= 0.0
    option = options(igp, cases)
    policy = igp.tables.plan.network.policy
    usable = np.array([policy.usable(failed=f is not None) for f in cases.failures])
    room = cases.left_gbps * usable[:, np.newaxis]
    # What routers do hangs on dead links, room and options: of cases alike in them one is routed.
    alike = np.concatenate([np.packbits(dead, axis=1), option, room], axis=1)
    _, one, like = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    links = np.concatenate([[0], np.cumsum(dead[one].sum(axis=1))]), np.nonzero(dead[one])[1]
    found = judged(
        igp.ip,
        igp.base,
        igp.asked,
        igp.delay_ms,
        option[one],
        (links, np.repeat(room[one], 2, axis=1)),
    )
    # Whoever is served where he is rides no link.
    rides_none = np.vstack([igp.ends[:, 0] == igp.ends[:, 1], np.zeros(option.shape[1]) > 0.0])
    at_home = np.take_along_axis(rides_none, option, axis=0)
    late_ms = np.where(at_home, 0.0, found.late_ms[like])
    return Rerouted(
        share=np.where(at_home, 1.0, found.share[like]),
        round_trip_ms=2.0 * (late_ms + igp.router_ms + igp.access_ms),
        option=option,
    )


def options(igp: Igp, cases: Cases) -> IntArray:
    """Int (F, K): the first option whose replicas stand and to which there is a way."""
    dead = cases.left_gbps <= 0.0
    part = parts(igp.tables.link_end, len(igp.tables.sites), dead)
    chosen = np.full((len(dead), igp.edge.shape[1]), NOWHERE, dtype=np.int64)
    for option in (1, 0):
        (source, target), edge = igp.ends[option], igp.edge[option]
        stands = part[:, source] == part[:, target]
        stands &= ~(cases.site_down[:, source] | cases.site_down[:, target])
        stands &= ~(cases.edge_down[:, edge] & (edge >= 0))
        chosen[stands] = option
    return chosen


def _options(tables: Tables) -> tuple[IntArray, IntArray]:
    """Ends and edges of ``Igp``; both options are one where a demand has no fail-over."""
    site = {name: number for number, name in enumerate(tables.sites)}
    replicas = {row.market: row for row in tables.plan.replicas}
    ends = np.zeros((2, 2, len(tables.plan.demands)), dtype=np.int64)
    edges = np.full((2, len(tables.plan.demands)), -1, dtype=np.int64)
    for number, demand in enumerate(tables.plan.demands):
        ends[:, 0, number], ends[:, 1, number] = site[demand.source], site[demand.target]
        if demand.market:
            row = replicas[demand.market]
            for option, edge in enumerate((row.edge, row.failover)):
                both = (site[edge], site[row.site])
                ends[option, :, number] = both if demand.to_market else both[::-1]
                edges[option, number] = site[edge]
    return ends, edges


def _metric(tables: Tables) -> FloatArray:
    """Float (L,): whole numbers above 0; links of unknown delay are taken last."""
    told = {link.name: link.igp_metric for link in tables.plan.network.links}
    delay_ms = tables.link_ms
    longest_ms = np.max(delay_ms, where=~np.isnan(delay_ms), initial=0.0)
    us = np.round(np.where(np.isnan(delay_ms), longest_ms, delay_ms) * US_PER_MS)
    own = [
        told.get(name) if ready else None
        for name, ready in zip(tables.links, tables.ready_made.tolist(), strict=True)
    ]
    given = np.array([metric or 0 for metric in own], dtype=np.float64)
    return np.where(given > 0.0, given, np.maximum(us, 1.0))


def spreads(igp: Igp, case: Cases) -> tuple[Spread, ...]:
    """The witness of one case alone: routed from nothing, told by name."""
    dead = case.left_gbps <= 0.0
    option, standing = options(igp, case)[0], np.flatnonzero(~dead[0])
    demands, level = igp.tables.plan.demands, igp.asked.level
    offered = np.zeros((*igp.base.distance.shape, int(level.max(initial=0)) + 1))
    flows: dict[str, list[Flow]] = {}
    for k in np.flatnonzero(option != NOWHERE).tolist():
        source, target = (int(end) for end in igp.ends[int(option[k]), :, k])
        if source != target:
            offered[igp.place[target], igp.place[source], level[k]] += demands[k].gbps
        names = igp.tables.sites[source], igp.tables.sites[target]
        flows.setdefault(names[1], []).append(
            Flow(
                demand=demands[k].name,
                source=names[0],
                target=names[1],
                hops=(),
                gbps=demands[k].gbps,
            )
        )
    arcs = (2 * standing[:, np.newaxis] + np.arange(2)).reshape(-1)
    ends = igp.place[igp.tables.link_end[standing]]
    ip = ip_of(ends, len(offered), igp.ip.metric[arcs], igp.ip.weight[arcs])
    base = base_of(ip, offered)
    names = [(igp.tables.links[link], way) for link in standing.tolist() for way in (True, False)]
    heads = ends.reshape(-1)
    with np.errstate(invalid="ignore"):  # inf less inf: no way, so none that is ridden
        rides = base.distance[:, heads] - base.distance[:, ip.target] == ip.metric
    each = base.inflow[:, heads] / np.maximum(base.hops[:, heads], 1)[:, :, np.newaxis]
    flow = np.where(rides[:, :, np.newaxis], each, 0.0)
    return tuple(_spread(igp, base, flow, names, tuple(own)) for own in flows.values())


def _spread(
    igp: Igp,
    base: Base,
    flow: FloatArray,
    names: list[tuple[str, bool]],
    offered: tuple[Flow, ...],
) -> Spread:
    """What goes to one site, by name; ``flow`` is float (N, E, C) over the arcs that stand."""
    sites, target = igp.tables.sites, offered[0].target
    to = int(igp.place[sites.index(target)])
    if to < 0:  # no link ends here: whoever is served is here already
        return Spread(target=target, distance={target: 0.0}, offered=offered, flow_gbps={})
    far, joined = base.distance[to], np.flatnonzero(igp.place >= 0)
    priorities = np.unique(igp.tables.demands.priority).tolist()
    arcs, levels = np.nonzero(flow[to] > 0.0)
    return Spread(
        target=target,
        distance={sites[int(joined[n])]: float(far[n]) for n in np.flatnonzero(np.isfinite(far))},
        offered=offered,
        flow_gbps={
            (*names[arc], priorities[level]): float(flow[to, arc, level])
            for arc, level in zip(arcs.tolist(), levels.tolist(), strict=True)
        },
    )
