"""Of all single failures the share that a class outlives, and of all double cuts of fibre.

Single failures are judged as the policy asks, as installed and in time. Double cuts, of which no
policy speaks, are judged on rates alone, by whoever routes best: what an installed or an IGP's
routing keeps is kept; what leaves a demand no way is lost; a sample of the rest is settled by
programs. Cases that stay open lie between the two shares that are told.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from arterial.prove.best_lp import best_routing
from arterial.prove.cases import Cases, compile_cases, failures_of, paired
from arterial.prove.criticality import any_delay
from arterial.prove.keeping import Engines, engines_of, shares
from arterial.prove.promised import Promise, promises_of
from arterial.prove.sweep import demands_of
from arterial.prove.tables import Tables
from arterial.prove.verifier import TOLERANCE, Flow
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["DoubleCuts", "Survived", "double_cuts", "survived", "survived_all"]

PROGRAMS = 200
"""Programs solved for open states of two cuts, some tenths of a second each on a continent."""
_CHUNK = 1024
_ALL = 1.0 - TOLERANCE


class Survived(Struct, frozen=True, kw_only=True):
    """One class under one kind of failure."""

    kind: str
    traffic_class: str
    keep: float
    """Share of each demand that the policy asks for."""
    cases: int
    kept: int
    """Cases after which every demand whose ends stand keeps that, in time."""
    carried: float
    """Share of the class's traffic in its worst case, in time; demands cut off left out."""
    worst_case: str


class DoubleCuts(Struct, frozen=True, kw_only=True):
    """All pairs of fibres in use, cut together."""

    cases: int
    no_way: int
    """That leave a demand no way, whoever routes."""
    low: float
    """Share of cases after which the best routing keeps what the policy asks after one cut, at
    least; delay not counted."""
    high: float
    """The same, at most."""


def survived(tables: Tables) -> tuple[Survived, ...]:
    """Every class and kind of failure that the policy speaks of."""
    cases = compile_cases(tables, failures_of(tables))
    share = shares(engines_of(tables), cases)[0]["backup"]
    counted = ~_own_end(tables, cases)
    return tuple(_survived(tables, cases, share, counted))


def survived_all(tables: Tables) -> float:
    """Share of single failures after which every class keeps what the policy asks; NaN of none."""
    cases = compile_cases(tables, failures_of(tables))
    share = shares(engines_of(tables), cases)[0]["backup"]
    counted = ~_own_end(tables, cases)
    good = np.ones(len(cases.failures), dtype=np.bool_)
    for promise in promises_of(tables.plan):
        own = demands_of(tables, promise.traffic_class.name)
        rows = cases.of_kind(promise.kind or "")
        kept = ~(counted[rows] & own) | (share[rows] >= promise.keep - TOLERANCE)
        good[rows] &= kept.all(axis=1)
    return float(good[1:].mean()) if len(good) > 1 else float("nan")


def double_cuts(tables: Tables, *, programs: int = PROGRAMS) -> DoubleCuts:
    """Cut every two fibres in use.

    Parameters
    ----------
    programs
        How many open states are settled by a program.
    """
    free = any_delay(tables)
    singles = compile_cases(free, failures_of(free))
    cut = singles.of_kind("fibre")
    one, other = np.triu_indices(len(cut), 1)
    first, second = cut[one], cut[other]
    if not len(first):
        return DoubleCuts(cases=0, no_way=0, low=1.0, high=1.0)
    alike = _alike(singles)
    low, high = np.minimum(alike[first], alike[second]), np.maximum(alike[first], alike[second])
    key = low * len(alike) + high
    _, example, count = np.unique(key, return_index=True, return_counts=True)
    keeps, blocked = _judged(free, singles, first[example], second[example])
    no_way = int(count[blocked].sum())
    pair = first[example], second[example]
    keeps, refuted = _settled(free, singles, pair, (keeps, blocked), programs)
    return DoubleCuts(
        cases=len(first),
        no_way=no_way,
        low=float(count[keeps].sum()) / len(first),
        high=1.0 - float(count[refuted].sum()) / len(first),
    )


