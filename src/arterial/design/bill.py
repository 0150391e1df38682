"""The bill of materials: every line with its unit cost, adding up to the plan's cost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import isnan

from arterial.demand.serving import gpu_prices
from arterial.design.ground import huts, setup_cost
from arterial.fabric.failures import router_count
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.plan.rows import (
    BillItem,
    BoughtUnit,
    IpLink,
    Item,
    Lightpath,
    LitFibre,
    Serving,
    SpareRegenerators,
    Tunnel,
    TunnelHop,
)

__all__ = [
    "bill_of",
    "chassis_at",
    "ports_used",
    "serving_bill",
    "spare_bill",
    "spare_cost",
    "traffic_bill",
]

_ITEMS: dict[str, Item] = {
    "leased-wave": "leased wave",
    "on-ramp": "on-ramp",
    "peering": "peering",
}


def bill_of(
    network: Network,
    links: Sequence[IpLink],
    lightpaths: Sequence[Lightpath],
    lit: Sequence[LitFibre],
    edges: Sequence[str],
    units: Sequence[BoughtUnit] = (),
) -> tuple[BillItem, ...]:
    """Every line of what a plan buys and runs for ``costs.years``, traffic paid by rate apart."""
    return (
        *_waves(network, lightpaths),
        *_routers(network, links, (*lightpaths, *units)),
        *_units(network, units),
        *_fibres(network, lit),
        *_edges(network, edges),
    )


def traffic_bill(
    network: Network, tunnels: Iterable[Tunnel], hops: Iterable[TunnelHop]
) -> Iterator[BillItem]:
    """What links ask for each Gb/s that runs without failure, in the fuller direction."""
    rate = {tunnel.name: tunnel.rate_gbps for tunnel in tunnels if not tunnel.protects}
    booked: dict[tuple[str, bool], float] = {}
    for hop in hops:
        key = (hop.link, hop.forward)
        booked[key] = booked.get(key, 0.0) + rate.get(hop.tunnel, 0.0)
    for link in network.links:
        gbps = max(booked.get((link.name, way), 0.0) for way in (True, False))
        if link.gbps_year and gbps:
            price = link.gbps_year * network.costs.years
            yield _line("traffic", link.name, "Gb/s without failure", gbps, price)


def serving_bill(network: Network, serving: Iterable[Serving]) -> Iterator[BillItem]:
    """Accelerators of each edge and model, and their power where somebody says what they draw."""
    sites = {site.name: site for site in network.sites}
    for row in serving:
        gpu, kw = gpu_prices(network, sites[row.edge])
        yield _line("gpu", row.edge, row.model, row.gpus, gpu)
        if not isnan(row.kw):
            yield _line("gpu power", row.edge, row.model, row.kw, kw)


def spare_cost(network: Network, module: str) -> float:
    """A spare regenerator: its shelf and two pluggables, at the price of their dearest mode.

    Where no mode of the module has a price the shelf alone counts, and the bill stays unproved.
    """
    prices = [mode.cost for mode in network.modes if mode.module == module and mode.cost]
    return network.costs.regenerator + 2 * max(prices, default=0.0)


def spare_bill(network: Network, spares: Iterable[SpareRegenerators]) -> tuple[BillItem, ...]:
    """A line for the spare regenerators of each site and module."""
    return tuple(
        _line(
            "spare regenerator",
            row.site,
            row.module,
            row.regenerators,
            spare_cost(network, row.module),
        )
        for row in spares
    )


def _waves(network: Network, lightpaths: Sequence[Lightpath]) -> Iterator[BillItem]:
    costs = network.costs
    price = {mode.name: mode.cost for mode in network.modes}
    links: dict[str, dict[str, list[Lightpath]]] = {}
    for lightpath in lightpaths:
        links.setdefault(lightpath.link, {}).setdefault(lightpath.mode, []).append(lightpath)
    for link, modes in links.items():
        for mode, waves in modes.items():
            regenerators = sum(len(wave.regenerators) for wave in waves)
            pieces = 2 * len(waves) + 2 * regenerators
            yield _line("pluggable", link, mode, pieces, price[mode] or 0.0)
            if regenerators:
                yield _line("regenerator", link, mode, regenerators, costs.regenerator)
        drawn = [wave.watts for waves in modes.values() for wave in waves if not isnan(wave.watts)]
        yield _line("power", link, "watt", sum(drawn), costs.watt_year * costs.years)


def _routers(
    network: Network, links: Sequence[IpLink], waves: Sequence[Lightpath | BoughtUnit]
) -> Iterator[BillItem]:
    costs = network.costs
    ports = ports_used(links, waves)
    used = {site for site, _ in ports}
    for site in network.sites:
        if site.name in used:
            yield _line(
                "router port", site.name, "pluggable port", _at(ports, site.name), costs.router_port
            )
            yield _line(
                "chassis", site.name, "router", chassis_at(network, ports, site), costs.chassis
            )


def ports_used(
    links: Sequence[IpLink], waves: Sequence[Lightpath | BoughtUnit]
) -> Counter[tuple[str, int]]:
    """Ports by site and 1-based router: one for each end of a wave, or of a unit bought."""
    ends = {link.name: (link.a, link.z) for link in links}
    ports: Counter[tuple[str, int]] = Counter()
    for wave in waves:
        a, z = ends[wave.link]
        ports[a, wave.router_a] += 1
        ports[z, wave.router_z] += 1
    return ports


def chassis_at(network: Network, ports: Counter[tuple[str, int]], site: Site) -> int:
    """Chassis at a site in use: at least one in each of its routers, more in steps of ports."""
    steps = network.costs.chassis_ports
    routers = max(router_count(site), *(number for name, number in ports if name == site.name))
    return sum(max(1, -(-ports[site.name, number] // steps)) for number in range(1, routers + 1))


def _at(ports: Counter[tuple[str, int]], site: str) -> int:
    return sum(count for (name, _), count in ports.items() if name == site)


def _fibres(network: Network, lit: Iterable[LitFibre]) -> Iterator[BillItem]:
    costs = network.costs
    known = {fibre.name: fibre for fibre in network.fibres}
    for row in lit:
        fibre = known[row.fibre]
        if not row.new_pairs or fibre.length_km is None:
            continue
        once = setup_cost(network, fibre)
        if once and row.pairs == row.new_pairs:
            yield _line("fibre setup", fibre.name, fibre.status, 1, once)
        rent = costs.pair_km_year if fibre.pair_km_year is None else fibre.pair_km_year
        years = rent * fibre.length_km * costs.years
        yield _line("fibre pair", fibre.name, fibre.status, row.new_pairs, years)
        count = huts(network, fibre) * row.new_pairs
        if count:
            yield _line("amplifier hut", fibre.name, fibre.status, count, costs.amplifier_hut)
        end: Item = "line terminal" if fibre.subsea else "roadm degree"
        price = costs.line_terminal if fibre.subsea else costs.roadm_degree
        yield _line(end, fibre.name, fibre.status, 2 * row.new_pairs, price)


def _units(network: Network, units: Iterable[BoughtUnit]) -> Iterator[BillItem]:
    count = Counter(unit.link for unit in units)
    for link in network.links:
        if count[link.name]:
            item = _ITEMS[link.kind]
            cost = link.unit_cost(network.costs.years)
            yield _line(item, link.name, link.kind, count[link.name], cost)


def _edges(network: Network, edges: Sequence[str]) -> Iterator[BillItem]:
    costs = network.costs
    for site in network.sites:
        if site.name in edges:
            stands = "edge" in site.roles
            kind = "existing" if stands else "candidate"
            yield _line("edge site", site.name, kind, costs.years, costs.edge_site_year)
            if not stands:
                yield _line("edge build", site.name, kind, 1, costs.edge_site_build)


def _line(item: Item, where: str, kind: str, quantity: float, unit_cost: float) -> BillItem:
    return BillItem(
        item=item,
        where=where,
        kind=kind,
        quantity=float(quantity),
        unit_cost=unit_cost,
        cost=quantity * unit_cost,
    )
