"""People over round trip, and cost over people: two panels of stepped lines.

Left, the share of people (up) within a round trip (across). Right, the least cost (up) for a share
of people (across) within one bound: a step, since edges open whole.
"""

import math
from collections.abc import Iterator, Sequence
from importlib import resources

from msgspec import Struct

from arterial.report.svg import element, number, path, text
from arterial.report.words import amount, percent

__all__ = ["LatencyChart", "Line", "latency_svg"]

WIDE, HIGH = 560.0, 330.0
LEFT, RIGHT, TOP, FOOT = 64.0, 34.0, 40.0, 64.0
HEAD_PX = 62.0
ROW_PX = 18.0
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
ROOM = 1.06
"""Of an axis beyond its largest value."""
ROUNDING = 1e-9
FINEST = 0.05
"""Least width of the axis of shares in the right panel."""


class Line(Struct, frozen=True, kw_only=True):
    """A curve with its name."""

    name: str
    points: tuple[tuple[float, float], ...]
    """Left: (ms, share) where the share rises. Right: (share, cost) of each point. Rising."""
    mark: int
    """Which colour, 0 to 2."""


class LatencyChart(Struct, frozen=True, kw_only=True):
    """What is drawn."""

    title: str
    legend: str
    bounds_ms: tuple[float, ...]
    curves: tuple[Line, ...]
    costs_title: str
    costs: tuple[Line, ...]
    today: tuple[float, float] | None
    """(share, cost) of today's edges, in the right panel."""


def latency_svg(chart: LatencyChart) -> str:
    """A picture that stands alone, its style inside."""
    named = max(len(chart.curves), len(chart.costs) + 1)
    width, height = 2 * WIDE, HEAD_PX + HIGH + ROW_PX * named
    parts = [
        element("style", _style()),
        text("title", chart.title),
        text("text", chart.title, x=16, y=26, class_="head"),
        text("text", chart.legend, x=16, y=46, class_="soft"),
        element("g", *_people(chart), transform=f"translate(0 {number(HEAD_PX)})"),
        element("g", *_costs(chart), transform=f"translate({number(WIDE)} {number(HEAD_PX)})"),
    ]
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="latency",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=chart.title,
    )


def _style() -> str:
    folder = resources.files("arterial.report") / "templates"
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("theme.css", "latency.css")
    )


