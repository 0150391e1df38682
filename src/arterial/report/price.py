"""What a plan would not pay without some of its waves or an edge: the bill made again, and less it.

A pair goes with the last wave on it, a chassis with the ports that asked for it.
"""

from collections.abc import Collection

import msgspec
from msgspec import Struct

from arterial.design.bill import bill_of, serving_bill
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem, IpLink, LitFibre

__all__ = ["PricePart", "price_without"]


class PricePart(Struct, frozen=True, kw_only=True):
    """An item of the bill that goes."""

    item: str
    where: str
    quantity: float
    cost: float


def price_without(
    plan: Plan, waves: Collection[str], edges: Collection[str] = ()
) -> tuple[PricePart, ...]:
    """Lines that get shorter, dearest first; they add up to what the plan would be cheaper by."""
    stands = {item.where for item in plan.bill if item.item == "edge site"}
    replicas = plan.serving or ()
    whole = (
        *bill_of(plan.network, plan.ip_links, plan.lightpaths, plan.lit_fibres, sorted(stands)),
        *serving_bill(plan.network, replicas),
    )
    kept = [wave for wave in plan.lightpaths if wave.name not in waves]
    rest = (
        *bill_of(
            plan.network,
            _links(plan, waves),
            kept,
            _lit(plan, waves),
            sorted(stands.difference(edges)),
        ),
        *serving_bill(plan.network, (row for row in replicas if row.edge not in edges)),
    )
    had, has = _by_line(whole), _by_line(rest)
    parts = [
        PricePart(
            item=key[0],
            where=key[1],
            quantity=line[0] - has.get(key, (0.0, 0.0))[0],
            cost=line[1] - has.get(key, (0.0, 0.0))[1],
        )
        for key, line in had.items()
        if line != has.get(key, (0.0, 0.0))
    ]
    return tuple(sorted(parts, key=lambda part: (-part.cost, part.item, part.where)))


def _by_line(bill: Collection[BillItem]) -> dict[tuple[str, str], tuple[float, float]]:
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for row in bill:
        quantity, cost = found.get((row.item, row.where), (0.0, 0.0))
        found[row.item, row.where] = quantity + row.quantity, cost + row.cost
    return found


def _links(plan: Plan, waves: Collection[str]) -> list[IpLink]:
    bare = {link.name for link in plan.ip_links if link.waves} - {
        wave.link for wave in plan.lightpaths if wave.name not in waves
    }
    return [link for link in plan.ip_links if link.name not in bare]


def _lit(plan: Plan, waves: Collection[str]) -> list[LitFibre]:
    """Pairs less those on which no wave is left; pairs that were lit before stay."""
    before, after = _pairs(plan, ()), _pairs(plan, waves)
    return [
        msgspec.structs.replace(row, pairs=row.pairs - dark, new_pairs=row.new_pairs - dark)
        for row in plan.lit_fibres
        for dark in [
            min(
                row.new_pairs,
                len(before.get(row.fibre, set())) - len(after.get(row.fibre, set())),
            )
        ]
    ]


def _pairs(plan: Plan, waves: Collection[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for hop in plan.lightpath_hops:
        if hop.lightpath not in waves:
            found.setdefault(hop.fibre, set()).add(hop.pair)
    return found
