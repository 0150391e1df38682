"""Answers that hang on which fibres are closed, found once for all cases that share them.

An answer names the fibres that it rests on: while none of them is closed, it stands, whatever else
is. So it is asked first with nothing closed, then with one closed fibre that it rested on, and so
on, until it rests on open fibre only. Which fibres are closed decides alone, not what was asked
before: any process gives the same answer.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Reduced"]

T = TypeVar("T")


class Reduced(Generic[T]):
    """One question's answers, by closed fibres (bits).

    Parameters
    ----------
    find
        From closed fibres the fibres that the answer rests on, as bits, and the answer. It must be
        right for any more closed fibres that leave those open.
    """

    def __init__(self, find: Callable[[int], tuple[int, T]]) -> None:
        self._find = find
        self._known: dict[int, tuple[int, T]] = {}

    def __call__(self, closed: int) -> T:
        """The answer while these fibres are closed."""
        shut = 0
        while True:
            known = self._known.get(shut)
            if known is None:
                known = self._known[shut] = self._find(shut)
                assert not known[0] & shut, "an answer rests on open fibre"
            hit = known[0] & closed
            if not hit:
                return known[1]
            shut |= hit & -hit
