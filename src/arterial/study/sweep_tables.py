"""A sweep's whole result as Parquet tables: every case, every class in every case, every link."""

from pathlib import Path

import numpy as np
from msgspec import Struct

from arterial.fabric.odds import Rates
from arterial.plan.table import database, write_table
from arterial.study.sweep_answer import (
    CaseFigures,
    Found,
    LinkFigures,
    case_figures,
    link_figures,
)

__all__ = ["CaseClass", "Element", "write_tables"]


class CaseClass(Struct, frozen=True, kw_only=True):
    """One class in one case."""

    case: str
    traffic_class: str
    carried_gbps: float
    dropped_gbps: float
    overload_gbps: float
    ended_gbps: float
    latency_ms: float
    """Mean one-way delay; NaN where nothing has a way or a delay is unknown."""


class Element(Struct, frozen=True, kw_only=True):
    """What can fail, and how often it does; NaN where no rate is known."""

    element: str
    failures_per_year: float
    repair_h: float
    availability: float


def write_tables(folder: Path, found: Found, rates: Rates | None) -> tuple[str, ...]:
    """Write ``cases``, ``classes`` and ``links``, and with rates ``elements``.

    Returns their names. Raises OSError when the disk refuses.
    """
    names = [found.name(case) for case in range(len(found.cases))]
    tables: dict[str, tuple[type[Struct], list[Struct]]] = {
        "cases": (CaseFigures, list(case_figures(found, range(len(names))))),
        "classes": (CaseClass, list(_classes(found, names))),
        "links": (LinkFigures, list(link_figures(found))),
    }
    if rates is not None:
        tables["elements"] = (Element, list(_elements(found, rates)))
    folder.mkdir(parents=True, exist_ok=True)
    with database() as inside:
        for name, (kind, rows) in tables.items():
            write_table(inside, folder / f"{name}.parquet", kind, rows)
    return tuple(tables)


def _classes(found: Found, names: list[str]) -> list[CaseClass]:
    outcome = found.outcome
    return [
        CaseClass(
            case=case,
            traffic_class=traffic_class,
            carried_gbps=float(outcome.carried[row, c]),
            dropped_gbps=float(outcome.dropped[row, c]),
            overload_gbps=float(outcome.overload[row, c]),
            ended_gbps=float(outcome.ended[row, c]),
            latency_ms=float(outcome.latency_ms[row, c]),
        )
        for row, case in enumerate(names)
        for c, traffic_class in enumerate(found.classes)
    ]


def _elements(found: Found, rates: Rates) -> list[Element]:
    elements, down = found.cases.elements, rates.down
    return [
        Element(
            element=elements.title(number),
            failures_per_year=float(rates.failures_per_year[number]),
            repair_h=float(rates.repair_h[number]),
            availability=float(1.0 - down[number]),
        )
        for number in np.flatnonzero(~np.isnan(rates.failures_per_year)).tolist()
    ]
