"""The bill worked out again: what the plan's tables need, line by line, at the network's prices.

Nothing of it comes from whoever wrote the bill. A line that is missing, short, invented or at
another price refutes; a price or a datasheet's watts that nobody gave leaves it ``unknown``.
"""

import math
from collections.abc import Iterator

from msgspec import UNSET, Struct

from arterial.fabric.failures import router_count
from arterial.model.fibre import Fibre
from arterial.model.workload import Inference
from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.table_gate import table_gate

__all__ = ["Due", "bill_gate", "dues"]

_TOLERANCE = 1e-6

_BY_KIND = {"pluggable", "regenerator", "spare regenerator", "gpu", "gpu power"}

_Key = tuple[str, str, str]
"""(item, where, mode); the mode is empty but for pluggables and regenerators, of spare ones it is
the module, of accelerators the model."""


class Due(Struct, frozen=True, kw_only=True):
    """What one line of the bill must say; NaN where a figure is missing."""

    item: str
    where: str
    unit_cost: float
    least: float
    most: float
    """More than ``least`` only for chassis: a router that ends no wave may stand or not."""
    mode: str = ""


def bill_gate(plan: Plan) -> Gate:
    """The bill against the tables, the network's prices, its own sums and the plan's cost."""
    total = sum(item.cost for item in plan.bill)
    near = _TOLERANCE * max(1.0, sum(due.least * due.unit_cost for due in dues(plan)))
    wrong, missing = list(_wrong_sums(plan, total, near)), list(_gaps(plan))
    for due, quantity, cost in _compared(plan):
        name = f"{due.item} at {due.where}"
        if math.isnan(due.least * due.unit_cost):
            missing.append(f"{name}: a price or a figure behind it is missing")
        elif quantity < due.least - _TOLERANCE or quantity > due.most + _TOLERANCE:
            wrong.append(f"{name}: billed {quantity:g}, the plan needs {due.least:g}")
        elif abs(cost - quantity * due.unit_cost) > near:
            wrong.append(f"{name}: {quantity:g} x {due.unit_cost:g} is not {cost:g}")
    verdict: Verdict = "unknown" if missing else "proved"
    return table_gate(
        plan,
        "bill",
        "cost",
        (total, plan.cost),
        "refuted" if wrong else verdict,
        next(iter([*wrong, *missing]), ""),
    )


def _gaps(plan: Plan) -> Iterator[str]:
    if math.isnan(plan.cost):
        yield "the plan does not say what it costs"
    for item in plan.bill:
        if math.isnan(item.quantity + item.unit_cost + item.cost):
            yield f"{item.item} at {item.where}: a figure is missing"


def _wrong_sums(plan: Plan, total: float, near: float) -> Iterator[str]:
    """Whatever is not what it says; comparisons with NaN say nothing, ``_gaps`` tells those."""
    for item in plan.bill:
        if abs(item.quantity * item.unit_cost - item.cost) > near:
            said = f"{item.quantity:g} x {item.unit_cost:g} is not {item.cost:g}"
            yield f"{item.item} at {item.where}: {said}"
    if abs(total - plan.cost) > near:
        yield f"the bill adds up to {total:g}; the plan says {plan.cost:g}"


def _compared(plan: Plan) -> Iterator[tuple[Due, float, float]]:
    """What each line must say, with the quantity and the cost that are billed for it."""
    billed: dict[_Key, tuple[float, float]] = {}
    for item in plan.bill:
        mode = item.kind if item.item in _BY_KIND else ""
        quantity, cost = billed.get((item.item, item.where, mode), (0.0, 0.0))
        billed[item.item, item.where, mode] = (quantity + item.quantity, cost + item.cost)
    for due in dues(plan):
        yield due, *billed.pop((due.item, due.where, due.mode), (0.0, 0.0))
    for (item, where, mode), (quantity, cost) in billed.items():
        yield (
            Due(item=item, where=where, mode=mode, unit_cost=0.0, least=0.0, most=0.0),
            quantity,
            cost,
        )


