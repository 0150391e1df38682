"""The JSON Schema of a description, for editors.

Types and limits come from the Structs, words from their docstrings; the columns of every CSV table
stand beside it.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import cast

import msgspec
from msgspec import Struct

from arterial.model.convert import fields_of
from arterial.model.description import TABLES, Description
from arterial.model.figures import default_source
from arterial.model.network import DemandRow

__all__ = ["field_words", "json_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> bytes:
    """The schema of ``network.yaml``, indented, ending in a newline.

    The same bytes every time; ``x-csv-tables`` gives the columns of each table and says which it
    must have.
    """
    tables = {**TABLES, "demands": DemandRow}
    kinds: list[type[Struct]] = [Description, *tables.values()]
    _, components = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for kind in _structs(kinds):
        if kind.__name__ in components:
            _describe(kind, components[kind.__name__])
    root = components.pop(Description.__name__)
    schema = {
        "$schema": _DIALECT,
        **root,
        "title": "Arterial network description",
        "x-csv-tables": {name: _columns(kind) for name, kind in tables.items()},
        "$defs": dict(sorted(components.items())),
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def _describe(kind: type[Struct], component: dict[str, object]) -> None:
    """Put the fields' docstrings and the sources of their defaults into a component."""
    words = field_words(kind)
    properties = cast("dict[str, dict[str, object]]", component["properties"])
    if "kind" in properties and "kind" not in fields_of(kind):
        properties["kind"]["description"] = "Which workload this is: it decides the other keys."
    for name, field in fields_of(kind).items():
        if name in words:
            properties[name]["description"] = words[name]
        if default_source(field):
            properties[name]["x-default-source"] = default_source(field)


def _columns(kind: type[Struct]) -> dict[str, object]:
    fields = fields_of(kind).values()
    return {
        "row": {"$ref": f"#/$defs/{kind.__name__}"},
        "columns": [field.name for field in fields],
        "required": [field.name for field in fields if field.required],
        "format": "UTF-8 with a header; an empty cell is absent; ';' separates a list",
    }


def _structs(kinds: list[type[Struct]]) -> Iterator[type[Struct]]:
    """These Structs and all those in their fields, each once."""
    seen: set[type[Struct]] = set()
    todo = list(kinds)
    while todo:
        kind = todo.pop()
        if kind not in seen:
            seen.add(kind)
            yield kind
            for field in fields_of(kind).values():
                todo += _inside(field.type)


def _inside(info: msgspec.inspect.Type) -> list[type[Struct]]:
    """Structs at any depth of a field's type."""
    if isinstance(info, msgspec.inspect.StructType):
        return [info.cls]
    if isinstance(info, msgspec.inspect.Metadata):
        return _inside(info.type)
    if isinstance(info, msgspec.inspect.VarTupleType):
        return _inside(info.item_type)
    if isinstance(info, msgspec.inspect.UnionType):
        return [kind for one in info.types for kind in _inside(one)]
    return []


@cache
def field_words(kind: type[Struct]) -> dict[str, str]:
    """The string under each field, by field; a base's fields come first."""
    words: dict[str, str] = {}
    for owner in reversed(kind.__mro__):
        if issubclass(owner, Struct) and owner is not Struct:
            tree = ast.parse(inspect.getsource(inspect.getmodule(owner) or owner))
            words |= _strings_under_fields(tree, owner.__name__)
    return words


def _strings_under_fields(tree: ast.Module, name: str) -> dict[str, str]:
    found = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    body = [statement for node in found for statement in node.body]
    words: dict[str, str] = {}
    for above, below in pairwise(body):
        if (
            isinstance(above, ast.AnnAssign)
            and isinstance(above.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            words[above.target.id] = " ".join(below.value.value.split())
    return words
