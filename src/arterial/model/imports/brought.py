"""A user's own table of demands that comes along with an imported network.

It has the columns of a load's demands and the names of the network's sites. Classes are those that
it names.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from arterial.errors import ModelError, Problem
from arterial.model.demands import read_demands
from arterial.model.imports.asked import Asked, left_out
from arterial.model.imports.found import text_of, tidy_name
from arterial.model.network import DemandRow
from arterial.model.record import Record, built

__all__ = ["brought_demands"]

_INSTEAD = "Name a site of the imported network"


def brought_demands(
    path: Path, sites: Sequence[str]
) -> tuple[tuple[DemandRow, ...], tuple[str, ...]]:
    """The demands of a table and remarks; those from a site to itself are left out and told.

    Raises
    ------
    ModelError
        With every problem of the table.
    """
    text = text_of(path)
    problems: list[Problem] = []
    found = read_demands(text, str(path), sites, _classes(text), problems) or ()
    known = frozenset(sites)
    for row in found:
        if isinstance(row, Record):
            problems += row.unknown(("source", "target"), "site", known, _INSTEAD)
    if problems:
        raise ModelError(problems)
    rows = cast("tuple[DemandRow, ...]", built(found))
    asked = [Asked(row.source, row.target, row.gbps) for row in rows]
    return tuple(row for row in rows if row.source != row.target), tuple(left_out(asked))


def _classes(text: str) -> frozenset[str]:
    """Names in the column of classes; what is none is left for the table's own checks."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [cell.strip() for cell in next(rows, list[str]())]
        if "traffic_class" not in header:
            return frozenset()
        at = header.index("traffic_class")
        words = {row[at].strip() for row in rows if len(row) > at}
        return frozenset(word for word in words if tidy_name(word, "") == word)
    except csv.Error:
        return frozenset()
