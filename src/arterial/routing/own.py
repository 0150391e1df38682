"""Own solver of the path LP, for sizes at which matrices hurt: primal-dual steps on link prices.

    most  sum of x_p
    sum of x_p over the paths of demand k <= d_k,  over the paths on arc e <= c_e

Only arcs are priced. Given prices y, each demand's rates are projected onto what it offers, all by
itself; given rates, each price moves by how far its arc is over or under its capacity (Chambolle
and Pock 2011). Steps adapt as in PDLP (Applegate et al. 2021): their size by the movement that they
bring about, the balance between rates and prices each time that iteration starts again.

Every price gives a bound by arithmetic, and every rate is cut down until no arc is overloaded: the
gap is between these two, whatever the steps did.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report, silent
from arterial.routing.forest import Forest
from arterial.routing.passes import TINY, Passes
from arterial.routing.steps import Rates
from arterial.solve.program import FloatArray

__all__ = ["Carried", "Start", "most_carried"]

CHECK = 10
"""Steps between two looks at the gap."""

SHUT = 2.0
"""Price of an arc without room: a path is worth 1, and takes none that costs more."""

ENOUGH, SOME = 0.2, 0.8
"""Iteration starts again once the gap is this share of what it was: at once, or when it grows."""

LATE, LEAST = 0.36, 60
"""And at the latest when it has gone on for this share of all steps, of which there are so many."""

SMALL = 50_000
"""Beginnings below which a second thread costs more than it brings."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where an earlier solve of nearly the same program ended."""

    rate_gbps: FloatArray
    """(P,) before they were cut down."""
    price: FloatArray
    """(E,)"""
    balance_gbps: float
    """Between movements of rates and of prices."""
    size: float
    """Of the last step."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Rates that overload nothing, prices, and what no rates over these paths exceed."""

    rate_gbps: FloatArray
    """(P,)"""
    price: FloatArray
    """(E,) that gives the bound."""
    carried_gbps: float
    bound_gbps: float
    gap: float
    """(bound - carried) / bound; 0 where the bound is 0."""
    rounds: int
    start: Start
    """To go on from after a small change."""


def most_carried(
    forest: Forest,
    offered_gbps: FloatArray,
    room_gbps: FloatArray,
    *,
    gap: float = 1e-3,
    rounds: int = 20_000,
    start: Start | None = None,
    late: Callable[[], bool] = lambda: False,
    threads: int = 2,
    report: Report = silent,
) -> Carried:
    """Carry as much as possible over given paths.

    Parameters
    ----------
    offered_gbps : float (K,)
        Not negative.
    room_gbps : float (E,)
        Not negative; paths over an arc without room carry nothing.
    gap
        Stop once it is no more; ``rounds`` and ``late`` may stop it before.
    late
        Asked at each look at the gap.

    Returns
    -------
    Carried
        The same for any number of threads.
    """
    assert (offered_gbps >= 0.0).all()
    assert (room_gbps >= 0.0).all()
    assert (forest.end >= 0).all(), "a path of no arcs needs no solver"
    if not len(forest.path) or not (offered_gbps[forest.demand].any() and room_gbps.any()):
        return _nothing(forest, room_gbps)
    workers = threads if len(forest.parent) > SMALL else 1
    with ThreadPoolExecutor(workers) as pool:
        walk = _Walk(forest, offered_gbps, room_gbps, start, (pool, workers))
        walk.look()
        while walk.gap > gap and walk.rounds < rounds and not late():
            for _ in range(CHECK):
                walk.step()
            walk.look()
            report("carrying", walk.rounds, rounds)
        return walk.answer()


def _nothing(forest: Forest, room_gbps: FloatArray) -> Carried:
    """What is carried where nothing is offered or no arc has room."""
    rate, price = np.zeros(len(forest.path)), np.where(room_gbps > 0.0, 0.0, SHUT)
    return Carried(
        rate_gbps=rate,
        price=price,
        carried_gbps=0.0,
        bound_gbps=0.0,
        gap=0.0,
        rounds=0,
        start=Start(rate_gbps=rate, price=price, balance_gbps=1.0, size=1.0),
    )


