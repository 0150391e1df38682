"""A table of what optics brings back of links that have failed."""

from pathlib import Path
from typing import cast

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.quantity import Fraction, Positive
from arterial.model.record import Record, built
from arterial.model.tables import read_table
from arterial.names import Name

__all__ = ["RestoredRow", "read_restored"]


class RestoredRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes back of a link: in one case, or whenever it has failed."""

    case: str = ""
    """The case, by name; empty is every case without a row of its own for the link."""
    link: Name
    share: Fraction
    """Of its capacity."""
    latency_ms: Positive | None = None
    """One way while restored; without it the delay is unknown."""


def read_restored(path: Path) -> tuple[tuple[RestoredRow, Record], ...]:
    """The rows of a table of restored links, each with its record; none stands twice for a case.

    Raises
    ------
    ModelError
        With every problem of the file.
    """
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, TABLE_BYTES)
    records = read_table(text, path.name, RestoredRow, problems)
    if problems or records is None:
        raise ModelError(problems)
    if not records:
        expected = "Write one a line under the header"
        raise ModelError([Problem(file=path.name, found="there is no link", expected=expected)])
    seen: dict[tuple[str, str], int] = {}
    for record in records:
        case, name = record.text("case"), record.text("link")
        if (case, name) in seen:
            words = f"'{name}' after '{case}'" if case else f"'{name}'"
            found = f"{words} stands in line {seen[case, name]} already"
            problems.append(record.problem("link", found, "Keep one of the two"))
        seen.setdefault((case, name), record.line)
    if problems:
        raise ModelError(problems)
    return tuple(zip(cast("tuple[RestoredRow, ...]", built(records)), records, strict=True))
