"""Primal-dual steps between rates of paths and prices of links, whatever is aimed at.

Given prices, each demand's rates are projected onto what it offers, all by itself; given rates, the
prices move by how their arcs are loaded (Chambolle and Pock 2011). Steps adapt as in PDLP
(Applegate et al. 2021): their size by the movement that they bring about, the balance between rates
and prices each time that iteration starts again.
"""

from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from arterial.routing.passes import TINY, Passes
from arterial.routing.steps import Rates
from arterial.routing.trie import Trie
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Start", "Walk"]

ENOUGH, SOME = 0.2, 0.8
"""Iteration starts again once the gap is this share of what it was: at once, or when it grows."""

LATE, LEAST = 0.25, 20
"""And at the latest when it has gone on for this share of all steps, and for so many."""


LARGEST = 64.0
"""Size of a step, of which 1 is always safe and 5 usual: far larger ones cost digits."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where an earlier solve of nearly the same program ended."""

    rate_gbps: FloatArray
    """(P,) before they were cut down."""
    price: FloatArray
    """(E,)"""
    size: float
    """Of the last step."""
    offered_gbps: FloatArray
    """(K',) by the trie's demands, for which the scales are."""
    scales: tuple[FloatArray, FloatArray]
    """How far rates and prices move, (K',) and (E,)."""


