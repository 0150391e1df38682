"""How far a long verb is: events that engines yield or report, and who listens.

Engines call ``report(stage, done, total)``; the command line shows it with time left, tests record
it, nobody else needs to know.
"""

from collections.abc import Callable

__all__ = ["Report", "silent"]

Report = Callable[[str, float, float], None]
"""(stage in words, done, total). ``total`` 0 means unknown."""


def silent(stage: str, done: float, total: float) -> None:
    """Nobody listens."""
