"""Tables of ``shapes`` as CSV: a row a shape, and a row a shape and element."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from arterial.prove.criticality import Loss
from arterial.report.spreadsheet import cell
from arterial.study.shape_answer import HeldTwoCuts, ShapeFigures

__all__ = ["losses_csv", "shapes_csv"]

Cell = str | float
DIGITS = 12
"""Figures of programs are kept to so many, so that no machine writes others."""

_PLAIN = (
    "shape", "verdict", "designed_for", "gates", "gates_failed", "sites", "ip_links", "waves",
    "fibre_km", "cost", "bound", "gap", "watts", "watts_unknown", "survived", "survived_late",
)  # fmt: skip

_LOST = (
    "kind", "element", "lost_gbps", "late_gbps", "ended_gbps", "people_lost", "people_late",
    "people_ended",
)  # fmt: skip

_FURTHER = ("cuts", "losing", "unanswered", "worst_gbps", "worst_cut", "people_worst")


def shapes_csv(rows: Sequence[ShapeFigures]) -> str:
    """Every figure of a shape in one row; what is unknown is empty."""
    return _csv([name for name, _ in _flat(rows[0])], [[v for _, v in _flat(row)] for row in rows])


def losses_csv(rows: Iterable[ShapeFigures]) -> str:
    """What is lost with each site and fibre of each shape."""
    found = [
        (row.shape, *(getattr(loss, name) for name in _LOST), *_further(loss))
        for row in rows
        for loss in row.losses
    ]
    return _csv(("shape", *_LOST, *(f"further_{name}" for name in _FURTHER)), found)


def _further(loss: Loss) -> tuple[Cell, ...]:
    """With one more cut fibre; empty where no rule speaks of two cuts."""
    if loss.further is None:
        return ("",) * len(_FURTHER)
    return tuple(getattr(loss.further, name) for name in _FURTHER)


def _flat(row: ShapeFigures) -> Iterator[tuple[str, Cell]]:
    for name in _PLAIN:
        yield name, getattr(row, name)
    parts = ((f"cost_{name}", value) for name, value in structs.asdict(row.cost_parts).items())
    yield from parts
    yield from structs.asdict(row.delays).items()
    yield from ((f"double_cuts_{k}", v) for k, v in structs.asdict(row.double_cuts).items())
    yield from _two_cuts(row.two_cuts)
    for kind, spread in (("sites", row.sites_lost), ("fibres", row.fibres_lost)):
        told = structs.asdict(spread) | {"pair": " + ".join(spread.pair)}
        yield from ((f"{kind}_{k}", v) for k, v in told.items())


def _two_cuts(held: HeldTwoCuts | None) -> Iterator[tuple[str, Cell]]:
    """Empty where the policy has no rule on two cuts; the last two where links are free."""
    lost = held.cannot if held else None
    yield "two_cuts_verdict", held.verdict if held else ""
    yield "two_cuts_lost", lost.lost if lost else ""
    yield "two_cuts_lost_late", lost.lost_late if lost else ""


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell(value, DIGITS) for value in row] for row in rows)
    return text.getvalue()
