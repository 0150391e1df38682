"""The bill of the next phase: what a plan needs beyond an older one.

What is bought, with a minus what the older one had and the newer one does not need, and pluggables
that stay where they are and get another mode.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import nan

import msgspec

from arterial.design.bill import bill_of
from arterial.model.pluggable import Mode
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem, LitFibre
from arterial.report.materials import Material, in_order, rows_of, set_to
from arterial.report.sited import OF_FIBRE

__all__ = ["next_phase"]

_FEWEST = 1e-9


def next_phase(new: Plan, old: Plan) -> tuple[Material, ...]:
    """What ``new`` needs beyond ``old``, and what it no longer needs, site by site.

    Fibre pairs are compared as lit, those that stand in either network as lit before included, so
    that an older plan may have become the ground of the newer. Pieces that no fibre holds serve any
    link of their site. What is freed has the older plan's price. Of pluggables that a site frees
    and needs, those of one module are set to their new mode and not bought: it costs the same.
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
                _of(shown, quantity), phase=phase, change="bought" if quantity > 0 else "freed"
            )
        )
    return in_order(_set(rows, (*old.network.modes, *new.network.modes)))


def _held(plan: Plan) -> dict[tuple[str, str, str, str], Material]:
    """Everything that stands once a plan is built, by what may be swapped for what."""
    lines = [line for line in plan.bill if line.item not in OF_FIBRE]
    found: dict[tuple[str, str, str, str], Material] = {}
    for row in rows_of(plan, (*lines, *_lit_lines(plan))):
        place = row.place if row.item in OF_FIBRE else ""
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


def _set(rows: Iterable[Material], modes: Sequence[Mode]) -> Iterator[Material]:
    """Pluggables freed and bought of one module at one site become pluggables set anew."""
    mode_of = {set_to(mode): mode for mode in modes}
    freed: dict[tuple[str, str], list[Material]] = {}
    bought: list[Material] = []
    for row in rows:
        mode = mode_of.get(row.description) if row.item == "pluggable" else None
        if mode is None:
            yield row
        elif row.change == "freed":
            freed.setdefault((row.site, mode.module), []).append(row)
        else:
            bought.append(row)
    for row in bought:
        mode, left = mode_of[row.description], row
        there = freed.get((row.site, mode.module), [])
        while there and left.quantity > _FEWEST:
            had = there.pop(0)
            count = min(left.quantity, -had.quantity)
            yield _reset(left, had, count, f"{set_to(mode)}, was {mode_of[had.description].name}")
            left = _of(left, left.quantity - count)
            if -had.quantity - count > _FEWEST:
                there.insert(0, _of(had, had.quantity + count))
        if left.quantity > _FEWEST:
            yield left
    for rest in freed.values():
        yield from rest


def _reset(new: Material, old: Material, count: float, words: str) -> Material:
    """So many pieces that go from one mode to another: nothing is ordered."""
    unit_cost = new.unit_cost - old.unit_cost
    return msgspec.structs.replace(
        new,
        change="set",
        description=words,
        quantity=count,
        unit_cost=unit_cost,
        cost=count * unit_cost,
        watts=count * (new.watts / new.quantity - old.watts / old.quantity),
        lead_time_months=nan,
    )


def _of(row: Material, quantity: float) -> Material:
    """The row with another quantity."""
    return msgspec.structs.replace(
        row,
        quantity=quantity,
        cost=quantity * row.unit_cost,
        watts=row.watts / row.quantity * quantity,
    )