class Walk(ABC):
    """One solve: rates and prices, and where iteration began last.

    An aim says what a Gb/s is worth, how prices move, and what rates and prices are worth.
    """

    worth: float

    def __init__(
        self,
        trie: Trie,
        offered_gbps: FloatArray,
        room_gbps: FloatArray,
        start: Start | None,
        hands: tuple[ThreadPoolExecutor, int],
    ) -> None:
        count = len(trie.path)
        self.trie, self.passes = trie, Passes(trie, len(room_gbps), *hands)
        self.offered: FloatArray = offered_gbps[trie.demand]
        self.room, self.open = room_gbps, room_gbps > 0.0
        self.rates = Rates(np.zeros(count), np.zeros(count), np.zeros(count))
        same = start is not None and np.array_equal(start.offered_gbps, self.offered)
        self.reach, self.pull = start.scales if start and same else self._scales()
        self.price: FloatArray = np.zeros_like(room_gbps)
        self.load: FloatArray = np.zeros_like(room_gbps)
        self.size: float = 1.0
        self.balance: float = float(room_gbps.sum() / max(1, self.open.sum()))
        self.rounds = 0
        self._last: float = np.inf
        self._before: float = np.inf

    @property
    @abstractmethod
    def gap(self) -> float:
        """Between the best rates and the best bound so far, a share of the higher."""

    @abstractmethod
    def moved_price(self, load: FloatArray, scale: FloatArray) -> FloatArray:
        """Prices (E,) once they have followed the loads, each by its own scale."""

    @abstractmethod
    def note_bound(self, bound: float, price: FloatArray) -> None:
        """Keep what the prices prove."""

    @abstractmethod
    def judged(self, rate: FloatArray, price: FloatArray, load: FloatArray) -> float:
        """The gap between what rates reach and what prices prove; the best of both is kept."""

    def resume(self, start: Start, shut: BoolArray) -> None:
        """Begin where another solve ended; paths over a shut arc carry nothing."""
        now = self.rates.now
        now[:] = start.rate_gbps[self.trie.path]
        share = np.where(shut, 0.0, 1.0)
        self.passes.judge(self.offered, (self.price, share), now, self.worth)
        now *= self.passes.share_of_paths()
        self.load = self.passes.stay(self.offered, self.rates)
        self._swap()
        # The balance is not taken over: where the other solve ended, prices hardly had to move any
        # more. Its own first one needs a third of the steps on UsCarrier.
        self.size = start.size

    def begin(self) -> None:
        """Averages, and how far rates and prices move, count from here on."""
        self._origin = self.rates.now.copy(), self.price.copy()
        self.rates.total[:] = 0.0
        self._price_total: FloatArray = np.zeros_like(self.price)
        self._load_total: FloatArray = np.zeros_like(self.price)
        self._weight: float = 0.0
        self._pending: float = 0.0
        self._since = 0

    def step(self) -> None:
        """Rates from prices, then prices from rates; again and smaller where it was too large."""
        self.rounds += 1
        found = self._tried()
        while found is None:
            found = self._tried()
        size, self.price, self.load = found
        self._swap()
        self._price_total += size * self.price
        self._load_total += size * self.load
        self._weight += size
        self._pending = size
        self._since += 1

    def look(self) -> None:
        """Judge rates and prices, now and on average; begin again where that helps."""
        self.rates.total[:] += self._pending * self.rates.now
        self._pending = 0.0
        now = self.judged(self.rates.now, self.price, self.load)
        if not self._weight:
            return
        rate = self.rates.total / self._weight
        price, load = self._price_total / self._weight, self._load_total / self._weight
        average = self.judged(rate, price, load)
        best = min(now, average)
        grows = best > self._before and best <= SOME * self._last
        long = self._since >= max(LEAST, LATE * self.rounds)
        self._before = best
        if best <= ENOUGH * self._last or grows or long:
            if average < now:
                self.rates.now[:], self.price, self.load = rate, price, load
            self._rebalance()
            self.begin()
            self._last, self._before = best, np.inf

    def start(self) -> Start:
        """To go on from here."""
        rate = np.zeros(len(self.trie.path))
        rate[self.trie.path] = self.rates.now
        return Start(
            rate_gbps=rate,
            price=self.price,
            size=self.size,
            offered_gbps=self.offered,
            scales=(self.reach, self.pull),
        )

    def _tried(self) -> tuple[float, FloatArray, FloatArray] | None:
        """A step's size, prices and loads; None where it was too large, and the next is smaller."""
        size, balance = self.size, self.balance
        demand = self.offered, size / balance * self.reach
        load, bound, moved = self.passes.advance(
            demand, self.price, self.rates, self.worth, self._pending
        )
        self._pending = 0.0
        self.note_bound(bound, self.price)
        price = self.moved_price(2.0 * load - self.load, size * balance * self.pull)
        turn = price - self.price
        movement = 0.5 * (size * moved + _norm(turn, self.pull) / balance)
        crossing = abs(float(turn @ (load - self.load)))
        limit = movement / crossing if crossing > 0.0 else np.inf
        late = self.rounds + 1.0
        grown = min(LARGEST, (1.0 + late**-0.6) * size)
        self.size = float(min((1.0 - late**-0.3) * limit, grown))
        return (size, price, load) if size <= limit else None

    def _scales(self) -> tuple[FloatArray, FloatArray]:
        """How far a demand's rates move for a price of 1 (K',), and a price for a Gb/s (E,).

        Diagonal preconditioning (Pock and Chambolle 2011): with these no step of size 1 is too
        large, whatever the balance.
        """
        rates, first = self.rates, self.trie.first
        rates.now[:] = np.repeat(self.offered, np.diff(first))
        load = self.passes.stay(np.full(len(self.offered), np.inf), rates)
        rates.now[:] = 0.0
        slow = np.divide(1.0, self.room, out=np.zeros_like(load), where=self.open)
        self.passes.judge(self.offered, (slow, slow), rates.now, 1.0)
        longest = np.maximum.reduceat(self.passes.price_of_paths(), first[:-1])
        reach = np.maximum(self.offered / np.maximum(longest, TINY), TINY)
        weight = load * self.room
        return reach, np.divide(1.0, weight, out=np.zeros_like(load), where=weight > 0.0)

    def _swap(self) -> None:
        """The new rates are those of now."""
        self.rates = Rates(self.rates.new, self.rates.now, self.rates.total)

    def _rebalance(self) -> None:
        """Let rates and prices move alike from here on, by how they moved since the beginning."""
        rate, price = self._origin
        spread = np.repeat(self.reach, np.diff(self.trie.first))
        rates = _norm(self.rates.now - rate, spread) ** 0.5
        prices = _norm(self.price - price, self.pull) ** 0.5
        if rates > 0.0 and prices > 0.0:
            self.balance = float(np.sqrt(self.balance * prices / rates))


def _norm(change: FloatArray, scale: FloatArray) -> float:
    """Sum of squares, each over its scale; what has none does not move."""
    return float(np.divide(change**2, scale, out=np.zeros_like(change), where=scale > 0.0).sum())
