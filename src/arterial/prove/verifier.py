"""Checks what somebody says is carried, from the plan's rows alone.

It finds no routing and believes nobody: for each flow it walks the hops, looks whether all that
they need stands, adds up the links, works out the round trip from fibre lengths and the share of
each demand that arrives in time. It refuses, with a violation, whatever breaks a rule.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from arterial.plan.rows import Demand
from arterial.prove.outage import Outage
from arterial.prove.register import Hops, Register, Way, left_gbps

__all__ = [
    "TOLERANCE",
    "Check",
    "Flow",
    "Violation",
    "carried_share",
    "cut_off",
    "flow_end",
    "verify",
    "verify_tunnels",
]

TOLERANCE = 1e-6
"""Relative: far above rounding, far below a wave."""

LAST_BITS = 1e-12
"""Relative: what adding a demand's parts may leave over."""


class Flow(Struct, frozen=True, kw_only=True):
    """Traffic of a demand along one path."""

    demand: str
    source: str
    target: str
    hops: Hops
    gbps: float
    name: str = ""
    """What to call it in a violation."""


class Violation(Struct, frozen=True, kw_only=True):
    """A rule that a witness breaks."""

    kind: Literal["path", "end", "dead", "capacity", "rate", "backup", "unknown name"]
    where: str
    text: str


class Check(Struct, frozen=True, kw_only=True):
    """What a witness is worth."""

    violations: tuple[Violation, ...]
    share: dict[str, float]
    """By demand: carried within the round-trip bound, of what it asks."""
    hoped: dict[str, float]
    """The same, counting also traffic whose round trip is unknown."""
    round_trip_ms: dict[str, float]
    """By demand: the largest of what carries traffic; NaN when one is unknown."""


def verify(book: Register, out: Outage, flows: Iterable[Flow], *, failed: bool) -> Check:
    """Check flows while ``out`` is out of service.

    Parameters
    ----------
    book
        The plan's rows.
    flows
        Paths with rates in Gb/s; those of one demand add up.
    failed
        True when the ceiling after a failure applies.
    """
    left = {name: left_gbps(book, name, out) for name in book.links}
    down = _down(out, left)
    wrong: list[Violation] = []
    load: dict[tuple[str, bool], float] = {}
    sure: dict[str, float] = {}
    hoped: dict[str, float] = {}
    late: dict[str, float] = {}
    for flow in flows:
        demand = book.demands.get(flow.demand)
        if demand is None or not _known(book, flow):
            wrong.append(_said("unknown name", flow, "names what the plan does not hold"))
            continue
        way = _way(book, flow, demand)
        wrong += _path_violations(down, flow, way)
        for step in flow.hops:
            load[step] = load.get(step, 0.0) + flow.gbps
        round_trip = way.round_trip_ms
        bound = book.classes[demand.traffic_class].rtt_ms
        unknown = math.isnan(round_trip)
        in_time = bound is None or round_trip <= bound * (1.0 + TOLERANCE)
        sure[flow.demand] = sure.get(flow.demand, 0.0) + flow.gbps * in_time
        hoped[flow.demand] = hoped.get(flow.demand, 0.0) + flow.gbps * (in_time or unknown)
        worst = late.get(flow.demand, 0.0)
        late[flow.demand] = math.nan if unknown or math.isnan(worst) else max(worst, round_trip)
    wrong += _load_violations(book, left, load, failed=failed)
    wrong += _rate_violations(book, hoped)
    asked = {name: demand.gbps for name, demand in book.demands.items()}
    return Check(
        violations=tuple(wrong),
        share={name: carried_share(sure.get(name, 0.0), gbps) for name, gbps in asked.items()},
        hoped={name: carried_share(hoped.get(name, 0.0), gbps) for name, gbps in asked.items()},
        round_trip_ms=late,
    )


def verify_tunnels(
    book: Register, out: Outage, carried_gbps: Mapping[str, float], *, failed: bool
) -> Check:
    """Check what installed tunnels are said to carry, by tunnel name."""
    flows: list[Flow] = []
    wrong: list[Violation] = []
    stood_in: dict[str, float] = {}
    for name, gbps in carried_gbps.items():
        tunnel = book.tunnels.get(name)
        if tunnel is None:
            wrong.append(Violation(kind="unknown name", where=name, text="no such tunnel"))
            continue
        flow = Flow(
            demand=tunnel.demand,
            source=tunnel.source,
            target=tunnel.target,
            hops=book.routes[name],
            gbps=gbps,
            name=name,
        )
        flows.append(flow)
        if gbps > tunnel.rate_gbps * (1.0 + TOLERANCE):
            wrong.append(_said("rate", flow, f"carries more than its {tunnel.rate_gbps:g} Gb/s"))
        if tunnel.protects:
            stood_in[tunnel.protects] = stood_in.get(tunnel.protects, 0.0) + gbps
            if _stands(book, out, tunnel.protects):
                wrong.append(_said("backup", flow, f"carries while '{tunnel.protects}' stands"))
    wrong += _backup_violations(book, stood_in)
    check = verify(book, out, flows, failed=failed)
    return Check(
        violations=(*wrong, *check.violations),
        share=check.share,
        hoped=check.hoped,
        round_trip_ms=check.round_trip_ms,
    )


def cut_off(book: Register, out: Outage, name: str) -> bool:
    """Whether a demand's own end (the market's site, else either end) is lost whole."""
    demand = book.demands[name]
    own = (demand.source, demand.target)
    if demand.market:
        own = (book.replicas[demand.market].site,)
    return any(("site", site, 0) in out for site in own)


