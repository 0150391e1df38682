"""The bill of materials by site: what to buy, where it goes, what it draws, how long it takes.

The costs of a plan's rows add up to the plan's cost.
"""

from collections.abc import Iterable, Iterator
from math import nan
from typing import Literal

from msgspec import UNSET, Struct

from arterial.model.fibre import Link
from arterial.model.figures import figures
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem
from arterial.report.sited import OF_LINK, line_cards, shares

__all__ = ["Material", "in_order", "materials", "rows_of", "set_to"]

Spend = Literal["capital", "lease", "running"]

_PRICES = {
    "regenerator": "regenerator",
    "router port": "router_port",
    "chassis": "chassis",
    "fibre setup": "fibre_build_km",
    "fibre pair": "pair_km_year",
    "amplifier hut": "amplifier_hut",
    "roadm degree": "roadm_degree",
    "line terminal": "line_terminal",
    "edge site": "edge_site_year",
    "edge build": "edge_site_build",
    "power": "watt_year",
    "gpu": "gpu_year",
    "gpu power": "gpu_kw_year",
}
"""The field of ``costs`` that an item's price comes from; a pluggable's stands in its mode."""
_OF_ROUTE = frozenset({"fibre setup", "fibre pair"})
"""What is told of a fibre by its type and length, and waits for the fibre."""
_LEADS = {
    "pluggable": "pluggable",
    "router port": "router",
    "line card": "router",
    "chassis": "router",
    "roadm degree": "line_system",
    "line terminal": "line_system",
    "amplifier hut": "line_system",
    "regenerator": "line_system",
    "spare regenerator": "line_system",
    "edge build": "site",
}


class Material(Struct, frozen=True, kw_only=True):
    """A row of the bill of materials; figures that nobody gives are NaN."""

    site: str
    """Empty where the plan's tables do not say."""
    item: str
    description: str
    place: str
    """The link or fibre that it is for; empty where it serves the site, or in a later phase."""
    phase: str
    """The load that the plan carries, or from which to which."""
    change: Literal["bought", "freed", "set"]
    """``set``: the same pluggables get another mode, at the difference of the prices."""
    spend: Spend
    quantity: float
    """Below 0 for what is freed."""
    unit: str
    unit_cost: float
    cost: float
    cost_source: str
    watts: float
    """Drawn by all pieces of the row, as their datasheets say."""
    lead_time_months: float
    order_by: str = ""
    """Date, year first; empty without a date of service, or where nothing is ordered."""


def materials(plan: Plan) -> tuple[Material, ...]:
    """Rows of a plan alone, by site, then in the order of its bill."""
    return in_order(rows_of(plan, plan.bill))


def rows_of(plan: Plan, lines: Iterable[BillItem]) -> Iterator[Material]:
    """Rows of some lines of a bill, and the line cards that the plan needs."""
    sources = {row.name: row.source for row in figures(plan.network)}
    for line in lines:
        for share in shares(plan, line):
            yield Material(
                site=share.site,
                item=line.item,
                description=_description(plan.network, line),
                place=share.place,
                phase=plan.load,
                change="bought",
                spend=_spend(line.item),
                quantity=share.quantity,
                unit=_unit(plan.network, line.item),
                unit_cost=line.unit_cost,
                cost=share.quantity * line.unit_cost,
                cost_source=_source(plan.network, line, sources),
                watts=_watts(plan.network, line) * share.quantity,
                lead_time_months=_lead_months(plan.network, line),
            )
    yield from _cards(plan)


def _cards(plan: Plan) -> Iterator[Material]:
    network = plan.network
    for site, count in line_cards(plan).items():
        yield Material(
            site=site,
            item="line card",
            description=f"{network.costs.line_card_ports} ports",
            place="",
            phase=plan.load,
            change="bought",
            spend="capital",
            quantity=float(count),
            unit="piece",
            unit_cost=0.0,
            cost=0.0,
            cost_source="in the cost of its router ports",
            watts=nan,
            lead_time_months=network.lead_times.router,
        )


def in_order(rows: Iterable[Material]) -> tuple[Material, ...]:
    """By site, then as a bill goes through its items."""
    return tuple(sorted(rows, key=lambda row: (row.site, _ORDER.get(row.item, len(_ORDER)))))


