"""What an importer found in a file: sites, fibres or links, demands, remarks, under sound names.

Names lose only what a CSV cell or a message could not carry; those that collide get a suffix.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.fibre import Fibre, Link, Risk
from arterial.model.marks import shown
from arterial.model.network import DemandRow
from arterial.model.policy import Rule
from arterial.model.site import Campus, Market, Site
from arterial.model.subsea import SubseaSystem
from arterial.model.values import number_of
from arterial.model.workload import Load, Workload

__all__ = [
    "DATA",
    "LOAD",
    "Found",
    "content_of",
    "joined_name",
    "number_in",
    "refused",
    "text_of",
    "tidy_name",
    "unique",
    "whole_of",
]

FILE_BYTES = 64 * 1024**2
NAME_LENGTH = 70
"""Ten short of a name's limit: room for a suffix."""
END_LENGTH = 34
"""Of each of the two names that a route's name joins."""
COUNT_LENGTH = 15
"""Digits of a whole number: below 2**53, so that it is exact as a float too."""

DATA = "data"
"""The traffic class of files that know none."""
LOAD = "given"
"""The load that a file's demands become."""


class Found(Struct, frozen=True, kw_only=True):
    """A network as another format tells it."""

    name: str
    title: str
    sites: tuple[Site, ...]
    fibres: tuple[Fibre, ...] = ()
    links: tuple[Link, ...] = ()
    demands: tuple[DemandRow, ...] = ()
    """They become the load ``given``."""
    demands_source: str = ""
    rules: tuple[Rule, ...] = ()
    """What must survive, where the file says so."""
    risks: tuple[Risk, ...] = ()
    markets: tuple[Market, ...] = ()
    campuses: tuple[Campus, ...] = ()
    subsea: tuple[SubseaSystem, ...] = ()
    workloads: tuple[Workload, ...] = ()
    loads: tuple[Load, ...] = ()
    """Those that run workloads."""
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


def text_of(path: Path) -> str:
    """The file's text in NFC, lines ended by line feeds. Raises ModelError when it is no UTF-8."""
    content = content_of(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise refused(path, found, "Save it as UTF-8", line=line) from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def whole_of(text: str) -> int | None:
    """The whole number, 0 or more, that a word is; None when it is none, or a huge one.

    >>> whole_of("12"), whole_of("-1"), whole_of("1.5"), whole_of("9" * 99)
    (12, None, None, None)
    """
    sound = text.isascii() and text.isdecimal() and len(text) <= COUNT_LENGTH
    return int(text) if sound else None


def number_in(path: Path, line: int, word: str, what: str, *, least: float | None = 0.0) -> float:
    """The finite number, not below ``least``, that a word is. Raises ModelError when it is none."""
    value = number_of(word)
    if value is None or (least is not None and value < least):
        limit = "" if least is None else f", {least:g} or more"
        found = f"{what} is '{shown(word)}'"
        raise refused(path, found, f"Give a number{limit}", line=line)
    return value


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


def joined_name(a: str, z: str) -> str:
    """What a route between two sites is called; two long names are cut, see ``unique``."""
    return tidy_name(f"{a[:END_LENGTH]} - {z[:END_LENGTH]}", "route")


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