def flow_end(book: Register, flow: Flow, demand: Demand) -> str | None:
    """The edge whose replicas a flow needs, "" for none; None when its ends are wrong."""
    if not demand.market:
        right = flow.source == demand.source and flow.target == demand.target
        return "" if right else None
    replica = book.replicas[demand.market]
    ends = (flow.target, flow.source) if demand.to_market else (flow.source, flow.target)
    edges = {replica.edge, replica.failover, *book.further.get(demand.traffic_class, ())}
    right = ends[0] == replica.site and ends[1] in edges
    return ends[1] if right else None


def carried_share(gbps: float, asked_gbps: float) -> float:
    """What is carried of what is asked; parts that add up to it but for the last bits are all."""
    share = gbps / asked_gbps if asked_gbps > 0.0 else 1.0
    return 1.0 if abs(share - 1.0) <= LAST_BITS else share


def _said(
    kind: Literal["path", "end", "dead", "rate", "backup", "unknown name"], flow: Flow, text: str
) -> Violation:
    return Violation(kind=kind, where=flow.name or flow.demand, text=text)


def _known(book: Register, flow: Flow) -> bool:
    key = (flow.demand, flow.source, flow.target, flow.hops)
    return key in book.ways or all(link in book.links for link, _ in flow.hops)


def _way(book: Register, flow: Flow, demand: Demand) -> Way:
    """What a flow's hops come to; walked once, for it hangs on the rows alone."""
    key = (flow.demand, flow.source, flow.target, flow.hops)
    if key not in book.ways:
        sites = _sites(book, flow)
        book.ways[key] = Way(
            sites=None if sites is None else tuple(sites),
            links=frozenset(link for link, _ in flow.hops),
            edge=flow_end(book, flow, demand),
            round_trip_ms=_round_trip_ms(book, flow, demand),
        )
    return book.ways[key]


def _sites(book: Register, flow: Flow) -> list[str] | None:
    """Sites in order, or None where a hop does not start where the one before it ended."""
    sites = [flow.source]
    for name, forward in flow.hops:
        link = book.links[name]
        start, end = (link.a, link.z) if forward else (link.z, link.a)
        if start != sites[-1]:
            return None
        sites.append(end)
    return sites


class _Down(Struct, frozen=True):
    """Names of what does not stand."""

    sites: frozenset[str]
    edges: frozenset[str]
    links: frozenset[str]


def _down(out: Outage, left: Mapping[str, float]) -> _Down:
    sites, edges = (
        frozenset(name for kind, name, _ in out if kind == lost) for lost in ("site", "edge")
    )
    return _Down(sites, edges, frozenset(name for name, gbps in left.items() if gbps <= 0.0))


def _path_violations(down: _Down, flow: Flow, way: Way) -> Iterable[Violation]:
    if not (math.isfinite(flow.gbps) and flow.gbps >= 0.0):
        yield _said("rate", flow, f"carries {flow.gbps} Gb/s")
    if way.sites is None or way.sites[-1] != flow.target:
        yield _said("path", flow, f"does not lead from {flow.source} to {flow.target}")
    if way.edge is None:
        yield _said("end", flow, f"ends where '{flow.demand}' does not")
    for site in sorted(down.sites.intersection(way.sites or ())):
        yield _said("dead", flow, f"passes {site}, which is lost")
    if way.edge and way.edge in down.edges:
        yield _said("dead", flow, f"needs the replicas at {way.edge}, which are lost")
    for link in sorted(down.links & way.links):
        yield _said("dead", flow, f"rides '{link}', which is down")


def _stands(book: Register, out: Outage, name: str) -> bool:
    """Whether nothing that a tunnel needs is lost."""
    tunnel = book.tunnels[name]
    demand = book.demands[tunnel.demand]
    flow = Flow(
        demand=tunnel.demand,
        source=tunnel.source,
        target=tunnel.target,
        hops=book.routes[name],
        gbps=0.0,
    )
    left = {link: left_gbps(book, link, out) for link, _ in flow.hops}
    return not any(_path_violations(_down(out, left), flow, _way(book, flow, demand)))


def _backup_violations(book: Register, stood_in: Mapping[str, float]) -> Iterable[Violation]:
    """Backups stand in for the primary that they protect, not for others that are lost with it."""
    for name, gbps in stood_in.items():
        rate_gbps = book.tunnels[name].rate_gbps
        if gbps > rate_gbps * (1.0 + TOLERANCE):
            text = f"has backups that carry {gbps:g} Gb/s for its {rate_gbps:g}"
            yield Violation(kind="backup", where=name, text=text)


def _round_trip_ms(book: Register, flow: Flow, demand: Demand) -> float:
    one_way = demand.access_ms + book.plan.network.latency.router_ms
    for link, _ in flow.hops:
        one_way += book.delays_ms[link] + book.plan.network.latency.router_ms
    return 2.0 * one_way


def _load_violations(
    book: Register,
    left: Mapping[str, float],
    load: Mapping[tuple[str, bool], float],
    *,
    failed: bool,
) -> Iterable[Violation]:
    policy = book.plan.network.policy
    ceiling = policy.ceiling_failed if failed else policy.ceiling_normal
    for (link, forward), gbps in load.items():
        room = left[link] * ceiling * (1.0 - policy.hash_inefficiency)
        if gbps > room * (1.0 + TOLERANCE) + TOLERANCE:
            way = "" if forward else " backwards"
            text = f"carries {gbps:g} Gb/s{way}; {room:g} may be used"
            yield Violation(kind="capacity", where=link, text=text)


def _rate_violations(book: Register, total: Mapping[str, float]) -> Iterable[Violation]:
    for name, gbps in total.items():
        asked = book.demands[name].gbps
        if gbps > asked * (1.0 + TOLERANCE):
            text = f"is given {gbps:g} Gb/s and asks {asked:g}"
            yield Violation(kind="rate", where=name, text=text)
