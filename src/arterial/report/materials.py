"""The bill of materials by site: what to buy, where it goes, what it draws, how long it takes.

The costs of a plan's rows add up to the plan's cost. Against an older plan the rows are the next
phase: what is bought beyond it, and, with a minus, what it had and the newer one does not need.
"""

from collections.abc import Iterable, Iterator
from math import nan
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.design.bill import bill_of
from arterial.model.figures import figures
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem, LitFibre
from arterial.report.sited import line_cards, shares

__all__ = ["Material", "materials", "next_phase"]

Spend = Literal["capital", "lease", "running"]

_PRICES = {
    "regenerator": "regenerator",
    "router port": "router_port",
    "chassis": "chassis",
    "fibre pair": "pair_km_year",
    "amplifier hut": "amplifier_hut",
    "roadm degree": "roadm_degree",
    "line terminal": "line_terminal",
    "edge site": "edge_site_year",
    "edge build": "edge_site_build",
    "power": "watt_year",
}
"""The field of ``costs`` that an item's price comes from; a pluggable's stands in its mode."""
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
_BOUND = ("fibre pair", "amplifier hut", "roadm degree", "line terminal")
"""What a fibre holds fast; whatever else stands at a site serves any link there."""
_FEWEST = 1e-9


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
    change: Literal["bought", "freed"]
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
    return _sorted(_rows(plan, plan.bill))


def next_phase(new: Plan, old: Plan) -> tuple[Material, ...]:
    """What ``new`` needs beyond ``old``, and what it no longer needs, site by site.

    Fibre pairs are compared as lit, those that stand in either network as lit before included, so
    that an older plan may have become the ground of the newer. Pieces that no fibre holds serve any
    link of their site. What is freed has the older plan's price.
    """
    phase = f"{old.load} to {new.load}"
    before, after = _held(old), _held(new)
    rows: list[Material] = []
    for key in {**after, **before}:
        has, had = after.get(key), before.get(key)
        quantity = (has.quantity if has else 0.0) - (had.quantity if had else 0.0)
        shown = has if has is not None and quantity > 0 else had
        if shown is None or abs(quantity) <= _FEWEST:
            continue
        rows.append(
            msgspec.structs.replace(
                shown,
                phase=phase,
                change="bought" if quantity > 0 else "freed",
                quantity=quantity,
                cost=quantity * shown.unit_cost,
                watts=shown.watts / shown.quantity * quantity,
            )
        )
    return _sorted(rows)


def _held(plan: Plan) -> dict[tuple[str, str, str, str], Material]:
    """Everything that stands once a plan is built, by what may be swapped for what."""
    lines = [line for line in plan.bill if line.item not in _BOUND]
    found: dict[tuple[str, str, str, str], Material] = {}
    for row in _rows(plan, (*lines, *_lit_lines(plan))):
        place = row.place if row.item in _BOUND else ""
        key = (row.site, row.item, row.description, place)
        other = found.get(key)
        found[key] = msgspec.structs.replace(
            row,
            place=place,
            quantity=row.quantity + (other.quantity if other else 0.0),
            watts=row.watts + (other.watts if other else 0.0),
        )
    return found


def _lit_lines(plan: Plan) -> tuple[BillItem, ...]:
    """Lines of the bill as if no pair had been lit before."""
    lit = {row.fibre: row.pairs for row in plan.lit_fibres}
    pairs = [(f.name, max(f.lit_pairs, lit.get(f.name, 0))) for f in plan.network.fibres]
    rows = [LitFibre(fibre=name, pairs=n, new_pairs=n, fill=nan) for name, n in pairs if n]
    return bill_of(plan.network, (), (), rows, ())


def _rows(plan: Plan, lines: Iterable[BillItem]) -> Iterator[Material]:
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


def _sorted(rows: Iterable[Material]) -> tuple[Material, ...]:
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
            "fibre pair",
            "edge build",
            "edge site",
            "power",
        )
    )
}


def _description(network: Network, line: BillItem) -> str:
    fibre = next((one for one in network.fibres if one.name == line.where), None)
    mode = next((one for one in network.modes if one.name == line.kind), None)
    if line.item == "pluggable" and mode is not None:
        form = f" {mode.form_factor}" if mode.form_factor else ""
        return f"{mode.module}{form} set to {mode.name}"
    if line.item == "fibre pair" and fibre is not None and fibre.length_km is not None:
        return f"{fibre.status} {fibre.type} {fibre.length_km:g} km"
    if line.item == "line terminal" and fibre is not None:
        return f"of subsea system {fibre.system}"
    told = {
        "regenerator": f"back to back, its pluggables apart, for {line.kind}",
        "amplifier hut": f"in-line amplifier, both ways: {network.line.amplifier}",
        "roadm degree": "with its amplifiers",
        "chassis": f"{network.costs.chassis_ports} ports",
        "edge build": "a candidate turned into an edge",
        "edge site": "in service",
        "power": "drawn by pluggables",
    }
    return told.get(line.item, line.kind)


def _spend(item: str) -> Spend:
    if item in {"power", "edge site"}:
        return "running"
    return "lease" if item == "fibre pair" else "capital"


def _unit(network: Network, item: str) -> str:
    years = f"for {network.costs.years:g} years"
    return {"power": f"W {years}", "edge site": "year", "fibre pair": f"pair {years}"}.get(
        item, "piece"
    )


def _source(network: Network, line: BillItem, sources: dict[str, str]) -> str:
    if line.item == "pluggable":
        return sources.get(f"mode {line.kind}.cost", "no price is given")
    fibre = next((one for one in network.fibres if one.name == line.where), None)
    if line.item == "fibre pair" and fibre is not None and fibre.pair_km_year is not None:
        return fibre.source or "user"
    return sources.get(f"costs.{_PRICES.get(line.item, line.item)}", "")


def _watts(network: Network, line: BillItem) -> float:
    """Of one piece; power is told at the pluggables that draw it."""
    mode = next((one for one in network.modes if one.name == line.kind), None)
    if line.item != "pluggable" or mode is None or mode.watts is None:
        return nan
    return mode.watts


def _lead_months(network: Network, line: BillItem) -> float:
    if line.item == "fibre pair":
        fibre = next((one for one in network.fibres if one.name == line.where), None)
        own = None if fibre is None else fibre.lead_time_months
        return network.lead_times.fibre if own is None else own
    months: dict[str, float] = {
        item: getattr(network.lead_times, field) for item, field in _LEADS.items()
    }
    return months.get(line.item, nan)
