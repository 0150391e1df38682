"""Every figure of `growth` as CSV: a row a pair and plant."""

import csv
import io
from math import isnan

from msgspec import structs

from arterial.study.growth_answer import Grown

__all__ = ["csv_of"]

PAIR = ("a", "z", "length_km", "asked_gbps", "training_gbps", "planned_asked_gbps", "today_gbps")


def csv_of(grown: Grown) -> str:
    """A head and its rows; what is unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, pair in enumerate(grown.pairs):
        for place, plant in enumerate(pair.plants):
            if not number and not place:
                writer.writerow((*PAIR, *plant.__struct_fields__))
            common = [getattr(pair, name) for name in PAIR]
            writer.writerow([_cell(value) for value in (*common, *structs.astuple(plant))])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return f"{value:.12g}" if isinstance(value, float) else str(value)
