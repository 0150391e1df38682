"""Every difference of two plans as rows of one table, for a spreadsheet or a database."""

import csv
import io
import math
from collections.abc import Iterator, Sequence

from msgspec import Struct

from arterial.report.better import Figure, GateChange, ItemCost, LinkLoad, RoundTrip
from arterial.report.built import Change
from arterial.report.moved import Served
from arterial.report.spreadsheet import cell

__all__ = ["DiffRow", "csv_of", "table_of"]


class DiffRow(Struct, frozen=True, kw_only=True):
    """One difference."""

    section: str
    """``built``, ``bill``, ``figure``, ``round trip``, ``served``, ``gate`` or ``link``."""
    name: str
    """Of the thing, item, figure, market, gate or link."""
    where: str
    kind: str
    a: float
    """NaN where the older plan does not say, or says words."""
    b: float
    change: float
    said_a: str
    """Words of the older plan: an edge, a verdict, a case."""
    said_b: str
    unit: str
    word: str
    """``built``, ``freed``, ``moved``, ``raised``, ``lowered``; or ``better``, ``worse``, ``same``,
    ``unknown``; or none."""


def table_of(
    things: Sequence[Change],
    bill: Sequence[ItemCost],
    told: Sequence[Figure],
    elsewhere: Sequence[Served],
    late: Sequence[RoundTrip],
    *,
    gates: Sequence[GateChange],
    links: Sequence[LinkLoad],
) -> tuple[DiffRow, ...]:
    """All rows, section by section in the order of the page."""
    return (
        *(
            _row("built", r.thing, (r.a, r.b), where=r.where, kind=r.kind, word=r.fate)
            for r in things
        ),
        *(_row("bill", r.item, (r.cost_a, r.cost_b)) for r in bill),
        *(_row("figure", r.name, (r.a, r.b), unit=r.unit, word=r.word) for r in told),
        *_markets(elsewhere, late),
        *(
            _row(
                "gate",
                r.gate,
                (r.value_a, r.value_b),
                said=(r.verdict_a, r.verdict_b),
                unit=r.unit,
            )
            for r in gates
        ),
        *(
            _row(
                "link",
                r.link,
                (r.utilisation_a, r.utilisation_b),
                said=(r.case_a, r.case_b),
                unit="share",
                word=r.word,
            )
            for r in links
        ),
    )


def _markets(elsewhere: Sequence[Served], late: Sequence[RoundTrip]) -> Iterator[DiffRow]:
    for row in elsewhere:
        for kind, said in (
            ("edge", (row.edge_a, row.edge_b)),
            ("fail-over", (row.failover_a, row.failover_b)),
        ):
            if said[0] != said[1]:
                yield _row("served", row.market, kind=kind, said=said)
    for trip in late:
        for kind, values in (
            ("edge", (trip.rtt_a_ms, trip.rtt_b_ms)),
            ("fail-over", (trip.failover_a_ms, trip.failover_b_ms)),
        ):
            yield _row("round trip", trip.market, values, kind=kind, unit="ms")


def _row(
    section: str,
    name: str,
    values: tuple[float, float] = (math.nan, math.nan),
    *,
    where: str = "",
    kind: str = "",
    said: tuple[str, str] = ("", ""),
    unit: str = "",
    word: str = "",
) -> DiffRow:
    return DiffRow(
        section=section,
        name=name,
        where=where,
        kind=kind,
        a=values[0],
        b=values[1],
        change=values[1] - values[0],
        said_a=said[0],
        said_b=said[1],
        unit=unit,
        word=word,
    )


def csv_of(rows: Sequence[DiffRow]) -> str:
    """A head and its rows; what is unknown is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(DiffRow.__struct_fields__)
    writer.writerows(
        [cell(getattr(row, name)) for name in DiffRow.__struct_fields__] for row in rows
    )
    return text.getvalue()
