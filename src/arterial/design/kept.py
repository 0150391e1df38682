"""What an earlier plan built, as a later design finds it: bundles that stand and are never moved.

A bundle keeps its waves with their mode, route, frequencies and routers; more waves of the same
mode may join it at the price of the day. Pairs that were lit, are lit; chassis that waves end on
stand. Units of ready-made links are leased, not built: a later design takes those that it needs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from arterial.design.bill import chassis_at, ports_used
from arterial.design.candidates import Route
from arterial.design.ground import Ground
from arterial.design.standing import Wave
from arterial.model.network import Network
from arterial.model.wave import Wave as InService
from arterial.optics.modes import RouteOption
from arterial.plan.plan import Plan
from arterial.plan.rows import LightpathHop
from arterial.plan.transparent import fibre_ends, transparent_parts

__all__ = ["Kept", "Legacy", "in_service", "legacy_of", "priced", "with_pairs"]


@dataclass(frozen=True)
class Kept:
    """A bundle that stands."""

    name: str
    route: Route
    option: RouteOption
    """Its mode, at the price that one more wave costs now."""
    waves: tuple[Wave, ...]


@dataclass(frozen=True)
class Legacy:
    """Everything that stands."""

    bundles: tuple[Kept, ...] = ()
    chassis: tuple[tuple[str, int], ...] = ()
    """By site, those that waves end on."""


def with_pairs(network: Network, before: Plan) -> Network:
    """The network with the pairs lit that an earlier plan lit."""
    lit = {row.fibre: row.pairs for row in before.lit_fibres}
    return msgspec.structs.replace(
        network,
        fibres=tuple(
            msgspec.structs.replace(row, lit_pairs=max(row.lit_pairs, lit.get(row.name, 0)))
            for row in network.fibres
        ),
    )


def legacy_of(ground: Ground, before: Plan) -> Legacy:
    """What a plan built, on the ground of a later network that has all its fibres."""
    hops: dict[str, list[LightpathHop]] = {}
    for hop in sorted(before.lightpath_hops, key=lambda hop: (hop.lightpath, hop.hop)):
        hops.setdefault(hop.lightpath, []).append(hop)
    waves: dict[str, list[Wave]] = {}
    for row in before.lightpaths:
        waves.setdefault(row.link, []).append(Wave(row, tuple(hops[row.name])))
    fibre = {row.name: number for number, row in enumerate(ground.network.fibres)}
    bundles = [
        Kept(
            name=link.name,
            route=Route(
                ground.site_index[link.a],
                ground.site_index[link.z],
                tuple(2 * fibre[hop.fibre] + (not hop.forward) for hop in waves[link.name][0].hops),
            ),
            option=_option(ground.network, waves[link.name][0]),
            waves=tuple(waves[link.name]),
        )
        for link in before.ip_links
        if link.name in waves
    ]
    ports = ports_used(before.ip_links, before.lightpaths)
    used = {site for site, _ in ports}
    chassis = [
        (site.name, chassis_at(ground.network, ports, site))
        for site in ground.network.sites
        if site.name in used
    ]
    return Legacy(tuple(bundles), tuple(chassis))


def _option(network: Network, wave: Wave) -> RouteOption:
    row = wave.row
    parts = list(transparent_parts(fibre_ends(network), row.regenerators, wave.hops))
    return priced(
        network,
        RouteOption(
            mode=row.mode,
            rate_gbps=row.rate_gbps,
            slot_ghz=row.slot_ghz,
            regenerator_hops=tuple(part[-1].hop for part in parts[:-1]),
            cost=0.0,
            watts=row.watts,
            gsnr_db=row.gsnr_db,
            osnr_db=row.osnr_db,
            margin_db=row.margin_db,
        ),
    )


def priced(network: Network, option: RouteOption) -> RouteOption:
    """The option at a network's prices."""
    mode = next(mode for mode in network.modes if mode.name == option.mode)
    pieces = 2 * (1 + option.regenerators)
    cost = pieces * (mode.cost or 0.0) + option.regenerators * network.costs.regenerator
    return msgspec.structs.replace(option, cost=cost)


def in_service(network: Network, bundles: Sequence[Kept]) -> Network:
    """The network with the waves of all bundles among those in service."""
    ends = fibre_ends(network)
    rows = [row for kept in bundles for wave in kept.waves for row in _parts(ends, wave)]
    return msgspec.structs.replace(network, waves=(*network.waves, *rows))


def _parts(ends: dict[str, tuple[str, str]], wave: Wave) -> Iterator[InService]:
    parts = transparent_parts(ends, wave.row.regenerators, wave.hops)
    for number, part in enumerate(parts):
        yield InService(
            name=f"{wave.row.name}@{number}",
            a=ends[part[0].fibre][0 if part[0].forward else 1],
            fibres=tuple(hop.fibre for hop in part),
            pairs=tuple(hop.pair for hop in part),
            centre_ghz=part[0].centre_ghz,
            slot_ghz=wave.row.slot_ghz,
            mode=wave.row.mode,
        )
