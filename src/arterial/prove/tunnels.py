"""Installed paths as arrays: demands, their tunnels, and what each tunnel passes.

A tunnel whose hops do not join its ends, or whose ends are not its demand's, carries nothing and is
listed as a fault. A market's traffic may end at its edge or at its fail-over, nowhere else.
"""

import math
from dataclasses import dataclass

import numpy as np

from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Tunnel, TunnelHop
from arterial.prove.waves import sites_passed
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Demands", "Tunnels", "after_two_cuts", "compile_demands", "compile_tunnels"]


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Demands, K of them, over N sites."""

    names: tuple[str, ...]
    traffic_class: tuple[str, ...]
    gbps: FloatArray
    """float (K,)."""
    priority: IntArray
    """int (K,): lower numbers are served first."""
    bound_ms: FloatArray
    """float (K,): largest round trip; infinite when the class has none."""
    transfer_h: FloatArray
    """float (K,)."""
    own_end: BoolArray
    """bool (K, N): sites without which there is no demand: both ends, or the market's alone."""


@dataclass(frozen=True, kw_only=True)
class Tunnels:
    """Tunnels, P of them, over E = 2 L directed links: forward ones, then backward ones."""

    names: tuple[str, ...]
    demand: IntArray
    """int (P,)."""
    rate_gbps: FloatArray
    """float (P,)."""
    protects: IntArray
    """int (P,): the primary's index, -1 for a primary."""
    hop: IntArray
    """int (P, H): directed links in order; E where there is no further hop."""
    site: BoolArray
    """bool (P, N): sites passed at the IP layer, ends included."""
    edge: IntArray
    """int (P,): site whose replicas it needs, -1 for none."""
    round_trip_ms: FloatArray
    """float (P,): planning value, access included; NaN when a length is missing."""
    whole: BoolArray
    """bool (P,): joins the right ends."""
    faults: tuple[str, ...]


def compile_demands(plan: Plan, site: dict[str, int]) -> Demands:
    """Demands of a plan that ``integrity`` let pass; ``site`` gives a site's index."""
    classes = {traffic_class.name: traffic_class for traffic_class in plan.network.classes}
    homes = {replica.market: replica.site for replica in plan.replicas}
    own_end = np.zeros((len(plan.demands), len(site)), dtype=np.bool_)
    for row, demand in enumerate(plan.demands):
        ends = [homes[demand.market]] if demand.market else [demand.source, demand.target]
        own_end[row, [site[end] for end in ends]] = True
    each = [classes[demand.traffic_class] for demand in plan.demands]
    bounds = [math.inf if kind.rtt_ms is None else kind.rtt_ms for kind in each]
    return Demands(
        names=tuple(demand.name for demand in plan.demands),
        traffic_class=tuple(demand.traffic_class for demand in plan.demands),
        gbps=np.array([demand.gbps for demand in plan.demands], dtype=np.float64),
        priority=np.array([kind.priority for kind in each], dtype=np.int64),
        bound_ms=np.array(bounds, dtype=np.float64),
        transfer_h=np.array([demand.transfer_h for demand in plan.demands], dtype=np.float64),
        own_end=own_end,
    )


def compile_tunnels(plan: Plan, site: dict[str, int], link_ms: FloatArray) -> Tunnels:
    """Tunnels of a plan that ``integrity`` let pass; ``link_ms`` is float (L,), one way."""
    link = {row.name: number for number, row in enumerate(plan.ip_links)}
    demands = {demand.name: number for number, demand in enumerate(plan.demands)}
    index = {tunnel.name: number for number, tunnel in enumerate(plan.tunnels)}
    routes = _routes(plan)
    passed = np.zeros((len(index), len(site)), dtype=np.bool_)
    hop: list[list[int]] = []
    round_trip_ms: list[float] = []
    edge: list[int] = []
    faults: list[str] = []
    whole = np.ones(len(index), dtype=np.bool_)
    for row, tunnel in enumerate(plan.tunnels):
        route, demand = routes[tunnel.name], plan.demands[demands[tunnel.demand]]
        sites, end = _sites(plan, tunnel, route), _edge(plan, tunnel, demand)
        if sites is None or end is None:
            whole[row] = False
            faults.append(f"tunnel '{tunnel.name}' does not join the ends of '{demand.name}'")
        passed[row, [site[name] for name in sites or ()]] = True
        edge.append(site[end] if end else -1)
        links = [link[step.link] for step in route]
        hop.append(
            [e if step.forward else e + len(link) for e, step in zip(links, route, strict=True)]
        )
        round_trip_ms.append(_round_trip_ms(plan, demand, link_ms[links]))
    return Tunnels(
        names=tuple(index),
        demand=np.array([demands[tunnel.demand] for tunnel in plan.tunnels], dtype=np.int64),
        rate_gbps=np.array([tunnel.rate_gbps for tunnel in plan.tunnels], dtype=np.float64),
        protects=np.array([index.get(t.protects, -1) for t in plan.tunnels], dtype=np.int64),
        hop=_padded(hop, 2 * len(link)),
        site=passed,
        edge=np.array(edge, dtype=np.int64),
        round_trip_ms=np.array(round_trip_ms, dtype=np.float64),
        whole=whole,
        faults=tuple(faults),
    )


def _routes(plan: Plan) -> dict[str, list[TunnelHop]]:
    routes: dict[str, list[TunnelHop]] = {tunnel.name: [] for tunnel in plan.tunnels}
    for hop in sorted(plan.tunnel_hops, key=lambda hop: hop.hop):
        routes[hop.tunnel].append(hop)
    return routes


def _padded(rows: list[list[int]], blank: int) -> IntArray:
    table = np.full((len(rows), max(map(len, rows), default=0)), blank, dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def _sites(plan: Plan, tunnel: Tunnel, route: list[TunnelHop]) -> list[str] | None:
    """Sites passed, or None when the hops do not lead from source to target."""
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    steps = (ends[hop.link] if hop.forward else ends[hop.link][::-1] for hop in route)
    passed = sites_passed(tunnel.source, ((step[0], step[1]) for step in steps))
    return passed if passed and passed[-1] == tunnel.target else None


def _edge(plan: Plan, tunnel: Tunnel, demand: Demand) -> str | None:
    """Site whose replicas a tunnel needs, "" for none; None when its ends are wrong."""
    if not demand.market:
        right = (tunnel.source, tunnel.target) == (demand.source, demand.target)
        return "" if right else None
    replica = next(row for row in plan.replicas if row.market == demand.market)
    edges = {replica.edge, replica.failover, *after_two_cuts(plan, demand)}
    home, edge = tunnel.source, tunnel.target
    if demand.to_market:
        home, edge = edge, home
    return edge if home == replica.site and edge in edges else None


def after_two_cuts(plan: Plan, demand: Demand) -> set[str]:
    """Every edge in use, where a rule keeps some of the demand's class after two cuts."""
    if not demand.market or not any(
        "fibre2" in rule.after and demand.traffic_class in rule.classes
        for rule in plan.network.policy.rules
    ):
        return set()
    return {edge for row in plan.replicas for edge in (row.edge, row.failover)}


def _round_trip_ms(plan: Plan, demand: Demand, link_ms: FloatArray) -> float:
    routers_ms = plan.network.latency.router_ms * (len(link_ms) + 1)
    return 2.0 * (float(link_ms.sum()) + routers_ms + demand.access_ms)
