"""What goes with one element and one more cut fibre: asked where a rule speaks of two cuts.

As installed, however late. Elements that take the same are one, so that thousands of pairs come to
fewer states; each state is routed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from arterial.prove.backup import routed
from arterial.prove.cases import Cases, paired
from arterial.prove.doubles import alike
from arterial.prove.keeping import Engines
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["FurtherCut", "further_cuts"]

_CHUNK = 1024


class FurtherCut(Struct, frozen=True, kw_only=True):
    """What goes with an element and any one more fibre in use."""

    cuts: int
    """Further fibres that were tried."""
    losing: int
    """Of these: traffic is lost whose own ends stand."""
    unanswered: int
    """Of these: people get no answer whose market's site stands."""
    worst_gbps: float
    """Most that is lost so."""
    worst_cut: str
    """The further fibre; empty where nothing is ever lost."""
    people_worst: float
    """Most people whose market's site stands and who get no answer; of a part, the part."""


@dataclass(frozen=True, kw_only=True)
class _Lost:
    """By state, float (U,)."""

    gbps: FloatArray
    people: FloatArray


def further_cuts(
    engines: Engines, cases: Cases, markets: Sequence[tuple[float, IntArray]], least: float
) -> tuple[FurtherCut, ...]:
    """For every case of an element, with any other fibre cut besides.

    Parameters
    ----------
    engines
        Of the plan with no round trip asked of anybody.
    cases
        The state without failure, and then a site or a fibre each.
    markets
        People, and the rows of their demands.
    least
        Share of all traffic, or of all people: less is rounding, not loss.

    Returns
    -------
    tuple
        In the order of the cases, the one without failure left out.
    """
    cut = cases.of_kind("fibre")
    rows = np.arange(1, len(cases.failures))
    first, second = np.repeat(rows, len(cut)), np.tile(cut, len(rows))
    apart = first != second
    first, second = first[apart], second[apart]
    state, example = _states(alike(engines.tables, cases), first, second)
    lost = _lost(engines, cases, (first[example], second[example]), markets)
    floor = least * float(engines.tables.demands.gbps.sum()), least * sum(n for n, _ in markets)
    return tuple(_told(cases, (second, state), lost, first == row, floor) for row in rows)


def _states(like: IntArray, first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
    """Number of each pair's state, and a pair in each."""
    key = np.minimum(like[first], like[second]) * (int(like.max()) + 1)
    key += np.maximum(like[first], like[second])
    _, example, state = np.unique(key, return_index=True, return_inverse=True)
    return state.reshape(-1).astype(np.int64), example.astype(np.int64)


def _lost(
    engines: Engines,
    cases: Cases,
    pairs: tuple[IntArray, IntArray],
    markets: Sequence[tuple[float, IntArray]],
) -> _Lost:
    gbps, people = np.zeros(len(pairs[0])), np.zeros(len(pairs[0]))
    demands = engines.tables.demands
    for begin in range(0, len(gbps), _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        both = paired(engines.tables, cases, pairs[0][rows], pairs[1][rows])
        arrived = (engines.in_time @ routed(engines.ready, both).carried_gbps.T).T
        gone = np.ones_like(arrived)
        asked = demands.gbps > 0.0
        gone[:, asked] -= np.minimum(arrived[:, asked] / demands.gbps[asked], 1.0)
        gone[:, ~asked] = 0.0
        # Numbers of lost ends, not truth values: few sites are down in a case.
        gone[(both.site_down.astype(np.float64) @ demands.own_end.T) > 0.0] = 0.0
        gbps[rows] = gone @ demands.gbps
        for count, own in markets:
            people[rows] += count * gone[:, own].max(axis=1, initial=0.0)
    return _Lost(gbps=gbps, people=people)


def _told(
    cases: Cases,
    pairs: tuple[IntArray, IntArray],
    lost: _Lost,
    own: BoolArray,
    floor: tuple[float, float],
) -> FurtherCut:
    second, state = (column[own] for column in pairs)
    gbps, people = lost.gbps[state], lost.people[state]
    worst = int(gbps.argmax()) if len(gbps) else -1
    losing = gbps > floor[0]
    failure = cases.failures[int(second[worst])] if losing.any() else None
    return FurtherCut(
        cuts=len(gbps),
        losing=int(losing.sum()),
        unanswered=int((people > floor[1]).sum()),
        worst_gbps=float(gbps[worst]) if failure else 0.0,
        worst_cut=failure.fibres[0] if failure else "",
        people_worst=float(people.max(initial=0.0)),
    )
