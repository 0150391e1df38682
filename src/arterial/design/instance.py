"""A design problem as arrays: candidate links with their options, and what each failure takes down.

Axes: L candidate links (arc ``2 l`` from a to z), O options of a link (one mode each), F failure
cases, M fibres. A link is one bundle of one mode on one fibre route; a case takes it whole. Router
failures take half of a bundle and are settled when waves are given to routers (``build.py``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from arterial.design.candidates import Route
from arterial.design.ground import Ground
from arterial.design.kept import Kept, Legacy
from arterial.design.kernels import ANY, NO_OPTION, Tariff
from arterial.design.room import Room, room_of
from arterial.fabric.failures import Failure, single_failures
from arterial.fabric.ip import link_delay_ms
from arterial.model.fibre import Link
from arterial.model.network import Network
from arterial.optics.modes import RouteOption
from arterial.paths.graph import Graph, arc_link
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "NOTHING",
    "Instance",
    "instance_of",
    "link_latency_ms",
    "option_latency_ms",
    "wave_columns",
    "wave_cost",
]


NOTHING = Legacy()


@dataclass(frozen=True)
class Instance:
    """Candidate links, prices and failures."""

    ground: Ground
    routes: tuple[Route, ...]
    options: tuple[tuple[RouteOption, ...], ...]
    graph: Graph
    """IP graph: sites and candidate links."""
    ends: IntArray
    """(L, 2) sites a and z."""
    rate_gbps: FloatArray
    """(L, O) of one wave; 1 where there is no such option (``real`` tells)."""
    real: BoolArray
    """(L, O) True where the link has such an option."""
    wave_cost: FloatArray
    """(L, O) of one wave with ports and power, or of one unit of a ready-made link with its ports;
    ``NO_OPTION`` where there is no such option."""
    slot_ghz: FloatArray
    """(L, O)"""
    free_waves: IntArray
    """(L,) waves that are there already: 1 for a ready-made link that stands, all of a bundle of
    an earlier plan."""
    most_waves: IntArray
    """(L,) waves that there can be: units of a ready-made link, ``ANY`` where light is new."""
    gbps_cost: FloatArray
    """(L,) over the years, of each Gb/s booked without failure."""
    kept: tuple[Kept | None, ...]
    """(L,) bundles that stand from an earlier plan."""
    stand_chassis: IntArray
    """(N,) chassis that stand from an earlier plan."""
    link_fibre: BoolArray
    """(L, M)"""
    latency_ms: FloatArray
    """(L,) one way, the slowest option's planning value; each router adds ``hop_ms``."""
    hop_ms: float
    failures: tuple[Failure, ...]
    """Every kind but routers, whose loss is settled later."""
    dead: BoolArray
    """(F, L)"""
    dead_of: BoolArray
    """(L, F) the same turned, for a few links at a time."""
    room: Room
    """Spectrum by fibre."""
    usable_normal: float
    usable_failed: float

    @cached_property
    def double(self) -> BoolArray:
        """(F,) cases of two cuts at once."""
        return np.array([failure.kind == "fibre2" for failure in self.failures], dtype=np.bool_)

    @cached_property
    def dark(self) -> BoolArray:
        """(M,) fibres on which the first new wave asks for a further pair: unlit, or full."""
        return self.ground.lit * self.room.band_ghz <= self.room.taken_ghz

    @cached_property
    def charged(self) -> BoolArray:
        """(M,) fibres whose first pair costs something once, and is not lit."""
        ground = self.ground
        return (ground.lit == 0) & (ground.setup_cost > 0.0) & np.isfinite(ground.pair_cost)

    @cached_property
    def lighting(self) -> IntArray:
        """(M,) the master's column that is 1 or more where a pair is lit beyond those there are.

        That of the pairs, and where a fibre's first pair is charged that of the charge: it is whole
        where pairs are parts of the cable.
        """
        first = self.rate_gbps.size
        fibres = len(self.charged)
        setup = first + fibres + self.graph.sites + np.cumsum(self.charged) - 1
        return np.where(self.charged, setup, first + np.arange(fibres)).astype(np.int64)

    @cached_property
    def stand_waves(self) -> IntArray:
        """(L,) waves that stand from an earlier plan and are not taken out."""
        return np.array([0 if kept is None else len(kept.waves) for kept in self.kept], np.int64)

    @cached_property
    def stand_ports(self) -> IntArray:
        """(N,) router ports of those waves."""
        ports = np.zeros(self.graph.sites, dtype=np.int64)
        np.add.at(ports, self.ends, self.stand_waves[:, None])
        return ports

    @cached_property
    def stand_cost(self) -> float:
        """Waves and chassis that stand, at the prices of today: what a bound of all is less of."""
        chassis = float(self.stand_chassis.sum()) * self.ground.network.costs.chassis
        return float(self.stand_waves @ self.wave_cost[:, 0]) + chassis

    @cached_property
    def tariff(self) -> Tariff:
        """Prices and limits as compiled loops read them."""
        ground, costs = self.ground, self.ground.network.costs
        return Tariff(
            rate_gbps=self.rate_gbps,
            wave_cost=self.wave_cost,
            slot_ghz=self.slot_ghz,
            free=self.free_waves,
            most=self.most_waves,
            gbps_cost=self.gbps_cost,
            ends=self.ends,
            first_fibre=np.concatenate([[0], np.cumsum(self.link_fibre.sum(axis=1))]),
            fibre=np.nonzero(self.link_fibre)[1],
            lit=ground.lit,
            pairs=ground.pairs,
            pair_cost=ground.pair_cost,
            setup_cost=ground.setup_cost,
            band_ghz=self.room.band_ghz,
            taken_ghz=self.room.taken_ghz,
            routers=ground.routers,
            stand_ports=self.stand_ports,
            stand_chassis=self.stand_chassis,
            chassis_ports=costs.chassis_ports,
            chassis=float(costs.chassis),
            usable_normal=self.usable_normal,
            usable_failed=self.usable_failed,
        )


