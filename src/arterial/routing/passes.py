"""Passes over a trie of paths by threads that share its parts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from arterial.routing.steps import Rates, advance, judge, work_of
from arterial.routing.trie import Trie
from arterial.solve.program import FloatArray

__all__ = ["TINY", "Passes"]

TINY = 1e-300
"""Rates that are to stay as they are move by so little."""


class Passes:
    """A trie, the memory of its passes, and who makes them."""

    def __init__(self, trie: Trie, arcs: int, pool: ThreadPoolExecutor, workers: int) -> None:
        marks = np.linspace(0, len(trie.part) - 1, workers + 1).astype(np.int64).tolist()
        self._pool = pool
        self._ranges: list[tuple[int, int]] = list(pairwise(marks))
        self._trie, self._arcs = trie, arcs
        self._work = work_of(trie, arcs)

    def advance(
        self,
        demand: tuple[FloatArray, FloatArray],
        price: FloatArray,
        rates: Rates,
        worth: float,
        size: float,
    ) -> tuple[FloatArray, float, float]:
        """Loads of the new rates (E,), the demands' part of the bound, and the movement.

        Arguments as ``steps.advance`` has them.
        """

        def work(begin: int, stop: int) -> None:
            advance(self._trie, demand, price, rates, self._work, (begin, stop, worth, size))

        bound, moved = self._all(work)
        return self._work.load.sum(axis=0), bound, moved

    def stay(self, offered: FloatArray, rates: Rates) -> FloatArray:
        """Loads (E,) of the rates as they are, cut to what is offered."""
        still = np.full(len(offered), TINY)
        free: FloatArray = np.zeros(self._arcs)
        return self.advance((offered, still), free, rates, 1.0, 0.0)[0]

    def judge(
        self,
        offered: FloatArray,
        arc_value: tuple[FloatArray, FloatArray],
        rate: FloatArray,
        worth: float,
    ) -> tuple[float, float]:
        """The demands' part of the bound, and what is carried once all paths fit."""

        def work(begin: int, stop: int) -> None:
            judge(self._trie, offered, arc_value, rate, self._work, (begin, stop, worth))

        return self._all(work)

    def price_of_paths(self) -> FloatArray:
        """(P,) after ``judge``: the price along each path."""
        return self._work.price[self._trie.end]

    def share_of_paths(self) -> FloatArray:
        """(P,) after ``judge``: the least share along each path."""
        return self._work.flow[self._trie.end]

    def _all(self, work: Callable[[int, int], None]) -> tuple[float, float]:
        if len(self._ranges) == 1:
            work(*self._ranges[0])
        else:
            for call in [self._pool.submit(work, *asked) for asked in self._ranges]:
                call.result()
        one, other = self._work.sums.sum(axis=0).tolist()
        return float(one), float(other)
