"""The plan's rows looked up by name, for the verifier: dictionaries and plain loops, no arrays.

Written apart from the sweep's tables on purpose: a mistake in one is no mistake in the other.
Nothing here trusts a derived figure of the plan: capacity comes from standing waves, delay from
fibre lengths, ends from hops.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from arterial.fabric.failures import router_count
from arterial.model.fibre import Fibre, Link
from arterial.model.policy import TrafficClass
from arterial.plan.plan import Plan
from arterial.plan.rows import (
    BoughtUnit,
    Demand,
    IpLink,
    Lightpath,
    LightpathHop,
    Replica,
    Tunnel,
)
from arterial.prove.outage import Element, Outage
from arterial.units import fibre_delay_ms

__all__ = ["Hops", "Register", "Way", "left_gbps", "link_delay_ms", "register"]

Hops = tuple[tuple[str, bool], ...]
"""Links in order, each with True when ridden from its a to its z."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a flow's hops come to, whatever is lost."""

    sites: tuple[str, ...] | None
    """In order; None where a hop does not start where the one before it ended."""
    links: frozenset[str]
    edge: str | None
    """The edge whose replicas it needs, "" for none; None when its ends are wrong."""
    round_trip_ms: float


@dataclass(frozen=True, kw_only=True)
class Register:
    """Rows of a plan, by name."""

    plan: Plan
    links: dict[str, IpLink]
    ready_made: dict[str, Link]
    demands: dict[str, Demand]
    tunnels: dict[str, Tunnel]
    routes: dict[str, Hops]
    """Of each tunnel."""
    replicas: dict[str, Replica]
    classes: dict[str, TrafficClass]
    fibres: dict[str, Fibre]
    routers: dict[str, int]
    waves: dict[str, list[Lightpath]]
    """Of each link."""
    units: dict[str, list[BoughtUnit]]
    """Of each ready-made link of which some are bought."""
    wave_hops: dict[str, list[LightpathHop]]
    needs: dict[str, frozenset[Element]]
    """All that a wave is lost with; a wave that does not join its link's ends has no entry."""
    further: dict[str, frozenset[str]]
    """By class of which something is kept after two cuts: all edges, for any of them may answer."""
    delays_ms: dict[str, float] = field(default_factory=dict[str, float])
    """One-way delay of each link, filled in once by ``register``."""
    ways: dict[tuple[str, str, str, Hops], Way] = field(
        default_factory=dict[tuple[str, str, str, Hops], Way]
    )
    """By demand, source, target and hops: what the verifier has walked before."""
    whole: dict[str, tuple[frozenset[Element], float]] = field(
        default_factory=dict[str, tuple[frozenset[Element], float]]
    )
    """By link with waves: all that any of them needs, and Gb/s while nothing of it is lost."""


def register(plan: Plan) -> Register:
    """Look up a plan's rows once. Rows are taken as they are; nothing is repaired."""
    network = plan.network
    hops: dict[str, list[LightpathHop]] = {wave.name: [] for wave in plan.lightpaths}
    for hop in sorted(plan.lightpath_hops, key=lambda row: row.hop):
        hops[hop.lightpath].append(hop)
    routes: dict[str, list[tuple[str, bool]]] = {tunnel.name: [] for tunnel in plan.tunnels}
    for step in sorted(plan.tunnel_hops, key=lambda row: row.hop):
        routes[step.tunnel].append((step.link, step.forward))
    waves: dict[str, list[Lightpath]] = {link.name: [] for link in plan.ip_links}
    for wave in plan.lightpaths:
        waves[wave.link].append(wave)
    units: dict[str, list[BoughtUnit]] = {}
    for unit in plan.bought_units:
        units.setdefault(unit.link, []).append(unit)
    book = Register(
        plan=plan,
        links={link.name: link for link in plan.ip_links},
        ready_made={link.name: link for link in network.links},
        demands={demand.name: demand for demand in plan.demands},
        tunnels={tunnel.name: tunnel for tunnel in plan.tunnels},
        routes={name: tuple(route) for name, route in routes.items()},
        replicas={replica.market: replica for replica in plan.replicas},
        classes={kind.name: kind for kind in network.classes},
        fibres={fibre.name: fibre for fibre in network.fibres},
        routers={site.name: router_count(site) for site in network.sites},
        waves=waves,
        units=units,
        wave_hops=hops,
        needs={},
        further=_further(plan),
    )
    for wave in plan.lightpaths:
        needs = _needs(book, wave)
        if needs is not None:
            book.needs[wave.name] = needs
    for name, link in book.links.items():
        if link.waves:
            own = [book.needs[wave.name] for wave in waves[name] if wave.name in book.needs]
            book.whole[name] = frozenset().union(*own), left_gbps(book, name, frozenset())
    book.delays_ms.update({name: link_delay_ms(book, name) for name in book.links})
    return book