def instance_of(
    ground: Ground,
    routes: Sequence[Route],
    options: Sequence[tuple[RouteOption, ...]],
    edges: Sequence[str],
    legacy: Legacy = NOTHING,
) -> Instance:
    """Arrays of a design problem; routes without a feasible and priced option are left out.

    Ready-made links of the network join the candidates: one wave that stands, units for sale. So do
    bundles of an earlier plan: their first waves cost nothing, and more may join them.
    """
    network = ground.network
    kept = [
        (route, priced)
        for route, found in zip(routes, options, strict=True)
        if (priced := _worthwhile(network, found))
    ]
    kept += [_given(ground, link) for link in network.links]
    bundles = (*(None for _ in kept), *legacy.bundles)
    kept += [(bundle.route, (bundle.option,)) for bundle in legacy.bundles]
    given = {link.name: link for link in network.links}
    links = [given.get(route.given) for route, _ in kept]
    link_fibre = np.zeros((len(kept), len(network.fibres)), dtype=np.bool_)
    for link, (route, _) in enumerate(kept):
        link_fibre[link, [arc_link(arc) for arc in route.arcs]] = True
    used = [fibre.name for m, fibre in enumerate(network.fibres) if link_fibre[:, m].any()]
    used += [link.name for link in network.links]
    failures = tuple(
        failure
        for failure in single_failures(network, fibres=used, router_sites=(), edges=edges)
        if failure.kind != "router"
    )
    ends = [(route.a, route.z) for route, _ in kept]
    widest = max((len(found) for _, found in kept), default=1)
    dead = _dead(ground, [route for route, _ in kept], link_fibre, failures)
    return Instance(
        ground=ground,
        routes=tuple(route for route, _ in kept),
        options=tuple(found for _, found in kept),
        graph=Graph.of(ground.graph.sites, [a for a, _ in ends], [z for _, z in ends]),
        ends=np.array(ends, dtype=np.int64).reshape(-1, 2),
        rate_gbps=_padded(kept, widest, lambda option: option.rate_gbps, 1.0),
        real=_padded(kept, widest, lambda _: 1.0, 0.0) > 0.0,
        wave_cost=_padded(kept, widest, lambda option: wave_cost(network, option), NO_OPTION),
        slot_ghz=_padded(kept, widest, lambda option: option.slot_ghz, 0.0),
        free_waves=_standing(bundles, links),
        most_waves=np.array([link.most if link else ANY for link in links], dtype=np.int64),
        gbps_cost=np.array([link.gbps_year or 0.0 if link else 0.0 for link in links])
        * network.costs.years,
        kept=bundles,
        stand_chassis=_chassis(ground, legacy),
        link_fibre=link_fibre,
        latency_ms=np.array([_latency_ms(ground, route, found) for route, found in kept]),
        hop_ms=network.latency.router_ms,
        failures=failures,
        dead=dead,
        dead_of=np.ascontiguousarray(dead.T),
        room=room_of(network),
        usable_normal=network.policy.usable(failed=False),
        usable_failed=network.policy.usable(failed=True),
    )


def _standing(bundles: Sequence[Kept | None], links: Sequence[Link | None]) -> IntArray:
    return np.array(
        [
            len(bundle.waves) if bundle else link.standing if link else 0
            for bundle, link in zip(bundles, links, strict=True)
        ],
        dtype=np.int64,
    )


