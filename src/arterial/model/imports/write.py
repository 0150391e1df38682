"""A found network as a folder that ``load_network`` accepts: checked before it takes its place.

It refuses a folder that holds anything else than what it would write: nobody's edits are lost.
"""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.model.fibre import Fibre
from arterial.model.imports.found import Found
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.model.site import Site

__all__ = ["write_network"]


def write_network(found: Found, folder: Path) -> Network:
    """Write the description into ``folder`` and return it as it reads back.

    Raises ModelError when it would not be a sound description or the folder holds another, OSError
    when the disk refuses.
    """
    contents = {
        "sites.csv": _table(Site, found.sites),
        "fibres.csv": _table(Fibre, found.fibres),
        NETWORK_FILE: _head(found),
    }
    for name, content in contents.items():
        _free(folder / name, content)
    with tempfile.TemporaryDirectory() as elsewhere:
        for name, content in contents.items():
            (Path(elsewhere) / name).write_bytes(content)
        network = load_network(Path(elsewhere))
    for name, content in contents.items():
        write_atomically(folder / name, content)
    return network


def _free(path: Path, content: bytes) -> None:
    if path.exists() and (not path.is_file() or path.read_bytes() != content):
        expected = "Name a folder that is empty or does not exist yet"
        raise ModelError([Problem(file=str(path), found="it exists already", expected=expected)])


def _head(found: Found) -> bytes:
    """``network.yaml``; texts in JSON's quotes, which YAML reads as they are."""
    lines = [
        f"name: {_quoted(found.name)}",
        f"title: {_quoted(found.title)}",
        "tables:",
        "  sites: sites.csv",
        "  fibres: fibres.csv",
        "notes:",
        *(f"  - {_quoted(note)}" for note in found.notes),
    ]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _table(kind: type[Struct], rows: Sequence[Struct]) -> bytes:
    """CSV of the columns that any row fills; what equals its default stays empty."""
    fields = msgspec.structs.fields(kind)
    filled = [
        field
        for field in fields
        if field.required or any(getattr(row, field.name) != field.default for row in rows)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in filled)
    for row in rows:
        writer.writerow(_cell(getattr(row, field.name), field.default) for field in filled)
    return text.getvalue().encode()


def _cell(value: object, default: object) -> str:
    if value is None or value == default:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - names
    return str(value)
