"""Flows: the demands of two ends in both directions, and what must be left of them after a failure.

A flow with a near and a far end rides one path both ways. Inference has two far ends: its replica
and the fail-over edge, where its backup ends. A flow of which half or less must survive is cut into
two halves on disjoint paths when it is large: the half that is left is all the policy asks for. A
market's large flow is cut into equal parts, each with a path and a backup of its own, so that what
it needs when its edge is lost finds room on several paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import msgspec
import numpy as np

from arterial.demand.excepted import Pair, Trip, excepted, trips_of
from arterial.design.instance import Instance
from arterial.model.network import Network
from arterial.model.policy import FAILURE_KINDS, FailureKind
from arterial.plan.rows import Demand, Replica
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Flow", "Nothing", "flows_of", "policy_weight"]

HALF = 0.5

HALVES_FROM_GBPS = 150.0
"""Smaller flows are protected whole: two halves would light two waves for little traffic."""


PART_GBPS = 150.0
"""A market's flow is cut into parts no larger: two of them fill a 400G wave at the usual ceilings,
and what is left of one is often room enough for one."""


LOOSE = 0.1
"""Share of large halves that is cut off in parts with a path and a backup each, so that one of two
routes may have a wave less than the other."""

Nothing = Mapping[Pair, frozenset[Trip]]
"""By two routes that are cut, trips that are owed nothing."""


@dataclass(frozen=True)
class Flow:
    """Traffic between two ends, with what each failure case asks of it."""

    name: str
    demand: str
    """Name of the demand it is, or is a part of."""
    market: str
    """Whose replicas these are; empty for other traffic."""
    up: Demand | None
    """From near to far, with the rate of this part."""
    down: Demand | None
    """From far to near."""
    near: int
    far: int
    backup_far: int
    fars: tuple[int, ...]
    """Where it may end after two cuts, its own far ends first: any edge in use."""
    up_gbps: float
    down_gbps: float
    halves: bool
    weight: FloatArray
    """(F,) share of the flow's rate that a case books; 0 where the policy asks nothing."""
    must: BoolArray
    """(F,) cases after which the policy keeps some of the flow."""
    guarded: float
    """Share of the flow's rate that a router's loss books, like ``weight``."""
    edge_lost: BoolArray
    """(F,) cases in which the replicas at ``far`` are lost."""
    limit_ms: float
    """Largest one-way planning delay, access taken off; inf without a bound."""


def flows_of(
    instance: Instance,
    demands: Sequence[Demand],
    replicas: Sequence[Replica],
    nothing: Nothing | None = None,
) -> tuple[Flow, ...]:
    """Group demands into flows, largest first.

    Parameters
    ----------
    nothing
        By two routes that are cut, trips that are owed nothing; None asks the network.
    """
    served = {replica.market: replica for replica in replicas}
    waiting: dict[tuple[str, str, str, str], Demand] = {}
    flows: list[Flow] = []
    excused = _excused(instance, demands, replicas, nothing)
    for demand in demands:
        twin = waiting.pop(
            (demand.traffic_class, demand.market, demand.target, demand.source), None
        )
        if twin is None:
            key = (demand.traffic_class, demand.market, demand.source, demand.target)
            if key in waiting:
                flows.append(_flow(instance, demand, None, served, excused))
            else:
                waiting[key] = demand
        else:
            flows.append(_flow(instance, twin, demand, served, excused))
    flows += [_flow(instance, demand, None, served, excused) for demand in waiting.values()]
    flows = [part for flow in flows for part in _parts(flow)]
    return tuple(sorted(flows, key=lambda flow: (-(flow.up_gbps + flow.down_gbps), flow.name)))


def _parts(flow: Flow) -> list[Flow]:
    """A market's flow in equal parts of ``PART_GBPS`` at most; the loose part of large halves too.

    Any other flow whole.
    """
    rate = max(flow.up_gbps, flow.down_gbps)
    loose = 1.0 if flow.market else LOOSE if flow.halves else 0.0
    count = ceil(rate * loose / PART_GBPS)
    if loose * rate <= PART_GBPS:
        return [flow]
    parts = [_part(replace(flow, halves=False), loose / count, 1 + n) for n in range(count)]
    return parts if flow.market else [_part(flow, 1.0 - loose, count + 1), *parts]


def _part(flow: Flow, share: float, number: int) -> Flow:
    up, down = (
        demand and msgspec.structs.replace(demand, gbps=demand.gbps * share)
        for demand in (flow.up, flow.down)
    )
    return replace(
        flow,
        name=f"{flow.demand} #{number}",
        up=up,
        down=down,
        up_gbps=flow.up_gbps * share,
        down_gbps=flow.down_gbps * share,
    )