class _Walk:
    """One solve: rates and prices, where iteration began last, and the best of what was seen."""

    def __init__(
        self,
        forest: Forest,
        offered_gbps: FloatArray,
        room_gbps: FloatArray,
        start: Start | None,
        hands: tuple[ThreadPoolExecutor, int],
    ) -> None:
        count = len(forest.path)
        self._forest = forest
        self._passes = Passes(forest, len(room_gbps), *hands)
        self._offered: FloatArray = offered_gbps[forest.demand]
        self._room, self._open = room_gbps, room_gbps > 0.0
        self._rates = Rates(np.zeros(count), np.zeros(count), np.zeros(count))
        self._reach, self._pull = self._scales()
        self._price: FloatArray = np.where(self._open, 0.0, SHUT)
        self._load: FloatArray = np.zeros_like(room_gbps)
        self._size, self._balance = 1.0, float(room_gbps.sum() / max(1, self._open.sum()))
        if start is not None:
            self._resume(start)
        self.rounds = 0
        self._bound, self._carried = float(self._offered.sum()), 0.0
        self._best_price: FloatArray = np.where(self._open, 0.0, SHUT)
        self._best_rate: FloatArray = np.zeros(count)
        self._last = self._before = np.inf
        self._begin()

    @property
    def gap(self) -> float:
        """Between the least bound and the most carried so far."""
        return max(0.0, 1.0 - self._carried / self._bound) if self._bound > 0.0 else 0.0

    def step(self) -> None:
        """Rates from prices, then prices from rates; again and smaller where it was too large."""
        self.rounds += 1
        found = self._tried()
        while found is None:
            found = self._tried()
        size, price, load = found
        self._swap()
        self._price, self._load = price, load
        self._price_total += size * price
        self._load_total += size * load
        self._weight += size
        self._pending = size
        self._since += 1

    def _tried(self) -> tuple[float, FloatArray, FloatArray] | None:
        """A step's size, prices and loads; None where it was too large, and the next is smaller."""
        size, balance = self._size, self._balance
        demand = self._offered, size / balance * self._reach
        load, bound, moved = self._passes.advance(demand, self._price, self._rates, self._pending)
        self._pending = 0.0
        self._note_bound(bound, self._price)
        over = 2.0 * load - self._load - self._room
        price = np.maximum(0.0, self._price + size * balance * self._pull * over)
        price[~self._open] = SHUT
        turn = price - self._price
        movement = 0.5 * (size * moved + _norm(turn, self._pull) / balance)
        crossing = abs(float(turn @ (load - self._load)))
        limit = movement / crossing if crossing > 0.0 else np.inf
        late = self.rounds + 1.0
        self._size = float(min((1.0 - late**-0.3) * limit, (1.0 + late**-0.6) * size))
        return (size, price, load) if size <= limit else None

    def look(self) -> None:
        """What rates and prices are worth, now and on average; begin again where that helps."""
        self._rates.total[:] += self._pending * self._rates.now
        self._pending = 0.0
        worth = self._worth(self._rates.now, self._price, self._load)
        if not self._weight:
            return
        rate, price, load = (
            sum_ / self._weight for sum_ in (self._rates.total, self._price_total, self._load_total)
        )
        average = self._worth(rate, price, load)
        best = min(worth, average)
        grows = best > self._before and best <= SOME * self._last
        long = self.rounds >= LEAST and self._since >= LATE * self.rounds
        self._before = best
        if best <= ENOUGH * self._last or grows or long:
            if average < worth:
                self._rates.now[:], self._price, self._load = rate, price, load
            self._rebalance()
            self._begin()
            self._last, self._before = best, np.inf

    def answer(self) -> Carried:
        """The best that was seen."""
        placed = np.zeros((2, len(self._forest.path)))
        placed[:, self._forest.path] = self._best_rate, self._rates.now
        return Carried(
            rate_gbps=placed[0],
            price=self._best_price,
            carried_gbps=self._carried,
            bound_gbps=self._bound,
            gap=self.gap,
            rounds=self.rounds,
            start=Start(
                rate_gbps=placed[1],
                price=self._price,
                balance_gbps=self._balance,
                size=self._size,
            ),
        )

    def _scales(self) -> tuple[FloatArray, FloatArray]:
        """How far a demand's rates move for a price of 1 (K',), and a price for a Gb/s (E,).

        Diagonal preconditioning (Pock and Chambolle 2011): with these no step of size 1 is too
        large, whatever the balance.
        """
        rates, passes, first = self._rates, self._passes, self._forest.first
        rates.now[:] = np.repeat(self._offered, np.diff(first))
        load = passes.stay(np.full(len(self._offered), np.inf), rates)
        rates.now[:] = 0.0
        slow = np.divide(1.0, self._room, out=np.zeros_like(load), where=self._open)
        passes.judge(self._offered, slow, slow, rates.now)
        longest = np.maximum.reduceat(passes.price_of_paths(), first[:-1])
        reach = np.maximum(self._offered / np.maximum(longest, TINY), TINY)
        weight = load * self._room
        return reach, np.divide(1.0, weight, out=np.zeros_like(load), where=weight > 0.0)

    def _resume(self, start: Start) -> None:
        """Begin where another solve ended; paths that are shut now carry nothing."""
        now = self._rates.now
        now[:] = start.rate_gbps[self._forest.path]
        self._passes.judge(self._offered, self._price, self._open.astype(np.float64), now)
        now *= self._passes.share_of_paths()
        self._load = self._passes.stay(self._offered, self._rates)
        self._swap()
        self._price = np.where(self._open, start.price, SHUT)
        self._balance, self._size = start.balance_gbps, start.size

    def _swap(self) -> None:
        """The new rates are those of now."""
        self._rates = Rates(self._rates.new, self._rates.now, self._rates.total)

    def _begin(self) -> None:
        """Averages, and how far rates and prices move, count from here on."""
        self._origin = self._rates.now.copy(), self._price.copy()
        self._rates.total[:] = 0.0
        self._price_total: FloatArray = np.zeros_like(self._price)
        self._load_total: FloatArray = np.zeros_like(self._price)
        self._weight: float = 0.0
        self._pending: float = 0.0
        self._since = 0

    def _rebalance(self) -> None:
        """Let rates and prices move alike from here on, by how they moved since the beginning."""
        rate, price = self._origin
        spread = np.repeat(self._reach, np.diff(self._forest.first))
        rates = _norm(self._rates.now - rate, spread) ** 0.5
        prices = _norm(self._price - price, self._pull) ** 0.5
        if rates > 0.0 and prices > 0.0:
            self._balance = float(np.sqrt(self._balance * prices / rates))

    def _worth(self, rate: FloatArray, price: FloatArray, load: FloatArray) -> float:
        """The gap of these rates, cut down, to the bound of these prices."""
        share = np.divide(self._room, load, out=np.ones_like(load), where=load > self._room)
        bound, carried = self._passes.judge(self._offered, price, share, rate)
        bound = self._note_bound(bound, price)
        if carried > self._carried:
            self._carried = carried
            np.multiply(rate, self._passes.share_of_paths(), out=self._best_rate)
        return 1.0 - carried / bound if bound > 0.0 else 0.0

    def _note_bound(self, bound: float, price: FloatArray) -> float:
        """The bound that prices give, what the arcs are worth included; the least is kept."""
        whole = bound + float(price @ self._room)
        if whole < self._bound:
            self._bound, self._best_price = whole, price
        return whole


def _norm(change: FloatArray, scale: FloatArray) -> float:
    """Sum of squares, each over its scale; what has none does not move."""
    return float(np.divide(change**2, scale, out=np.zeros_like(change), where=scale > 0.0).sum())
