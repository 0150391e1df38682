"""A design drawn as a plan: rows of light, links, tunnels and bill, from the placements found."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from arterial.design.bill import bill_of, serving_bill, traffic_bill
from arterial.design.build import Build, settled
from arterial.design.dearest import with_dearest
from arterial.design.light import Light, light_of
from arterial.design.limits import check_given, check_limits
from arterial.design.opening import Opening
from arterial.design.search import Found, restored
from arterial.design.serving import Rooms
from arterial.design.state import State
from arterial.design.traffic import bought_units, ip_links, traffic_of
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Replica, Serving, Tunnel

__all__ = ["drawn", "measured", "whole"]


def drawn(start: Opening, found: Found) -> Plan:
    """The plan with its rows and its cost; restoration, bound and hash are left to the caller.

    Raises InfeasibleError when a cable or a site is full, SolverError when no routing was found
    that a ready-made link or the loss of a router allows.
    """
    instance, network = start.instance, start.instance.ground.network
    state = restored(instance, start.flows, found.placements)
    build = settled(instance, start.flows, state)
    check_given(instance, build)
    light = light_of(instance, build) if network.fibres else Light((), (), ())
    lightpaths = light.lightpaths
    if start.sections is not None:
        lightpaths = with_dearest(network, start.sections, lightpaths, light.hops)
    links = ip_links(instance, build)
    units = bought_units(instance, build)
    traffic = traffic_of(instance, start.flows, found.placements, build)
    serving = _serving(start, state, build)
    bill = (
        *bill_of(network, links, light.lightpaths, light.lit, start.sited.edges, units),
        *traffic_bill(network, traffic.tunnels, traffic.hops),
        *serving_bill(network, serving or ()),
    )
    check_limits(network, links, light.lightpaths, bill, units)
    return Plan(
        network=network,
        load="",
        seed=0,
        input_hash="",
        versions={},
        cost=sum(item.cost for item in bill),
        bound=0.0,
        gap=1.0,
        bound_scope="restricted",
        bound_note="on the candidate lightpaths and the replicas that were chosen first",
        status="rounds",
        lightpaths=lightpaths,
        lightpath_hops=light.hops,
        ip_links=links,
        bought_units=units,
        lit_fibres=light.lit,
        replicas=measured(start.sited.replicas, start.demands, traffic.tunnels),
        demands=start.demands,
        tunnels=traffic.tunnels,
        tunnel_hops=traffic.hops,
        bill=bill,
        serving=serving,
    )


def _serving(start: Opening, state: State, build: Build) -> tuple[Serving, ...] | UnsetType:
    """Replicas for the worst case. Raises SolverError where an edge has no room for them."""
    if start.serving is None:
        return UNSET
    rooms = Rooms(start.instance, start.serving)
    needed = rooms.needed(state, start.flows, build)
    rooms.check(needed)
    return start.serving.rows(needed)


def whole(plan: Plan, network: Network) -> Plan:
    """A plan on top of an earlier one as a plan of the network before either.

    Its bill is of everything that stands then, at the network's prices. Units of ready-made links
    are leased, not built: each plan takes those that it needs.
    """
    stood = {fibre.name: fibre.lit_pairs for fibre in network.fibres}
    lit = tuple(
        msgspec.structs.replace(row, new_pairs=row.pairs - stood[row.fibre])
        for row in plan.lit_fibres
    )
    edges = {site for row in plan.replicas for site in (row.edge, row.failover)}
    bill = (
        *bill_of(network, plan.ip_links, plan.lightpaths, lit, sorted(edges), plan.bought_units),
        *traffic_bill(network, plan.tunnels, plan.tunnel_hops),
        *serving_bill(network, plan.serving or ()),
    )
    return msgspec.structs.replace(
        plan,
        network=network,
        lit_fibres=lit,
        bill=bill,
        cost=sum(item.cost for item in bill),
        bound_note=f"{plan.bound_note}; all that an earlier plan built stands as it is",
    )


def measured(
    replicas: Sequence[Replica], demands: Sequence[Demand], tunnels: Sequence[Tunnel]
) -> tuple[Replica, ...]:
    """Replicas with the round trips of the tunnels installed for them, the slower direction."""
    market = {demand.name: demand.market for demand in demands}
    slowest: dict[tuple[str, bool], float] = {}
    for tunnel in tunnels:
        key = (market[tunnel.demand], bool(tunnel.protects))
        slowest[key] = max(slowest.get(key, 0.0), tunnel.rtt_ms)
    return tuple(
        msgspec.structs.replace(
            row,
            rtt_ms=slowest.get((row.market, False), row.rtt_ms),
            failover_rtt_ms=slowest.get((row.market, True), row.failover_rtt_ms),
        )
        for row in replicas
    )
