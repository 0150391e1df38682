"""Installed tunnels of a design, as rows: primaries, backups, and the links they ride."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.build import Build
from arterial.design.flows import Flow
from arterial.design.instance import Instance, link_latency_ms, option_latency_ms
from arterial.design.light import link_names
from arterial.design.state import Placement
from arterial.paths.graph import Path, arc_link
from arterial.plan.rows import BoughtUnit, Demand, IpLink, Tunnel, TunnelHop
from arterial.units import fibre_delay_ms

__all__ = ["Traffic", "bought_units", "ip_links", "traffic_of"]


@dataclass(frozen=True)
class Traffic:
    """Rows of the IP layer's routing."""

    tunnels: tuple[Tunnel, ...]
    hops: tuple[TunnelHop, ...]


def ip_links(instance: Instance, build: Build) -> tuple[IpLink, ...]:
    """The bundles that are built, and the ready-made links that stand or are bought."""
    names = link_names(instance)
    network = instance.ground.network
    sites = [site.name for site in network.sites]
    given = {link.name: link for link in network.links}
    rows: list[IpLink] = []
    units = Counter(unit.link for unit in bought_units(instance, build))
    for link, route in enumerate(instance.routes):
        option = instance.options[link][int(build.option[link])]
        kind, bought = "", 0
        if route.given:
            own = given[route.given]
            bought = units[route.given]
            if own.standing + bought == 0:
                continue
            length_km = own.length_km
            latency_ms = link_latency_ms(network, own)
            waves, capacity_gbps = 0, own.capacity_gbps * (own.standing + bought)
            kind = "" if own.kind == "own" else own.kind
        elif build.waves[link]:
            length_km = sum(instance.ground.length_km[arc] for arc in route.arcs)
            latency_ms = option_latency_ms(instance.ground, route, option)
            waves = int(build.waves[link])
            capacity_gbps = waves * option.rate_gbps
        else:
            continue
        known_km = np.nan if length_km is None else length_km
        rows.append(
            IpLink(
                name=names[link],
                a=sites[route.a],
                z=sites[route.z],
                waves=waves,
                capacity_gbps=capacity_gbps,
                length_km=known_km,
                latency_ms=latency_ms if np.isfinite(latency_ms) else np.nan,
                floor_ms=fibre_delay_ms(known_km),
                kind=kind,
                units=bought,
            )
        )
    return tuple(rows)


def bought_units(instance: Instance, build: Build) -> tuple[BoughtUnit, ...]:
    """Units of ready-made links that are bought, each with the routers that it ends on."""
    return tuple(
        BoughtUnit(link=route.given, unit=number, router_a=a, router_z=z)
        for link, route in enumerate(instance.routes)
        if route.given
        for number, (a, z) in enumerate(build.routers[link][instance.free_waves[link] :], start=1)
    )


def traffic_of(
    instance: Instance,
    flows: Sequence[Flow],
    placements: Mapping[str, Placement],
    build: Build,
) -> Traffic:
    """Every demand's tunnels: its flow's paths, turned the way the demand runs."""
    latency = {link.name: link.latency_ms for link in ip_links(instance, build)}
    names = link_names(instance)
    tunnels: list[Tunnel] = []
    hops: list[TunnelHop] = []
    count: Counter[str] = Counter()
    for flow in flows:
        for demand in (flow.up, flow.down):
            if demand is None:
                continue
            placement, first = placements[flow.name], count[demand.name] + 1
            for tunnel, path in _installed(
                instance, flow, demand, placement, names, latency, first=first
            ):
                tunnels.append(tunnel)
                count[demand.name] += 1
                hops += [
                    TunnelHop(tunnel=tunnel.name, hop=hop, link=link, forward=forward)
                    for hop, (link, forward) in enumerate(path)
                ]
    return Traffic(tuple(tunnels), tuple(hops))


def _installed(
    instance: Instance,
    flow: Flow,
    demand: Demand,
    placement: Placement,
    names: Sequence[str],
    latency: Mapping[str, float],
    *,
    first: int,
) -> Iterator[tuple[Tunnel, list[tuple[str, bool]]]]:
    """Tunnels of one demand, numbered from ``first``, with hops: primaries, then the backup."""
    rate = demand.gbps / len(placement.paths)
    ways = [(path, rate, flow.far, "") for path in placement.paths]
    if placement.backup is not None:
        ways.append((placement.backup, demand.gbps, flow.backup_far, f"{demand.name} t{first}"))
    first_one = f"{demand.name} t{first}"
    ways += [(way.path, demand.gbps, way.far, first_one) for way in placement.further]
    sites = [site.name for site in instance.ground.network.sites]
    for number, (path, gbps, far, protects) in enumerate(ways, start=first):
        turned = path if demand is flow.up else _reversed(path)
        ridden = [(names[arc_link(arc)], arc % 2 == 0) for arc in turned]
        near_far = (sites[flow.near], sites[far])
        source, target = near_far if demand is flow.up else near_far[::-1]
        one_way = sum(latency[link] for link, _ in ridden) + instance.hop_ms * (len(ridden) + 1)
        tunnel = Tunnel(
            name=f"{demand.name} t{number}",
            demand=demand.name,
            source=source,
            target=target,
            rate_gbps=gbps,
            protects=protects,
            rtt_ms=2.0 * (one_way + demand.access_ms),
        )
        yield tunnel, ridden


def _reversed(path: Path) -> Path:
    return tuple(arc ^ 1 for arc in reversed(path))
