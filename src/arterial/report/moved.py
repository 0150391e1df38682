"""What runs otherwise on two plans: markets answered elsewhere, tunnels that take other fibres."""

from collections.abc import Mapping

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.rows import TunnelHop
from arterial.report.same_links import Route, routes_of

__all__ = ["Rerouted", "Served", "rerouted", "served"]


class Served(Struct, frozen=True, kw_only=True):
    """A market that is answered elsewhere, first or after the loss of its edge."""

    market: str
    edge_a: str
    """Empty where the plan does not serve it."""
    edge_b: str
    failover_a: str
    failover_b: str


class Rerouted(Struct, frozen=True, kw_only=True):
    """Tunnels of demands that both plans carry, and demands that one of them alone does."""

    primaries: int
    """Those that take other fibres, of the plan that has more of them."""
    primaries_gbps: float
    """Of the demands' rate, as much as both plans carry and one carries elsewhere."""
    backups: int
    backups_gbps: float
    demands: int
    """In both plans."""
    only_a: int
    """Demands of the older plan alone."""
    only_a_gbps: float
    only_b: int
    only_b_gbps: float
    gbps_a: float
    """Of all demands."""
    gbps_b: float


_Way = tuple[tuple[Route, bool], ...]
"""Routes in order, each with True when ridden from its first end."""


def served(a: Plan, b: Plan) -> tuple[Served, ...]:
    """Markets whose edge or fail-over differs, by name."""
    before = {row.market: (row.edge, row.failover) for row in a.replicas}
    after = {row.market: (row.edge, row.failover) for row in b.replicas}
    return tuple(
        Served(market=market, edge_a=had[0], edge_b=has[0], failover_a=had[1], failover_b=has[1])
        for market in sorted({*before, *after})
        for had, has in [(before.get(market, ("", "")), after.get(market, ("", "")))]
        if had != has
    )


def rerouted(a: Plan, b: Plan) -> Rerouted:
    """How much traffic takes other fibres; parts of a demand that stay together count as one."""
    asked_a = {row.name: row.gbps for row in a.demands}
    asked_b = {row.name: row.gbps for row in b.demands}
    both = sorted({*asked_a} & {*asked_b})
    counts: dict[bool, tuple[int, float]] = {}
    for backup in (False, True):
        ways_a, ways_b = _ways(a, backup=backup), _ways(b, backup=backup)
        moved = [_moved(ways_a.get(name, {}), ways_b.get(name, {})) for name in both]
        counts[backup] = sum(count for count, _ in moved), sum(gbps for _, gbps in moved)
    only_a = [gbps for name, gbps in asked_a.items() if name not in asked_b]
    only_b = [gbps for name, gbps in asked_b.items() if name not in asked_a]
    return Rerouted(
        primaries=counts[False][0],
        primaries_gbps=counts[False][1],
        backups=counts[True][0],
        backups_gbps=counts[True][1],
        demands=len(both),
        only_a=len(only_a),
        only_a_gbps=sum(only_a, 0.0),
        only_b=len(only_b),
        only_b_gbps=sum(only_b, 0.0),
        gbps_a=sum(asked_a.values(), 0.0),
        gbps_b=sum(asked_b.values(), 0.0),
    )


def _ways(plan: Plan, *, backup: bool) -> dict[str, dict[_Way, float]]:
    """Gb/s by demand and way; a backup's is what it may stand in for."""
    routes, ends = routes_of(plan), {link.name: link.a for link in plan.ip_links}
    hops: dict[str, list[TunnelHop]] = {}
    for hop in sorted(plan.tunnel_hops, key=lambda hop: hop.hop):
        hops.setdefault(hop.tunnel, []).append(hop)
    found: dict[str, dict[_Way, float]] = {}
    for tunnel in plan.tunnels:
        if bool(tunnel.protects) == backup:
            way = tuple(
                (routes[hop.link], hop.forward == (ends[hop.link] == routes[hop.link][0][0]))
                for hop in hops.get(tunnel.name, [])
            )
            own = found.setdefault(tunnel.demand, {})
            own[way] = own.get(way, 0.0) + tunnel.rate_gbps
    return found


def _moved(before: Mapping[_Way, float], after: Mapping[_Way, float]) -> tuple[int, float]:
    """Ways that one plan has and the other has not, the larger count; Gb/s that changed way."""
    shared = {way: min(before[way], after[way]) for way in before if way in after}
    common = min(sum(before.values()), sum(after.values()))
    gone, come = (sum(way not in shared for way in ways) for ways in (before, after))
    gbps = common - sum(shared.values())
    return max(gone, come), gbps if gbps > 1e-9 * max(common, 1.0) else 0.0
