"""What a plan loses with one element out for good: gates that turn, demands that miss a promise.

Every case is routed and verified with the element and without it. A gate that is proved with it and
refuted without it makes the element needed; whether any other routing would do without it is what
the gates of ``best_lp`` say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.jobs.progress import Report, silent
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.barrier import Barrier, barrier
from arterial.prove.cases import Cases, without
from arterial.prove.outage import Outage
from arterial.prove.promised import Promise
from arterial.prove.proof import routed_gates
from arterial.prove.register import Register
from arterial.prove.sweep import Sweep, demands_of, sweep
from arterial.prove.tables import Tables
from arterial.prove.verifier import TOLERANCE

__all__ = ["GateTurned", "Loss", "Without", "Word", "losses", "weakened", "without_it"]

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


class Loss(Struct, frozen=True, kw_only=True):
    """A demand that misses a promise without the element, in the case that hurts it most."""

    demand: str
    traffic_class: str
    source: str
    target: str
    market: str
    case: str
    before: float
    """Share kept in the case with the element."""
    kept: float
    promised: float
    lost_gbps: float
    """What it carried with the element and does not carry without."""


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


def losses(swept: Sweep, weaker: Sweep, promises: Sequence[Promise]) -> tuple[Loss, ...]:
    """Demands that miss a promise which they had, most lost traffic first."""
    found: dict[str, Loss] = {}
    for promise in promises:
        for loss in _promise_losses(swept, weaker, promise):
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
    gates: Sequence[Gate],
    weaker: Sweep,
    promises: Sequence[Promise],
    report: Report = silent,
) -> Without:
    """What changes.

    Parameters
    ----------
    swept, gates
        With the element.
    weaker
        The same cases without it.
    """
    after = routed_gates(weaker, report)
    turned = tuple(
        _turned(old, new)
        for old, new in zip(gates, after, strict=True)
        if old.verdict != new.verdict
    )
    word: Word = "spare"
    if turned:
        fell = any(gate.verdict == "refuted" for gate in turned)
        word = "needed" if fell else "unknown"
    return Without(
        word=word,
        reroute=_reroute(after, turned),
        turned=turned,
        losses=losses(swept, weaker, promises),
        barrier=_barrier(weaker, after, turned, promises),
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
