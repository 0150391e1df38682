"""A Struct in the making: the fields that were read well, each with its line.

Checks across rows read records, so that one bad cell does not hide what else is wrong; Structs are
built when nothing is.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import cast

from msgspec import Struct

from arterial.errors import Problem
from arterial.names import did_you_mean

__all__ = ["Record", "built"]


class Record(Struct, frozen=True, eq=False):
    """What was read of one row or mapping."""

    kind: type[Struct]
    file: str
    line: int
    path: str
    """Prefix of its fields in messages: empty for a table's rows."""
    values: dict[str, object]
    """Fields read well and defaults of absent ones; a field that was refused is missing."""
    lines: dict[str, int]
    """Fields that were given."""

    def text(self, field: str) -> str:
        """A text field, empty when absent or refused."""
        value = self.values.get(field)
        return value if isinstance(value, str) else ""

    def number(self, field: str) -> float | None:
        """A number, None when absent or refused."""
        value = self.values.get(field)
        return float(value) if isinstance(value, int | float) else None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts, or the keys of a mapping; empty when absent or refused."""
        value = self.values.get(field)
        several = cast("Iterable[object]", value if isinstance(value, tuple | dict) else ())
        return tuple(item for item in several if isinstance(item, str))

    def records(self, field: str) -> tuple["Record", ...]:
        """Nested mappings that the user wrote; empty when the default stands."""
        value = self.values.get(field)
        items = cast("tuple[object, ...]", value if isinstance(value, tuple) else (value,))
        return tuple(item for item in items if isinstance(item, Record))

    def problem(self, field: str, found: str, expected: str) -> Problem:
        """Something wrong with one field, or with the whole when ``field`` is empty."""
        place = ".".join(part for part in (self.path, field) if part)
        line = self.lines.get(field, self.line)
        if not found.isprintable():  # a key of somebody's, repeated
            found = found.encode("unicode_escape").decode("ascii")
        return Problem(file=self.file, line=line, field=place, found=found, expected=expected)

    def unknown(
        self, fields: Iterable[str], word: str, known: Collection[str], instead: str = ""
    ) -> Iterator[Problem]:
        """A problem for each name in these fields, text or list of texts, that is not known.

        ``instead``: what to do where no known name is near.
        """
        for field in fields:
            one = self.text(field)
            for name in (one,) if one else self.texts(field):
                if name not in known:
                    expected = did_you_mean(name, known) or instead
                    expected = expected or f"Add it, or name another {word}"
                    yield self.problem(field, f"no {word} is called '{name}'", expected)


def built(value: object) -> object:
    """Structs for records, at any depth."""
    if isinstance(value, Record):
        return value.kind(**{name: built(item) for name, item in value.values.items()})
    if isinstance(value, tuple):
        return tuple(built(item) for item in cast("tuple[object, ...]", value))
    if isinstance(value, dict):
        return {key: built(item) for key, item in cast("dict[str, object]", value).items()}
    return value
