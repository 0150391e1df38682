"""Whether some routing keeps what is promised, case by case: law 3's second question.

Where the installed routing keeps it, that routing is the witness. Elsewhere ``best_lp`` looks for
flows or for prices that refute all flows, and the verifier confirms either. Classes are asked for
in order of priority: a class is feasible when its promise and all before it hold at once.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report
from arterial.plan.verdict import Verdict
from arterial.prove.best_lp import best_routing
from arterial.prove.cut import cut_excess
from arterial.prove.promised import Promise
from arterial.prove.sweep import Sweep, demands_of
from arterial.prove.verifier import TOLERANCE, verify
from arterial.solve.program import BoolArray

__all__ = ["Outcome", "feasible", "required_gbps"]

Prices = Mapping[tuple[str, bool], float]

_REMEMBERED = 3
"""Prices tried again before a program is solved."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One class in one case."""

    verdict: Verdict
    share: float
    """Share of each demand that can be carried: at least, when proved; at most, when refuted."""
    note: str = ""


def feasible(
    swept: Sweep, promises: tuple[Promise, ...], report: Report
) -> dict[tuple[int, str], Outcome]:
    """Outcome by case and class, for every case that a promise speaks of."""
    outcomes: dict[tuple[int, str], Outcome] = {}
    prices: deque[Prices] = deque(maxlen=_REMEMBERED)
    for case, failure in enumerate(swept.cases.failures):
        report("looking for any routing", case, len(swept.cases.failures))
        kind = failure.kind if failure else None
        asked = [promise for promise in promises if promise.kind == kind]
        _one_case(swept, case, asked, outcomes, prices)
    report("looking for any routing", len(swept.cases.failures), len(swept.cases.failures))
    return outcomes


def _one_case(
    swept: Sweep,
    case: int,
    asked: list[Promise],
    outcomes: dict[tuple[int, str], Outcome],
    prices: deque[Prices],
) -> None:
    """Ask for all levels at once; only if that fails, level by level from the first."""
    levels = sorted({promise.traffic_class.priority for promise in asked})
    whole: Outcome | None = None
    failing: Outcome | None = None
    for level in levels:
        upto = [promise for promise in asked if promise.traffic_class.priority <= level]
        found = failing or _kept(swept, case, upto)
        if found is None:
            whole = whole or _settled(swept, case, asked, prices)
            proved = whole.verdict == "proved" or level == levels[-1]
            found = whole if proved else _settled(swept, case, upto, prices)
        failing = found if found.verdict == "refuted" else None
        for promise in upto:
            if promise.traffic_class.priority == level:
                outcomes[case, promise.traffic_class.name] = _of(found, promise, swept, case)


def _of(found: Outcome, promise: Promise, swept: Sweep, case: int) -> Outcome:
    """The outcome in the words of one class: shares of its demands, not of what is promised."""
    if found.verdict == "refuted":
        return Outcome(verdict="refuted", share=found.share * promise.keep, note=found.note)
    if found.verdict == "unknown":
        return found
    reached = swept.share[case, _counted(swept, case, promise.traffic_class.name)]
    runs = float(reached.min()) if len(reached) and case not in swept.refused else 0.0
    return Outcome(verdict="proved", share=max(promise.keep, runs), note=found.note)


def _counted(swept: Sweep, case: int, traffic_class: str) -> BoolArray:
    return demands_of(swept.tables, traffic_class) & ~swept.cut_off[case]


def _kept(swept: Sweep, case: int, asked: list[Promise]) -> Outcome | None:
    """The installed routing as witness, if it keeps every promise asked for."""
    if case in swept.refused:
        return None
    for promise in asked:
        counted = _counted(swept, case, promise.traffic_class.name)
        if (swept.share[case, counted] < promise.keep - TOLERANCE).any():
            return None
    return Outcome(verdict="proved", share=1.0)


def required_gbps(swept: Sweep, case: int, asked: Iterable[Promise]) -> dict[int, float]:
    """What promises ask of each demand in a case, by its index; those cut off are left out."""
    required: dict[int, float] = {}
    for promise in asked:
        for demand in np.flatnonzero(_counted(swept, case, promise.traffic_class.name)).tolist():
            required[demand] = promise.keep * float(swept.tables.demands.gbps[demand])
    return required


def _settled(swept: Sweep, case: int, asked: list[Promise], prices: deque[Prices]) -> Outcome:
    """Solve for what is asked, and believe only what the verifier confirms."""
    tables = swept.tables
    required = required_gbps(swept, case, asked)
    named = {tables.demands.names[demand]: gbps for demand, gbps in required.items()}
    out, failed = swept.cases.outages[case], swept.cases.failures[case] is not None
    # What is too narrow in one case mostly is in the next: prices that refuted cost no program.
    for price in prices:
        excess = cut_excess(swept.book, out, named, price, failed=failed)
        if excess > TOLERANCE:
            return Outcome(verdict="refuted", share=1.0 - min(excess, 1.0))
    answer = best_routing(tables, swept.cases, case, required)
    if answer.price is not None:
        excess = cut_excess(swept.book, out, named, answer.price, failed=failed)
        if excess > TOLERANCE / 10.0:
            prices.appendleft(answer.price)
            return Outcome(verdict="refuted", share=1.0 - min(excess, 1.0))
        return Outcome(verdict="unknown", share=math.nan, note="the refuting cut is not confirmed")
    if answer.flows or not any(named.values()):
        check = verify(swept.book, out, answer.flows, failed=failed)
        if not check.violations and _enough(swept, named, check.share):
            return Outcome(verdict="proved", share=1.0)
        return Outcome(verdict="unknown", share=math.nan, note="the routing found is not confirmed")
    return Outcome(verdict="unknown", share=math.nan, note="not settled within its rounds")


def _enough(swept: Sweep, required: Mapping[str, float], share: Mapping[str, float]) -> bool:
    asked = {name: demand.gbps for name, demand in swept.book.demands.items()}
    return all(
        share[name] * asked[name] >= gbps * (1.0 - TOLERANCE) for name, gbps in required.items()
    )
