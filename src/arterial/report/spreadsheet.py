"""Cells of tables that people open in a spreadsheet.

A text that a spreadsheet would take for a formula gets an apostrophe before it: names come from
users. Numbers stay numbers, those below 0 included; a figure that nobody gives is an empty cell.
"""

from collections.abc import Iterable
from math import isnan

__all__ = ["cell"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
DIGITS = 15


def cell(value: str | float | Iterable[str] | None, digits: int = DIGITS) -> str:
    """A value as a cell; several words stand apart by semicolons.

    >>> cell("=1+1"), cell(-2.5), cell(float("nan")), cell(True), cell(("a", "b"))
    ("'=1+1", '-2.5', '', 'yes', 'a; b')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, int | float):
        return f"{value:.{digits}g}" if isinstance(value, float) else str(value)
    words = value if isinstance(value, str) else "; ".join(value)
    return f"'{words}" if words.startswith(_FORMULA) else words
