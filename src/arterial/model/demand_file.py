"""A table of demands that stands by itself, beside a network that it does not belong to."""

from pathlib import Path
from typing import cast

from arterial.errors import ModelError, Problem
from arterial.model.demands import read_demands
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.network import DemandRow, Network
from arterial.model.record import Record, built

__all__ = ["file_demands"]

_INSTEAD = "Name a {} of the network"


def file_demands(path: Path, network: Network) -> tuple[DemandRow, ...]:
    """The rows of a demand table for a network.

    Raises
    ------
    ModelError
        With every problem of the file, unknown sites and classes among them.
    """
    problems: list[Problem] = []
    sites = frozenset(site.name for site in network.sites)
    classes = frozenset(entry.name for entry in network.classes)
    text = read_text(path.parent, path.name, TABLE_BYTES)
    rows = read_demands(text, path.name, sites, classes, problems) or ()
    for row in rows:
        if isinstance(row, Record):
            problems += row.unknown(("source", "target"), "site", sites, _INSTEAD.format("site"))
            problems += row.unknown(("traffic_class",), "class", classes, _INSTEAD.format("class"))
    if problems:
        raise ModelError(problems)
    return cast("tuple[DemandRow, ...]", built(rows))
