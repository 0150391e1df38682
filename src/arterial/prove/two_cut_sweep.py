"""All double cuts of a plan verified, with and without an element: what only two cuts tell of it.

The state that a double cut is in without an element follows from the one that it is in with it, so
both sweeps are compared state by state and told case by case.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report
from arterial.plan.verdict import Gate
from arterial.prove.loss import Loss
from arterial.prove.promised import Promise
from arterial.prove.sweep import demands_of
from arterial.prove.two_cut_gates import two_cut_gates
from arterial.prove.two_cuts import Pairs, State, states
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["TwoCutSweep", "cases_with", "owed_in", "two_cut_losses", "two_cut_sweep"]


@dataclass(frozen=True, kw_only=True)
class TwoCutSweep:
    """U states by K demands, verified."""

    pairs: Pairs
    share: FloatArray
    """float (U, K): carried within the round trip, of what is asked; 0 where the verifier refuses
    the witness, and for classes that are promised nothing."""
    gates: tuple[Gate, ...]


def two_cut_sweep(pairs: Pairs, report: Report) -> TwoCutSweep:
    """Route every state as installed and have every witness verified."""
    names = pairs.tables.demands.names
    share = np.zeros((len(pairs.example), len(names)))
    own = [(place, name) for place, name in enumerate(names) if name in pairs.trips]

    def heard() -> Iterator[State]:
        for row, state in enumerate(states(pairs, report)):
            if not state.check.violations:
                for place, name in own:
                    share[row, place] = state.check.share[name]
            yield state

    gates = two_cut_gates(pairs, heard())
    return TwoCutSweep(pairs=pairs, share=share, gates=gates)


def owed_in(pairs: Pairs) -> BoolArray:
    """Bool (U, K): something is owed to the demand in some case of the state."""
    names = pairs.tables.demands.names
    owed = np.zeros((len(pairs.example), len(names)), dtype=np.bool_)
    owed[:] = [name in pairs.trips for name in names]
    size = np.bincount(pairs.state, minlength=len(pairs.example))
    excused = np.zeros(owed.shape, dtype=np.int64)
    for case in range(len(pairs)):
        if trips := pairs.excused(case):
            lost = [pairs.trips.get(name) in trips for name in names]
            excused[pairs.state[case]] += lost
    return owed & (excused < size[:, np.newaxis])


def cases_with(pairs: Pairs, chosen: BoolArray) -> int:
    """Cases after which something is owed to one of the demands chosen of their state.

    ``chosen``: bool (U, K).
    """
    names = np.array(pairs.tables.demands.names, dtype=np.object_)
    states: BoolArray = np.asarray(chosen.any(axis=1), dtype=np.bool_)
    count = 0
    for case in np.flatnonzero(states[pairs.state]).tolist():
        trips = pairs.excused(case)
        own = names[chosen[pairs.state[case]]]
        count += not trips or any(pairs.trips[name] not in trips for name in own)
    return count


def two_cut_losses(before: TwoCutSweep, after: TwoCutSweep) -> tuple[tuple[Loss, ...], int]:
    """Demands that miss a promise which they had, each in its worst case; cases with one of them.

    Parameters
    ----------
    before, after
        With the element and without it: the same cases, in other states.
    """
    pairs = before.pairs
    has = after.share[after.pairs.state[pairs.example]]
    owed, hurt = owed_in(pairs), np.zeros(before.share.shape, dtype=np.bool_)
    found: list[Loss] = []
    for promise in pairs.promises:
        least = promise.keep - TOLERANCE
        own = demands_of(pairs.tables, promise.traffic_class.name)
        missed = owed & own & (has < least) & (before.share >= least)
        hurt |= missed
        lost = np.where(missed, before.share - has, 0.0)
        for demand in np.flatnonzero(missed.any(axis=0)).tolist():
            state = int(lost[:, demand].argmax())
            kept = float(before.share[state, demand]), float(has[state, demand])
            found.append(_loss(pairs, promise, (state, demand), kept))
    return tuple(found), cases_with(pairs, hurt)


def _loss(pairs: Pairs, promise: Promise, at: tuple[int, int], kept: tuple[float, float]) -> Loss:
    state, demand = at
    row = pairs.tables.plan.demands[demand]
    before, has = kept
    return Loss(
        demand=row.name,
        traffic_class=row.traffic_class,
        source=row.source,
        target=row.target,
        market=row.market,
        case=pairs.name(pairs.owing(state, (row.name,))),
        before=before,
        kept=has,
        promised=promise.keep,
        lost_gbps=(before - has) * row.gbps,
    )
