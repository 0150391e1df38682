"""What an upgrade comes to: pieces, pairs and chassis bought, and the plan with its bound and hash.

Chassis, pairs and power are told apart by comparing the plan before with the plan after; pieces by
the stock that was kept while the work went on.
"""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from arterial import __version__
from arterial.design.ground import ground_of
from arterial.design.restoration import restorable
from arterial.design.stock import Exchanged, Stock
from arterial.optics.occupancy import occupancy_of
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem
from arterial.plan.store import plan_hash

__all__ = ["cost_of", "exchanged", "gap_of", "sealed"]

_SMALL = 1e-9


def exchanged(before: Plan, after: Plan, stock: Stock) -> tuple[Exchanged, ...]:
    """Every piece that was bought or freed, site by site and fibre by fibre."""
    return (*stock.rows(), *_pairs(before, after), *_chassis(before, after))


def cost_of(before: Plan, after: Plan, rows: Sequence[Exchanged]) -> float:
    """Of all that is bought, and of power over the plan's years; freed pieces bring nothing in."""
    return sum(row.cost for row in rows) + _power(after.bill) - _power(before.bill)


def gap_of(cost: float, bound: float) -> float:
    """(cost - bound) / cost; 0 where the cost is its bound."""
    return (cost - bound) / abs(cost) if cost - bound > _SMALL else 0.0


def sealed(
    before: Plan, after: Plan, sections: Sections, asked: object, saved: float, note: str
) -> Plan:
    """The plan afterwards with its restoration, its bound and its hash.

    Parameters
    ----------
    asked
        What was asked; part of the hash.
    saved
        What another choice might have saved at most.
    note
        What was fixed before the bound was taken.
    """
    plan = restorable(after, sections)
    known = msgspec.json.encode((plan_hash(before), asked, __version__))
    return replace(
        plan,
        input_hash=hashlib.sha256(known).hexdigest(),
        bound=plan.cost - saved,
        gap=saved / plan.cost if plan.cost else 0.0,
        bound_scope="restricted",
        bound_note=f"all else kept as it stood: {note}",
        status="gap" if saved <= _SMALL else "rounds",
    )


def _pairs(before: Plan, after: Plan) -> list[Exchanged]:
    """Pairs lit for the upgrade, and what the first of a fibre costs once."""
    had, has = occupancy_of(before), occupancy_of(after)
    ground = ground_of(before.network)
    rows: list[Exchanged] = []
    for number, fibre in enumerate(before.network.fibres):
        bought = has.pairs(number) - had.pairs(number)
        if not bought:
            continue
        pairs = Exchanged(
            item="fibre pair",
            where=fibre.name,
            kind=fibre.status,
            before=had.pairs(number),
            bought=bought,
            freed=0,
            reused=0,
            after=has.pairs(number),
            cost=float(ground.pair_cost[number]) * bought,
        )
        once = float(ground.setup_cost[number])
        if once and not pairs.before:
            rows.append(replace(pairs, item="fibre setup", before=0, bought=1, after=1, cost=once))
        rows.append(pairs)
    return rows


def _chassis(before: Plan, after: Plan) -> list[Exchanged]:
    """Chassis that more ports ask for."""
    stand = {row.where: row.quantity for row in before.bill if row.item == "chassis"}
    rows: list[Exchanged] = []
    for row in after.bill:
        had = int(stand.get(row.where, 0.0)) if row.item == "chassis" else 0
        if row.item == "chassis" and row.quantity > had:
            bought = int(row.quantity) - had
            rows.append(
                Exchanged(
                    item="chassis",
                    where=row.where,
                    kind="",
                    before=had,
                    bought=bought,
                    freed=0,
                    reused=0,
                    after=int(row.quantity),
                    cost=bought * row.unit_cost,
                )
            )
    return rows


def _power(bill: Sequence[BillItem]) -> float:
    return sum(row.cost for row in bill if row.item == "power")
