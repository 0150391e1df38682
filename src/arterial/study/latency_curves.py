"""The picture of `latency`: which curves, in which words."""

from collections.abc import Sequence
from math import inf, isfinite, nan

import numpy as np

from arterial.demand.offers import Offer
from arterial.placement.coverage import felt_ms
from arterial.report.coverage import coverage_steps
from arterial.report.latency_chart import LatencyChart, Line
from arterial.report.words import people as millions
from arterial.report.words import shown
from arterial.solve.program import FloatArray
from arterial.study.latency_answer import Frontier, LatencyTold
from arterial.study.latency_ways import Ways

__all__ = ["picture_of"]


def picture_of(told: LatencyTold, offers: Sequence[Offer], ways: tuple[Ways, Ways]) -> LatencyChart:
    """Today, after the worst single failure, with all candidates; and what more people cost."""
    now, everywhere = ways
    first = told.frontiers[0]
    people = [offer.people for offer in offers]
    case, after_ms = _worst(now, np.array(people), first.within_ms)
    mean = [
        ("today: " + ("the plan as installed" if told.of == "plan" else "edges that stand"), 0),
        (f"after the worst single failure: {shown(case)}", 1),
        ("all candidates in service", 2),
    ]
    rows = (now.before_ms, after_ms, everywhere.before_ms)
    curves = [
        Line(name=name, points=_steps(people, ms), mark=mark)
        for (name, mark), ms in zip(mean, rows, strict=True)
        if mark != 1 or case
    ]
    today = (first.today_share, first.today_cost)
    return LatencyChart(
        title=f"{told.network}: people, round trips and what they cost",
        legend=(
            f"{millions(told.people)} people in {told.markets_in_all} markets; those whose own "
            "site is lost are drawn as before"
        ),
        bounds_ms=told.bounds_ms,
        curves=tuple(curves),
        costs_title=f"Least cost for people within {first.within_ms:g} ms",
        costs=tuple(_costs(line) for line in told.frontiers),
        today=today if isfinite(first.today_cost) else None,
    )


def _steps(people: Sequence[float], rtt_ms: FloatArray) -> tuple[tuple[float, float], ...]:
    known = [ms if ms < inf else nan for ms in rtt_ms.tolist()]
    return coverage_steps(people, known)


def _costs(line: Frontier) -> Line:
    words = "after the loss of any one edge" if line.survive == "edge" else "without failure"
    return Line(
        name=words,
        points=tuple((point.share, point.cost) for point in line.points),
        mark=1 if line.survive == "edge" else 0,
    )


def _worst(ways: Ways, people: FloatArray, within_ms: float) -> tuple[str, FloatArray]:
    """The failure that takes most people out of the bound; among equals, that adds most."""
    felt = felt_ms(ways.before_ms, ways.after_ms, ways.home_lost)
    out = ((ways.before_ms <= within_ms) & ~(felt <= within_ms)) @ people
    both = np.isfinite(felt) & np.isfinite(ways.before_ms)
    more = np.where(both, felt, 0.0) - np.where(both, ways.before_ms, 0.0)
    added = more @ people
    if not len(out) or (out.max() <= 0.0 and added.max() <= 0.0):
        return "", ways.before_ms
    worst = int(np.lexsort((-added, -out))[0])
    return ways.failures[worst].name, felt[worst]