def _survived(
    tables: Tables, cases: Cases, share: FloatArray, counted: BoolArray
) -> Iterator[Survived]:
    gbps = tables.demands.gbps
    for promise in promises_of(tables.plan):
        rows = cases.of_kind(promise.kind or "")
        own = demands_of(tables, promise.traffic_class.name)
        asked = counted[rows] & own  # (cases, K)
        rows, asked = rows[asked.any(axis=1)], asked[asked.any(axis=1)]
        if promise.kind is None or not len(rows):
            continue
        kept = (~asked | (share[rows] >= promise.keep - TOLERANCE)).all(axis=1)
        carried = (asked * np.minimum(share[rows], 1.0)) @ gbps / (asked @ gbps)
        worst = int(carried.argmin())
        yield Survived(
            kind=promise.kind,
            traffic_class=promise.traffic_class.name,
            keep=promise.keep,
            cases=len(rows),
            kept=int(kept.sum()),
            carried=float(carried[worst]),
            worst_case=cases.names[int(rows[worst])],
        )


def _own_end(tables: Tables, cases: Cases) -> BoolArray:
    """Bool (F, K): the demand's own end is lost."""
    return (cases.site_down.astype(np.float64) @ tables.demands.own_end.T) > 0.0


def _alike(cases: Cases) -> IntArray:
    """Int (F,): cases with the same number leave the same capacity."""
    _, like = np.unique(cases.left_gbps, axis=0, return_inverse=True)
    return like.reshape(-1).astype(np.int64)


def _asked(tables: Tables) -> FloatArray:
    """Float (K,): share of each demand that the policy asks for after a cut."""
    asked = np.zeros(len(tables.demands.names))
    for promise in _after_cut(promises_of(tables.plan)):
        asked[demands_of(tables, promise.traffic_class.name)] = promise.keep
    return asked


def _after_cut(promises: Sequence[Promise]) -> Iterator[Promise]:
    return (promise for promise in promises if promise.kind == "fibre")


def _judged(
    tables: Tables, singles: Cases, first: IntArray, second: IntArray
) -> tuple[BoolArray, BoolArray]:
    """States in which some routing keeps all, and those in which a demand has no way."""
    engines: Engines = engines_of(tables)
    asked = _asked(tables)
    keeps, blocked = np.zeros(len(first), dtype=np.bool_), np.zeros(len(first), dtype=np.bool_)
    for begin in range(0, len(first), _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        found, no_way = shares(engines, paired(tables, singles, first[rows], second[rows]))
        for share in found.values():
            keeps[rows] |= (share >= asked * _ALL).all(axis=1)
        blocked[rows] = (no_way & (asked > 0.0)).any(axis=1)
    return keeps, blocked


def _settled(
    tables: Tables,
    singles: Cases,
    pair: tuple[IntArray, IntArray],
    judged: tuple[BoolArray, BoolArray],
    programs: int,
) -> tuple[BoolArray, BoolArray]:
    """The same once open states are settled: kept, and refuted.

    A routing that a program finds keeps every other state too in which its loads fit.
    """
    kept, refuted = judged[0].copy(), judged[1].copy()
    asked = _asked(tables) * tables.demands.gbps
    required = {k: float(gbps) for k, gbps in enumerate(asked.tolist()) if gbps > 0.0}
    usable = tables.plan.network.policy.usable(failed=True)
    waiting = np.flatnonzero(~kept & ~refuted)
    left = paired(tables, singles, pair[0][waiting], pair[1][waiting]).left_gbps * usable
    for _ in range(programs):
        if not len(waiting):
            break
        middle = len(waiting) // 2
        state, waiting = int(waiting[middle]), np.delete(waiting, middle)
        left = np.delete(left, middle, axis=0)
        case = paired(tables, singles, pair[0][[state]], pair[1][[state]])
        answer = best_routing(tables, case, 0, required)
        refuted[state] = answer.price is not None
        if answer.flows:
            kept[state] = True
            load = _load_gbps(tables, answer.flows)
            fits = (load <= left * (1.0 + TOLERANCE)).all(axis=1)
            kept[waiting[fits]] = True
            waiting, left = waiting[~fits], left[~fits]
    return kept, refuted


def _load_gbps(tables: Tables, flows: Sequence[Flow]) -> FloatArray:
    """Float (L,): of each link, the fuller direction."""
    number = {name: link for link, name in enumerate(tables.links)}
    load = np.zeros((2, len(number)))
    for flow in flows:
        for name, forward in flow.hops:
            load[int(forward), number[name]] += flow.gbps
    return load.max(axis=0)
