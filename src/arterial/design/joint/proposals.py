"""Placements to try, from the placement program with prices that a network tells.

Prices are what a network that stands asks for, market by market and edge by edge, with its slack
for nothing.
"""

from dataclasses import dataclass, replace

import numpy as np

from arterial.design.joint.moves import answer
from arterial.design.joint.offered import Pairs
from arterial.design.joint.stand import Stand, Stands
from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.placement.choice import choose
from arterial.solve.program import FloatArray

__all__ = ["Prices", "jumped", "told_prices"]

NEAR_EDGES = 10
"""Edges a market that are priced, nearest first; the others cost what the dearest of them does."""
TRIES = 12
"""Placements in a row that cannot be routed before prices are given up."""
GAP = 1e-4
"""At which the program's choice is good enough: it is only a proposal."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What a placement pays for its network."""

    open_cost: FloatArray
    """(E,) of an edge in service, with what only the first market that comes pays."""
    pair_cost: FloatArray
    """(M, E) for a market that is answered from an edge, in either role."""


def told_prices(stands: Stands, stand: Stand, report: Report = silent) -> Prices:
    """What a network asks for each market at each edge, beside what it asks as it stands.

    One of the market's two answers is moved there, whichever is cheaper, all else kept.
    """
    choices = stands.choices
    opened = choices.opened(stand.pairs)
    more = np.full(choices.rtt_ms.shape, np.nan)
    for market, pair in enumerate(stand.pairs):
        report("prices of answers", market, len(stand.pairs))
        more[market, list(pair)] = 0.0
        for edge in choices.nearest(market)[:NEAR_EDGES]:
            more[market, edge] = _more(stands, stand, market, edge)
    extra = np.where(np.isin(np.arange(len(choices.edges)), opened), 0.0, choices.open_cost)
    more = more - extra
    dearest = np.nanmax(more, axis=1, initial=0.0, keepdims=True)
    more = np.where(np.isfinite(more), more, dearest)
    first = np.maximum(more.min(axis=0, initial=np.inf), 0.0)
    return Prices(open_cost=choices.open_cost + first, pair_cost=more - first)


def jumped(stands: Stands, stand: Stand, prices: Prices) -> Stand | None:
    """The network of the placement that is cheapest at some prices; None where none was routed."""
    for _ in range(TRIES):
        pairs = _cheapest(stands, prices)
        if pairs is None:
            return None
        known = int(stands.allowed.sum())
        trial = stands.moved(stand, pairs)
        if trial is not None:
            return trial
        if known == int(stands.allowed.sum()):
            return None  # its routes crowd an edge, and the same prices lead there again
    return None


def _cheapest(stands: Stands, prices: Prices) -> Pairs | None:
    choices, serving = stands.choices, stands.choices.serving
    if serving is not None:  # room counts here; what replicas cost is in the prices already
        free = replace(serving, price=np.zeros_like(serving.price))
        serving = free if serving.limited else None
    try:
        choice = choose(
            within=choices.within,
            apart=stands.allowed,
            open_cost=prices.open_cost,
            pair_cost=prices.pair_cost - prices.pair_cost.min(initial=0.0),
            tie=choices.tie,
            gap=GAP,
            serving=serving,
        )
    except SolverError:
        return None
    return tuple(zip(choice.primary, choice.failover, strict=True))


def _more(stands: Stands, stand: Stand, market: int, edge: int) -> float:
    """Added by one of a market's answers at this edge; NaN where it may not be or has no route."""
    if edge in stand.pairs[market]:
        return 0.0
    trials = (
        stands.moved(stand, answer(stand.pairs, market, pair))
        for kept in dict.fromkeys(stand.pairs[market])
        for pair in ((edge, kept), (kept, edge))
        if stands.allowed[market][pair]
    )
    costs = [trial.cost for trial in trials if trial is not None]
    return min(costs) - stand.cost if costs else np.nan
