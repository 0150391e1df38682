"""What the page's section on light shows: spectrum, margins, reach and restoration."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from arterial.plan.plan import Plan
from arterial.report.chart import columns
from arterial.report.light import bundles, margin_bins
from arterial.report.margin_chart import margin_chart
from arterial.report.margins import margin_parts
from arterial.report.reach import ReachCurve, reach_rows
from arterial.report.reach_chart import reach_chart
from arterial.report.restored import restored_cases
from arterial.report.restored_chart import restored_chart
from arterial.report.spectrum import mode_colours, pair_spectra
from arterial.report.spectrum_chart import spectrum_chart
from arterial.report.words import amount, shown

__all__ = ["light_context"]

FIRST_ROWS = 24
"""Rows of a chart that stand open; the rest is folded away."""
MOST_LINKS = 300
"""Rows of the table of restored links; the plan's own tables have them all."""

Row = TypeVar("Row")
Context = dict[str, object]


def light_context(plan: Plan, reach: ReachCurve | None) -> Context:
    """What the template asks for, by name."""
    return {**_spectrum(plan), **_margins(plan), **_reach(plan, reach), **_restored(plan)}


def _folded(rows: Sequence[Row], draw: Callable[[Sequence[Row]], str]) -> tuple[str, str, int]:
    """A chart of the first rows, one of all others, and how many those are."""
    first, rest = rows[:FIRST_ROWS], rows[FIRST_ROWS:]
    return draw(first) if first else "", draw(rest) if rest else "", len(rest)


def _spectrum(plan: Plan) -> Context:
    rows = pair_spectra(plan)
    modes = mode_colours(plan)
    colours = {mode: colour for mode, colour, _ in modes}
    line = plan.network.line
    first, rest = rows[:FIRST_ROWS], rows[FIRST_ROWS:]
    return {
        "pairs": rows,
        "modes_in_use": modes,
        "spectrum_first": spectrum_chart(first, line, colours, by_wave=True) if first else "",
        "spectrum_rest": spectrum_chart(rest, line, colours, by_wave=False) if rest else "",
        "spectrum_first_rows": len(first),
        "spectrum_more": len(rest),
    }


def _margins(plan: Plan) -> Context:
    rows = bundles(plan)
    parts = margin_parts(plan.network.margins)
    known = [row.margin_db for row in rows if not math.isnan(row.margin_db)]
    span_db = (min(known, default=0.0), max([*known, plan.network.margins.total_db]))
    bins = [(amount(low, 1), float(waves), "bar") for low, waves in margin_bins(rows)]
    first, rest, more = _folded(rows, lambda some: margin_chart(some, parts, span_db=span_db))
    return {
        "bundles": rows,
        "margin_chart": columns(bins) if bins else "",
        "margin_parts": parts,
        "margin_db": plan.network.margins.total_db,
        "margin_start_db": max((part.to_db for part in parts if not part.later), default=0.0),
        "margin_short": sum(
            row.waves for row in rows if row.margin_db < plan.network.margins.total_db
        ),
        "margin_first": first,
        "margin_rest": rest,
        "margin_first_rows": FIRST_ROWS,
        "margin_more": more,
        "dearest": any(row.dearest_fibre for row in rows),
    }


def _reach(plan: Plan, curve: ReachCurve | None) -> Context:
    rows = reach_rows(curve, plan, bundles(plan)) if curve else ()
    return {
        "reach_curve": curve,
        "reach_rows": rows,
        "reach_chart": reach_chart(rows) if rows else "",
        "reach_unknown": [mode for mode in curve.modes if mode.limit == "unknown"] if curve else [],
    }


def _restored(plan: Plan) -> Context:
    cases = restored_cases(plan)
    first, rest, more = _folded(cases, restored_chart)
    links = [(case, link) for case in cases for link in case.links]
    return {
        "restored_cases": cases,
        "restored_whole": sum(case.gbps_back >= case.gbps for case in cases),
        "restored_first": first,
        "restored_rest": rest,
        "restored_first_rows": FIRST_ROWS,
        "restored_more": more,
        "restored_links": links[:MOST_LINKS],
        "restored_links_more": max(len(links) - MOST_LINKS, 0),
        "restoration": plan.network.restoration,
        "spares": _spares(plan),
    }


def _spares(plan: Plan) -> dict[str, str]:
    """By module: how many of its spare regenerators wait at which sites."""
    places: dict[str, list[str]] = {}
    for row in plan.spares:
        places.setdefault(row.module, []).append(f"{row.regenerators} at {shown(row.site)}")
    return {module: ", ".join(where) for module, where in places.items()}
