"""SNDlib's XML: the same nodes, links and demands as in its native text, in elements."""

from pathlib import Path

from arterial.model.imports.found import number_in, refused
from arterial.model.imports.markup import Markup
from arterial.model.imports.sndlib_file import (
    Module,
    SndDemand,
    SndFile,
    SndLink,
    SndNode,
    checked,
)

__all__ = ["read_xml"]

_ITEMS = ("node", "link", "demand")


def read_xml(path: Path) -> SndFile:
    """The network in an XML file. Raises ModelError when the file is none."""
    return checked(path, _Xml(path).file())


class _Xml:
    """Elements into nodes, links and demands.

    Words of the item that is open are kept by their element and the one around it.
    """

    def __init__(self, path: Path) -> None:
        self._markup = Markup(path)
        self._open: list[str] = []
        self._name = ""
        self._line = 0
        self._words: dict[str, str] = {}
        self._modules: list[Module] = []
        self._nodes: list[SndNode] = []
        self._links: list[SndLink] = []
        self._demands: list[SndDemand] = []
        self._restricted = 0
        self._pixels = False
        self._unit = ""

    def file(self) -> SndFile:
        """What the whole file holds."""
        expected = "Give SNDlib's native text or its XML"
        self._markup.read(self._start, self._end, expected)
        if not self._nodes:
            raise refused(self._markup.path, "there is no <node> in it", expected)
        return SndFile(
            nodes=tuple(self._nodes),
            links=tuple(self._links),
            demands=tuple(self._demands),
            restricted=self._restricted,
            pixels=self._pixels,
            unit=self._unit,
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(tag)
        if tag in _ITEMS:
            self._name, self._line = attributes.get("id", "").strip(), self._markup.line
            if not self._name:
                raise self._markup.refused(f"a {tag} without id", "Give it an attribute id")
            self._words, self._modules = {}, []
        elif tag == "nodes":
            self._pixels = attributes.get("coordinatesType") == "pixel"
        elif tag == "admissiblePaths":
            self._restricted += 1

    def _end(self, tag: str, text: str) -> None:
        self._open.pop()
        around = self._open[-1] if self._open else ""
        if tag == "unit" and around == "meta":
            self._unit = text
        elif tag == "node":
            self._nodes.append(SndNode(self._name, self._point(), self._line))
        elif tag == "addModule":
            capacity, cost = self._figure("addModule/capacity"), self._figure("addModule/cost", "0")
            self._modules.append(Module(capacity, cost))
            self._words.pop("addModule/capacity")
            self._words.pop("addModule/cost", None)
        elif tag == "link":
            self._links.append(self._link())
        elif tag == "demand":
            self._demands.append(self._demand())
        else:
            self._words[f"{around}/{tag}"] = text

    def _point(self) -> tuple[float, float] | None:
        if "coordinates/x" not in self._words:
            return None
        x, y = (self._figure(f"coordinates/{axis}", least=None) for axis in "xy")
        return x, y

    def _link(self) -> SndLink:
        return SndLink(
            name=self._name,
            source=self._text("link/source"),
            target=self._text("link/target"),
            preinstalled=self._figure("preInstalledModule/capacity", "0"),
            preinstalled_cost=self._figure("preInstalledModule/cost", "0"),
            routing_cost=self._figure("link/routingCost", "0"),
            setup_cost=self._figure("link/setupCost", "0"),
            modules=tuple(self._modules),
            line=self._line,
        )

    def _demand(self) -> SndDemand:
        hops = self._words.get("demand/maxPathLength")
        return SndDemand(
            name=self._name,
            source=self._text("demand/source"),
            target=self._text("demand/target"),
            units=self._figure("demand/routingUnit", "1"),
            value=self._figure("demand/demandValue"),
            hops=None if hops is None else self._figure("demand/maxPathLength"),
            line=self._line,
        )

    def _text(self, key: str, default: str | None = None) -> str:
        """Words of an element of the open item; an absent one without a default is refused."""
        words = self._words.get(key, default)
        if words is None:
            found = f"'{self._name}' has no <{key.rpartition('/')[2]}>"
            raise self._markup.refused(found, "Add the element")
        return words

    def _figure(self, key: str, default: str | None = None, *, least: float | None = 0.0) -> float:
        what = f"<{key.rpartition('/')[2]}> of '{self._name}'"
        return number_in(
            self._markup.path, self._markup.line, self._text(key, default), what, least=least
        )
