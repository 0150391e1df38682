"""Placement and network bettered in turn: a generator of frozen states, counted in rounds.

A round moves edges and answers at the price of their network, then routes all flows anew. Where
that saves nothing, the placement program is solved once with the prices that the network tells.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from arterial.design.joint.moves import LEAST, moved_stands
from arterial.design.joint.proposals import jumped, told_prices
from arterial.design.joint.stand import Stand, Stands
from arterial.design.run import Run
from arterial.jobs.deadline import LateError

__all__ = ["Joined", "joined"]


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The cheapest placement with its network after a round; round 0 is the start."""

    round: int
    stand: Stand


def joined(
    stands: Stands, start: Stand, *, rounds: int, search_rounds: int, run: Run
) -> Iterator[Joined]:
    """Better placements, round by round, until neither moves nor prices find one.

    A round that time cuts is the last: what it had found is yielded where it is better.

    Parameters
    ----------
    search_rounds
        Of routing after each change, at most.
    """
    best = start
    yield Joined(round=0, stand=best)
    for number in range(1, rounds + 1):
        trial = best
        with suppress(LateError):  # the next round then ends before it begins
            for step in _tried(stands, best, search_rounds, run.under(f"round {number}")):
                trial = step
        if trial.cost >= best.cost - LEAST:
            return
        best = trial
        yield Joined(round=number, stand=best)


def _tried(stands: Stands, best: Stand, search_rounds: int, run: Run) -> Iterator[Stand]:
    """Stands of one round, one from another; the last one is what it comes to."""
    trial = best
    for trial in _bettered(stands, best, search_rounds, run):
        yield trial
    if trial.cost < best.cost - LEAST:
        return
    lead = stands.made(
        run, "lead", best, lambda: jumped(stands, best, told_prices(stands, best, run.report))
    )
    if lead is None:
        yield best
        return
    lead = _routed(stands, lead, search_rounds, run.under("lead"))
    yield lead
    yield from _bettered(stands, lead, search_rounds, run.under("after the lead"))


def _bettered(stands: Stands, stand: Stand, search_rounds: int, run: Run) -> Iterator[Stand]:
    last = stand
    for last in moved_stands(stands, stand, run):
        yield last
    yield _routed(stands, last, search_rounds, run)


def _routed(stands: Stands, stand: Stand, search_rounds: int, run: Run) -> Stand:
    """The same placement with its flows routed anew; as it was where edges lack room for that."""
    *_, found = run.rounds(stands.chooser, stand.flows, rounds=search_rounds, start=stand.found)
    again = stands.of(stand.pairs, found)
    return stand if again.crowded or again.cost > stand.cost + LEAST else again
