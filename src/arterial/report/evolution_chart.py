"""Years as a picture: what each way has spent by then, and which links get capacity in which phase.

Left, money as steps against the bound of the whole; right, a bar a link, one piece a phase.
"""

from collections.abc import Sequence

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
PITCH = 20.0
MOST_LINKS = 14
GRIDS = 4
MARKS = 5
"""Colours of the style."""


class Curve(Struct, frozen=True, kw_only=True):
    """What a way of building spends in each phase."""

    name: str
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
            "discounted cost by year, and capacity built; one 400G long-haul pluggable = 1",
            x=16,
            y=46,
            class_="soft",
        ),
        *_money(years, curves, bound),
        *_bars(phases, built),
    ]
    high = HEAD + HIGH + FOOT
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


def _money(years: Sequence[int], curves: Sequence[Curve], bound: float) -> list[str]:
    """A step line a way, and the bound as a level."""
    base, first = HEAD + HIGH - FOOT, years[0]
    most = max([bound, *(sum(curve.spent) for curve in curves)]) * 1.08 or 1.0
    span = max(1, years[-1] - first) * 1.15

    def x(year: float) -> float:
        return LEFT + (year - first) / span * (RIGHT - LEFT)

    def y(cost: float) -> float:
        return base - cost / most * (base - TOP)

    parts: list[str] = []
    for step in range(GRIDS + 1):
        cost = most * step / GRIDS
        parts += [
            element("path", d=path([(LEFT, y(cost)), (RIGHT, y(cost))]), class_="grid"),
            text(
                "text", amount(cost, 0), x=LEFT - 6, y=y(cost) + 4, text_anchor="end", class_="soft"
            ),
        ]
    parts += [
        text("text", str(year), x=x(year), y=base + 18, text_anchor="middle", class_="soft")
        for year in years
    ]
    parts.append(element("path", d=path([(LEFT, y(bound)), (RIGHT, y(bound))]), class_="level l0"))
    for place, curve in enumerate(curves):
        spent, dots = 0.0, [(x(first), y(0.0))]
        for year, cost in zip(years, curve.spent, strict=True):
            dots.append((x(year), y(spent)))
            spent += cost
            dots.append((x(year), y(spent)))
        dots.append((RIGHT, y(spent)))
        parts.append(element("path", d=path(dots), class_=f"level l{1 + place % (MARKS - 1)}"))
    return [*parts, *_legend(curves, bound)]


def _legend(curves: Sequence[Curve], bound: float) -> list[str]:
    rows = [("bound of the whole horizon", bound, 0)]
    rows += [(c.name, sum(c.spent), 1 + n % (MARKS - 1)) for n, c in enumerate(curves)]
    parts: list[str] = []
    for place, (name, cost, mark) in enumerate(rows):
        y = HEAD + HIGH - FOOT - 14 - 16 * (len(rows) - 1 - place)
        parts += [
            element(
                "path",
                d=path([(RIGHT - 250, y - 4), (RIGHT - 226, y - 4)]),
                class_=f"level l{mark}",
            ),
            text("text", f"{name}: {amount(cost)}", x=RIGHT - 220, y=y, class_="soft"),
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
