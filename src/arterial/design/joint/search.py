"""Placement and network bettered in turn: a generator of frozen states, counted in rounds.

A round moves edges and answers at the price of their network, then routes all flows anew. Where
that saves nothing, the placement program is solved once with the prices that the network tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from arterial.design.joint.moves import LEAST, bettered_by_moves
from arterial.design.joint.proposals import jumped, told_prices
from arterial.design.joint.stand import Stand, Stands
from arterial.design.search import search

__all__ = ["Joined", "joined"]


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The cheapest placement with its network after a round; round 0 is the start."""

    round: int
    stand: Stand


def joined(stands: Stands, start: Stand, *, rounds: int, search_rounds: int) -> Iterator[Joined]:
    """Better placements, round by round, until neither moves nor prices find one.

    Parameters
    ----------
    search_rounds
        Of routing after each change, at most.
    """
    best = start
    yield Joined(round=0, stand=best)
    for number in range(1, rounds + 1):
        trial = _routed(stands, bettered_by_moves(stands, best), search_rounds)
        if trial.cost >= best.cost - LEAST:
            lead = jumped(stands, best, told_prices(stands, best))
            trial = best if lead is None else _settled(stands, lead, search_rounds)
        if trial.cost >= best.cost - LEAST:
            return
        best = trial
        yield Joined(round=number, stand=best)


def _settled(stands: Stands, lead: Stand, search_rounds: int) -> Stand:
    routed = _routed(stands, lead, search_rounds)
    return _routed(stands, bettered_by_moves(stands, routed), search_rounds)


def _routed(stands: Stands, stand: Stand, search_rounds: int) -> Stand:
    """The same placement with its flows routed anew."""
    *_, found = search(stands.chooser, stand.flows, rounds=search_rounds, start=stand.found)
    return stands.of(stand.pairs, found)
