"""Drawing for people: verdicts, figures and tables. The one place that imports rich.

What is unknown is red, like what is refuted; a figure that nobody knows is a dash, never 0. Off a
terminal it is plain text of one width, so that output can be compared. A table that would lose a
figure is drawn wider than the page: the terminal breaks its lines, and nothing is gone.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from typing import Literal

from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["amount", "facts", "heading", "lines", "percent", "table"]

_PLAIN_WIDTH = 118
_WORDS = 12
"""A column of words is never folded to less, or to less than its longest entry."""
_APART = 3
"""Blanks and rules between two columns."""
_COLOURS = {
    "yes": "green",
    "proved": "green",
    "no": "red",
    "refuted": "red",
    "unknown": "red",
}


def heading(words: str, verdict: str = "") -> None:
    """A title, led by its verdict in colour."""
    text = Text()
    if verdict:
        text.append(f"{verdict}  ", style=f"bold {_COLOURS[verdict]}")
    text.append(words, style="bold")
    _console().print(text)


def facts(rows: Iterable[tuple[str, str]]) -> None:
    """Names and values, one a line."""
    grid = Table.grid(padding=(0, 2))
    for name, value in rows:
        grid.add_row(Text(name, style="dim"), Text(value))
    _console().print(grid)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; a column whose name ends in ``>`` is flush right, a verdict is coloured."""
    cells = [tuple(row) for row in rows]
    drawn = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        right = name.endswith(">")
        # A long name goes on in the next line: cut short, it would be nobody's.
        justify: Literal["left", "right"] = "right" if right else "left"
        drawn.add_column(name.rstrip(">"), justify=justify, overflow="fold", no_wrap=right)
    for row in cells:
        drawn.add_row(*(Text(cell, style=_COLOURS.get(cell, "")) for cell in row))
    console, least = _console(), _least_width(columns, cells)
    (console if console.width >= least else _Page(file=sys.stdout, width=least)).print(drawn)


def _least_width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Characters below which a number would be cut, or words be folded to crumbs."""
    widths: list[int] = []
    for place, name in enumerate(columns):
        longest = max(cell_len(one) for one in (name.rstrip(">"), *(row[place] for row in rows)))
        widths.append(longest if name.endswith(">") else min(longest, _WORDS))
    return sum(widths) + _APART * len(widths)


def lines(words: Iterable[str]) -> None:
    """Remarks, one a line."""
    console = _console()
    for line in words:
        console.print(Text(f"- {line}", style="dim"))


def amount(value: float, digits: int = 0) -> str:
    """A number with thousands apart, or a dash where nobody knows it.

    >>> amount(12345.678, 1), amount(float("nan"))
    ('12,345.7', '-')
    """
    return f"{value:,.{digits}f}" if math.isfinite(value) else "-"


def percent(value: float) -> str:
    """A share in per cent, or a dash.

    >>> percent(0.0423)
    '4.2 %'
    """
    return f"{100.0 * value:.1f} %" if math.isfinite(value) else "-"


class _Page(Console):
    """A console that leaves a lost reader to the app: rich's own would exit 1, which means no."""

    def on_broken_pipe(self) -> None:
        """Tell the caller."""
        raise BrokenPipeError


def _console() -> Console:
    return _Page(file=sys.stdout, width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