def dues(plan: Plan) -> Iterator[Due]:
    """Every line that the plan's tables ask for, each once."""
    yield from _waves(plan)
    yield from _routers(plan)
    yield from _fibres(plan)
    yield from _edges(plan)
    yield from _units(plan)
    yield from _spares(plan)
    yield from _replicas(plan)


def _replicas(plan: Plan) -> Iterator[Due]:
    """Accelerators of every replica and what they draw, at the prices of their site."""
    costs, sites = plan.network.costs, {site.name: site for site in plan.network.sites}
    needs = {
        work.replica.model: work.replica
        for work in plan.network.workloads
        if isinstance(work, Inference) and work.replica is not UNSET
    }
    for row in plan.serving or ():
        need, site = needs.get(row.model), sites[row.edge]
        year = costs.gpu_year if site.gpu_year is UNSET else site.gpu_year
        kw_year = costs.gpu_kw_year if site.gpu_kw_year is UNSET else site.gpu_kw_year
        gpus = math.nan if need is None else float(need.gpus * row.replicas)
        kw = math.nan if need is None or need.kw is None else need.kw * row.replicas
        yield _due("gpu", row.edge, gpus, (year or 0.0) * costs.years, row.model)
        if kw_year or not math.isnan(kw):
            yield _due("gpu power", row.edge, kw, (kw_year or 0.0) * costs.years, row.model)


def _due(item: str, where: str, quantity: float, unit_cost: float, mode: str = "") -> Due:
    return Due(
        item=item, where=where, unit_cost=unit_cost, least=quantity, most=quantity, mode=mode
    )


def _waves(plan: Plan) -> Iterator[Due]:
    """Two pluggables a wave and two more a regenerator, and what they draw."""
    costs, modes = plan.network.costs, {mode.name: mode for mode in plan.network.modes}
    waves: dict[tuple[str, str], int] = {}
    regenerators: dict[tuple[str, str], int] = {}
    watts: dict[str, float] = {}
    for wave in plan.lightpaths:
        key, pluggables = (wave.link, wave.mode), 2 * (1 + len(wave.regenerators))
        waves[key] = waves.get(key, 0) + 1
        regenerators[key] = regenerators.get(key, 0) + len(wave.regenerators)
        own = modes[wave.mode].watts
        own = math.nan if own is None else own
        watts[wave.link] = watts.get(wave.link, 0.0) + own * pluggables
    for (link, mode), count in waves.items():
        price, again = modes[mode].cost, regenerators[link, mode]
        price = math.nan if price is None else price
        yield _due("pluggable", link, 2 * (count + again), price, mode)
        yield _due("regenerator", link, again, costs.regenerator, mode)
    for link, drawn in watts.items():
        yield _due("power", link, drawn, costs.watt_year * costs.years)


def _routers(plan: Plan) -> Iterator[Due]:
    """A port for every end of a wave or of a unit, and chassis in steps of their ports."""
    costs = plan.network.costs
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    ports: dict[str, dict[int, int]] = {}
    for row in (*plan.lightpaths, *plan.bought_units):
        a, z = ends[row.link]
        for site, router in ((a, row.router_a), (z, row.router_z)):
            own = ports.setdefault(site, {})
            own[router] = own.get(router, 0) + 1
    for site in plan.network.sites:
        own = ports.get(site.name)
        if own:
            least = sum(math.ceil(count / costs.chassis_ports) for count in own.values())
            yield _due("router port", site.name, sum(own.values()), costs.router_port)
            yield Due(
                item="chassis",
                where=site.name,
                unit_cost=costs.chassis,
                least=float(least),
                most=float(least + max(0, router_count(site) - len(own))),
            )


