"""The share of failures that a class outlives, as the policy asks, as installed, in time.

Of double cuts too, where a rule speaks of them; what no network could carry then is owed nothing.
"""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from arterial.prove.cases import Cases, compile_cases, failures_of
from arterial.prove.keeping import engines_of, shares
from arterial.prove.outage import NOTHING
from arterial.prove.promised import promises_of
from arterial.prove.register import register
from arterial.prove.sweep import demands_of
from arterial.prove.tables import Tables
from arterial.prove.two_cut_play import TwoCutPlay, played
from arterial.prove.two_cut_sweep import cases_with
from arterial.prove.two_cuts import pairs_of
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
    pairs = pairs_of(tables, register(tables.plan), cases)
    doubles = () if pairs is None else tuple(_outlived(played(pairs)))
    return (*_survived(tables, cases, share, counted), *doubles)


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


def _outlived(play: TwoCutPlay) -> Iterator[Survived]:
    """Double cuts, by arrays; demands that are owed nothing are left out."""
    pairs, tables = play.pairs, play.pairs.tables
    broken, gbps = play.broken_without(NOTHING), tables.demands.gbps
    for promise in pairs.promises:
        own = play.owed & demands_of(tables, promise.traffic_class.name)
        asked = own @ gbps
        carried = (own * np.minimum(play.share, 1.0)) @ gbps
        share = np.divide(carried, asked, out=np.ones_like(asked), where=asked > 0.0)
        if cases := cases_with(pairs, own):
            worst = int(share.argmin())
            yield Survived(
                kind="fibre2",
                traffic_class=promise.traffic_class.name,
                keep=promise.keep,
                cases=cases,
                kept=cases - cases_with(pairs, broken & own),
                carried=float(share[worst]),
                worst_case=play.cases.names[worst],
            )


def _own_end(tables: Tables, cases: Cases) -> BoolArray:
    """Bool (F, K): the demand's own end is lost."""
    return (cases.site_down.astype(np.float64) @ tables.demands.own_end.T) > 0.0
