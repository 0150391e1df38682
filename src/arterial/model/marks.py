"""Text with its line: what YAML and CSV files hold before anybody asks what it means.

Both readers end in these four nodes, so that one converter serves both and every problem knows its
line. A plain scalar keeps its text: whether ``0815`` is a name or a number is the field's business.
"""

from msgspec import Struct

__all__ = ["Entries", "Items", "Node", "Nothing", "Text", "shown"]

_SHOWN = 60
"""Characters of a strange text that a message repeats."""


class Text(Struct, frozen=True):
    """A scalar as written."""

    line: int
    value: str
    plain: bool = True
    """Not in quotes: may be read as a number."""


class Nothing(Struct, frozen=True):
    """A key without a value, or with null."""

    line: int


class Items(Struct, frozen=True):
    """A list."""

    line: int
    items: tuple["Node", ...]


class Entries(Struct, frozen=True):
    """A mapping; no key twice."""

    line: int
    entries: tuple[tuple[Text, "Node"], ...]


Node = Text | Nothing | Items | Entries


def shown(text: str) -> str:
    r"""Somebody's text as a message may repeat it: short, and nothing a terminal would obey.

    >>> shown("a" + chr(27) + "[2J")
    'a\\x1b[2J'
    """
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return cut if cut.isprintable() else cut.encode("unicode_escape").decode("ascii")
