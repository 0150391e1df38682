"""What an importer found in a file: sites, fibres and remarks, under names that we can write.

Names lose only what a CSV cell or a message could not carry; those that collide get a suffix.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.fibre import Fibre
from arterial.model.site import Site

__all__ = ["Found", "content_of", "refused", "tidy_name", "unique"]

FILE_BYTES = 64 * 1024**2
NAME_LENGTH = 70
"""Ten short of a name's limit: room for a suffix."""


class Found(Struct, frozen=True, kw_only=True):
    """A network as another format tells it."""

    name: str
    title: str
    sites: tuple[Site, ...]
    fibres: tuple[Fibre, ...]
    notes: tuple[str, ...]


def content_of(path: Path) -> bytes:
    """The file's bytes. Raises ModelError when it is missing, a folder, empty or too big."""
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refused(path, "there is no such file", "Give the path of an existing file") from error
    except IsADirectoryError as error:
        raise refused(path, "this is a folder", "Give the path of a file") from error
    if not content:
        raise refused(path, "the file is empty", "Give a file that describes a network")
    if len(content) > FILE_BYTES:
        found = f"the file is larger than {FILE_BYTES // 1024**2} MiB"
        raise refused(path, found, "Give a smaller file")
    return content


def refused(
    path: Path, found: str, expected: str, *, line: int | None = None, field: str = ""
) -> ModelError:
    """The error that tells one thing wrong with the file."""
    problem = Problem(file=str(path), line=line, field=field, found=found, expected=expected)
    return ModelError([problem])


def tidy_name(text: str, otherwise: str) -> str:
    """``text`` as a name, or ``otherwise`` when nothing of it can stand in one.

    >>> tidy_name("  St. Louis; MO ", "node 7")
    'St. Louis MO'
    >>> tidy_name(",", "node 7")
    'node 7'
    """
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if _unfit(letter) else letter for letter in composed)
    return " ".join(plain.split())[:NAME_LENGTH].strip() or otherwise


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, those met before with the first free number behind them.

    >>> unique(["Rome", "Rome", "Rome 2", "Rome"])
    ('Rome', 'Rome 3', 'Rome 2', 'Rome 4')
    """
    wanted = list(names)
    taken = set(wanted)
    met: set[str] = set()
    result: list[str] = []
    for name in wanted:
        final, number = name, 2
        while final in met or (final != name and final in taken):
            final, number = f"{name} {number}", number + 1
        met.add(final)
        result.append(final)
    return tuple(result)


def _unfit(letter: str) -> bool:
    return letter in ";," or unicodedata.category(letter)[0] in "CZ"
