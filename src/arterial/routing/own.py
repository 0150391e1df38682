"""Own solver of the path LP, for sizes at which matrices hurt: most carried, or least utilised.

    most  sum of x_p
    sum of x_p over the paths of demand k <= d_k,  over the paths on arc e <= c_e

    least  t
    sum of x_p over the paths of demand k  = d_k,  over the paths on arc e <= t c_e

Only arcs are priced (``walk``). Every price gives a bound by arithmetic, and every rate is cut down
until no arc is overloaded, or says how full arcs get: the gap is between these, whatever the steps
did.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report, silent
from arterial.routing.trie import Trie
from arterial.routing.walk import Start, Walk
from arterial.solve.program import FloatArray

__all__ = ["Carried", "Utilised", "least_utilised", "most_carried"]

CHECK = 10
"""Steps between two looks at the gap."""

SOON = 5
"""The same at the beginning."""

SHUT = 2.0
"""Price of an arc without room: a path is worth 1, and takes none that costs more."""

SMALL = 50_000
"""Beginnings below which a second thread costs more than it brings."""


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
    start: Start | None
    """To go on from after a small change; None where there was nothing to do."""


@dataclass(frozen=True, kw_only=True)
class Utilised:
    """Rates that carry everything, prices, and what no rates over these paths go below."""

    rate_gbps: FloatArray
    """(P,)"""
    price: FloatArray
    """(E,) that gives the bound."""
    utilisation: float
    """Load over capacity of the fullest arc."""
    bound: float
    gap: float
    """(utilisation - bound) / utilisation; 0 where nothing is loaded."""
    rounds: int
    start: Start | None


def most_carried(
    trie: Trie,
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
    if _idle(trie, offered_gbps, room_gbps):
        return Carried(
            rate_gbps=np.zeros(len(trie.path)),
            price=np.where(room_gbps > 0.0, 0.0, SHUT),
            carried_gbps=0.0,
            bound_gbps=0.0,
            gap=0.0,
            rounds=0,
            start=None,
        )
    workers = threads if len(trie.parent) > SMALL else 1
    with ThreadPoolExecutor(workers) as pool:
        walk = _Most(trie, offered_gbps, room_gbps, start, (pool, workers))
        _walked(walk, gap, rounds, late, report)
        return Carried(
            rate_gbps=_by_path(trie, walk.best_rate),
            price=walk.best_price,
            carried_gbps=walk.carried,
            bound_gbps=walk.bound,
            gap=walk.gap,
            rounds=walk.rounds,
            start=walk.start(),
        )


def least_utilised(
    trie: Trie,
    offered_gbps: FloatArray,
    capacity_gbps: FloatArray,
    *,
    gap: float = 1e-3,
    rounds: int = 20_000,
    start: Start | None = None,
    late: Callable[[], bool] = lambda: False,
    threads: int = 2,
    report: Report = silent,
) -> Utilised:
    """Carry everything over given paths, the fullest arc as empty as can be.

    Parameters
    ----------
    capacity_gbps : float (E,)
        Above 0 on every path; a demand without a path is not carried.

    The other parameters are those of ``most_carried``. The same for any number of threads.
    """
    if _idle(trie, offered_gbps, capacity_gbps):
        nothing = np.zeros(len(trie.path))
        free = np.zeros_like(capacity_gbps)
        return Utilised(
            rate_gbps=nothing, price=free, utilisation=0.0, bound=0.0, gap=0.0, rounds=0, start=None
        )
    assert (capacity_gbps[trie.arc] > 0.0).all()
    workers = threads if len(trie.parent) > SMALL else 1
    with ThreadPoolExecutor(workers) as pool:
        walk = _Least(trie, offered_gbps, capacity_gbps, start, (pool, workers))
        _walked(walk, gap, rounds, late, report)
        start = walk.start()
        walk.round_off()
        return Utilised(
            rate_gbps=_by_path(trie, walk.best_rate),
            price=walk.best_price,
            utilisation=walk.utilisation,
            bound=walk.bound,
            gap=walk.gap,
            rounds=walk.rounds,
            start=start,
        )


def _idle(trie: Trie, offered_gbps: FloatArray, room_gbps: FloatArray) -> bool:
    assert (offered_gbps >= 0.0).all()
    assert (room_gbps >= 0.0).all()
    assert (trie.end >= 0).all(), "a path of no arcs needs no solver"
    return not (len(trie.path) and offered_gbps[trie.demand].any() and room_gbps.any())


def _walked(walk: Walk, gap: float, rounds: int, late: Callable[[], bool], report: Report) -> None:
    walk.begin()
    walk.look()
    while walk.gap > gap and walk.rounds < rounds and not late():
        # Close to where another solve ended a few steps may do.
        for _ in range(CHECK if walk.rounds >= 2 * CHECK else SOON):
            walk.step()
        walk.look()
        report("solving", walk.rounds, rounds)


def _short(low: float, high: float) -> float:
    """By what share of the higher the lower falls short."""
    return max(0.0, 1.0 - low / high) if high > 0.0 else 0.0


def _by_path(trie: Trie, rate: FloatArray) -> FloatArray:
    placed = np.zeros(len(rate))
    placed[trie.path] = rate
    return placed


class _Most(Walk):
    """A Gb/s is worth 1, and an arc has a price where it is full."""

    worth = 1.0

    def __init__(
        self,
        trie: Trie,
        offered_gbps: FloatArray,
        room_gbps: FloatArray,
        start: Start | None,
        hands: tuple[ThreadPoolExecutor, int],
    ) -> None:
        super().__init__(trie, offered_gbps, room_gbps, start, hands)
        self.price = np.where(self.open, 0.0, SHUT)
        if start is not None:
            self.resume(start, ~self.open)
            self.price = np.where(self.open, start.price, SHUT)
        self.bound, self.carried = float(self.offered.sum()), 0.0
        self.best_price: FloatArray = np.where(self.open, 0.0, SHUT)
        self.best_rate: FloatArray = np.zeros(len(trie.path))

    @property
    def gap(self) -> float:
        """Between the least bound and the most carried so far."""
        return _short(self.carried, self.bound)

    def moved_price(self, load: FloatArray, scale: FloatArray) -> FloatArray:
        """An arc costs more the more it is over its room."""
        price = np.maximum(0.0, self.price + scale * (load - self.room))
        price[~self.open] = SHUT
        return price

    def note_bound(self, bound: float, price: FloatArray) -> None:
        """What the demands are worth over the least prices, and the arcs' room at those."""
        whole = bound + float(price @ self.room)
        if whole < self.bound:
            self.bound, self.best_price = whole, price

    def judged(self, rate: FloatArray, price: FloatArray, load: FloatArray) -> float:
        """Rates are cut until all fit."""
        share = np.divide(self.room, load, out=np.ones_like(load), where=load > self.room)
        bound, carried = self.passes.judge(self.offered, (price, share), rate, self.worth)
        self.note_bound(bound, price)
        if carried > self.carried:
            self.carried = carried
            np.multiply(rate, self.passes.share_of_paths(), out=self.best_rate)
        return _short(carried, bound + float(price @ self.room))