def _chassis(ground: Ground, legacy: Legacy) -> IntArray:
    count = np.zeros(ground.graph.sites, dtype=np.int64)
    for site, boxes in legacy.chassis:
        count[ground.site_index[site]] = boxes
    return count


def _worthwhile(network: Network, options: Iterable[RouteOption]) -> tuple[RouteOption, ...]:
    """Priced options that no other beats or equals in rate, spectrum and whole cost at once."""
    kept: list[RouteOption] = []
    priced = [option for option in options if not np.isnan(option.cost)]
    for option in sorted(priced, key=lambda o: (wave_cost(network, o), -o.rate_gbps, o.slot_ghz)):
        if not any(k.rate_gbps >= option.rate_gbps and k.slot_ghz <= option.slot_ghz for k in kept):
            kept.append(option)
    return tuple(kept)


def _given(ground: Ground, link: Link) -> tuple[Route, tuple[RouteOption, ...]]:
    """A ready-made link as a candidate: a unit is a wave, and beyond ``most`` there is none.

    Where a unit stands and more are for sale they are two options of one rate: first that unit,
    then those that cost.
    """
    site, costs = ground.site_index, list[float]()
    if link.standing:
        costs.append(NO_OPTION)
    if link.for_sale:
        costs.append(link.unit_cost(ground.network.costs.years))
    options = tuple(
        RouteOption(
            mode="",
            rate_gbps=link.capacity_gbps,
            slot_ghz=0.0,
            regenerator_hops=(),
            cost=cost,
            watts=0.0,
            gsnr_db=np.nan,
            osnr_db=np.nan,
            margin_db=np.nan,
        )
        for cost in costs
    )
    return Route(site[link.a], site[link.z], (), link.name), options


def link_latency_ms(network: Network, link: Link) -> float:
    """One-way planning delay of a ready-made link; inf when neither delay nor length is known."""
    delay_ms = link_delay_ms(network, link)
    return np.inf if delay_ms is None else delay_ms


def wave_cost(network: Network, option: RouteOption) -> float:
    """One wave: pluggables and regenerators, two router ports, power over the years."""
    costs = network.costs
    watts = 0.0 if np.isnan(option.watts) else option.watts
    return option.cost + 2 * costs.router_port + watts * costs.watt_year * costs.years


def option_latency_ms(ground: Ground, route: Route, option: RouteOption) -> float:
    """One way, planning value: fibre, FEC at the end and at each regenerator."""
    fec_us = next((mode.fec_us for mode in ground.network.modes if mode.name == option.mode), None)
    each_us = ground.network.latency.fec_us if fec_us is None else fec_us
    return ground.delay_ms(route.arcs) + each_us / 1000.0 * (1 + len(option.regenerator_hops))


def _latency_ms(ground: Ground, route: Route, options: tuple[RouteOption, ...]) -> float:
    if route.given:
        link = next(link for link in ground.network.links if link.name == route.given)
        return link_latency_ms(ground.network, link)
    return max(option_latency_ms(ground, route, option) for option in options)


def _padded(
    kept: list[tuple[Route, tuple[RouteOption, ...]]],
    widest: int,
    value: Callable[[RouteOption], float],
    empty: float,
) -> FloatArray:
    table = np.full((len(kept), widest), empty)
    for link, (_, found) in enumerate(kept):
        table[link, : len(found)] = [value(option) for option in found]
    return table


def _dead(
    ground: Ground, routes: list[Route], link_fibre: BoolArray, failures: tuple[Failure, ...]
) -> BoolArray:
    """(F, L) links that a case takes down: by a fibre they ride or a site they pass."""
    fibre_index = {fibre.name: m for m, fibre in enumerate(ground.network.fibres)}
    given = np.array([route.given for route in routes])
    passes = np.zeros((len(routes), ground.graph.sites), dtype=np.bool_)
    for link, route in enumerate(routes):
        passes[link, [route.a, route.z, *ground.graph.sites_of(route.arcs)]] = True
    dead = np.zeros((len(failures), len(routes)), dtype=np.bool_)
    for case, failure in enumerate(failures):
        if failure.kind == "site":
            dead[case] = passes[:, ground.site_index[failure.site]]
        elif failure.fibres:
            cut = [fibre_index[name] for name in failure.fibres if name in fibre_index]
            dead[case] = link_fibre[:, cut].any(axis=1) | np.isin(given, failure.fibres)
    return dead


def wave_columns(instance: Instance, links: IntArray) -> IntArray:
    """Columns ``l * O + o`` of all options of some links, link by link."""
    options = instance.rate_gbps.shape[1]
    return (links[:, None] * options + np.arange(options, dtype=np.int64)).reshape(-1)
