"""The share of single failures that a class outlives, as the policy asks, as installed, in time."""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from arterial.prove.cases import Cases, compile_cases, failures_of
from arterial.prove.keeping import engines_of, shares
from arterial.prove.promised import promises_of
from arterial.prove.sweep import demands_of
from arterial.prove.tables import Tables
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Survived", "survived", "survived_all"]


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
