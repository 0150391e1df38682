"""XML files as events with lines, in one pass and flat memory.

A file with a DOCTYPE is refused: it could hold entities, and no topology needs them.
"""

from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from arterial.errors import ModelError
from arterial.model.imports.found import content_of, refused

__all__ = ["Markup"]

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


class Markup:
    """One XML file; tags come without their namespace."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")

    @property
    def line(self) -> int:
        """Where the reader is."""
        return self._parser.CurrentLineNumber

    def refused(self, found: str, expected: str) -> ModelError:
        """The error that tells what is wrong at this place."""
        return refused(self.path, found, expected, line=self.line)

    def read(self, start: Start, end: End, expected: str) -> None:
        """Call ``start`` with each tag and its attributes, ``end`` with it and the text before.

        The text is what follows the last tag that was opened. Raises ModelError when the file is no
        XML; ``expected`` then says what would do.
        """

        def opened(tag: str, attributes: dict[str, str]) -> None:
            self._text.clear()
            start(tag.rpartition(" ")[2], attributes)

        def closed(tag: str) -> None:
            end(tag.rpartition(" ")[2], "".join(self._text).strip())
            self._text.clear()

        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = opened
        self._parser.EndElementHandler = closed
        self._parser.CharacterDataHandler = self._text.append
        try:
            self._parser.Parse(content_of(self.path), True)  # noqa: FBT003 - taken by position
        except expat.ExpatError as error:
            found = f"this is not XML: {expat.ErrorString(error.code)}"
            raise refused(self.path, found, expected, line=error.lineno) from error

    def _doctype(self, *_: object) -> None:
        raise self.refused("a DOCTYPE, which can hold entities", "Remove it")
