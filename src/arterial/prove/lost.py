"""What a plan loses with one element out for good: gates that turn, demands that miss a promise.

Every case is routed and verified with the element and without it. A gate that is proved with it and
refuted without it makes the element needed; whether any other routing would do without it is what
the gates of ``best_lp`` say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.jobs.progress import Report, silent
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.barrier import Barrier, barrier, two_cut_barrier
from arterial.prove.cases import Cases, without
from arterial.prove.loss import Loss
from arterial.prove.outage import Outage
from arterial.prove.promised import Promise
from arterial.prove.proof import routed_gates
from arterial.prove.register import Register
from arterial.prove.sweep import Sweep, demands_of, sweep
from arterial.prove.tables import Tables
from arterial.prove.two_cut_sweep import TwoCutSweep, two_cut_losses
from arterial.prove.verifier import TOLERANCE

__all__ = ["GateTurned", "Without", "Word", "losses", "weakened", "without_it"]

Word = Literal["needed", "spare", "unknown"]


class GateTurned(Struct, frozen=True, kw_only=True):
    """A gate that says something else without the element."""

    gate: str
    traffic_class: str
    policy: str
    before: Verdict
    verdict: Verdict
    value_before: float
    value: float
    limit: float
    unit: str
    worst_case: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Without:
    """The answer for one outage."""

    word: Word
    """``needed``: a gate that was not refuted is; ``spare``: no gate says anything else."""
    reroute: Verdict
    """Whether some routing keeps every promise without the element."""
    turned: tuple[GateTurned, ...]
    losses: tuple[Loss, ...]
    barrier: Barrier | None
    two_cuts: int = 0
    """Double cuts in which a demand misses a promise that it had."""


def losses(swept: Sweep, weaker: Sweep, promises: Sequence[Promise]) -> tuple[Loss, ...]:
    """Demands that miss a promise which they had, most lost traffic first."""
    return _worst(loss for one in promises for loss in _promise_losses(swept, weaker, one))


def _worst(every: Iterable[Loss]) -> tuple[Loss, ...]:
    """The worst of each demand; of two alike the first."""
    found: dict[str, Loss] = {}
    for loss in every:
        other = found.get(loss.demand)
        if other is None or loss.lost_gbps > other.lost_gbps:
            found[loss.demand] = loss
    return tuple(sorted(found.values(), key=lambda loss: (-loss.lost_gbps, loss.demand)))


def _promise_losses(swept: Sweep, weaker: Sweep, promise: Promise) -> Iterator[Loss]:
    tables, rows = swept.tables, swept.cases.of_kind(promise.kind or "")
    own = np.flatnonzero(demands_of(tables, promise.traffic_class.name))
    if not len(rows) or not len(own):
        return
    least = promise.keep - TOLERANCE
    had, has = (one.share[np.ix_(rows, own)] for one in (swept, weaker))
    counted = ~weaker.cut_off[np.ix_(rows, own)]
    missed = np.where(counted & (has < least) & (had >= least), had - has, -np.inf)
    for place, case in enumerate(missed.argmax(axis=0).tolist()):
        if missed[case, place] > 0.0:
            row = tables.plan.demands[int(own[place])]
            before, kept = float(had[case, place]), float(has[case, place])
            yield Loss(
                demand=row.name,
                traffic_class=row.traffic_class,
                source=row.source,
                target=row.target,
                market=row.market,
                case=swept.cases.names[int(rows[case])],
                before=before,
                kept=kept,
                promised=promise.keep,
                lost_gbps=(before - kept) * row.gbps,
            )


def without_it(
    swept: Sweep,
    weaker: Sweep,
    promises: Sequence[Promise],
    doubled: tuple[TwoCutSweep, TwoCutSweep] | None = None,
    report: Report = silent,
) -> Without:
    """What changes.

    Parameters
    ----------
    swept
        With the element.
    weaker
        The same cases without it.
    doubled
        Both for double cuts; None where no rule speaks of them.
    """
    pairs = () if doubled is None else tuple(one.gates for one in doubled)
    gates, after = (
        (*routed_gates(one, report), *(pairs[number] if pairs else ()))
        for number, one in enumerate((swept, weaker))
    )
    turned = tuple(
        _turned(old, new)
        for old, new in zip(gates, after, strict=True)
        if old.verdict != new.verdict
    )
    word: Word = "spare"
    if turned:
        fell = any(gate.verdict == "refuted" for gate in turned)
        word = "needed" if fell else "unknown"
    more, count = ((), 0) if doubled is None else two_cut_losses(*doubled)
    return Without(
        word=word,
        reroute=_reroute(after, turned),
        turned=turned,
        losses=_worst((*losses(swept, weaker, promises), *more)),
        barrier=_barrier(weaker, after, turned, promises)
        or _two_cut_barrier(turned, None if doubled is None else doubled[1]),
        two_cuts=count,
    )


def weakened(tables: Tables, book: Register, cases: Cases, out: Outage, report: Report) -> Sweep:
    """Every case routed and verified with more elements out."""
    return sweep(tables, book, without(tables, cases, out), report)


def _turned(old: Gate, new: Gate) -> GateTurned:
    return GateTurned(
        gate=new.name,
        traffic_class=new.traffic_class,
        policy=new.policy,
        before=old.verdict,
        verdict=new.verdict,
        value_before=old.value,
        value=new.value,
        limit=new.limit,
        unit=new.unit,
        worst_case=new.worst_case,
        note=new.note,
    )


def _reroute(after: Sequence[Gate], turned: Sequence[GateTurned]) -> Verdict:
    """By the gates of any routing; a deadline that turns is not among what they ask."""
    asked = {gate.verdict for gate in after if gate.policy == "best_lp"}
    if any(gate.policy == "best_lp" and gate.verdict == "refuted" for gate in turned):
        return "refuted"
    late = any(gate.gate.startswith("deadline") for gate in turned)
    return "proved" if asked == {"proved"} and not late else "unknown"


def _barrier(
    weaker: Sweep, after: Sequence[Gate], turned: Sequence[GateTurned], promises: Sequence[Promise]
) -> Barrier | None:
    """Of the first gate of any routing that turns to refuted."""
    gates = {gate.name: gate for gate in after}
    fell = {t.gate for t in turned if t.policy == "best_lp" and t.verdict == "refuted"}
    for promise in promises:
        name = f"feasible: {promise.words}"
        if name in fell:
            case = weaker.cases.names.index(gates[name].worst_case)
            return barrier(weaker, promises, case, promise)
    return None


def _two_cut_barrier(turned: Sequence[GateTurned], weaker: TwoCutSweep | None) -> Barrier | None:
    """Of the first gate of any routing after two cuts that turns to refuted."""
    if weaker is None:
        return None
    fell = {t.gate: t for t in turned if t.policy == "best_lp" and t.verdict == "refuted"}
    pairs = weaker.pairs
    for promise in pairs.promises:
        if gate := fell.get(f"feasible: {promise.words}"):
            cases = (case for case in range(len(pairs)) if pairs.name(case) == gate.worst_case)
            return two_cut_barrier(pairs, promise, next(cases))
    return None
