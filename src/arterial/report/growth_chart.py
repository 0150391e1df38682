"""Demand by year against what fibre carries: one panel a pair, a logarithmic axis of rates.

A capacity is a level line; where demand crosses it stands the year from which it is too little.
"""

import math
from collections.abc import Sequence
from importlib import resources

from msgspec import Struct

from arterial.report.svg import element, number, path, text
from arterial.report.words import rate

__all__ = ["Level", "Panel", "growth_style", "growth_svg"]

WIDE, HIGH = 560.0, 330.0
LEFT, RIGHT, TOP, FOOT = 76.0, 172.0, 44.0, 34.0
ACROSS = 2
APART_PX = 15.0
HEAD_PX = 58.0
YEAR_PX = 36.0
"""Room for a year in digits."""
BELOW_LEAST = 0.7
ABOVE_MOST = 1.5


class Level(Struct, frozen=True, kw_only=True):
    """What one plant carries."""

    name: str
    gbps: float
    runs_out: int | None
    """First year whose demand exceeds it."""
    mark: int
    """Which colour, 0 to 4."""


class Panel(Struct, frozen=True, kw_only=True):
    """One pair."""

    title: str
    from_year: int
    demand_gbps: tuple[float, ...]
    """By year, from the first on; empty where nothing is asked."""
    planned_gbps: tuple[float, ...]
    """The same in proportion to planned power; empty where unknown."""
    levels: tuple[Level, ...]


def growth_svg(title: str, legend: str, panels: Sequence[Panel]) -> str:
    """A picture that stands alone, its style inside.

    Parameters
    ----------
    title, legend
        Words above all panels.
    """
    rows = max(1, math.ceil(len(panels) / ACROSS))
    width, height = ACROSS * WIDE, HEAD_PX + rows * HIGH
    parts = [
        element("style", growth_style()),
        text("title", title),
        text("text", title, x=16, y=26, class_="head"),
        text("text", legend, x=16, y=46, class_="soft"),
    ]
    for place, panel in enumerate(panels):
        x, y = (place % ACROSS) * WIDE, HEAD_PX + (place // ACROSS) * HIGH
        parts.append(element("g", *_panel(panel), transform=f"translate({number(x)} {number(y)})"))
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="growth",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=title,
    )


def growth_style() -> str:
    """Colours and fonts of pictures that stand alone."""
    folder = resources.files("arterial.report") / "templates"
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("theme.css", "growth.css")
    )


class _Axes:
    """Pixels for years and rates of a panel."""

    def __init__(self, panel: Panel) -> None:
        rates = [*panel.demand_gbps, *panel.planned_gbps, *(level.gbps for level in panel.levels)]
        known = [gbps for gbps in rates if gbps > 0.0] or [1.0]
        self.low = math.log10(min(known) * BELOW_LEAST)
        self.high = math.log10(max(known) * ABOVE_MOST)
        self.from_year = panel.from_year
        self.years = max(len(panel.demand_gbps), len(panel.planned_gbps), 2) - 1

    def x(self, year: float) -> float:
        """Of a year."""
        return LEFT + (year - self.from_year) / self.years * (WIDE - LEFT - RIGHT)

    def y(self, gbps: float) -> float:
        """Of a rate above 0."""
        share = (math.log10(gbps) - self.low) / (self.high - self.low)
        return TOP + (1.0 - share) * (HIGH - TOP - FOOT)

    def curve(self, rates: Sequence[float]) -> str:
        """The path of a rate by year."""
        return path([(self.x(self.from_year + n), self.y(gbps)) for n, gbps in enumerate(rates)])


