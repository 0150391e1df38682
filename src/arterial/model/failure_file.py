"""Tables about failures that stand by themselves: cases with odds, links that come back."""

from pathlib import Path
from typing import TypeVar, cast

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.quantity import Fraction, Positive
from arterial.model.record import Record, built
from arterial.model.tables import read_table
from arterial.names import Name

__all__ = ["FailureRow", "RestoredRow", "read_failures", "read_restored"]

Row = TypeVar("Row", bound=Struct)


class FailureRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A state of the network: what is down at once."""

    case: Name
    """What people call it."""
    links: tuple[Name, ...] = ()
    """Links, fibres or shared risks, separated by semicolons; none where nothing failed."""
    probability: Fraction | None = None
    """Share of the time that the network is in this state and no other."""


class RestoredRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes back of a link whenever it has failed."""

    link: Name
    share: Fraction
    """Of its capacity."""
    latency_ms: Positive | None = None
    """One way while restored; without it the delay is unknown."""


def read_failures(path: Path) -> tuple[tuple[FailureRow, Record], ...]:
    """The rows of a table of cases, each with its record; no case stands twice.

    Raises
    ------
    ModelError
        With every problem of the file.
    """
    return _rows(path, FailureRow, "case")


def read_restored(path: Path) -> tuple[tuple[RestoredRow, Record], ...]:
    """The rows of a table of restored links, each with its record; no link stands twice.

    Raises
    ------
    ModelError
        With every problem of the file.
    """
    return _rows(path, RestoredRow, "link")


def _rows(path: Path, kind: type[Row], key: str) -> tuple[tuple[Row, Record], ...]:
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, TABLE_BYTES)
    records = read_table(text, path.name, kind, problems)
    if problems or records is None:
        raise ModelError(problems)
    if not records:
        expected = "Write one a line under the header"
        raise ModelError([Problem(file=path.name, found=f"there is no {key}", expected=expected)])
    seen: dict[str, int] = {}
    for record in records:
        name = record.text(key)
        if name in seen:
            found = f"'{name}' stands in line {seen[name]} already"
            problems.append(record.problem(key, found, "Keep one of the two"))
        seen.setdefault(name, record.line)
    if problems:
        raise ModelError(problems)
    return tuple(zip(cast("tuple[Row, ...]", built(records)), records, strict=True))
