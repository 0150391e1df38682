"""Restored share of each cut as a bar, filled as far as the light returns."""

from collections.abc import Sequence

from arterial.report.chart import clipped, framed
from arterial.report.restored import CaseView
from arterial.report.svg import element, number, text
from arterial.report.words import counted, percent, rate, shown

__all__ = ["restored_chart"]

WIDTH, LEFT, RIGHT = 1120.0, 330.0, 260.0
TOP, PITCH, TALL = 22.0, 18.0, 11.0
WHOLE = 0.9995
"""From here on a share reads as all of it."""


def restored_chart(rows: Sequence[CaseView]) -> str:
    """One bar a case, in the order given."""
    wide = WIDTH - LEFT - RIGHT
    bottom = TOP + PITCH * len(rows)
    parts: list[str] = []
    grid: list[str] = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LEFT + share * wide
        grid.append(f"M{number(x)} {TOP - 5:g}V{number(bottom)}")
        words = percent(share)
        parts.append(text("text", words, x=x, y=TOP - 9, text_anchor="middle", class_="label"))
    parts.insert(0, element("path", class_="grid", d="".join(grid)))
    for index, row in enumerate(rows):
        y = TOP + PITCH * index
        base = y + TALL - 1
        share = min(max(row.share, 0.0), 1.0)
        told = (
            f"{row.case}: {row.waves_back:,} of {counted(row.waves, 'wave')}, "
            f"{rate(row.gbps_back)} of {rate(row.gbps)}"
        )
        name = clipped(shown(row.case), LEFT - 10)
        bar = {"x": LEFT, "y": y, "height": TALL, "rx": 2}
        parts.append(
            element(
                "g",
                text("title", told),
                text("text", name, x=LEFT - 8, y=base, text_anchor="end", class_="label"),
                element("rect", class_="track", width=wide, **bar),
                element("rect", class_=_kind(share), width=wide * share, **bar),
            )
        )
        figures = f"{percent(row.share)} of {rate(row.gbps)}, {counted(row.waves, 'wave')}"
        parts.append(text("text", figures, x=LEFT + wide + 8, y=base, class_="value"))
    return framed(WIDTH, bottom + 4, "restored", *parts)


def _kind(share: float) -> str:
    return "back whole" if share >= WHOLE else "back"