def _panel(panel: Panel) -> list[str]:
    axes = _Axes(panel)
    parts = [text("text", panel.title, x=LEFT, y=24, class_="title")]
    parts += [*_rates(axes), *_years(axes), *_levels(axes, panel.levels)]
    for rates, class_ in ((panel.planned_gbps, "planned"), (panel.demand_gbps, "demand")):
        if rates and min(rates) > 0.0:
            parts.append(element("path", d=axes.curve(rates), class_=class_))
    if panel.demand_gbps and min(panel.demand_gbps) > 0.0:
        parts += _crossings(axes, panel)
    else:
        parts.append(text("text", "nothing is asked", x=LEFT + 8, y=HIGH - FOOT - 8, class_="soft"))
    return parts


def _rates(axes: _Axes) -> list[str]:
    parts: list[str] = []
    for power in range(math.ceil(axes.low), math.floor(axes.high) + 1):
        y = axes.y(10.0**power)
        across = number(WIDE - LEFT - RIGHT)
        parts += [
            element("path", d=f"M{number(LEFT)} {number(y)}h{across}", class_="grid"),
            text("text", rate(10.0**power), x=LEFT - 6, y=y + 4, text_anchor="end", class_="soft"),
        ]
    return parts


def _years(axes: _Axes) -> list[str]:
    every = max(1, math.ceil(axes.years / 7))
    return [
        text(
            "text",
            str(axes.from_year + after),
            x=axes.x(axes.from_year + after),
            y=HIGH - FOOT + 18,
            text_anchor="middle",
            class_="soft",
        )
        for after in range(0, axes.years + 1, every)
    ]


def _levels(axes: _Axes, levels: Sequence[Level]) -> list[str]:
    """Level lines, each with its words at the right, moved apart where they would touch."""
    parts: list[str] = []
    right = WIDE - RIGHT
    shown = sorted((level for level in levels if level.gbps > 0.0), key=lambda one: -one.gbps)
    words_y = _spread([axes.y(level.gbps) for level in shown])
    for level, at in zip(shown, words_y, strict=True):
        y = axes.y(level.gbps)
        line = f"M{number(LEFT)} {number(y)}H{number(right)}"
        words = f"{level.name}: {rate(level.gbps)}"
        parts += [
            element("path", d=line, class_=f"level l{level.mark}"),
            element("path", d=path([(right, y), (right + 10, at)]), class_="lead"),
            text("text", words, x=right + 13, y=at + 4, class_="soft"),
        ]
    return parts


def _crossings(axes: _Axes, panel: Panel) -> list[str]:
    """The year from which each level is too little, where demand meets it."""
    parts: list[str] = []
    last = panel.from_year + axes.years
    for year in sorted({one.runs_out for one in panel.levels if one.runs_out is not None}):
        if panel.from_year < year <= last:
            x, y = axes.x(year), axes.y(panel.demand_gbps[year - panel.from_year])
            parts += [
                element("circle", cx=x, cy=y, r=3.5, class_="cross"),
                text("text", str(year), **_beside(x, y), class_="soft year"),
            ]
    return parts


def _beside(x: float, y: float) -> dict[str, float | str]:
    """Below the curve; near its right end above it, for levels have their words behind that."""
    if x + YEAR_PX > WIDE - RIGHT:
        return {"x": x - 7, "y": y - 5, "text_anchor": "end"}
    return {"x": x + 6, "y": y + 14}


def _spread(wanted: Sequence[float]) -> list[float]:
    """Ascending heights at least ``APART_PX`` apart, each as near to what it wanted as that lets.

    >>> _spread([10.0, 12.0, 60.0])
    [3.5, 18.5, 60.0]
    """
    groups: list[list[float]] = []  # each: wanted heights of words that stand close together
    for height in wanted:
        groups.append([height])
        while len(groups) > 1 and _first(groups[-1]) < _last(groups[-2]) + APART_PX:
            late = groups.pop()
            groups[-1] += late
    return [_first(group) + APART_PX * n for group in groups for n in range(len(group))]


def _first(group: Sequence[float]) -> float:
    return sum(group) / len(group) - APART_PX * (len(group) - 1) / 2.0


def _last(group: Sequence[float]) -> float:
    return _first(group) + APART_PX * (len(group) - 1)