_ORDER = {
    item: number
    for number, item in enumerate(
        (
            "pluggable",
            "regenerator",
            "spare regenerator",
            "router port",
            "line card",
            "chassis",
            "roadm degree",
            "line terminal",
            "amplifier hut",
            "fibre setup",
            "fibre pair",
            "leased wave",
            "on-ramp",
            "peering",
            "traffic",
            "edge build",
            "edge site",
            "power",
            "gpu",
            "gpu power",
        )
    )
}


def set_to(mode: Mode) -> str:
    """The words of a pluggable in a mode."""
    form = f" {mode.form_factor}" if mode.form_factor else ""
    return f"{mode.module}{form} set to {mode.name}"


def _description(network: Network, line: BillItem) -> str:
    fibre = next((one for one in network.fibres if one.name == line.where), None)
    mode = next((one for one in network.modes if one.name == line.kind), None)
    if line.item == "pluggable" and mode is not None:
        return set_to(mode)
    if line.item in _OF_ROUTE and fibre is not None and fibre.length_km is not None:
        return f"{fibre.status} {fibre.type} {fibre.length_km:g} km"
    if line.item == "line terminal" and fibre is not None:
        return f"of subsea system {fibre.system}"
    link = _link_of(network, line)
    if link is not None:
        told = f"{link.capacity_gbps:g} Gb/s {link.a} to {link.z}"
        return "Gb/s booked without failure" if line.item == "traffic" else told
    told = {
        "regenerator": f"back to back, its pluggables apart, for {line.kind}",
        "amplifier hut": f"in-line amplifier, both ways: {network.line.amplifier}",
        "roadm degree": "with its amplifiers",
        "chassis": f"{network.costs.chassis_ports} ports",
        "edge build": "a candidate turned into an edge",
        "edge site": "in service",
        "power": "drawn by pluggables",
        "gpu": f"of replicas of {line.kind}",
        "gpu power": f"drawn by replicas of {line.kind}",
    }
    return told.get(line.item, line.kind)


def _link_of(network: Network, line: BillItem) -> Link | None:
    """The ready-made link that a line buys units or traffic of."""
    if line.item not in OF_LINK:
        return None
    return next((one for one in network.links if one.name == line.where), None)


def _spend(item: str) -> Spend:
    if item in {"power", "edge site", "traffic", "gpu", "gpu power"}:
        return "running"
    return "lease" if item == "fibre pair" or item in OF_LINK else "capital"


def _unit(network: Network, item: str) -> str:
    years = f"for {network.costs.years:g} years"
    if item == "traffic":
        return f"Gb/s {years}"
    if item in OF_LINK:
        return f"unit {years}"
    units = {"power": "W", "fibre pair": "pair", "gpu": "piece", "gpu power": "kW"}
    if item in units:
        return f"{units[item]} {years}"
    return "year" if item == "edge site" else "piece"


def _source(network: Network, line: BillItem, sources: dict[str, str]) -> str:
    if line.item == "pluggable":
        return sources.get(f"mode {line.kind}.cost", "no price is given")
    fibre = next((one for one in network.fibres if one.name == line.where), None)
    own = {"fibre pair": "pair_km_year", "fibre setup": "setup_cost"}.get(line.item)
    if own is not None and fibre is not None and getattr(fibre, own) is not None:
        return fibre.source or "user"
    link = _link_of(network, line)
    if link is not None:
        return link.source or "user"
    field = _PRICES.get(line.item, line.item)
    if line.item in ("gpu", "gpu power"):
        site = next(one for one in network.sites if one.name == line.where)
        if getattr(site, field) is not UNSET:
            return site.source or "user"
        return sources.get(f"costs.{field}", "no price is given")
    return sources.get(f"costs.{field}", "")


def _watts(network: Network, line: BillItem) -> float:
    """Of one piece; power is told at the pluggables that draw it."""
    mode = next((one for one in network.modes if one.name == line.kind), None)
    if line.item != "pluggable" or mode is None or mode.watts is None:
        return nan
    return mode.watts


def _lead_months(network: Network, line: BillItem) -> float:
    if line.item in _OF_ROUTE:
        fibre = next((one for one in network.fibres if one.name == line.where), None)
        own = None if fibre is None else fibre.lead_time_months
        return network.lead_times.fibre if own is None else own
    link = _link_of(network, line)
    if link is not None:
        return nan if link.lead_time_months is None else link.lead_time_months
    months: dict[str, float] = {
        item: getattr(network.lead_times, field) for item, field in _LEADS.items()
    }
    return months.get(line.item, nan)
