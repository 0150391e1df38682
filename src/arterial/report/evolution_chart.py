"""Years as a picture: what each way has spent by then, and which links get capacity in which phase.

Left, money as steps against the bound of the whole, from near the first phase's cost on, since ways
differ by few percent; right, a bar a link, one piece a phase.
"""

from collections.abc import Sequence
from math import ceil, floor, log10

from msgspec import Struct

from arterial.report.chart import clipped
from arterial.report.growth_chart import growth_style
from arterial.report.svg import element, number, path, text
from arterial.report.words import amount, rate

__all__ = ["Built", "Curve", "evolution_svg"]

WIDE, HEAD, FOOT = 1120.0, 58.0, 40.0
LEFT, RIGHT, TOP = 60.0, 560.0, 84.0
BARS_AT, BARS_END = 760.0, 1040.0
HIGH = 380.0
BASE = HEAD + HIGH - FOOT
PITCH = 20.0
LEGEND = 18.0
MOST_LINKS = 14
GRIDS = 4
MARKS = 5
"""Colours of the style."""
LINES = (1, 5, 3, 4, 2)
"""Its lines, those that differ most first."""


class Curve(Struct, frozen=True, kw_only=True):
    """What a way of building spends in each phase."""

    name: str
    """Several of one name differ in their draws."""
    spent: tuple[float, ...]


class Built(Struct, frozen=True, kw_only=True):
    """Capacity that a link gets in each phase, Gb/s."""

    name: str
    gbps: tuple[float, ...]


def evolution_svg(
    *,
    title: str,
    phases: Sequence[str],
    years: Sequence[int],
    curves: Sequence[Curve],
    bound: float,
    built: Sequence[Built],
) -> str:
    """A picture that stands alone, its style inside.

    Parameters
    ----------
    bound
        On what all phases together cost.
    built
        Of the first curve's way.
    """
    parts = [
        element("style", growth_style()),
        text("title", title),
        text("text", title, x=16, y=26, class_="head"),
        text(
            "text",
            "discounted cost by year (from near the first on), and capacity built;"
            " one 400G long-haul pluggable = 1",
            x=16,
            y=46,
            class_="soft",
        ),
        *_money(years, curves, bound),
        *_bars(phases, built),
    ]
    names = len({curve.name for curve in curves})
    high = HEAD + HIGH + FOOT + LEGEND * max(0, names // 2 - 1)
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="growth",
        viewBox=f"0 0 {number(WIDE)} {number(high)}",
        width=WIDE,
        height=high,
        role="img",
        aria_label=title,
    )


class _Money:
    """The panel of money: years across, what is spent up, from a step below the first phase's."""

    def __init__(self, years: Sequence[int], curves: Sequence[Curve], bound: float) -> None:
        ends = [bound, *(sum(curve.spent) for curve in curves)]
        starts = [bound, *(curve.spent[0] for curve in curves if curve.spent)]
        self.step = _round_step((max(ends) - min(starts)) / GRIDS)
        self.low = max(0.0, floor(min(starts) / self.step - 0.5) * self.step)
        self.high = ceil(max(ends) / self.step + 0.5) * self.step
        self.first, self.span = years[0], max(1, years[-1] - years[0]) * 1.15

    def x(self, year: float) -> float:
        """Across."""
        return LEFT + (year - self.first) / self.span * (RIGHT - LEFT)

    def y(self, cost: float) -> float:
        """Up."""
        return BASE - (cost - self.low) / (self.high - self.low) * (BASE - TOP)

    def grid(self) -> list[str]:
        """Levels with their figures."""
        parts: list[str] = []
        for level in range(round((self.high - self.low) / self.step) + 1):
            cost = self.low + level * self.step
            at = self.y(cost)
            parts += [
                element("path", d=path([(LEFT, at), (RIGHT, at)]), class_="grid"),
                text("text", amount(cost), x=LEFT - 6, y=at + 4, text_anchor="end", class_="soft"),
            ]
        return parts

    def steps(self, years: Sequence[int], curve: Curve, mark: int) -> str:
        """A level a phase."""
        spent, dots = 0.0, list[tuple[float, float]]()
        for year, cost in zip(years, curve.spent, strict=True):
            if dots:
                dots.append((self.x(year), self.y(spent)))
            spent += cost
            dots.append((self.x(year), self.y(spent)))
        dots.append((RIGHT, self.y(spent)))
        return element("path", d=path(dots), class_=f"level l{mark}")