def _further(plan: Plan) -> dict[str, frozenset[str]]:
    """Edges that answer for one another after two cuts, by the classes that a rule names."""
    edges = frozenset(edge for row in plan.replicas for edge in (row.edge, row.failover))
    rules = [rule for rule in plan.network.policy.rules if "fibre2" in rule.after]
    return {name: edges for rule in rules for name in rule.classes}


def left_gbps(book: Register, name: str, out: Outage) -> float:
    """Capacity of a link, each direction, while ``out`` is out of service, Gb/s.

    A link with fewer waves left than ``policy.min_links`` has none.
    """
    link = book.links[name]
    if link.waves == 0:
        given = book.ready_made[name]
        bought = book.units.get(name, [])[: given.for_sale]
        has = given.capacity_gbps * (given.standing + len(bought))
        left = given.capacity_gbps * _ready_units(book, given, bought, out)
        return min(link.capacity_gbps, has) * (left / has) if has else 0.0
    if name in book.whole and book.whole[name][0].isdisjoint(out):
        return book.whole[name][1]
    standing = [
        wave.rate_gbps
        for wave in book.waves[name]
        if wave.name in book.needs and book.needs[wave.name].isdisjoint(out)
    ]
    if len(standing) < book.plan.network.policy.min_links:
        return 0.0
    return min(link.capacity_gbps, sum(standing))


def link_delay_ms(book: Register, name: str) -> float:
    """One-way planning delay of a link without its routers, ms; NaN when a length is missing."""
    latency = book.plan.network.latency
    link = book.links[name]
    if link.waves == 0:
        given = book.ready_made[name]
        told_ms = given.latency_ms
        if told_ms is None:
            told_ms = latency.route_factor * fibre_delay_ms(_known(given.length_km))
        return told_ms if math.isnan(told_ms) else max(told_ms, (given.floor_rtt_ms or 0.0) / 2.0)
    fec_us = {mode.name: mode.fec_us for mode in book.plan.network.modes}
    slowest = 0.0
    for wave in book.waves[name]:
        length_km = sum(_known(book.fibres[h.fibre].length_km) for h in book.wave_hops[wave.name])
        own_us = fec_us[wave.mode]
        coder_ms = (latency.fec_us if own_us is None else own_us) / 1000.0
        delay = latency.route_factor * fibre_delay_ms(length_km)
        delay += coder_ms * (1 + len(wave.regenerators))
        slowest = delay if math.isnan(delay) else max(slowest, delay)
        if math.isnan(slowest):
            return math.nan
    return slowest


def _known(length_km: float | None) -> float:
    return math.nan if length_km is None else length_km


def _needs(book: Register, wave: Lightpath) -> frozenset[Element] | None:
    """What a wave is lost with; None for a wave that is none: it carries nothing."""
    link = book.links[wave.link]
    place, needs = link.a, {("site", link.a, 0), ("wave", wave.name, 0), ("link", link.name, 0)}
    order = [link.a]
    for hop in book.wave_hops[wave.name]:
        fibre = book.fibres[hop.fibre]
        start, end = (fibre.a, fibre.z) if hop.forward else (fibre.z, fibre.a)
        if start != place:
            return None
        place = end
        order.append(place)
        needs |= {("site", place, 0), ("fibre", hop.fibre, 0), ("pair", hop.fibre, hop.pair)}
    rates = {mode.name: mode.rate_gbps for mode in book.plan.network.modes}
    ends = ((link.a, wave.router_a), (link.z, wave.router_z))
    sound = (
        place == link.z
        and wave.rate_gbps <= rates[wave.mode]
        and _in_order(order[1:-1], wave.regenerators)
        and all(1 <= router <= book.routers[site] for site, router in ends)
    )
    if not sound:
        return None
    return frozenset(needs | {("router", site, router) for site, router in ends})


def _in_order(passed: list[str], wanted: Iterable[str]) -> bool:
    at = 0
    for site in wanted:
        if site not in passed[at:]:
            return False
        at = passed.index(site, at) + 1
    return True


def _ready_units(book: Register, link: Link, bought: Iterable[BoughtUnit], out: Outage) -> float:
    """Units of a ready-made link that are left, bought ones by their routers.

    ASSUMPTION: the unit that stood already ends evenly on all routers of its sites.
    """
    share = 1.0
    for kind, name, _ in out:
        if kind in ("fibre", "link") and name == link.name:
            return 0.0
        if kind == "site" and name in (link.a, link.z):
            return 0.0
    for end in (link.a, link.z):
        lost = [element for element in out if element[0] == "router" and element[1] == end]
        share *= 1.0 - len(lost) / max(book.routers[end], 1)
    left = [
        unit
        for unit in bought
        if out.isdisjoint({("router", link.a, unit.router_a), ("router", link.z, unit.router_z)})
    ]
    return share * link.standing + len(left)
