"""How long a verb may still run: asked between sub-problems, and handed to solvers.

Engines never look at the clock: they are handed one of these. What is cut short raises
``LateError`` up to where the best so far is known.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["FOREVER", "Deadline", "LateError"]

Item = TypeVar("Item")

NO_TIME_S = 1e-3
"""Too little to begin anything."""


class LateError(Exception):
    """Time is up; ``bound`` is what the work that was cut short proved, -inf where nothing."""

    def __init__(self, bound: float = -math.inf) -> None:
        self.bound = bound
        super().__init__("time is up")


@dataclass(frozen=True)
class Deadline:
    """Seconds that are left, whenever they are asked for."""

    left_s: Callable[[], float]

    @property
    def late(self) -> bool:
        """Whether nothing should be begun any more."""
        return self.left_s() <= NO_TIME_S

    def check(self) -> None:
        """Raises LateError when time is up."""
        if self.late:
            raise LateError

    def each(self, items: Iterable[Item]) -> Iterator[Item]:
        """Items while there is time; raises LateError before the first that comes too late."""
        for item in items:
            self.check()
            yield item


def _always_s() -> float:
    return math.inf


FOREVER = Deadline(_always_s)