def _round_step(step: float) -> float:
    """The next of 1, 2 and 5 times a power of ten; 1 of nothing."""
    if step <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(step))
    return next(times * power for times in (1.0, 2.0, 5.0, 10.0) if step <= times * power * 1.001)


def _money(years: Sequence[int], curves: Sequence[Curve], bound: float) -> list[str]:
    """A step line a way, the first on top, and the bound as a level."""
    panel = _Money(years, curves, bound)
    at = panel.y(bound)
    marks = _marks(curves)
    return [
        *panel.grid(),
        *(
            text(
                "text", str(year), x=panel.x(year), y=BASE + 18, text_anchor="middle", class_="soft"
            )
            for year in years
        ),
        element("path", d=path([(LEFT, at), (RIGHT, at)]), class_="level l0"),
        *(panel.steps(years, curve, marks[curve.name]) for curve in reversed(curves)),
        *_legend(curves, bound),
    ]


def _marks(curves: Sequence[Curve]) -> dict[str, int]:
    """By name: a colour."""
    names = dict.fromkeys(curve.name for curve in curves)
    return {name: LINES[place % len(LINES)] for place, name in enumerate(names)}


def _legend(curves: Sequence[Curve], bound: float) -> list[str]:
    """Below the years: what all phases cost, lines of one name in one row."""
    rows = [("bound of the whole horizon", [bound], 0)]
    rows += [
        (name, [sum(curve.spent) for curve in curves if curve.name == name], mark)
        for name, mark in _marks(curves).items()
    ]
    parts: list[str] = []
    for place, (name, costs, mark) in enumerate(rows):
        x, y = LEFT + 260.0 * (place % 2), BASE + 42.0 + LEGEND * (place // 2)
        told = amount(min(costs))
        if len(costs) > 1:
            told = f"{told} to {amount(max(costs))}, {len(costs)} draws"
        parts += [
            element("path", d=path([(x, y - 4), (x + 24, y - 4)]), class_=f"level l{mark}"),
            text("text", f"{name}: {told}", x=x + 30, y=y, class_="soft"),
        ]
    return parts


def _bars(phases: Sequence[str], built: Sequence[Built]) -> list[str]:
    """The links with most capacity, a piece a phase."""
    shown = sorted(built, key=lambda row: (-sum(row.gbps), row.name))[:MOST_LINKS]
    most = max((sum(row.gbps) for row in shown), default=0.0)
    parts: list[str] = []
    for place, name in enumerate(phases):
        at = BARS_AT - 150 + place * 110
        parts += [
            element(
                "rect", x=at, y=TOP - 18, width=10, height=10, class_=f"piece p{place % MARKS}"
            ),
            text("text", clipped(name, 92.0), x=at + 14, y=TOP - 9, class_="soft"),
        ]
    for place, row in enumerate(shown):
        y, at = TOP + place * PITCH, BARS_AT
        name = clipped(row.name, 150.0)
        parts.append(text("text", name, x=at - 8, y=y + 12, text_anchor="end", class_="soft"))
        for phase, gbps in enumerate(row.gbps):
            long = gbps / most * (BARS_END - BARS_AT)
            if long:
                parts.append(
                    element(
                        "rect", x=at, y=y, width=long, height=14, class_=f"piece p{phase % MARKS}"
                    )
                )
            at += long
        parts.append(text("text", rate(sum(row.gbps)), x=at + 6, y=y + 12, class_="soft"))
    if len(built) > len(shown):
        words = f"and {len(built) - len(shown)} more links"
        at_y = TOP + len(shown) * PITCH + 12
        parts.append(text("text", words, x=BARS_AT, y=at_y, class_="soft"))
    return parts
