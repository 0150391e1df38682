"""Text files of words in lines: each line with its number, each word with what it must be.

The formats of graph repositories are of this kind: no quotes, no escapes, blank lines without
meaning.
"""

from collections.abc import Iterator
from pathlib import Path

from arterial.errors import ModelError
from arterial.model.imports.found import number_in, refused, text_of, whole_of
from arterial.model.marks import shown

__all__ = ["WordLines"]


class WordLines:
    """The lines of a file that hold any word, one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.line = 0
        """Number of the line that was taken last."""
        self._lines = self._filled(text_of(path))

    def _filled(self, text: str) -> Iterator[list[str]]:
        for number, line in enumerate(text.split("\n"), 1):
            words = line.split()
            if words:
                self.line = number
                yield words

    def take(self) -> list[str] | None:
        """The words of the next line; None at the end of the file."""
        return next(self._lines, None)

    def refused(self, found: str, expected: str) -> ModelError:
        """The error that tells what is wrong with the line that was taken last."""
        return refused(self.path, found, expected, line=self.line)

    def number(self, word: str, what: str, *, least: float | None = 0.0) -> float:
        """A finite number, not below ``least``. Raises ModelError when the word is none."""
        return number_in(self.path, self.line, word, what, least=least)

    def above(self, word: str, what: str) -> float:
        """A finite number above 0. Raises ModelError when the word is none."""
        value = self.number(word, what)
        if value == 0.0:
            raise self.refused(f"{what} is 0", "Give a number above 0, or remove the line")
        return value

    def whole(self, word: str, what: str) -> int:
        """A whole number, 0 or more. Raises ModelError when the word is none."""
        value = whole_of(word)
        if value is None:
            raise self.refused(f"{what} is '{shown(word)}'", "Give a whole number, 0 or more")
        return value
