"""What two losses at once do to each class: facts beyond what the policy asks, and no gate.

Every pair is routed as installed and by ECMP. The worst cases of each class and a sample of all are
then checked by the verifiers, from the rows alone; figures of the others are the arrays' own, prove
nothing and refute nothing. How many were checked is told with each figure.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report
from arterial.plan.verdict import Beyond, BeyondCase, LossKind
from arterial.prove.backup import routed
from arterial.prove.doubles import Doubles
from arterial.prove.igp import spreads
from arterial.prove.keeping import MOMENTS, Engines, Kept, kept
from arterial.prove.outage import Outage
from arterial.prove.promised import Promise
from arterial.prove.register import Register
from arterial.prove.spread import verify_spreads
from arterial.prove.sweep import carried_by_name
from arterial.prove.verifier import TOLERANCE, Check, cut_off, verify_tunnels
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["KINDS", "Found", "beyond", "in_states", "summaries", "worst_cases"]

KINDS: tuple[LossKind, ...] = ("fibre2", "maintenance")
WORST = 3
"""Cases told of each row, in different states."""
SAMPLE = 12
"""Cases of each kind that the verifiers look at besides, drawn by the plan's seed."""
_CHUNK = 1024
"""States routed at once: some 50 MB of arrays on the reference network."""
_AT_ONCE = 2
"""Chunks side by side; compiled loops let go of the interpreter."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What every pair does, by state, and what the verifiers say of some."""

    engines: Engines
    doubles: Doubles
    kept: Kept
    own: dict[tuple[LossKind, str], tuple[IntArray, FloatArray]]
    """By kind and class: the cases that its promises name, and the share promised in each."""
    verified: BoolArray
    """bool (M, F, C): the verifier finds the same."""
    refused: BoolArray
    """bool (M, F, C): it refuses the witness, or finds another figure."""


def beyond(
    engines: Engines,
    doubles: Doubles,
    book: Register,
    promises: tuple[Promise, ...],
    report: Report,
) -> Found:
    """Route every pair; have the worst and a sample verified."""
    states, classes = len(doubles.example), len(engines.classes)
    told = Kept.empty(states, classes)

    def work(begin: int) -> None:
        rows = slice(begin, min(begin + _CHUNK, states))
        kept(engines, doubles.cases(doubles.example[rows]), told, rows)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        report("two losses at once", 0, states)
        for number, _ in enumerate(pool.map(work, range(0, states, _CHUNK)), 1):
            report("two losses at once", min(number * _CHUNK, states), states)
    size = (len(MOMENTS), len(doubles), classes)
    found = Found(
        engines=engines,
        doubles=doubles,
        kept=told,
        own={
            (kind, name): _own(doubles, told.counted[doubles.state, column], promises, (kind, name))
            for kind in KINDS
            for column, name in enumerate(engines.classes)
        },
        verified=np.zeros(size, dtype=np.bool_),
        refused=np.zeros(size, dtype=np.bool_),
    )
    _verify(found, book, report)
    return found


def summaries(found: Found) -> Iterator[Beyond]:
    """A row for each kind of loss, class and moment that has a case."""
    kept, doubles = found.kept, found.doubles
    for kind, column, moment in _rows(found):
        name = found.engines.classes[column]
        cases, promised = found.own[kind, name]
        state = doubles.state[cases]
        least = kept.least[moment, state, column]
        worst = int(_order(found, cases, column, moment)[0])
        at = (moment, int(state[worst]), column)
        yield Beyond(
            kind=kind,
            traffic_class=name,
            policy=MOMENTS[moment],
            cases=len(cases),
            keeps_all=int((least >= 1.0 - TOLERANCE).sum()),
            keeps_share=int((least >= promised - TOLERANCE).sum()),
            carried=float(least[worst]),
            carried_mean=float(kept.mean[moment, state, column].mean()),
            worst_case=doubles.name(int(cases[worst])),
            demand=found.engines.tables.demands.names[int(kept.demand[at])],
            dropped_gbps=float(kept.dropped_gbps[at]),
            no_way=int(kept.no_way[state, column].sum()),
            verified=int(found.verified[moment, cases, column].sum()),
            refused=int(found.refused[moment, cases, column].sum()),
        )


def worst_cases(found: Found) -> Iterator[BeyondCase]:
    """The worst cases of each row of ``summaries``, in different states."""
    kept, doubles = found.kept, found.doubles
    for kind, column, moment in _rows(found):
        for case in _worst(found, kind, column, moment):
            at = (moment, int(doubles.state[case]), column)
            yield BeyondCase(
                kind=kind,
                traffic_class=found.engines.classes[column],
                policy=MOMENTS[moment],
                case=doubles.name(case),
                carried=float(kept.least[at]),
                demand=found.engines.tables.demands.names[int(kept.demand[at])],
                dropped_gbps=float(kept.dropped_gbps[at]),
                verified=bool(found.verified[moment, case, column]),
            )


