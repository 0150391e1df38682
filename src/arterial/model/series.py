"""Measured traffic as the user keeps it: matrices over time, and masses of sites.

A series is one CSV table with hours, or a folder of CSV tables that follow each other by name.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated, cast

from msgspec import Meta, Struct

from arterial.errors import ModelError, Problem
from arterial.model.files import TABLE_BYTES, read_text
from arterial.model.quantity import NonNegative
from arterial.model.record import Record, built
from arterial.model.tables import PROBLEMS, read_rows, read_table
from arterial.model.values import number_of
from arterial.names import Name

__all__ = ["MassRow", "MatrixRow", "read_masses", "read_series"]

MOST_FILES = 10_000
MOST_ROWS = 5_000_000
"""Of all files together: about 1 GiB of memory."""
_HIGHEST_GBPS = 1e18
_LONGEST_H = 1e7
_INSTEAD = "Name a site of the network"


class MatrixRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a pair of sites exchanged at one time."""

    time_h: Annotated[float, Meta(ge=-_LONGEST_H, le=_LONGEST_H)] = 0.0
    """Hours since any moment; the file's place in its folder where a table holds one matrix."""
    source: Name
    """Site where the traffic starts."""
    target: Name
    """Site where it ends; a row to its own source is left out."""
    gbps: NonNegative
    """Mean rate over the step."""


class MassRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a site sends and receives, against the others."""

    site: Name
    """The site."""
    mass: NonNegative
    """In any unit."""


def read_series(path: Path, sites: Collection[str]) -> tuple[tuple[MatrixRow, ...], ...]:
    """The rows of a series, a tuple for each file: one file, or all CSV files of a folder.

    Raises
    ------
    ModelError
        With every problem of every file: no such place, no file in it, a cell that is none, a site
        that is not known.
    """
    problems: list[Problem] = []
    tables: list[tuple[MatrixRow, ...]] = []
    left = MOST_ROWS
    for file in _files(path):
        tables.append(_matrix_rows(file, sites, problems))
        left -= len(tables[-1])
        if len(problems) > PROBLEMS or left < 0:
            break
    if left < 0:
        found = f"more than {MOST_ROWS:,} rows"
        problems.append(Problem(file=str(path), found=found, expected="Give fewer steps"))
    if problems:
        raise ModelError(problems)
    return tuple(tables)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.csv"))
    if not files or len(files) > MOST_FILES:
        found = f"{len(files) or 'no'} CSV files are in this folder"
        expected = f"Name a folder with 1 to {MOST_FILES:,} of them, one a step, or one CSV file"
        raise ModelError([Problem(file=str(path), found=found, expected=expected)])
    return files


def _matrix_rows(
    path: Path, sites: Collection[str], problems: list[Problem]
) -> tuple[MatrixRow, ...]:
    text = read_text(path.parent, path.name, TABLE_BYTES)
    site_of = {name: name for name in sites}

    def maker(columns: Sequence[str]) -> Callable[[Sequence[str]], MatrixRow | None]:
        return _made(columns, site_of)

    rows = read_rows(text, path.name, MatrixRow, problems, maker) or ()
    for row in rows:
        if isinstance(row, Record):
            problems += row.unknown(("source", "target"), "site", site_of, _INSTEAD)
    return () if problems else cast("tuple[MatrixRow, ...]", built(rows))


def _made(
    columns: Sequence[str], site_of: dict[str, str]
) -> Callable[[Sequence[str]], MatrixRow | None]:
    """A function from cells to a row that is plainly right, as for a load's demands."""
    if not {"source", "target", "gbps"} <= set(columns):
        return lambda _: None
    width = len(columns)
    source_at, target_at, gbps_at = (columns.index(name) for name in ("source", "target", "gbps"))
    time_at = columns.index("time_h") if "time_h" in columns else None

    def made(cells: Sequence[str]) -> MatrixRow | None:
        if len(cells) != width:
            return None
        source, target = site_of.get(cells[source_at]), site_of.get(cells[target_at])
        gbps = number_of(cells[gbps_at])
        time_h = 0.0 if time_at is None else number_of(cells[time_at])
        if not source or not target or gbps is None or time_h is None:
            return None
        if not 0.0 <= gbps <= _HIGHEST_GBPS or abs(time_h) > _LONGEST_H:
            return None
        return MatrixRow(time_h=time_h, source=source, target=target, gbps=gbps)

    return made


def read_masses(path: Path, sites: Collection[str]) -> dict[str, float]:
    """Mass by site, from a CSV table of sites and masses; a site that it leaves out has none.

    Raises
    ------
    ModelError
        With every problem of the table.
    """
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, TABLE_BYTES)
    records = read_table(text, path.name, MassRow, problems) or ()
    masses: dict[str, float] = {}
    for record in records:
        problems += record.unknown(("site",), "site", sites, _INSTEAD)
        if record.text("site") in masses:
            found = f"site '{record.text('site')}' stands twice"
            problems.append(record.problem("site", found, "Keep one of the two"))
        masses[record.text("site")] = record.number("mass") or 0.0
    if problems:
        raise ModelError(problems)
    return masses
