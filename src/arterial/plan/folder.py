"""The table folder of a plan or a proof: written beside the old one, read only when untouched.

A table folder is named for what it holds, so writing one never disturbs another; the document that
names it decides which one counts. Only files of our own names are ever removed.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, ValidationError

from arterial.errors import DamagedError
from arterial.plan.seal import bytes_of
from arterial.plan.table import database, read_table, write_table

__all__ = ["clear", "read_tables", "write_tables"]


def write_tables(holder: Struct, kinds: Mapping[str, type[Struct]], inside: Path) -> dict[str, str]:
    """Write each table of ``holder`` into ``inside``; return the SHA-256 of each file by name."""
    inside.mkdir(parents=True, exist_ok=True)
    digests: dict[str, str] = {}
    with database() as engine:
        for name, kind in kinds.items():
            path, fresh = inside / f"{name}.parquet", inside / _unfinished(name)
            table: Sequence[Struct] = getattr(holder, name)
            try:
                write_table(engine, fresh, kind, table)
                digests[name] = hashlib.sha256(fresh.read_bytes()).hexdigest()
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
    handle = os.open(inside, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return digests


def read_tables(
    inside: Path, digests: Mapping[str, str], kinds: Mapping[str, type[Struct]], *, remedy: str
) -> dict[str, tuple[Struct, ...]]:
    """Each table in ``inside``, if its file still has the SHA-256 of ``digests``.

    Raises DamagedError, with ``remedy`` as what would help, at the first file that has not.
    """
    for name in kinds:
        path = inside / f"{name}.parquet"
        if hashlib.sha256(bytes_of(path, remedy=remedy)).hexdigest() != digests.get(name):
            found = "the file was cut short or changed since it was written"
            raise DamagedError(str(path), found, remedy)
    tables: dict[str, tuple[Struct, ...]] = {}
    with database() as engine:
        for name, kind in kinds.items():
            path = inside / f"{name}.parquet"
            try:
                tables[name] = read_table(engine, path, kind)
            except (ValueError, ValidationError) as error:
                found = f"it was written by another version of Arterial ({error})"
                raise DamagedError(str(path), found, remedy) from error
    return tables


def clear(folder: Path, prefix: str, keep: str, kinds: Mapping[str, type[Struct]]) -> None:
    """Remove the table folders that no document names any more."""
    ours = {f"{name}.parquet" for name in kinds} | {_unfinished(name) for name in kinds}
    for old in sorted(folder.glob(f"{prefix}-{'[0-9a-f]' * 16}")):
        if old.name != keep and old.is_dir() and {path.name for path in old.iterdir()} <= ours:
            shutil.rmtree(old, ignore_errors=True)


def _unfinished(name: str) -> str:
    return f".{name}.parquet.new"
