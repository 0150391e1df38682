"""Every figure of `growth` as CSV: a row a pair and plant."""

import csv
import io

from msgspec import structs

from arterial.report.spreadsheet import cell
from arterial.study.growth_answer import Grown

__all__ = ["csv_of"]

PAIR = ("a", "z", "length_km", "asked_gbps", "training_gbps", "planned_asked_gbps", "today_gbps")
DIGITS = 12
"""Growth is kept to so many, so that no machine writes others."""


def csv_of(grown: Grown) -> str:
    """A head and its rows; what is unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, pair in enumerate(grown.pairs):
        for place, plant in enumerate(pair.plants):
            if not number and not place:
                writer.writerow((*PAIR, *plant.__struct_fields__))
            common = [getattr(pair, name) for name in PAIR]
            writer.writerow([cell(value, DIGITS) for value in (*common, *structs.astuple(plant))])
    return text.getvalue()
