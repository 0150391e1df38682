"""Double cuts that the links of a shape cannot outlive, however many waves they get.

Of a shape's links, and of links that stand, it is asked whether any two cuts leave a demand a way
within its round trip, at a delay that no wave betters: no regenerators, the fastest FEC. What
fibre elsewhere could carry and these links cannot is the shape's own fault.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import comb, inf

from msgspec import Struct

from arterial.demand.excepted import Pair, Trip, Way, excepted, excepted_over, trips_of
from arterial.design.shape import Shape, ShapeLink
from arterial.fabric.delays import delay_arcs, end_ms
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Replica
from arterial.units import US_PER_MS, fibre_delay_ms

__all__ = ["Cannot", "cannot", "links_of", "shape_owed_nothing"]


class Cannot(Struct, frozen=True, kw_only=True):
    """What two cuts do to links, whatever they carry; people or demands that are owed something."""

    pairs: int
    """Of fibres that the links ride."""
    lost: int
    """Of these: somebody has no way in time, whom other fibre could serve."""
    lost_late: int
    """Of these: no way at all, however late."""
    example: tuple[str, ...]
    """Two fibres after which most are without a way in time; empty where none is."""
    names: tuple[str, ...]
    """Markets, or demands, that these leave none."""


def shape_owed_nothing(
    network: Network, shape: Shape, demands: Sequence[Demand], replicas: Sequence[Replica]
) -> Mapping[Pair, frozenset[Trip]]:
    """By two routes that are cut, the trips that the links of a shape cannot make in time.

    What no network could carry is among them.
    """
    trips = _trips(network, demands, replicas)
    ways = tuple(_ways(network, shape.links))
    own = excepted_over(network, ways, trips, ends_ms=end_ms(network, away=False))
    every, nothing = excepted(network, trips), frozenset[Trip]()
    pairs = dict.fromkeys((*own, *every))
    return {pair: own.get(pair, nothing) | every.get(pair, nothing) for pair in pairs}


def cannot(
    network: Network,
    links: Sequence[ShapeLink],
    demands: Sequence[Demand],
    replicas: Sequence[Replica],
) -> Cannot | None:
    """What links cannot keep of the policy after two cuts; None where no rule speaks of them."""
    trips = _trips(network, demands, replicas)
    if not trips:
        return None
    used = {name for way in _ways(network, links) for name in way.routes}
    lost = _own(network, links, trips, used)
    late = _own(network, links, [replace(trip, limit_ms=inf) for trip in trips], used)
    worst = max(lost, key=lambda pair: (len(lost[pair]), sorted(pair)), default=frozenset[str]())
    return Cannot(
        pairs=comb(len(used), 2),
        lost=len(lost),
        lost_late=len(late),
        example=tuple(sorted(worst)),
        names=tuple(sorted({trip.name for trip in lost.get(worst, frozenset[Trip]())})),
    )


def links_of(plan: Plan) -> tuple[ShapeLink, ...]:
    """The links of a plan, each over every way that some wave of it takes."""
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    ridden: dict[str, list[str]] = {wave.name: [] for wave in plan.lightpaths}
    for hop in sorted(plan.lightpath_hops, key=lambda row: row.hop):
        ridden[hop.lightpath].append(hop.fibre)
    known = {(*ends[wave.link], tuple(ridden[wave.name])): None for wave in plan.lightpaths}
    return tuple(ShapeLink(a=a, z=z, fibres=fibres) for a, z, fibres in known)


def _trips(
    network: Network, demands: Sequence[Demand], replicas: Sequence[Replica]
) -> tuple[Trip, ...]:
    """Of those who are promised something after two cuts."""
    asked = [row for row in demands if network.policy.kept(row.traffic_class, "fibre2") > 0.0]
    return tuple(trips_of(network, asked, replicas).values())


def _own(
    network: Network, links: Sequence[ShapeLink], trips: Sequence[Trip], used: Collection[str]
) -> dict[Pair, frozenset[Trip]]:
    """By two fibres that the links ride, trips without a way that other fibre could make."""
    ways = tuple(_ways(network, links))
    every = excepted(network, trips)
    found = excepted_over(network, ways, trips, ends_ms=end_ms(network, away=False))
    own = {pair: lost - every.get(pair, frozenset[Trip]()) for pair, lost in found.items()}
    return {pair: lost for pair, lost in own.items() if lost and pair <= set(used)}


def _ways(network: Network, links: Sequence[ShapeLink]) -> Iterator[Way]:
    """The links, and those that stand; each brings the router behind it."""
    latency = network.latency
    told_us = [latency.fec_us if one.fec_us is None else one.fec_us for one in network.modes]
    own_ms = min(told_us, default=latency.fec_us) / US_PER_MS + latency.router_ms
    length_km = {fibre.name: fibre.length_km for fibre in network.fibres}
    for link in links:
        known = [km for name in link.fibres if (km := length_km[name]) is not None]
        delay_ms = latency.route_factor * fibre_delay_ms(sum(known)) + own_ms
        yield Way(a=link.a, z=link.z, routes=link.fibres, delay_ms=delay_ms)
    ready = {link.name for link in network.links}
    for arc in delay_arcs(network):
        if arc.name in ready:
            yield Way(a=arc.a, z=arc.z, routes=(arc.name,), delay_ms=arc.delay_ms)
