"""What the plan costs, by item, by kind and by place. Sums of the plan's own rows."""

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem

__all__ = ["BillRow", "Slice", "bill_rows", "slices"]


class BillRow(Struct, frozen=True, kw_only=True):
    """An item of one kind, all places together."""

    item: str
    kind: str
    quantity: float
    unit_cost: float | None
    """None where unit costs differ between places."""
    cost: float
    places: int


class Slice(Struct, frozen=True, kw_only=True):
    """A part of the whole cost."""

    words: str
    cost: float
    share: float
    """Of the bill's sum."""


def bill_rows(plan: Plan) -> tuple[BillRow, ...]:
    """The bill by item and kind, dearest first."""
    groups: dict[tuple[str, str], list[BillItem]] = {}
    for row in plan.bill:
        groups.setdefault((row.item, row.kind), []).append(row)
    rows = [_row(item, kind, lines) for (item, kind), lines in groups.items()]
    return tuple(sorted(rows, key=lambda row: (-row.cost, row.item, row.kind)))


def _row(item: str, kind: str, lines: Sequence[BillItem]) -> BillRow:
    units = {line.unit_cost for line in lines}
    return BillRow(
        item=item,
        kind=kind,
        quantity=math.fsum(line.quantity for line in lines),
        unit_cost=units.pop() if len(units) == 1 else None,
        cost=math.fsum(line.cost for line in lines),
        places=len({line.where for line in lines}),
    )


def slices(
    plan: Plan, by: Callable[[BillItem], str], *, most: int | None = None
) -> tuple[Slice, ...]:
    """The cost divided by ``by``, dearest first, at most ``most`` of them."""
    sums: dict[str, list[float]] = {}
    for row in plan.bill:
        sums.setdefault(by(row), []).append(row.cost)
    total = math.fsum(row.cost for row in plan.bill)
    rows = [
        Slice(words=words, cost=math.fsum(costs), share=math.fsum(costs) / total if total else 0.0)
        for words, costs in sums.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cost, row.words))[:most])
