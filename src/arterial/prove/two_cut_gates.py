"""Gates on double cuts: what the installed routing keeps, and whether any routing could.

As for single failures (``gates``, ``feasible``); programs settle as many cases as their count lets
them, the worst first, and whatever stays open is ``unknown``.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from arterial.jobs.progress import Report
from arterial.plan.verdict import Excepted, Gate, Verdict
from arterial.prove.best_lp import best_routing
from arterial.prove.cases import Cases, paired
from arterial.prove.cut import cut_excess
from arterial.prove.gates import overall
from arterial.prove.promised import Promise
from arterial.prove.register import Register
from arterial.prove.tables import Tables
from arterial.prove.two_cuts import Pairs, State, excepted_rows, pairs_of, states
from arterial.prove.verifier import TOLERANCE, verify

__all__ = ["PROGRAMS", "Short", "TwoCuts", "asked_gbps", "settled", "two_cut_gates", "two_cuts"]

PROGRAMS = 24
"""Cases of a promise that programs settle where the installed routing does not do."""


@dataclass(frozen=True, kw_only=True)
class TwoCuts:
    """What is said of all double cuts; nothing where no rule speaks of them."""

    gates: tuple[Gate, ...] = ()
    excepted: tuple[Excepted, ...] = ()


@dataclass(frozen=True, kw_only=True, order=True)
class Short:
    """A case that the installed routing does not keep, worst first when sorted."""

    share: float
    """Of the worst-hit demand that is owed something."""
    case: int
    verdict: Verdict = field(compare=False)
    note: str = field(compare=False)


@dataclass(kw_only=True)
class _Told:
    """What cases say of a promise, gathered as they come."""

    cases: int = 0
    least: tuple[float, int] = (math.inf, -1)
    """Share of the worst-hit demand over all that hold, and its case."""
    short: list[Short] = field(default_factory=list[Short])


def two_cuts(tables: Tables, book: Register, singles: Cases, report: Report) -> TwoCuts:
    """Cut every two fibres in use, for the classes that a rule promises something after that.

    Parameters
    ----------
    singles
        The cases of single failures; what is out for good is out in these.
    """
    pairs = pairs_of(tables, book, singles)
    if pairs is None:
        return TwoCuts()
    gates = two_cut_gates(pairs, states(pairs, report))
    return TwoCuts(gates=gates, excepted=excepted_rows(tables.plan))


def two_cut_gates(pairs: Pairs, found: Iterable[State]) -> tuple[Gate, ...]:
    """What verified states say of each promise: as installed, and under any routing."""
    told = {promise.words: _Told() for promise in pairs.promises}
    for state in found:
        for promise in pairs.promises:
            _hear(pairs, promise, state, told[promise.words])
    return (
        *(_runs(pairs, promise, told[promise.words]) for promise in pairs.promises),
        *(_feasible(pairs, promise, told[promise.words]) for promise in pairs.promises),
    )


def _hear(pairs: Pairs, promise: Promise, state: State, told: _Told) -> None:
    """What the cases of one state say of a promise."""
    own = [
        name
        for name in pairs.trips
        if pairs.book.demands[name].traffic_class == promise.traffic_class.name
    ]
    by_excuse: dict[frozenset[str], Short | float] = {}
    for case in state.cases:
        excused = pairs.excused(case)
        left = [name for name in own if pairs.trips[name] not in excused] if excused else own
        if not left:
            continue
        told.cases += 1
        key = frozenset(trip.name for trip in excused)
        if key not in by_excuse:
            by_excuse[key] = _said(promise, state, left, case)
        found = by_excuse[key]
        if isinstance(found, Short):
            told.short.append(replace(found, case=case))
        else:
            told.least = min(told.least, (found, case))


def _said(promise: Promise, state: State, left: list[str], case: int) -> Short | float:
    """The share of the worst-hit demand where all get what is promised, else what is wrong."""
    check, enough = state.check, promise.keep - TOLERANCE
    if check.violations:
        wrong = check.violations[0]
        note = f"the witness is refused: {wrong.where} {wrong.text}"
        return Short(share=0.0, case=case, verdict="unknown", note=note)
    share, worst = min((check.share[name], name) for name in left)
    if share >= enough:
        return share
    if min(check.hoped[name] for name in left) < enough:
        note = f"worst hit: {worst}"
        return Short(share=share, case=case, verdict="refuted", note=note)
    note = "a round trip is unknown: a length is missing"
    return Short(share=share, case=case, verdict="unknown", note=note)


def _runs(pairs: Pairs, promise: Promise, told: _Told) -> Gate:
    worst = _held(told)
    if told.short:
        verdict = overall(row.verdict for row in told.short)
        found = min(row for row in told.short if row.verdict == verdict)
        share = math.nan if verdict == "unknown" else found.share
        worst = replace(found, share=share, note=f"{found.note}; so in {len(told.short)} cases")
    return _gate(pairs, promise, told, ("runs", "backup"), worst)


def _feasible(pairs: Pairs, promise: Promise, told: _Told) -> Gate:
    said = [_held(told)]
    for row in sorted(told.short)[:PROGRAMS]:
        said.append(settled(pairs, promise, row.case))
        if said[-1].verdict == "refuted":
            break
    unseen = len(told.short) - len(said) + 1
    if unseen and said[-1].verdict != "refuted":
        note = f"{unseen} of {len(told.short)} open cases were not looked at"
        said.append(replace(said[-1], share=math.nan, verdict="unknown", note=note))
    verdict = overall(row.verdict for row in said)
    worst = min((row for row in said if row.verdict == verdict), key=lambda row: row.share)
    return _gate(pairs, promise, told, ("feasible", "best_lp"), worst)


def _held(told: _Told) -> Short:
    """The worst of the cases that the installed routing keeps."""
    share, case = told.least
    return Short(share=share, case=case, verdict="proved", note="")


def settled(pairs: Pairs, promise: Promise, case: int) -> Short:
    """Solve for the promise and those served before it; believe what the verifier confirms."""
    required = asked_gbps(pairs, promise, case)
    one = paired(pairs.tables, pairs.singles, pairs.first[[case]], pairs.second[[case]])
    number = {name: k for k, name in enumerate(pairs.tables.demands.names)}
    asked = {number[name]: gbps for name, gbps in required.items()}
    answer = best_routing(pairs.tables, one, 0, asked, two_cuts=True)
    out, book = one.outages[0], pairs.book
    if answer.price is not None:
        excess = cut_excess(book, out, required, answer.price, failed=True, two_cuts=True)
        if excess > TOLERANCE / 10.0:
            share = (1.0 - min(excess, 1.0)) * promise.keep
            return Short(share=share, case=case, verdict="refuted", note="")
        note = "the refuting cut is not confirmed"
        return Short(share=math.nan, case=case, verdict="unknown", note=note)
    check = verify(book, out, answer.flows, failed=True)
    carried = all(
        check.share[name] * book.demands[name].gbps >= gbps * (1.0 - TOLERANCE)
        for name, gbps in required.items()
    )
    if carried and not check.violations:
        return Short(share=promise.keep, case=case, verdict="proved", note="")
    note = "the routing found is not confirmed"
    return Short(share=math.nan, case=case, verdict="unknown", note=note)


def asked_gbps(pairs: Pairs, promise: Promise, case: int) -> dict[str, float]:
    """Gb/s by demand: what the promise asks, and those of classes that are served before it."""
    upto = {
        other.traffic_class.name: other.keep
        for other in pairs.promises
        if other.traffic_class.priority <= promise.traffic_class.priority
    }
    excused = pairs.excused(case)
    demands: Mapping[str, float] = {
        name: pairs.book.demands[name].gbps
        for name, trip in pairs.trips.items()
        if trip not in excused
    }
    classes = {name: pairs.book.demands[name].traffic_class for name in demands}
    return {
        name: gbps * upto[classes[name]]
        for name, gbps in demands.items()
        if classes[name] in upto and gbps > 0.0
    }


def _gate(
    pairs: Pairs,
    promise: Promise,
    told: _Told,
    question: tuple[str, Literal["backup", "best_lp"]],
    worst: Short,
) -> Gate:
    """``worst`` says what the gate does."""
    share, case, verdict, note = worst.share, worst.case, worst.verdict, worst.note
    if not told.cases:
        verdict, share, note = "unknown", math.nan, "there is no such case, so nothing is proved"
    return Gate(
        name=f"{question[0]}: {promise.words}",
        traffic_class=promise.traffic_class.name,
        load=pairs.tables.plan.load,
        policy=question[1],
        value=share,
        limit=promise.keep,
        unit="share",
        verdict=verdict,
        worst_case=pairs.name(case) if told.cases and case >= 0 else "",
        cases=told.cases,
        note=note,
    )
