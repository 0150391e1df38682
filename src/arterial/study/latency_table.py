"""Every share of `latency` as CSV: a row a view, kind of failure and bound, then the frontier."""

import csv
import io
from collections.abc import Iterator

from arterial.report.spreadsheet import cell
from arterial.study.latency_answer import After, Frontier, LatencyTold, View

__all__ = ["HEADER", "csv_of"]

HEADER = (
    "view",
    "failure",
    "case",
    "bound_ms",
    "share",
    "hurt_people",
    "home_lost_people",
    "rtt_ms_p50",
    "rtt_ms_p95",
    "rtt_ms_max",
    "cost",
    "cost_bound",
)
DIGITS = 12
"""Sums are kept to so many, so that no machine writes others."""

Value = str | float | None


def csv_of(told: LatencyTold) -> str:
    """A head and its rows; what is unknown or has no sense in a row is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for row in _rows(told):
        writer.writerow([cell(value, DIGITS) for value in row])
    return text.getvalue()


def _rows(told: LatencyTold) -> Iterator[tuple[Value, ...]]:
    for view in told.views:
        yield from _normal(view, told.bounds_ms)
        for after in view.after:
            yield from _after(view, after)
    for line in told.frontiers:
        yield from _frontier(line)


def _normal(view: View, bounds_ms: tuple[float, ...]) -> Iterator[tuple[Value, ...]]:
    spread = (view.rtt_ms_p50, view.rtt_ms_p95, view.rtt_ms_max)
    for bound, share in zip(bounds_ms, view.shares, strict=True):
        yield (view.name, "", "", bound, share, 0.0, 0.0, *spread, None, None)


def _after(view: View, after: After) -> Iterator[tuple[Value, ...]]:
    spread = (after.rtt_ms_p50, after.rtt_ms_p95, after.rtt_ms_max)
    for row in after.within:
        hurt = (row.share, row.hurt_people, row.home_lost_people)
        yield (view.name, after.kind, row.case, row.bound_ms, *hurt, *spread, None, None)


def _frontier(line: Frontier) -> Iterator[tuple[Value, ...]]:
    lost = "any edge" if line.survive == "edge" else ""
    for point in line.points:
        costs = (point.cost, point.bound)
        yield ("frontier", lost, "", line.within_ms, point.share, *([None] * 5), *costs)