def in_states(doubles: Doubles, cases: IntArray) -> IntArray:
    """The first of ``cases`` in each state, in order."""
    _, first = np.unique(doubles.state[cases], return_index=True)
    return cases[np.sort(first)]


def _own(
    doubles: Doubles, counted: BoolArray, promises: tuple[Promise, ...], row: tuple[LossKind, str]
) -> tuple[IntArray, FloatArray]:
    """Cases of a kind whose failure is named in a promise to the class, and what it promises."""
    kind, name = row
    keeps = {
        promise.kind: promise.keep
        for promise in promises
        if promise.kind and promise.traffic_class.name == name
    }
    failures = doubles.singles.failures
    share = np.array([keeps.get(f.kind, np.nan) if f else np.nan for f in failures])
    promised = share[doubles.second]
    of_kind = doubles.maintenance == (kind == "maintenance")
    cases = np.flatnonzero(of_kind & counted & ~np.isnan(promised))
    return cases, promised[cases]


def _rows(found: Found) -> Iterator[tuple[LossKind, int, int]]:
    """(kind, class, moment) of every row that has a case."""
    for kind in KINDS:
        for column, name in enumerate(found.engines.classes):
            if len(found.own[kind, name][0]):
                for moment in range(len(MOMENTS)):
                    yield kind, column, moment


def _worst(found: Found, kind: LossKind, column: int, moment: int) -> list[int]:
    cases, _ = found.own[kind, found.engines.classes[column]]
    apart = in_states(found.doubles, cases)
    return apart[_order(found, apart, column, moment)[:WORST]].tolist()


def _order(found: Found, cases: IntArray, column: int, moment: int) -> IntArray:
    """Cases from the worst on: where the worst-hit demand keeps least, then where most is lost."""
    at = (moment, found.doubles.state[cases], column)
    return np.lexsort((-found.kept.dropped_gbps[at], found.kept.least[at]))


def _verify(found: Found, book: Register, report: Report) -> None:
    """Mark what the verifiers say: of the worst cases of each row, and of a sample of each kind."""
    doubles = found.doubles
    chosen: dict[tuple[int, int], None] = {}
    for kind, column, moment in _rows(found):
        chosen |= dict.fromkeys((moment, case) for case in _worst(found, kind, column, moment))
    random = np.random.default_rng(found.engines.tables.plan.seed)
    for kind in KINDS:
        cases = np.flatnonzero(doubles.maintenance == (kind == "maintenance"))
        drawn = (
            random.choice(cases, min(SAMPLE, len(cases)), replace=False) if len(cases) else cases
        )
        for moment in range(len(MOMENTS)):
            chosen |= dict.fromkeys((moment, case) for case in sorted(drawn.tolist()))
    for number, (moment, case) in enumerate(chosen):
        report("verifying two losses at once", number, len(chosen))
        _mark(found, book, moment, case)


def _mark(found: Found, book: Register, moment: int, case: int) -> None:
    """Whether the verifier accepts the witness and finds the same of every class."""
    engines, at = found.engines, (moment, int(found.doubles.state[case]))
    check, out = _checked(found, book, moment, case)
    least = dict.fromkeys(engines.classes, np.inf)
    lost_gbps = dict.fromkeys(engines.classes, 0.0)
    for demand in engines.tables.plan.demands:
        if not cut_off(book, out, demand.name):
            name, share = demand.traffic_class, check.share[demand.name]
            least[name] = min(least[name], share)
            lost_gbps[name] += demand.gbps * max(1.0 - share, 0.0)
    same = np.isclose(list(least.values()), found.kept.least[at], rtol=TOLERANCE, atol=TOLERANCE)
    told_gbps = found.kept.dropped_gbps[at]
    same &= np.isclose(list(lost_gbps.values()), told_gbps, rtol=TOLERANCE, atol=TOLERANCE)
    right = same & (not check.violations)
    found.verified[moment, case], found.refused[moment, case] = right, ~right


def _checked(found: Found, book: Register, moment: int, case: int) -> tuple[Check, Outage]:
    engines, one = found.engines, found.doubles.cases(np.array([case]))
    out = one.outages[0]
    if MOMENTS[moment] == "ecmp":
        return verify_spreads(book, out, spreads(engines.igp, one), failed=True), out
    carried = carried_by_name(engines.tables, routed(engines.ready, one), 0)
    return verify_tunnels(book, out, carried, failed=True), out