def _fibres(plan: Plan) -> Iterator[Due]:
    """Rent for each pair that was not lit before, and huts and two ROADM degrees on land.

    A pair under the sea has its repeaters in its rent, and a line terminal at each end. The first
    pair of a fibre without any is charged once.
    """
    costs, span_km = plan.network.costs, plan.network.line.span_km
    fibres = {fibre.name: fibre for fibre in plan.network.fibres}
    for row in plan.lit_fibres:
        fibre = fibres[row.fibre]
        fresh = max(0, row.pairs - fibre.lit_pairs)
        if fresh:
            length_km = math.nan if fibre.length_km is None else fibre.length_km
            if fibre.lit_pairs == 0:
                yield from _setup(fibre, costs.fibre_build_km)
            rent = costs.pair_km_year if fibre.pair_km_year is None else fibre.pair_km_year
            yield _due("fibre pair", row.fibre, fresh, rent * length_km * costs.years)
            if fibre.subsea:
                yield _due("line terminal", row.fibre, 2 * fresh, costs.line_terminal)
                continue
            huts = math.nan if math.isnan(length_km) else math.ceil(length_km / span_km) - 1
            yield _due("amplifier hut", row.fibre, fresh * huts, costs.amplifier_hut)
            yield _due("roadm degree", row.fibre, 2 * fresh, costs.roadm_degree)


def _setup(fibre: Fibre, build_km: float | None) -> Iterator[Due]:
    """The row's own charge; else of a candidate what building its route costs."""
    once = fibre.setup_cost
    if once is None and fibre.status == "candidate" and build_km:
        once = math.nan if fibre.length_km is None else build_km * fibre.length_km
    if once:
        yield _due("fibre setup", fibre.name, 1, once)


def _edges(plan: Plan) -> Iterator[Due]:
    """Every edge that a market is served from, or would be: kept for all years, built where new."""
    costs = plan.network.costs
    roles = {site.name: site.roles for site in plan.network.sites}
    for site in sorted({edge for row in plan.replicas for edge in (row.edge, row.failover)}):
        yield _due("edge site", site, costs.years, costs.edge_site_year)
        if "edge" not in roles[site]:
            yield _due("edge build", site, 1, costs.edge_site_build)


def _units(plan: Plan) -> Iterator[Due]:
    """Every unit at its row's price, and what each Gb/s costs that runs without failure."""
    years = plan.network.costs.years
    bought: dict[str, int] = {}
    for unit in plan.bought_units:
        bought[unit.link] = bought.get(unit.link, 0) + 1
    for link in plan.network.links:
        count = bought.get(link.name, 0)
        priced = link.setup_cost is not None or link.cost_year is not None
        setup = 0.0 if link.setup_cost is None else link.setup_cost
        rent = 0.0 if link.cost_year is None else link.cost_year * years
        if count:
            item = "leased wave" if link.kind == "leased-wave" else link.kind
            yield _due(item, link.name, count, setup + rent if priced else math.nan)
        if link.gbps_year:
            yield _due("traffic", link.name, _normal_gbps(plan, link.name), link.gbps_year * years)


def _normal_gbps(plan: Plan, link: str) -> float:
    """What primaries put on a link, the fuller direction."""
    rate = {row.name: row.rate_gbps for row in plan.tunnels if not row.protects}
    hops = [row for row in plan.tunnel_hops if row.link == link]
    return max(
        sum(rate.get(row.tunnel, 0.0) for row in hops if row.forward is way)
        for way in (True, False)
    )


def _spares(plan: Plan) -> Iterator[Due]:
    """A shelf and two pluggables each, at the price of the module's dearest mode."""
    prices: dict[str, list[float]] = {}
    for mode in plan.network.modes:
        price = math.nan if mode.cost is None else mode.cost
        prices.setdefault(mode.module, []).append(price)
    for row in plan.spares:
        known = [price for price in prices[row.module] if not math.isnan(price)]
        unit = plan.network.costs.regenerator + 2 * max(known, default=math.nan)
        yield _due("spare regenerator", row.site, row.regenerators, unit, row.module)
