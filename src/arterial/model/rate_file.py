"""A table of failure rates and repair times of the elements of a network."""

from pathlib import Path
from typing import Annotated, cast

from msgspec import Meta, Struct

from arterial.errors import ModelError, Problem
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.record import Record, built
from arterial.model.tables import read_table

__all__ = ["RateRow", "read_rates"]


class RateRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often an element fails and how long it is then down."""

    element: str
    """A fibre, link, shared risk, site or router (``Denver/1``), with a word before it where two
    share a name (``site Denver``)."""
    failures_per_year: Annotated[float, Meta(ge=0.0, le=1e6)]
    """While it stands."""
    repair_h: Annotated[float, Meta(ge=0.0, le=87_600.0)] | None = None
    """Mean time from failure to repair, hours; absent means what the network says of the element,
    ``repair_h`` of a fibre or link, or the weeks of a subsea system."""
    source: str = ""
    """Where the figures come from; empty means from you."""


def read_rates(path: Path) -> tuple[tuple[RateRow, ...], tuple[Record, ...]]:
    """The rows of a table of rates, and their records, which know their lines.

    Raises
    ------
    ModelError
        With every problem of the file.
    """
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, TABLE_BYTES)
    records = read_table(text, path.name, RateRow, problems)
    if problems or records is None:
        raise ModelError(problems)
    return cast("tuple[RateRow, ...]", built(records)), records
