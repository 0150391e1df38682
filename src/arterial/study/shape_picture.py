"""What the picture of ``shapes`` shows of each: a map with its losses, and six figures as bars."""

import math
from collections.abc import Iterator, Sequence

from arterial.plan.plan import Plan
from arterial.prove.criticality import NOTHING
from arterial.report.shapes import Bar, Bars, ShapeLinkMark, ShapePanel, ShapeSite
from arterial.report.words import amount, percent, shown
from arterial.study.shape_answer import ShapeFigures

__all__ = ["charts_of", "panels_of"]


def panels_of(rows: Sequence[tuple[ShapeFigures, Plan]]) -> tuple[ShapePanel, ...]:
    """A panel a shape that has a plan."""
    return tuple(
        ShapePanel(
            title=row.shape,
            verdict=row.verdict,
            lines=_lines(row),
            sites=tuple(_sites(row, plan)),
            links=tuple(
                ShapeLinkMark(a=link.a, z=link.z, gbps=link.capacity_gbps) for link in plan.ip_links
            ),
        )
        for row, plan in rows
    )


def charts_of(rows: Sequence[ShapeFigures]) -> tuple[Bars, ...]:
    """Cost, delay, sessions, what single and double failures leave, and the worst site."""
    return (
        _bars("Cost", [(r.shape, r.cost, r.cost, amount(r.cost, 0)) for r in rows]),
        _bars(
            "Mean round trip of people",
            [(r.shape, (ms := r.delays.rtt_ms), ms, f"{amount(ms)} ms") for r in rows],
        ),
        _bars(
            "People within 20 ms",
            [(r.shape, (s := r.delays.within_20_ms), s, percent(s)) for r in rows],
        ),
        _bars(
            "Single failures survived (pale: late)",
            [(r.shape, (s := r.survived), (late := r.survived_late), _both(s, late)) for r in rows],
        ),
        _bars(
            "People answered, worst two cuts (pale: mean)",
            [
                (
                    r.shape,
                    (low := r.double_cuts.answered_worst),
                    (mean := r.double_cuts.answered_mean),
                    _both(low, mean),
                )
                for r in rows
            ],
        ),
        _bars(
            "People without answer, worst site",
            [(r.shape, (s := _worst(r)), s, percent(s)) for r in rows],
        ),
    )


def _bars(title: str, rows: Sequence[tuple[str, float, float, str]]) -> Bars:
    return Bars(
        title=title,
        bars=tuple(Bar(name=n, value=v, high=high, words=words) for n, v, high, words in rows),
    )


def _both(low: float, high: float) -> str:
    return percent(low) if percent(low) == percent(high) else f"{percent(low)[:-2]}-{percent(high)}"


def _worst(row: ShapeFigures) -> float:
    return row.sites_lost.top_people / row.people if row.people else math.nan


def _lines(row: ShapeFigures) -> tuple[str, ...]:
    top = row.sites_lost
    built = f"{row.ip_links} IP links, {row.waves} waves"
    worst = f"worst site {shown(top.top)}: {percent(top.top_gbps / row.offered_gbps)} of traffic"
    return (
        f"for {row.designed_for}",
        f"{built}; {top.critical} of {top.elements} sites critical",
        worst if top.critical else "no site is critical",
    )


def _sites(row: ShapeFigures, plan: Plan) -> Iterator[ShapeSite]:
    lost = {loss.element: loss for loss in row.losses if loss.kind == "site"}
    for site in plan.network.sites:
        if site.name in lost and site.lat is not None and site.lon is not None:
            loss, gbps = lost[site.name], row.offered_gbps
            share = loss.lost_gbps / gbps if loss.lost_gbps > NOTHING * gbps else 0.0
            people = loss.people_lost / row.people if row.people else 0.0
            yield ShapeSite(
                name=site.name,
                lat=site.lat,
                lon=site.lon,
                lost=share,
                people=people if people > NOTHING else 0.0,
            )
