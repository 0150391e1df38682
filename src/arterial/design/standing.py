"""What stands between two sites of a plan: their IP links, the waves of each, and what they carry.

An upgrade starts here. Waves are read with the fibres, pairs and slots that they ride; the load of
a link is that of the primary tunnels installed on it, the fuller direction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from arterial.design.ground import Ground, ground_of
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop

__all__ = ["Bundle", "Standing", "Wave", "standing", "transparent"]


@dataclass(frozen=True)
class Wave:
    """A lightpath with its hops, in order."""

    row: Lightpath
    hops: tuple[LightpathHop, ...]


@dataclass(frozen=True)
class Bundle:
    """An IP link between the two sites."""

    link: IpLink
    waves: tuple[Wave, ...]
    arcs: tuple[int, ...]
    """Directed sections from the link's a to its z."""
    load_gbps: float
    """Primary tunnels installed on it, the fuller direction."""
    slack_ms: float
    """One-way delay that its tunnels' classes leave; inf where none has a bound."""


@dataclass(frozen=True)
class Standing:
    """The installed base between two sites."""

    plan: Plan
    ground: Ground
    a: str
    z: str
    bundles: tuple[Bundle, ...]

    @cached_property
    def capacity_gbps(self) -> float:
        """Of all links between the two sites, ready-made ones included."""
        return sum(
            link.capacity_gbps
            for link in self.plan.ip_links
            if {link.a, link.z} == {self.a, self.z}
        )

    @cached_property
    def usable(self) -> float:
        """Share of a link's capacity that traffic may take without failure."""
        return self.plan.network.policy.usable(failed=False)


def standing(plan: Plan, a: str, z: str) -> Standing:
    """The waves between two sites of a plan that IP links join.

    A new link is named as those that stand: its a is theirs, whichever site was named first.
    """
    if any((link.a, link.z) == (z, a) for link in plan.ip_links):
        a, z = z, a
    ground = ground_of(plan.network)
    fibre = {row.name: number for number, row in enumerate(plan.network.fibres)}
    hops: dict[str, list[LightpathHop]] = {}
    for hop in sorted(plan.lightpath_hops, key=lambda hop: (hop.lightpath, hop.hop)):
        hops.setdefault(hop.lightpath, []).append(hop)
    bundles: list[Bundle] = []
    for link in plan.ip_links:
        waves = [
            Wave(row, tuple(hops[row.name])) for row in plan.lightpaths if row.link == link.name
        ]
        if {link.a, link.z} == {a, z} and waves:
            arcs = tuple(2 * fibre[hop.fibre] + (not hop.forward) for hop in waves[0].hops)
            load, slack = _traffic(plan, link.name)
            bundles.append(Bundle(link, tuple(waves), arcs, load, slack))
    return Standing(plan, ground, a, z, tuple(bundles))


def transparent(regenerator_hops: tuple[int, ...], hops: int) -> list[tuple[int, int]]:
    """Transparent segments of a route as (first hop, one past the last).

    >>> transparent((1,), 4)
    [(0, 2), (2, 4)]
    """
    ends = [hop + 1 for hop in regenerator_hops]
    return list(zip([0, *ends], [*ends, hops], strict=True))


def _traffic(plan: Plan, link: str) -> tuple[float, float]:
    """(load, slack) of the tunnels on a link; a backup's round trip counts, its rate does not."""
    tunnels = {tunnel.name: tunnel for tunnel in plan.tunnels}
    bound = _bounds(plan)
    load = {True: 0.0, False: 0.0}
    slack = float("inf")
    for hop in plan.tunnel_hops:
        if hop.link != link:
            continue
        tunnel = tunnels[hop.tunnel]
        if not tunnel.protects:
            load[hop.forward] += tunnel.rate_gbps
        slack = min(slack, (bound[tunnel.demand] - tunnel.rtt_ms) / 2.0)
    return max(load.values()), slack


def _bounds(plan: Plan) -> Mapping[str, float]:
    """By demand: the round trip that its class allows; inf where any will do."""
    of_class = {row.name: row.rtt_ms for row in plan.network.classes}
    limits = {demand.name: of_class[demand.traffic_class] for demand in plan.demands}
    return {name: float("inf") if limit is None else limit for name, limit in limits.items()}
