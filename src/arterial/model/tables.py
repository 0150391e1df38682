"""CSV tables to nodes with lines: a header, then a row for each Struct.

An empty cell is an absent field, a list is separated by semicolons. Refuses unknown and repeated
columns and rows that are longer or shorter than their header.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from msgspec import Struct, inspect

from arterial.errors import Problem
from arterial.model.convert import Converter, fields_of
from arterial.model.marks import Entries, Items, Node, Text, shown
from arterial.model.record import Record
from arterial.model.values import inner
from arterial.names import did_you_mean

__all__ = ["PROBLEMS", "Maker", "read_rows", "read_table"]

PROBLEMS = 1000
"""Problems of one table after which the rest is not read: the separator is wrong, say."""


Maker = Callable[[Sequence[str]], Callable[[Sequence[str]], Struct | None]]
"""Columns to a function from a row's cells to its Struct, None where they are not plainly right.

A table of a million rows is read in seconds only if its sound rows cost no record each.
"""


def read_table(
    text: str, file: str, kind: type[Struct], problems: list[Problem]
) -> tuple[Record, ...] | None:
    """The rows of a table as records of ``kind``; what is wrong is added to ``problems``.

    None when the table could not be read whole: it has no header or no name column, its quotes do
    not close, or nearly everything in it is wrong.
    """
    return cast("tuple[Record, ...] | None", read_rows(text, file, kind, problems, _nothing_made))


def _nothing_made(_: Sequence[str]) -> Callable[[Sequence[str]], Struct | None]:
    return lambda _: None


def read_rows(
    text: str, file: str, kind: type[Struct], problems: list[Problem], maker: Maker
) -> tuple[Record | Struct, ...] | None:
    """The same, but rows that ``maker`` makes are Structs already, checked and with names known."""
    tell = _Teller(file, problems)
    lines = _rows(text, tell)
    first = next(lines, None)
    if first is None:
        if not tell.stopped:
            tell(1, "", "an empty file", f"Start with a header: {','.join(_required(kind))}")
        return None
    line, header = first
    columns = _columns(header, line, kind, tell)
    missing = [name for name in _required(kind) if name not in columns]
    for name in missing:
        tell(line, name, "this column is missing", "Add it: every row needs it")
    converter = Converter(file, problems, unasked=frozenset(missing))
    made = maker(columns)
    records: list[Record | Struct] = []
    before = len(problems)
    for number, cells in lines:
        if len(problems) - before > PROBLEMS:
            tell(number, "", "more is wrong below", "Correct what is told above first")
            return None
        row = made(cells)
        if row is not None:
            records.append(row)
        elif _fits(number, cells, len(columns), tell):
            records.append(converter.record(_entries(number, columns, cells, kind), kind))
    return None if tell.stopped or "name" in missing else tuple(records)


class _Teller:
    """Adds problems of one file."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.stopped = False
        """The rest of the file could not be read."""

    def __call__(self, line: int, field: str, found: str, expected: str) -> None:
        self.problems.append(
            Problem(file=self.file, line=line, field=field, found=found, expected=expected)
        )


def _rows(text: str, tell: _Teller) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield start, stripped
            start = reader.line_num + 1
    except csv.Error as error:
        expected = "Check quotes here and below: each opening quote needs its closing one"
        tell(start, "", f"this is not CSV: {error}", expected)
        tell.stopped = True


def _columns(header: list[str], line: int, kind: type[Struct], tell: _Teller) -> list[str]:
    """Names of the columns; those unknown or repeated are told and blanked."""
    fields = fields_of(kind)
    columns: list[str] = []
    for name in header:
        known = name in fields
        if known and name in columns:
            tell(line, name, "this column stands twice", "Keep one of the two")
        elif not known:
            hint = did_you_mean(name, fields) or f"Known here: {', '.join(fields)}"
            apart = len(header) == 1 and (";" in name or "\t" in name)
            tell(
                line, shown(name), "no such column", "Separate columns by commas" if apart else hint
            )
        columns.append(name if known and name not in columns else "")
    return columns


def _required(kind: type[Struct]) -> list[str]:
    return [field.name for field in fields_of(kind).values() if field.required]


def _fits(line: int, cells: list[str], width: int, tell: _Teller) -> bool:
    if len(cells) < width or any(cells[width:]):
        found = f"{len(cells)} cells under {width} columns"
        tell(line, "", found, "Count the commas; put quotes around text that holds one")
        return False
    return True


def _entries(line: int, columns: list[str], cells: list[str], kind: type[Struct]) -> Entries:
    fields = fields_of(kind)
    return Entries(
        line,
        tuple(
            (Text(line, column), _cell(line, cell, fields[column]))
            for column, cell in zip(columns, cells, strict=False)
            if column and cell
        ),
    )


def _cell(line: int, cell: str, field: inspect.Field) -> Node:
    if not isinstance(inner(field.type), inspect.VarTupleType):
        return Text(line, cell)
    pieces = (piece.strip() for piece in cell.split(";"))
    return Items(line, tuple(Text(line, piece) for piece in pieces if piece))
