"""Small charts as SVG: bars that stand in a table's cell, bars with names, a rising curve.

Each repeats figures that stand beside it in words, so each is hidden from screen readers.
"""

import math
from collections.abc import Sequence

from arterial.report.svg import element, number, path, text
from arterial.report.words import amount, percent

__all__ = [
    "LETTER_PX",
    "clipped",
    "columns",
    "coverage_chart",
    "delay_bars",
    "framed",
    "meter",
    "named_bars",
]

LETTER_PX = 7.0
"""Width of a letter at most, at the size of a chart's labels."""
NAME_PX = 150.0
"""Room for a name before a bar, the space between them in it."""


def framed(width: float, height: float, class_: str, *parts: str) -> str:
    """A chart of its size in pixels; hidden from screen readers."""
    return element(
        "svg",
        *parts,
        class_=f"chart {class_}",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        aria_hidden="true",
        focusable="false",
    )


def clipped(name: str, px: float) -> str:
    """A name that fits into ``px`` pixels at the size of a chart's labels.

    >>> clipped("Wonderland--Neverland", 80.0)
    'Wonderland…'
    """
    most = max(int(px / LETTER_PX), 2)
    return name if len(name) <= most else name[: most - 1] + "…"


def meter(share: float | None, class_: str, *, width: float = 90.0) -> str:
    """A bar for a share of one; beyond one it ends in a notch. Empty when unknown."""
    if share is None or math.isnan(share):
        return ""
    long = width * min(1.0, max(0.0, share))
    parts = [
        element("rect", class_="track", width=width, height=8, rx=2),
        element("rect", class_=class_, width=long, height=8, rx=2),
    ]
    if share > 1:
        parts.append(element("path", class_="notch", d=f"M{width - 8:g} 0v8"))
    return framed(width, 8, "meter", *parts)


def named_bars(rows: Sequence[tuple[str, float, str]], *, width: float = 520.0) -> str:
    """Horizontal bars: name, value (not negative), words at the bar's end."""
    most = max((value for _, value, _ in rows), default=0.0)
    left, right, pitch = NAME_PX, 110.0, 24.0
    parts: list[str] = []
    for index, (name, value, words) in enumerate(rows):
        y = index * pitch
        long = (width - left - right) * value / most if most else 0.0
        short = clipped(name, left - 8)
        parts += [
            text("text", short, x=left - 8, y=y + 15, text_anchor="end", class_="label"),
            element("rect", class_="bar", x=left, y=y + 4, width=max(1.0, long), height=15, rx=2),
            text("text", words, x=left + long + 6, y=y + 15, class_="value"),
        ]
    return framed(width, max(pitch, pitch * len(rows)), "bars", *parts)


def columns(rows: Sequence[tuple[str, float, str]], *, width: float = 520.0) -> str:
    """Upright columns side by side: name below, value as height, colour class."""
    most = max((value for _, value, _ in rows), default=0.0)
    pitch, high = width / max(1, len(rows)), 96.0
    wide = LETTER_PX * (1 + max((len(name) for name, _, _ in rows), default=0))
    every = max(1, math.ceil(wide / pitch))  # names that would run into each other are left out
    parts: list[str] = [element("path", class_="axis", d=f"M0 {high + 16:g}h{number(width)}")]
    for index, (name, value, class_) in enumerate(rows):
        tall = high * value / most if most else 0.0
        x, y = index * pitch, high + 16 - tall
        parts += [
            element(
                "rect", class_=class_, x=x + 3, y=y, width=max(2.0, pitch - 6), height=tall, rx=2
            ),
        ]
        if index % every == 0:
            at = {"x": x + pitch / 2, "y": high + 31}
            parts.append(text("text", name, text_anchor="middle", class_="label", **at))
        if value:
            words = amount(value, 0)
            at = {"x": x + pitch / 2, "y": y - 4}
            parts.append(text("text", words, text_anchor="middle", class_="value", **at))
    return framed(width, high + 38, "columns", *parts)


def delay_bars(
    rows: Sequence[tuple[float | None, float]], *, most_ms: float, marks_ms: Sequence[float]
) -> str:
    """Floor inside planning value, one bar a row, on a scale that a whole table shares."""
    width, pitch = 170.0, 9.0
    high = pitch * len(rows) + 3
    px = width / most_ms if most_ms else 0.0
    parts = [
        element("path", class_="tick", d=f"M{number(mark * px)} 0v{number(high)}")
        for mark in marks_ms
        if mark <= most_ms
    ]
    for index, (floor, plan) in enumerate(rows):
        y = index * pitch + 2
        side = "first" if index == 0 else "second"
        if not math.isnan(plan):
            wide = max(1.0, plan * px)
            parts.append(element("rect", class_=f"plan {side}", y=y, width=wide, height=7, rx=1))
        if floor is not None and not math.isnan(floor):
            wide = max(0.5, floor * px)
            parts.append(element("rect", class_=f"floor {side}", y=y, width=wide, height=7, rx=1))
    return framed(width, high, "delay", *parts)


def coverage_chart(
    curves: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    *,
    bounds_ms: Sequence[float],
    width: float = 520.0,
) -> str:
    """Share of people (up) within a round trip (across), one stepped curve for each case."""
    left, top, high, foot = 44.0, 10.0, 190.0, 34.0
    last = max([bounds_ms[-1], *(step[0] for _, steps in curves for step in steps)]) * 1.04
    px = (width - left - 12) / last
    parts: list[str] = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + high * (1 - share)
        parts += [
            element("path", class_="grid", d=f"M{left:g} {number(y)}h{number(width - left - 12)}"),
            text("text", percent(share), x=left - 6, y=y + 4, text_anchor="end", class_="label"),
        ]
    for bound in bounds_ms:
        x = left + bound * px
        parts += [
            element("path", class_="tick", d=f"M{number(x)} {top:g}v{high:g}"),
            text(
                "text",
                f"{bound:g} ms",
                x=x,
                y=top + high + 16,
                text_anchor="middle",
                class_="label",
            ),
        ]
    for index, (_, steps) in enumerate(curves):
        dots = [(left, top + high)]
        for rtt, share in steps:
            dots += [(left + rtt * px, dots[-1][1]), (left + rtt * px, top + high * (1 - share))]
        dots.append((left + last * px, dots[-1][1]))
        parts.append(element("path", class_=f"curve c{index}", d=path(dots)))
    parts.append(
        text(
            "text",
            "round trip, planning value",
            x=width - 12,
            y=top + high + foot - 2,
            text_anchor="end",
            class_="label",
        )
    )
    return framed(width, top + high + foot, "coverage", *parts)