class _Least(Walk):
    """Prices weigh arcs, capacity times price adds up to 1; a Gb/s is worth more than any path."""

    def __init__(
        self,
        trie: Trie,
        offered_gbps: FloatArray,
        capacity_gbps: FloatArray,
        start: Start | None,
        hands: tuple[ThreadPoolExecutor, int],
    ) -> None:
        super().__init__(trie, offered_gbps, capacity_gbps, start, hands)
        # No arc costs more than 1 / capacity, so no path costs more than this: all is carried.
        slow = np.divide(1.0, self.room, out=np.zeros_like(self.room), where=self.open)
        self.passes.judge(self.offered, (slow, slow), self.rates.now, 1.0)
        self.worth = float(self.passes.price_of_paths().max())
        self.price = slow / self.open.sum()
        if start is not None:
            self.resume(start, ~self.open)
            self.price = self._settled(start.price, np.ones_like(self.room))
        self._fill()
        self.bound, self.utilisation = 0.0, np.inf
        self.best_price: FloatArray = self.price
        self.best_rate: FloatArray = self.rates.now.copy()

    def round_off(self) -> None:
        """Let the best rates add up to what is offered to the last digit."""
        self.rates.now[:] = self.best_rate
        self._fill()
        self.best_rate[:] = self.rates.now
        self.utilisation = self._fullest(self.load)

    def _fill(self) -> None:
        """Let every demand send all that it offers, its paths alike where it sends nothing yet."""
        first, now = self.trie.first, self.rates.now
        count = np.diff(first)
        sent = np.add.reduceat(now, first[:-1])
        now += np.repeat(np.where(sent > 0.0, 0.0, self.offered / count), count)
        more = np.divide(self.offered, sent, out=np.ones_like(sent), where=sent > 0.0)
        now *= np.repeat(more, count)
        self.load = self.passes.stay(self.offered, self.rates)
        self._swap()

    @property
    def gap(self) -> float:
        """Between the least utilisation and the largest bound so far."""
        return _short(self.bound, self.utilisation)

    def moved_price(self, load: FloatArray, scale: FloatArray) -> FloatArray:
        """An arc weighs more the more it is loaded, at the cost of others."""
        return self._settled(self.price + scale * load, scale)

    def note_bound(self, bound: float, price: FloatArray) -> None:
        """What the demands cost at the least prices: no less is loaded, by arithmetic."""
        least = self._least(bound)
        if least > self.bound:
            self.bound, self.best_price = least, price

    def judged(self, rate: FloatArray, price: FloatArray, load: FloatArray) -> float:
        """Rates carry everything as they are."""
        bound, _ = self.passes.judge(self.offered, (price, self.room), rate, self.worth)
        self.note_bound(bound, price)
        fullest = self._fullest(load)
        if fullest < self.utilisation:
            self.utilisation = fullest
            self.best_rate[:] = rate
        return _short(self._least(bound), fullest)

    def _fullest(self, load: FloatArray) -> float:
        share = np.divide(load, self.room, out=np.zeros_like(load), where=self.open)
        return float(share.max())

    def _least(self, bound: float) -> float:
        return max(0.0, self.worth * float(self.offered.sum()) - bound)

    def _settled(self, price: FloatArray, scale: FloatArray) -> FloatArray:
        """The nearest prices, none negative, whose sum over capacity is 1, each by its scale."""
        weight = np.where(self.open, scale * self.room, 0.0)
        live = weight > 0.0
        less, fewer = 0.0, live
        while True:
            total = float(price[fewer] @ self.room[fewer]) - 1.0
            less = total / float(weight[fewer] @ self.room[fewer])
            still = fewer & (price > less * weight)
            if (still == fewer).all() or not still.any():
                break
            fewer = still
        return np.where(fewer, np.maximum(0.0, price - less * weight), 0.0)
