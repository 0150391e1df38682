"""Changes of a placement, each priced by what its network then costs.

A move is kept when edges and network together cost less. Markets that lose an answer take the
cheapest of the nearest pairs that are left, one after the other, largest first.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from arterial.design.joint.offered import Pairs
from arterial.design.joint.stand import Stand, Stands
from arterial.design.run import Run

__all__ = ["LEAST", "answer", "answered", "moved_stands"]

NEAR_PAIRS = 8
"""Pairs of edges tried for a market, least round trips first."""
NEAR_EDGES = 8
"""Closed edges tried in an open one's stead: those most like it in round trips."""
LEAST = 1e-6
"""Saving from which on a move is one."""


def moved_stands(stands: Stands, stand: Stand, run: Run) -> Iterator[Stand]:
    """One pass: each edge closed or changed for one nearby, then each market's answer moved.

    One after each edge and each market, none dearer than the one before. Raises LateError.
    """
    edges, markets = _emptiest(stand), range(len(stand.pairs))
    moves = [
        *((f"edge {edge}", partial(_changed, stands, edge)) for edge in edges),
        *((f"market {market}", partial(_moved, stands, market)) for market in markets),
    ]
    for number, (name, move) in enumerate(moves):
        run.report("edges and answers moved", number, len(moves))
        made = stands.made(run, name, stand, partial(move, stand))
        assert made is not None, "a move that does not pay leaves all as it is"
        stand = made
        yield stand


def answered(
    stands: Stands, stand: Stand, markets: Iterable[int], opened: Sequence[int]
) -> Stand | None:
    """Markets one by one at the cheapest of near pairs of ``opened``; None where one has none."""
    for market in markets:
        best: Stand | None = None
        for pair in islice(stands.among(market, opened), NEAR_PAIRS):
            trial = stands.moved(stand, answer(stand.pairs, market, pair))
            if trial is not None and (best is None or trial.cost < best.cost - LEAST):
                best = trial
        if best is None:
            return None
        stand = best
    return stand


def _without(stands: Stands, stand: Stand, edge: int, stead: int | None) -> Stand | None:
    """An edge closed, another opened in its stead."""
    opened = {*stands.choices.opened(stand.pairs)} - {edge}
    if stead is not None:
        opened.add(stead)
    bereft = [market for market, pair in enumerate(stand.pairs) if edge in pair]
    size = [offer.down_gbps + offer.up_gbps for offer in stands.choices.offers]
    bereft.sort(key=lambda market: (-size[market], market))
    return answered(stands, stand, bereft, sorted(opened))


def _changed(stands: Stands, edge: int, stand: Stand) -> Stand:
    """An edge closed, or changed for one of those most like it, as often as that saves."""
    for stead in (None, *_alike(stands, stand, edge)):
        if edge not in stands.choices.opened(stand.pairs):
            break
        stand = _cheaper(stand, _without(stands, stand, edge, stead))
    return stand


def _moved(stands: Stands, market: int, stand: Stand) -> Stand:
    opened = stands.choices.opened(stand.pairs)
    return _cheaper(stand, answered(stands, stand, [market], opened))


def _cheaper(stand: Stand, trial: Stand | None) -> Stand:
    return trial if trial is not None and trial.cost < stand.cost - LEAST else stand


def _emptiest(stand: Stand) -> list[int]:
    """Edges in service, those that answer fewest markets first."""
    count: dict[int, int] = {}
    for edge, failover in stand.pairs:
        count[edge] = count.get(edge, 0) + 1
        count[failover] = count.get(failover, 0) + 1
    return sorted(count, key=lambda edge: (count[edge], edge))


def _alike(stands: Stands, stand: Stand, edge: int) -> Iterator[int]:
    """Closed edges whose round trips to the edge's markets are nearest to its own."""
    choices = stands.choices
    opened = choices.opened(stand.pairs)
    mine = [market for market, pair in enumerate(stand.pairs) if edge in pair]
    apart = abs(choices.rtt_ms[mine] - choices.rtt_ms[mine, edge][:, None]).sum(axis=0)
    closed = (other for other in apart.argsort(kind="stable").tolist() if other not in opened)
    yield from islice(closed, NEAR_EDGES)


def answer(pairs: Pairs, market: int, pair: tuple[int, int]) -> Pairs:
    """The placement with another answer for one market."""
    return (*pairs[:market], pair, *pairs[market + 1 :])
