"""Tables of rows as Parquet files: a Struct a table, a field a column, the same bytes every time.

DuckDB writes and reads them on one thread. Floats keep NaN and every bit. Refused is a field that
is not a string, a whole number, a float, a truth value or a tuple of strings.
"""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import duckdb
import msgspec
from msgspec import Struct, inspect

__all__ = ["Database", "database", "read_table", "write_table"]

Row = TypeVar("Row", bound=Struct)
Database = duckdb.DuckDBPyConnection

_SQL: dict[type[inspect.Type], str] = {
    inspect.StrType: "VARCHAR",
    inspect.LiteralType: "VARCHAR",
    inspect.IntType: "BIGINT",
    inspect.FloatType: "DOUBLE",
    inspect.BoolType: "BOOLEAN",
    inspect.VarTupleType: "VARCHAR[]",
}


def database() -> Database:
    """A database in memory, on one thread; use as a context manager."""
    return duckdb.connect(":memory:", config={"threads": 1})


def write_table(inside: Database, path: Path, kind: type[Struct], rows: Sequence[Struct]) -> None:
    """Write ``rows`` to ``path`` in their order. Raises OSError when the disk refuses."""
    columns = _columns(kind)
    cells = ", ".join(
        f'unnest(${number}::{sql}[]) AS "{name}"'
        for number, (name, sql) in enumerate(columns.items(), 1)
    )
    values = [[_cell(getattr(row, name)) for row in rows] for name in columns]
    copy = f"COPY (SELECT {cells}) TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
    try:
        inside.execute(copy, values)
    except duckdb.Error as error:
        closed = not os.access(path.parent, os.W_OK)
        if not closed:
            path.unlink(missing_ok=True)
        code = errno.EACCES if closed else errno.EIO
        words = os.strerror(code) if closed else str(error).splitlines()[0]
        raise OSError(code, words, str(path)) from error
    _settled(path)


def read_table(inside: Database, path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """The rows that ``write_table`` wrote to ``path``.

    Raises ValueError when the file holds anything else.
    """
    columns = list(_columns(kind))
    # A folder that is called ``a=b`` is a name, and no column.
    source = f"read_parquet({_quoted(path)}, hive_partitioning = false)"
    query = f"SELECT * FROM {source}"  # noqa: S608 - quoted above
    try:
        found = inside.execute(query)
        names = [str(column[0]) for column in found.description or ()]
        if names != columns:
            raise ValueError(f"its columns are {', '.join(names)}, not {', '.join(columns)}")
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error as error:
        raise ValueError(str(error).splitlines()[0]) from error
    return msgspec.convert(rows, tuple[kind, ...])


def _columns(kind: type[Struct]) -> dict[str, str]:
    """SQL type of each field, in the Struct's order."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    return {field.name: _SQL[type(field.type)] for field in described.fields}


def _cell(value: str | float | bool | tuple[str, ...]) -> object:  # noqa: FBT001 - a cell, no switch
    return list(value) if isinstance(value, tuple) else value


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _settled(path: Path) -> None:
    """The file's bytes are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
