"""A cheap placement with its replicas, by moves: where the program alone takes too long for one.

Each market is tried at every pair of edges, each edge in service closed, each other one opened, as
long as that saves. What has no room is dear, so that a start without room is led to one that has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.placement.serving import Serving, whole
from arterial.solve.program import FloatArray

__all__ = ["Prices", "improved"]

Pairs = tuple[tuple[int, int], ...]

PASSES = 12
"""Over all markets and edges, at most."""
NORMS = (16.0, 40.0, np.inf)
"""One after another: a worst case alone hides what is next to it."""
SAVES = 1e-7
"""From which on a move is one."""
ROOMLESS = 1e3
"""Price of an accelerator, or a kilowatt, that has no room, in the dearest edge's cost."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What a placement pays."""

    serving: Serving
    open_cost: FloatArray
    """(E,)"""
    pair_cost: FloatArray
    """(M, E) in either role."""
    tie: FloatArray
    """(M, E) decides among equals."""
    norm: float = np.inf
    """Of an edge's cases, in place of the worst one: moves then see what they bring nearer."""

    def of(self, pairs: Pairs) -> float:
        """Of edges, answers and replicas; of what has no room besides."""
        rows = np.arange(len(pairs))
        first, second = np.array(pairs, dtype=np.int64).T
        counts = self._counts(self.serving.by_case(first.tolist(), second.tolist()))
        opened = np.unique(np.concatenate([first, second]))
        cost = self.open_cost[opened].sum() + float((counts * self.serving.price).sum())
        cost += (self.pair_cost[rows, first] + self.pair_cost[rows, second]).sum()
        cost += SAVES * self.tie[rows, first].sum()
        over = np.maximum(counts @ self.serving.gpus_each - self.serving.gpus, 0.0).sum()
        over += np.maximum(counts @ self.serving.kw_each - self.serving.kw, 0.0).sum()
        return float(cost + ROOMLESS * (1.0 + self.open_cost.max(initial=0.0)) * over)

    def _counts(self, by_case: FloatArray) -> FloatArray:
        """(E, K) of (cases, E, K): whole, or a norm over cases that is no less than the worst."""
        worst = by_case.max(axis=0)
        if np.isinf(self.norm):
            return whole(worst).astype(np.float64)
        parts = by_case / np.maximum(worst, SAVES)
        return np.asarray(worst * (parts**self.norm).sum(axis=0) ** (1.0 / self.norm))


def improved(prices: Prices, allowed: Sequence[Pairs], start: Pairs) -> Pairs:
    """The best that moves come to.

    Parameters
    ----------
    allowed
        By market, the pairs that may answer it.
    """
    best = start
    for norm in NORMS:
        best = _moved(replace(prices, norm=norm), allowed, best)
    return min(start, best, key=prices.of)


def _moved(prices: Prices, allowed: Sequence[Pairs], start: Pairs) -> Pairs:
    best, cost = start, prices.of(start)
    for _ in range(PASSES):
        before = cost
        for market, pairs in enumerate(allowed):
            trials = (_with(best, market, pair) for pair in pairs)
            best, cost = _cheapest(prices, trials, (best, cost))
        for edge in range(len(prices.open_cost)):
            best, cost = _cheapest(prices, _changed(prices, allowed, best, edge), (best, cost))
        if cost > before - SAVES:
            break
    return best


def _cheapest(
    prices: Prices, trials: Iterable[Pairs], known: tuple[Pairs, float]
) -> tuple[Pairs, float]:
    best, cost = known
    for trial in trials:
        new = prices.of(trial)
        if new < cost - SAVES / 10.0:
            best, cost = trial, new
    return best, cost


def _with(pairs: Pairs, market: int, pair: tuple[int, int]) -> Pairs:
    return (*pairs[:market], pair, *pairs[market + 1 :])


def _changed(prices: Prices, allowed: Sequence[Pairs], pairs: Pairs, edge: int) -> Iterator[Pairs]:
    """An edge in service closed; or opened, for those markets that it is nearer to."""
    opened = {one for pair in pairs for one in pair}
    closing = edge in opened
    opened ^= {edge}
    trial = pairs
    for market, own in enumerate(pairs):
        if closing and edge not in own:
            continue
        near = [
            pair
            for pair in allowed[market]
            if opened.issuperset(pair) and (closing or edge in pair)
        ]
        if not near and closing:
            return
        if near:
            pair = min(near, key=lambda pair: (prices.tie[market, list(pair)].sum(), pair))
            if closing or prices.tie[market, pair[0]] < prices.tie[market, own[0]]:
                trial = _with(trial, market, pair)
    if trial != pairs:
        yield trial