def policy_weight(network: Network, traffic_class: str, kind: FailureKind) -> float:
    """Share of a class's offered rate that a case of ``kind`` books on a link.

    Classes that share a priority share proportionally, so each books what the strictest of them
    needs: a class that may be cut in halves needs the half that is left whole. A class above
    another that the policy protects is served whole before it.
    """
    priority = {c.name: c.priority for c in network.classes}
    keeps = [
        (priority[name], rule.keep)
        for rule in network.policy.rules
        if kind in rule.after
        for name in rule.classes
        if rule.keep > 0
    ]
    own = priority[traffic_class]
    if any(level > own for level, _ in keeps):
        return 1.0
    needs = (1.0 if _halvable(keep) else keep for level, keep in keeps if level == own)
    return max(needs, default=0.0)


def _halvable(keep: float) -> bool:
    """True where one of two halves is what the policy asks for."""
    return HALF / 2 < keep <= HALF


def _excused(
    instance: Instance,
    demands: Sequence[Demand],
    replicas: Sequence[Replica],
    nothing: Nothing | None,
) -> dict[str, BoolArray]:
    """By demand, (F,) double cuts after which no network carries it in time."""
    none = np.zeros(len(instance.failures), dtype=np.bool_)
    if not instance.double.any():
        return {demand.name: none for demand in demands}
    network = instance.ground.network
    named = {
        name for rule in network.policy.rules if "fibre2" in rule.after for name in rule.classes
    }
    asked = [demand for demand in demands if demand.traffic_class in named]
    trips = trips_of(network, asked, replicas)
    nothing = excepted(network, trips.values()) if nothing is None else nothing
    lost = [nothing.get(frozenset(failure.fibres), frozenset()) for failure in instance.failures]
    return {
        demand.name: np.array([trips.get(demand.name) in trip for trip in lost]) & instance.double
        for demand in demands
    }


def _fars(
    instance: Instance, own: tuple[int, ...], served: Mapping[str, Replica]
) -> tuple[int, ...]:
    """Any edge in use, a market's own two first, then the others in the order of sites."""
    site = instance.ground.site_index
    edges = {site[edge] for row in served.values() for edge in (row.edge, row.failover)}
    return tuple(dict.fromkeys((*own, *sorted(edges))))


def _flow(
    instance: Instance,
    shape: Demand,
    second: Demand | None,
    served: Mapping[str, Replica],
    excused: Mapping[str, BoolArray],
) -> Flow:
    network, site = instance.ground.network, instance.ground.site_index
    traffic_class = next(c for c in network.classes if c.name == shape.traffic_class)
    replica = served.get(shape.market)
    near, far = site[shape.source], site[shape.target]
    up, down = shape, second
    if shape.to_market:
        up, down = second, shape  # the market is the near end: up leaves it
        near, far = far, near
    backup_far = site[replica.failover] if replica is not None else far
    keeps = {kind: network.policy.kept(traffic_class.name, kind) for kind in FAILURE_KINDS}
    rate = (up.gbps if up else 0.0), (down.gbps if down else 0.0)
    large = max(rate) >= HALVES_FROM_GBPS and replica is None
    # A third way stands in for a whole path, not for one of two halves.
    halves = large and _halvable(max(keeps.values())) and not keeps["fibre2"]
    bound = traffic_class.rtt_ms
    weight = _weight(instance, traffic_class.name, near, far, replica)
    weight[excused[shape.name]] = 0.0
    must = np.array([keeps[failure.kind] > 0 for failure in instance.failures]) & (weight > 0)
    return Flow(
        name=shape.name,
        demand=shape.name,
        market=shape.market,
        up=up,
        down=down,
        near=near,
        far=far,
        backup_far=backup_far,
        fars=_fars(instance, (far, backup_far), served) if replica else (far,),
        up_gbps=rate[0],
        down_gbps=rate[1],
        halves=halves,
        weight=weight,
        must=must,
        guarded=policy_weight(network, traffic_class.name, "router"),
        edge_lost=np.array(
            [
                replica is not None and failure.kind == "edge" and site[failure.site] == far
                for failure in instance.failures
            ]
        ),
        limit_ms=np.inf if bound is None else bound / 2.0 - shape.access_ms,
    )


def _weight(
    instance: Instance,
    traffic_class: str,
    near: int,
    far: int,
    replica: Replica | None,
) -> FloatArray:
    """(F,) booked share; 0 in cases that take the flow's own end, which are told apart."""
    network = instance.ground.network
    by_kind = {kind: policy_weight(network, traffic_class, kind) for kind in FAILURE_KINDS}
    weight = np.array([by_kind[failure.kind] for failure in instance.failures])
    ends = {near} if replica is not None else {near, far}
    for case, failure in enumerate(instance.failures):
        if failure.kind == "site" and instance.ground.site_index[failure.site] in ends:
            weight[case] = 0.0
    return weight
