"""Every figure of `tradeoff` as CSV: one table after another, each with a head of its own."""

import csv
import io
from collections.abc import Sequence

from msgspec import Struct, structs

from arterial.report.spreadsheet import cell
from arterial.study.tradeoff_answer import TradedOff

__all__ = ["csv_of"]

DIGITS = 12


def csv_of(answer: TradedOff) -> str:
    """Points, prices of policies and sensitivities, apart by an empty line; unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    tables: tuple[Sequence[Struct], ...] = (answer.points, answer.prices, answer.sensitivities)
    for number, rows in enumerate(table for table in tables if table):
        if number:
            writer.writerow(())
        writer.writerow(rows[0].__struct_fields__)
        for row in rows:
            writer.writerow([cell(value, DIGITS) for value in structs.astuple(row)])
    return text.getvalue()
