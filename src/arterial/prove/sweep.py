"""All cases of a plan under the installed routing, each with its witness checked.

The arrays say what runs; the verifier, which shares nothing with them, says what it is worth.
Shares kept here are the verifier's. A case whose witness it refuses is worth nothing, either way.
"""

import math
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report
from arterial.prove.backup import Routing, installed, routed
from arterial.prove.cases import Cases
from arterial.prove.register import Register
from arterial.prove.tables import Tables
from arterial.prove.verifier import Check, cut_off, verify_tunnels
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Sweep", "carried_by_name", "demands_of", "sweep"]


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """F cases by K demands, verified."""

    tables: Tables
    book: Register
    cases: Cases
    routing: Routing
    share: FloatArray
    """float (F, K): carried within the round trip, of what is asked."""
    hoped: FloatArray
    """float (F, K): the same, counting traffic whose round trip is unknown."""
    round_trip_ms: FloatArray
    """float (F, K): the largest in use; 0 where nothing is carried, NaN where unknown."""
    cut_off: BoolArray
    """bool (F, K): the demand's own end is lost."""
    refused: dict[int, str]
    """By case: why the verifier refuses its witness."""


def sweep(tables: Tables, book: Register, cases: Cases, report: Report) -> Sweep:
    """Route every case as installed, and have every witness verified."""
    routing = routed(installed(tables), cases)
    size = (len(cases.failures), len(tables.demands.names))
    share, hoped, late = np.zeros(size), np.zeros(size), np.zeros(size)
    gone = np.zeros(size, dtype=np.bool_)
    refused: dict[int, str] = {}
    for case in range(size[0]):
        report("verifying witnesses", case, size[0])
        check = _checked(tables, book, cases, routing, case)
        if check.violations:
            worst = check.violations[0]
            refused[case] = f"{worst.where} {worst.text}"
        names, out = tables.demands.names, cases.outages[case]
        share[case] = [check.share[name] for name in names]
        hoped[case] = [check.hoped[name] for name in names]
        late[case] = [check.round_trip_ms.get(name, 0.0) for name in names]
        if any(kind == "site" for kind, _, _ in out):
            gone[case] = [cut_off(book, out, name) for name in names]
    report("verifying witnesses", size[0], size[0])
    return Sweep(
        tables=tables,
        book=book,
        cases=cases,
        routing=routing,
        share=share,
        hoped=hoped,
        round_trip_ms=late,
        cut_off=gone,
        refused=refused,
    )


def carried_by_name(tables: Tables, routing: Routing, case: int) -> dict[str, float]:
    """Gb/s of every tunnel that carries something in a case."""
    rates = routing.carried_gbps[case]
    return {tables.tunnels.names[p]: float(rates[p]) for p in np.flatnonzero(rates > 0.0).tolist()}


def demands_of(tables: Tables, traffic_class: str) -> BoolArray:
    """Bool (K,): the demands of a class."""
    return np.array(
        [name == traffic_class for name in tables.demands.traffic_class], dtype=np.bool_
    )


def _checked(tables: Tables, book: Register, cases: Cases, routing: Routing, case: int) -> Check:
    carried = carried_by_name(tables, routing, case)
    failed = cases.failures[case] is not None
    assert all(math.isfinite(gbps) for gbps in carried.values())
    return verify_tunnels(book, cases.outages[case], carried, failed=failed)
