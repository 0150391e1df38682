"""A found network as a folder that ``load_network`` accepts: checked before it takes its place.

It refuses a folder that holds anything else than what it would write: nobody's edits are lost.
"""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.model.fibre import Fibre, Link, Risk
from arterial.model.imports.found import DATA, LOAD, Found
from arterial.model.network import DemandRow, Network
from arterial.model.policy import Rule
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.model.site import Campus, Market, Site

__all__ = ["write_network"]

_DEMANDS = "demands.csv"
_WHOLE = {"ceiling_normal": 1.0, "ceiling_failed": 1.0, "hash_inefficiency": 0.0}


def write_network(found: Found, folder: Path) -> Network:
    """Write the description into ``folder`` and return it as it reads back.

    Raises ModelError when it would not be a sound description or the folder holds another, OSError
    when the disk refuses.
    """
    tables: dict[str, tuple[type[Struct], Sequence[Struct]]] = {
        "sites": (Site, found.sites),
        "fibres": (Fibre, found.fibres),
        "links": (Link, found.links),
        "risks": (Risk, found.risks),
        "markets": (Market, found.markets),
        "campuses": (Campus, found.campuses),
    }
    named = {name: table for name, table in tables.items() if table[1] or name == "sites"}
    contents = {f"{name}.csv": _table(*table) for name, table in named.items()}
    if found.demands:
        contents[_DEMANDS] = _table(DemandRow, found.demands)
    contents[NETWORK_FILE] = _head(found, list(named))
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


def _head(found: Found, tables: Sequence[str]) -> bytes:
    """``network.yaml``; texts in JSON's quotes, which YAML reads as they are."""
    lines = [
        f"name: {_quoted(found.name)}",
        f"title: {_quoted(found.title)}",
        "tables:",
        *(f"  {name}: {name}.csv" for name in tables),
        *_classes(found),
        *_policy(found),
        *_section("subsea", found.subsea),
        *_section("workloads", found.workloads),
        *_loads(found),
        "notes:",
        *(f"  - {_quoted(note)}" for note in found.notes),
    ]
    return ("\n".join(lines) + "\n").encode()


def _classes(found: Found) -> Iterator[str]:
    """The classes of the demands; one where there are none but links ask for some."""
    names = list(dict.fromkeys(row.traffic_class for row in found.demands))
    if not names and not found.links:
        return
    source = "ASSUMPTION: one class for all, the file tells no order"
    yield "classes:"
    for name in names or [DATA]:
        yield f"  - {{name: {_quoted(name)}, priority: 0, source: {_quoted(source)}}}"


def _policy(found: Found) -> Iterator[str]:
    """Links are filled to the brim, as their file means it; rules only where it states some."""
    if not found.links:
        return
    yield "policy:"
    if found.rules:
        yield "  rules:"
        yield from (f"    - {_rule(rule)}" for rule in found.rules)
    yield from (f"  {name}: {value:g}" for name, value in _WHOLE.items())
    yield "  sources:"
    source = _quoted("ASSUMPTION: the file keeps no head-room, its capacities count whole")
    yield from (f"    {name}: {source}" for name in _WHOLE)


def _rule(rule: Rule) -> str:
    classes, after = ", ".join(map(_quoted, rule.classes)), ", ".join(rule.after)
    source = _quoted(rule.source)
    return f"{{classes: [{classes}], after: [{after}], keep: {rule.keep:g}, source: {source}}}"


def _loads(found: Found) -> Iterator[str]:
    yield from _section("loads", found.loads)
    if found.demands:
        if not found.loads:
            yield "loads:"
        source = _quoted(found.demands_source)
        yield f"  - {{name: {LOAD}, demands: {_DEMANDS}, source: {source}}}"


def _section(name: str, parts: Sequence[Struct]) -> Iterator[str]:
    """A list of ``network.yaml``; what equals its default is left out."""
    if parts:
        yield f"{name}:"
    for part in parts:
        marker = "-"
        for key, value in _said(part):
            yield f"  {marker} {key}: {msgspec.json.encode(value).decode()}"
            marker = " "


def _said(part: Struct) -> Iterator[tuple[str, object]]:
    """Name first, then the kind where there are several."""
    yield "name", getattr(part, "name", "")
    tag, field = part.__struct_config__.tag, part.__struct_config__.tag_field
    if tag is not None and field is not None:
        yield field, tag
    for entry in msgspec.structs.fields(part):
        value = getattr(part, entry.name)
        if entry.name != "name" and value != entry.default and value not in ((), {}):
            yield entry.name, value


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