class _Axes(Struct, frozen=True, kw_only=True):
    """Pixels for values of a panel."""

    low: float
    """Value at the left."""
    across: float
    """Value at the right."""
    up: float
    """Value at the top; 0 is at the foot."""

    def x(self, value: float) -> float:
        return LEFT + (value - self.low) / (self.across - self.low) * (WIDE - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (1.0 - value / self.up) * (HIGH - TOP - FOOT)


def _people(chart: LatencyChart) -> Iterator[str]:
    ends = [line.points[-1][0] for line in chart.curves if line.points]
    axes = _Axes(low=0.0, across=max([chart.bounds_ms[-1], *ends]) * ROOM, up=1.0)
    yield text("text", "Share of people within a round trip", x=LEFT, y=24, class_="title")
    yield from _levels(axes, [(share, percent(share)) for share in SHARES])
    for bound in _apart(axes, chart.bounds_ms):
        yield from _tick(axes, bound, f"{bound:g} ms")
    yield _foot("round trip, planning value, access included")
    for line in chart.curves:
        dots = [(axes.x(0.0), axes.y(0.0))]
        for value, share in line.points:
            dots += [(axes.x(value), dots[-1][1]), (axes.x(value), axes.y(share))]
        dots.append((WIDE - RIGHT, dots[-1][1]))
        yield element("path", class_=f"curve k{line.mark}", d=path(dots))
    yield from _names(chart.curves, "")


def _costs(chart: LatencyChart) -> Iterator[str]:
    yield text("text", chart.costs_title, x=LEFT, y=24, class_="title")
    points = [point for line in chart.costs for point in line.points]
    points += [chart.today] if chart.today else []
    if not points:
        yield text("text", "nobody can be reached", x=LEFT, y=TOP + 24, class_="soft")
        return
    low = min(share for share, _ in points)
    low = max(0.0, math.floor((low - FINEST) * 20.0) / 20.0)
    axes = _Axes(low=low, across=1.0, up=max(1.0, *(cost for _, cost in points)) * ROOM)
    step = _step(axes.up)
    costs = [step * place for place in range(math.floor(axes.up / step) + 1)]
    yield from _levels(axes, [(cost, amount(cost, 1)) for cost in costs])
    every = _step(1.0 - low)
    for place in range(math.floor((1.0 - low) / every + ROUNDING) + 1):
        share = 1.0 - place * every
        yield from _tick(axes, share, percent(share))
    yield _foot("share of people; a circle is the least cost for it, in the unit of costs")
    for line in chart.costs:
        dots = [(axes.x(share), axes.y(cost)) for share, cost in line.points]
        yield element("path", class_=f"curve k{line.mark}", d=path(_risers(dots)))
        yield from (
            element("circle", cx=x, cy=y, r=3.5, class_=f"dot curve k{line.mark}") for x, y in dots
        )
    if chart.today:
        x, y = axes.x(chart.today[0]), axes.y(chart.today[1])
        yield element(
            "path", class_="curve k0", d=f"M{number(x - 5)} {number(y - 5)}l10 10m0-10l-10 10"
        )
    yield from _names(chart.costs, "today's edges" if chart.today else "")


def _risers(dots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """More people than a point reaches cost as much as the next point."""
    steps = [dots[0]]
    for x, y in dots[1:]:
        steps += [(steps[-1][0], y), (x, y)]
    return steps


def _levels(axes: _Axes, marks: Sequence[tuple[float, str]]) -> Iterator[str]:
    across = number(WIDE - LEFT - RIGHT)
    for value, words in marks:
        y = axes.y(value)
        yield element("path", d=f"M{number(LEFT)} {number(y)}h{across}", class_="grid")
        yield text("text", words, x=LEFT - 6, y=y + 4, text_anchor="end", class_="soft")


def _tick(axes: _Axes, value: float, words: str) -> Iterator[str]:
    x, foot = axes.x(value), HIGH - FOOT
    yield element("path", d=f"M{number(x)} {number(TOP)}V{number(foot)}", class_="tick")
    yield text("text", words, x=x, y=foot + 16, text_anchor="middle", class_="soft")


def _apart(axes: _Axes, values: Sequence[float]) -> Iterator[float]:
    """Those whose words would not run into the words before them."""
    last = -math.inf
    for value in values:
        if axes.x(value) - last >= 36.0:  # noqa: PLR2004 - "100 ms" at the size of labels
            last = axes.x(value)
            yield value


def _foot(words: str) -> str:
    place = {"x": WIDE - RIGHT, "y": HIGH - FOOT + 34}
    return text("text", words, text_anchor="end", class_="soft", **place)


def _names(lines: Sequence[Line], today: str) -> Iterator[str]:
    y = HIGH - FOOT + 54
    for line in lines:
        yield element("path", d=f"M{number(LEFT)} {number(y - 4)}h26", class_=f"curve k{line.mark}")
        yield text("text", line.name, x=LEFT + 34, y=y)
        y += ROW_PX
    if today:
        cross = f"M{number(LEFT + 8)} {number(y - 9)}l10 10m0-10l-10 10"
        yield element("path", d=cross, class_="curve k0")
        yield text("text", today, x=LEFT + 34, y=y)


def _step(most: float) -> float:
    """The least of 1, 2, 5, 10, ... that divides an axis into at most six."""
    power = 10.0 ** math.floor(math.log10(most / 6.0))
    digits = (1.0, 2.0, 5.0, 10.0)
    return next(power * digit for digit in digits if power * digit * 6.0 >= most * (1.0 - ROUNDING))
