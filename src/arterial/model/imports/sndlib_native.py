"""SNDlib's native text: sections in parentheses, comments after a hash sign.

NODES: name, ( x y ). LINKS: name, ( source target ), pre-installed capacity and its cost, routing
cost, setup cost, ( capacity cost ... ) of modules. DEMANDS: name, ( source target ), routing unit,
value, longest path in links. ADMISSIBLE_PATHS: demand, ( path, ( links ) ... ).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from arterial.errors import ModelError
from arterial.model.imports.found import number_in, refused, text_of
from arterial.model.imports.sndlib_file import (
    Module,
    SndDemand,
    SndFile,
    SndLink,
    SndNode,
    checked,
)
from arterial.model.marks import shown

__all__ = ["HEAD", "read_native"]

HEAD = "?SNDlib native format"
"""How such a file begins."""

_UNLIMITED = "UNLIMITED"


class _Word(Struct, frozen=True):
    text: str
    line: int


def read_native(path: Path) -> SndFile:
    """The network in a native file. Raises ModelError when the file is none."""
    return checked(path, _Native(path).file())


def _words(text: str) -> Iterator[_Word]:
    """Words and parentheses with their lines; what follows a hash sign is a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        for word in line.replace("(", " ( ").replace(")", " ) ").split():
            if word.startswith("#"):
                break
            yield _Word(word, number)


class _Native:
    """One word after the other, one of them ahead."""

    def __init__(self, path: Path) -> None:
        self._path = path
        text = text_of(path)
        head, _, body = text.lstrip().partition("\n")
        if not head.startswith(HEAD) or "type: network" not in head:
            found = f"it begins with '{shown(head)}'"
            expected = f"Give a file that begins with '{HEAD}; type: network'"
            raise refused(path, found, expected, line=1)
        skipped = text.count("\n", 0, len(text) - len(body))
        self._words = (_Word(word.text, word.line + skipped) for word in _words(body))
        self._last = text.count("\n") + 1
        self._ahead = next(self._words, None)
        self._nodes: list[SndNode] = []
        self._links: list[SndLink] = []
        self._demands: list[SndDemand] = []
        self._restricted = 0
        self._unit = ""

    def file(self) -> SndFile:
        """What all sections hold."""
        sections: dict[str, Callable[[], None]] = {
            "META": self._meta,
            "NODES": self._node,
            "LINKS": self._link,
            "DEMANDS": self._demand,
            "ADMISSIBLE_PATHS": self._paths,
        }
        while self._ahead is not None:
            section = self._take("a section")
            if section.text not in sections:
                found = f"'{shown(section.text)}' where a section is due"
                raise self._refused(found, f"Known here: {', '.join(sections)}", section.line)
            self._open()
            while not self._closes():
                sections[section.text]()
        return SndFile(
            nodes=tuple(self._nodes),
            links=tuple(self._links),
            demands=tuple(self._demands),
            restricted=self._restricted,
            pixels=False,
            unit=self._unit,
        )

    def _meta(self) -> None:
        """``key = value``; of all of it only the unit is read."""
        word = self._take("what META says")
        if word.text.startswith("unit"):
            while self._ahead is not None and self._ahead.text == "=":
                self._take("=")
            glued = word.text.removeprefix("unit").removeprefix("=")
            self._unit = glued or self._take("the unit").text

    def _node(self) -> None:
        name = self._take("a node")
        point = None
        if self._ahead is not None and self._ahead.text == "(":
            self._open()
            point = (self._figure("x", least=None), self._figure("y", least=None))
            self._close()
        self._nodes.append(SndNode(name.text, point, name.line))

    def _link(self) -> None:
        name = self._take("a link")
        source, target = self._ends()
        figures = [
            self._figure(what)
            for what in ("pre-installed capacity", "its cost", "routing cost", "setup cost")
        ]
        self._open()
        modules: list[Module] = []
        while not self._closes():
            modules.append(Module(self._figure("a module's capacity"), self._figure("its cost")))
        self._links.append(
            SndLink(
                name=name.text,
                source=source,
                target=target,
                preinstalled=figures[0],
                preinstalled_cost=figures[1],
                routing_cost=figures[2],
                setup_cost=figures[3],
                modules=tuple(modules),
                line=name.line,
            )
        )

    def _demand(self) -> None:
        name = self._take("a demand")
        source, target = self._ends()
        units, value = self._figure("routing unit"), self._figure("demand value")
        longest = self._take("the longest path")
        free = longest.text == _UNLIMITED
        hops = (
            None if free else number_in(self._path, longest.line, longest.text, "the longest path")
        )
        self._demands.append(
            SndDemand(
                name=name.text,
                source=source,
                target=target,
                units=units,
                value=value,
                hops=hops,
                line=name.line,
            )
        )

    def _paths(self) -> None:
        """Only counted: which links a listed path takes is not used."""
        self._take("a demand")
        self._open()
        depth = 1
        while depth:
            word = self._take("a path")
            depth += (word.text == "(") - (word.text == ")")
        self._restricted += 1

    def _ends(self) -> tuple[str, str]:
        self._open()
        ends = self._take("the source").text, self._take("the target").text
        self._close()
        return ends

    def _figure(self, what: str, *, least: float | None = 0.0) -> float:
        word = self._take(what)
        return number_in(self._path, word.line, word.text, what, least=least)

    def _open(self) -> None:
        self._due("(")

    def _close(self) -> None:
        self._due(")")

    def _closes(self) -> bool:
        """True when the next word ends the list, which is then taken."""
        ends = self._ahead is not None and self._ahead.text == ")"
        if ends:
            self._close()
        return ends

    def _due(self, sign: str) -> None:
        word = self._take(f"'{sign}'")
        if word.text != sign:
            raise self._refused(f"'{shown(word.text)}' where '{sign}' is due", _SHAPE, word.line)

    def _take(self, what: str) -> _Word:
        word = self._ahead
        if word is None:
            raise self._refused(f"the file ends where {what} is due", _SHAPE, self._last)
        self._ahead = next(self._words, None)
        return word

    def _refused(self, found: str, expected: str, line: int) -> ModelError:
        return refused(self._path, found, expected, line=line)


_SHAPE = "Give the whole file, each list closed by its parenthesis"
