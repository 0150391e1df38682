"""Nodes with lines to typed records, field by field: every problem, not only the first.

The Structs of this package are the schema; msgspec says what each field takes. Its own ``convert``
is not used because it stops at the first error and knows no lines.
"""

from functools import cache

from msgspec import NODEFAULT, Struct, inspect

from arterial.errors import Problem
from arterial.model.marks import Entries, Items, Node, Nothing, Text, shown
from arterial.model.record import Record
from arterial.model.values import Unfit, inner, phrase, value_of
from arterial.names import did_you_mean

__all__ = ["Converter", "fields_of"]

_REFUSED = object()


@cache
def fields_of(kind: type[Struct]) -> dict[str, inspect.Field]:
    """Fields of a Struct by name, in their order."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return {field.name: field for field in info.fields}


class Converter:
    """Converts the nodes of one file and keeps its problems."""

    def __init__(
        self, file: str, problems: list[Problem], unasked: frozenset[str] = frozenset()
    ) -> None:
        self.file = file
        self.problems = problems
        self.unasked = unasked
        """Required fields whose absence was told already, once for the whole file."""

    def record(self, node: Entries, kind: type[Struct], path: str = "", tag: str = "") -> Record:
        """A record of ``kind`` from a mapping; problems are kept, refused fields left out.

        Parameters
        ----------
        path
            Prefix of field names in messages.
        tag
            The key that said which Struct this is, no field of its own.
        """
        fields = fields_of(kind)
        record = Record(kind, self.file, node.line, path, {}, {})
        given = {key.value: (key, value) for key, value in node.entries if key.value != tag}
        for name, (key, value) in given.items():
            if name not in fields:
                hint = did_you_mean(name, fields) or f"Known here: {', '.join(fields)}."
                self._tell(key.line, _join(path, name), f"no such {_place(path)}", hint)
            elif not isinstance(value, Nothing):
                record.lines[name] = key.line
                found = self._value(value, fields[name].type, _join(path, name))
                if found is not _REFUSED:
                    record.values[name] = found
        for name, field in fields.items():
            if name not in record.lines:
                self._absent(record, field)
        return record

    def _absent(self, record: Record, field: inspect.Field) -> None:
        if field.default is not NODEFAULT:
            record.values[field.name] = field.default
        elif field.default_factory is not NODEFAULT:
            record.values[field.name] = field.default_factory()
        elif field.required and field.name not in self.unasked:
            expected = f"Give {phrase(field.type)}."
            self._tell(record.line, _join(record.path, field.name), "missing", expected)

    def _value(self, node: Node, info: inspect.Type, path: str) -> object:
        kind = inner(info)
        if isinstance(node, Text):
            value = value_of(node, kind)
            return self._unfit(node, path, value) if isinstance(value, Unfit) else value
        if isinstance(node, Entries):
            return self._mapping(node, kind, path)
        if isinstance(node, Items) and isinstance(kind, inspect.VarTupleType):
            return self._list(node, kind, path)
        found = "found a list" if isinstance(node, Items) else "found nothing"
        return self._unfit(node, path, Unfit(found, f"Give {phrase(kind)}."))

    def _mapping(self, node: Entries, kind: inspect.Type, path: str) -> object:
        if isinstance(kind, inspect.StructType):
            return self.record(node, kind.cls, path)
        if isinstance(kind, inspect.UnionType):
            return self._tagged(node, kind, path)
        if isinstance(kind, inspect.DictType):
            pairs = [
                (key.value, self._value(value, kind.value_type, _join(path, key.value)))
                for key, value in node.entries
                if value_of(key, kind.key_type) == key.value or self._bad_key(key, path)
            ]
            return _REFUSED if any(value is _REFUSED for _, value in pairs) else dict(pairs)
        return self._unfit(node, path, Unfit("found a mapping", f"Give {phrase(kind)}."))

    def _bad_key(self, key: Text, path: str) -> bool:
        self._tell(key.line, path, f"found the key '{shown(key.value)}'", "Give a printable word.")
        return False

    def _tagged(self, node: Entries, union: inspect.UnionType, path: str) -> object:
        """A mapping whose ``kind`` says which of several Structs it is."""
        kinds = {kind.tag: kind for kind in union.types if isinstance(kind, inspect.StructType)}
        tag = next(str(kind.tag_field) for kind in kinds.values())
        said = {key.value: value for key, value in node.entries}.get(tag)
        words = sorted(str(word) for word in kinds)
        if isinstance(said, Text) and said.value in words:
            return self.record(node, kinds[said.value].cls, path, tag)
        found = f"found '{shown(said.value)}'" if isinstance(said, Text) else "missing"
        hint = did_you_mean(said.value, words) if isinstance(said, Text) else ""
        expected = f"Give one of {', '.join(words)}. {hint}".strip()
        return self._unfit(said or node, _join(path, tag), Unfit(found, expected))

    def _list(self, node: Items, kind: inspect.VarTupleType, path: str) -> object:
        items = [
            self._value(item, kind.item_type, f"{path}[{_label(item, number)}]")
            for number, item in enumerate(node.items)
        ]
        least = kind.min_length or 0
        if len(items) < least:
            found = f"found {len(items)} of at least {least} values"
            return self._unfit(node, path, Unfit(found, "Add to the list."))
        if not all(isinstance(inner(kind.item_type), _STRUCTS) for _ in items[:1]):
            return _REFUSED if any(item is _REFUSED for item in items) else tuple(items)
        return tuple(item for item in items if item is not _REFUSED)

    def _unfit(self, node: Node, path: str, unfit: Unfit) -> object:
        self._tell(node.line, path, unfit.found, unfit.expected)
        return _REFUSED

    def _tell(self, line: int, field: str, found: str, expected: str) -> None:
        problem = Problem(
            file=self.file, line=line, field=field, found=found, expected=expected.rstrip(".")
        )
        self.problems.append(problem)


_STRUCTS = (inspect.StructType, inspect.UnionType)


def _label(item: Node, number: int) -> str:
    """An item's name where it has one, else its place."""
    if isinstance(item, Entries):
        for key, value in item.entries:
            if key.value == "name" and isinstance(value, Text):
                return shown(value.value)
    return str(number)


def _join(path: str, name: str) -> str:
    return f"{path}.{shown(name)}" if path else shown(name)


def _place(path: str) -> str:
    return f"key in '{path}'" if path else "key or column"
