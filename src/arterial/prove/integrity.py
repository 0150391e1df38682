"""What the plan's tables promise each other: every name is known, every number is a number.

A broken promise means that the files no longer say what was written, so nothing can be said about
the plan: ``DamagedError``. A plan that is whole but wrong is another matter: gates refute it.
"""

import math
from collections.abc import Collection, Iterable, Iterator

from arterial.errors import DamagedError
from arterial.plan.plan import Plan

__all__ = ["check_integrity"]

_REMEDY = "Restore the plan or design it again"


def check_integrity(plan: Plan) -> None:
    """Raise DamagedError for the first row that breaks a promise; say nothing otherwise."""
    sites = {site.name for site in plan.network.sites}
    for check in (_links, _lightpaths, _lightpath_hops, _lit, _replicas, _demands, _tunnels):
        check(plan, sites)
    _tunnel_hops(plan)
    _units(plan)
    _restored(plan, sites)
    _spares(plan, sites)
    _serving(plan, sites)


def _broken(table: str, row: int, found: str) -> DamagedError:
    return DamagedError(f"plan, table {table}", f"row {row}: {found}", _REMEDY)


def _known(table: str, row: int, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise _broken(table, row, f"no {what} is called '{name}'")


def _number(table: str, row: int, field: str, value: float, low: float = 0.0) -> None:
    if not (math.isfinite(value) and value >= low):
        raise _broken(table, row, f"{field} is {value}")


def _unique(table: str, names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for row, name in enumerate(names, 1):
        if name in seen:
            raise _broken(table, row, f"'{name}' stands twice")
        seen.add(name)
    return seen


def _links(plan: Plan, sites: Collection[str]) -> None:
    _unique("ip_links", (link.name for link in plan.ip_links))
    given = {link.name: {link.a, link.z} for link in plan.network.links}
    for row, link in enumerate(plan.ip_links, 1):
        _known("ip_links", row, "site", link.a, sites)
        _known("ip_links", row, "site", link.z, sites)
        _number("ip_links", row, "capacity_gbps", link.capacity_gbps)
        if link.waves == 0:
            _known("ip_links", row, "ready-made link", link.name, given)
            if given[link.name] != {link.a, link.z}:
                found = f"link '{link.name}' does not end where the network's does"
                raise _broken("ip_links", row, found)


def _units(plan: Plan) -> None:
    _unique("bought_units", (f"{row.link} {row.unit}" for row in plan.bought_units))
    links = {link.name for link in plan.network.links}
    for row, unit in enumerate(plan.bought_units, 1):
        _known("bought_units", row, "ready-made link", unit.link, links)


def _lightpaths(plan: Plan, sites: Collection[str]) -> None:
    _unique("lightpaths", (wave.name for wave in plan.lightpaths))
    links = {link.name for link in plan.ip_links}
    modes = {mode.name for mode in plan.network.modes}
    fibres = {"", *(fibre.name for fibre in plan.network.fibres)}
    ridden = {hop.lightpath for hop in plan.lightpath_hops}
    for row, wave in enumerate(plan.lightpaths, 1):
        _known("lightpaths", row, "link", wave.link, links)
        _known("lightpaths", row, "mode", wave.mode, modes)
        _known("lightpath_hops", row, "lightpath", wave.name, ridden)
        _known("lightpaths", row, "fibre", wave.dearest_fibre, fibres)
        for site in wave.regenerators:
            _known("lightpaths", row, "site", site, sites)
        _number("lightpaths", row, "rate_gbps", wave.rate_gbps)
        _number("lightpaths", row, "slot_ghz", wave.slot_ghz)


def _lightpath_hops(plan: Plan, _sites: Collection[str]) -> None:
    waves = {wave.name for wave in plan.lightpaths}
    fibres = {fibre.name for fibre in plan.network.fibres}
    for row, hop in enumerate(plan.lightpath_hops, 1):
        _known("lightpath_hops", row, "lightpath", hop.lightpath, waves)
        _known("lightpath_hops", row, "fibre", hop.fibre, fibres)
        _number("lightpath_hops", row, "pair", hop.pair, 1)
        _number("lightpath_hops", row, "centre_ghz", hop.centre_ghz)
    _in_order("lightpath_hops", ((hop.lightpath, hop.hop) for hop in plan.lightpath_hops))


def _lit(plan: Plan, _sites: Collection[str]) -> None:
    _unique("lit_fibres", (lit.fibre for lit in plan.lit_fibres))
    fibres = {fibre.name for fibre in plan.network.fibres}
    for row, lit in enumerate(plan.lit_fibres, 1):
        _known("lit_fibres", row, "fibre", lit.fibre, fibres)


def _replicas(plan: Plan, sites: Collection[str]) -> None:
    _unique("replicas", (replica.market for replica in plan.replicas))
    markets = {market.name for market in plan.network.markets}
    for row, replica in enumerate(plan.replicas, 1):
        _known("replicas", row, "market", replica.market, markets)
        for site in (replica.site, replica.edge, replica.failover):
            _known("replicas", row, "site", site, sites)


def _demands(plan: Plan, sites: Collection[str]) -> None:
    _unique("demands", (demand.name for demand in plan.demands))
    classes = {traffic_class.name for traffic_class in plan.network.classes}
    served = {"", *(replica.market for replica in plan.replicas)}
    for row, demand in enumerate(plan.demands, 1):
        _known("demands", row, "class", demand.traffic_class, classes)
        _known("demands", row, "site", demand.source, sites)
        _known("demands", row, "site", demand.target, sites)
        _known("demands", row, "market with a replica", demand.market, served)
        _number("demands", row, "gbps", demand.gbps)
        _number("demands", row, "access_ms", demand.access_ms)
        _number("demands", row, "transfer_h", demand.transfer_h)


def _tunnels(plan: Plan, sites: Collection[str]) -> None:
    _unique("tunnels", (tunnel.name for tunnel in plan.tunnels))
    demands = {demand.name for demand in plan.demands}
    primaries = {tunnel.name: tunnel.demand for tunnel in plan.tunnels if not tunnel.protects}
    for row, tunnel in enumerate(plan.tunnels, 1):
        _known("tunnels", row, "demand", tunnel.demand, demands)
        _known("tunnels", row, "site", tunnel.source, sites)
        _known("tunnels", row, "site", tunnel.target, sites)
        _number("tunnels", row, "rate_gbps", tunnel.rate_gbps)
        if tunnel.protects:
            _known("tunnels", row, "primary tunnel", tunnel.protects, primaries)
            if primaries[tunnel.protects] != tunnel.demand:
                raise _broken("tunnels", row, f"'{tunnel.name}' protects another demand's tunnel")


def _tunnel_hops(plan: Plan) -> None:
    tunnels = {tunnel.name for tunnel in plan.tunnels}
    links = {link.name for link in plan.ip_links}
    for row, hop in enumerate(plan.tunnel_hops, 1):
        _known("tunnel_hops", row, "tunnel", hop.tunnel, tunnels)
        _known("tunnel_hops", row, "link", hop.link, links)
    _in_order("tunnel_hops", ((hop.tunnel, hop.hop) for hop in plan.tunnel_hops))


def _restored(plan: Plan, sites: Collection[str]) -> None:
    waves = {wave.name for wave in plan.lightpaths}
    modes = {mode.name for mode in plan.network.modes}
    fibres = {fibre.name for fibre in plan.network.fibres}
    keys = _unique(
        "restored_waves", (f"{row.case}: {row.lightpath}" for row in plan.restored_waves)
    )
    for row, wave in enumerate(plan.restored_waves, 1):
        _known("restored_waves", row, "lightpath", wave.lightpath, waves)
        _known("restored_waves", row, "mode", wave.mode, modes)
        for site in wave.regenerators:
            _known("restored_waves", row, "site", site, sites)
        _number("restored_waves", row, "rate_gbps", wave.rate_gbps)
        _number("restored_waves", row, "slot_ghz", wave.slot_ghz)
    for row, hop in enumerate(plan.restored_hops, 1):
        _known("restored_hops", row, "restored wave", f"{hop.case}: {hop.lightpath}", keys)
        _known("restored_hops", row, "fibre", hop.fibre, fibres)
        _number("restored_hops", row, "pair", hop.pair, 1)
        _number("restored_hops", row, "centre_ghz", hop.centre_ghz)
    _in_order(
        "restored_hops", ((f"{hop.case}: {hop.lightpath}", hop.hop) for hop in plan.restored_hops)
    )


def _spares(plan: Plan, sites: Collection[str]) -> None:
    _unique("spares", (f"{row.module} at {row.site}" for row in plan.spares))
    modules = {mode.module for mode in plan.network.modes}
    for row, spare in enumerate(plan.spares, 1):
        _known("spares", row, "site", spare.site, sites)
        _known("spares", row, "module", spare.module, modules)
        _number("spares", row, "regenerators", spare.regenerators, 1)


def _serving(plan: Plan, sites: Collection[str]) -> None:
    _unique("serving", (f"{row.model} at {row.edge}" for row in plan.serving or ()))
    for row, stand in enumerate(plan.serving or (), 1):
        _known("serving", row, "site", stand.edge, sites)
        _number("serving", row, "replicas", stand.replicas)
        _number("serving", row, "gpus", stand.gpus)


def _in_order(table: str, hops: Iterator[tuple[str, int]]) -> None:
    """Hops of one path are numbered from 0 or from 1, none twice and none left out."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    for row, (name, number) in enumerate(hops, 1):
        numbers.setdefault(name, []).append((number, row))
    for name, found in numbers.items():
        first = min(number for number, _ in found)
        for place, (number, row) in enumerate(sorted(found), first):
            if first not in (0, 1) or number != place:
                raise _broken(table, row, f"the hops of '{name}' are not numbered one by one")
