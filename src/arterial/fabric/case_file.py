"""Failure cases that somebody wrote down, and names that people call elements by.

One case a line, its elements separated by commas; what follows ``#`` at the start of a line is a
remark. An element is a fibre, link, shared risk, site or router (``Denver/1``); a word before it
tells which is meant where two share a name (``site Denver``).
"""

from collections.abc import Sequence
from pathlib import Path

from arterial.errors import ModelError, Problem
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CaseSet, Listed
from arterial.fabric.ip_elements import Elements
from arterial.model.files import TABLE_BYTES, read_text
from arterial.names import did_you_mean

__all__ = ["ElementNames", "read_cases"]

PROBLEMS = 1000
"""After so many the rest is not read: it is another network's file, say."""


class ElementNames:
    """Elements by what people call them."""

    def __init__(self, elements: Elements) -> None:
        self._titles = {elements.title(number): number for number in range(len(elements))}
        self._plain: dict[str, list[int]] = {}
        self._elements = elements
        for number, name in enumerate(elements.names):
            self._plain.setdefault(name, []).append(number)

    def number(self, name: str) -> int | tuple[str, str]:
        """The element of a name, or what is wrong with it and what would do."""
        if name in self._titles:
            return self._titles[name]
        meant = self._distinct(self._plain.get(name, []))
        if len(meant) == 1:
            return meant[0]
        if meant:
            ways = ", ".join(f"'{self._elements.title(number)}'" for number in meant)
            return f"'{name}' is the name of several things", f"Say which: {ways}"
        hint = did_you_mean(name, [*self._plain, *self._titles])
        return f"nothing that can fail is called '{name}'", hint or "Name a part of the network"

    def _distinct(self, numbers: Sequence[int]) -> list[int]:
        """One of those that take down the same: a ready-made link is its own fibre."""
        first, links = self._elements.first, self._elements.links
        seen: dict[tuple[int, ...], int] = {}
        for number in numbers:
            own = links[first[number] : first[number + 1]].tolist()
            seen.setdefault((int(self._elements.site[number]), *own), number)
        return list(seen.values())


def read_cases(path: Path, ip: IpFabric, elements: Elements) -> CaseSet:
    """The cases of a file, in its order.

    Raises
    ------
    ModelError
        With every name that is not known or not clear, and every case that stands twice.
    """
    names = ElementNames(elements)
    problems: list[Problem] = []
    cases: dict[tuple[int, ...], int] = {}
    text = read_text(path.parent, path.name, TABLE_BYTES)
    for line, words in enumerate(text.split("\n"), 1):
        if not words.strip() or words.lstrip().startswith("#"):
            continue
        case = _case(words, names, _Teller(path.name, line, problems))
        if case in cases:
            found = f"this case stands in line {cases[case]} already"
            problems.append(
                Problem(file=path.name, line=line, found=found, expected="Keep one of the two")
            )
        elif case is not None:
            cases[case] = line
        if len(problems) > PROBLEMS:
            break
    if problems:
        raise ModelError(problems)
    return CaseSet(ip=ip, elements=elements, parts=(Listed.of(cases),))


class _Teller:
    """Adds problems of one line."""

    def __init__(self, file: str, line: int, problems: list[Problem]) -> None:
        self.file = file
        self.line = line
        self.problems = problems

    def __call__(self, found: str, expected: str) -> None:
        self.problems.append(
            Problem(file=self.file, line=self.line, found=found, expected=expected)
        )


def _case(words: str, names: ElementNames, tell: _Teller) -> tuple[int, ...] | None:
    """The elements of a line in the order of their numbers; None when one is not known."""
    case: set[int] = set()
    right = True
    for name in (piece.strip() for piece in words.split(",")):
        if not name:
            continue
        number = names.number(name)
        if isinstance(number, int):
            case.add(number)
        else:
            tell(*number)
            right = False
    if right and not case:
        tell("a line of commas names nothing", "Name the elements of a case, or drop the line")
    return tuple(sorted(case)) if right and case else None
