"""Margin of every bundle of waves as a dot on a bar, over what the margin is kept for."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from arterial.report.chart import clipped, framed
from arterial.report.light import Bundle
from arterial.report.margins import MarginPart
from arterial.report.svg import element, number, text
from arterial.report.words import amount, counted, shown

__all__ = ["margin_chart"]

WIDTH, LEFT, RIGHT = 1120.0, 330.0, 60.0
TOP, PITCH, TALL = 44.0, 17.0, 9.0
STEPS_DB = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_TICKS = 16


def margin_chart(
    rows: Sequence[Bundle], parts: Sequence[MarginPart], *, span_db: tuple[float, float]
) -> str:
    """A row a bundle: start-of-life margin, and the zones of what it is kept for.

    Parameters
    ----------
    rows
        In the order in which they are drawn.
    parts
        Margins of the network, as ``margin_parts`` stacks them.
    span_db
        Least and most margin of the axis, so that several charts can share it.
    """
    low, high = min(0.0, math.floor(span_db[0])), max(1.0, math.ceil(span_db[1]))
    px = (WIDTH - LEFT - RIGHT) / (high - low)
    bottom = TOP + PITCH * len(rows)
    at = [LEFT + (db - low) * px for db in (0.0, *(part.to_db for part in parts))]
    drawn = [*_axis(low, high, px, bottom)]
    for number_of, (part, (start, end)) in enumerate(zip(parts, pairwise(at), strict=True)):
        words = f"{part.from_db:g} to {part.to_db:g} dB: {part.words}"
        box = {"x": start, "y": TOP - 4, "width": end - start, "height": bottom - TOP + 4}
        drawn.append(element("rect", text("title", words), class_=f"zone z{number_of % 4}", **box))
    need_db = parts[-1].to_db if parts else 0.0
    for index, row in enumerate(rows):
        drawn += _row(row, TOP + PITCH * index, px, low=low, need_db=need_db)
    drawn += _lines(parts, low, px, bottom)
    return framed(WIDTH, bottom + 4, "margins", *drawn)


def _row(row: Bundle, y: float, px: float, *, low: float, need_db: float) -> Iterable[str]:
    name = clipped(f"{shown(row.link)} · {row.mode}", LEFT - 10)
    base = y + TALL
    yield element(
        "g",
        text("title", f"{row.link}, {row.mode}, {counted(row.waves, 'wave')}"),
        text("text", name, x=LEFT - 8, y=base, text_anchor="end", class_="label"),
    )
    zero = LEFT - low * px
    if math.isnan(row.margin_db):
        yield text("text", "unknown", x=zero + 6, y=base, class_="value short")
        return
    x = zero + max(row.margin_db, low) * px
    kind = "short" if row.margin_db < need_db else "holds"
    words = (
        f"{row.link}, {row.mode}: GSNR {amount(row.gsnr_db, 2)} dB, required "
        f"{amount(row.osnr_db, 2)} dB, margin {amount(row.margin_db, 2)} dB at start of life, "
        f"{amount(row.margin_db - need_db, 2)} dB beyond all that is kept"
    )
    middle = number(y + TALL / 2)
    yield element(
        "g",
        text("title", words),
        element("path", class_=f"stem {kind}", d=f"M{number(zero)} {middle}H{number(x)}"),
        element("circle", class_=f"dot {kind}", cx=x, cy=y + TALL / 2, r=4),
    )
    value = amount(row.margin_db, 2)
    yield text("text", value, x=max(x, zero) + 8, y=base, class_="value")


def _lines(parts: Sequence[MarginPart], low: float, px: float, bottom: float) -> Iterable[str]:
    """Where a wave must be on its first day, and where for all its years."""
    first = max((part.to_db for part in parts if not part.later), default=0.0)
    last = parts[-1].to_db if parts else 0.0
    marks = [("start of life", first, "end"), ("end of life", last, "start")]
    for words, db, side in marks if first < last else [("needed", last, "start")]:
        x = LEFT + (db - low) * px
        aside = -4 if side == "end" else 4
        yield element("path", class_="need", d=f"M{number(x)} {TOP - 18:g}V{number(bottom)}")
        label = f"{words} {amount(db, 2)} dB"
        yield text("text", label, x=x + aside, y=TOP - 12, text_anchor=side, class_="value")


def _axis(low: float, high: float, px: float, bottom: float) -> Iterable[str]:
    step = next((step for step in STEPS_DB if (high - low) / step <= MOST_TICKS), STEPS_DB[-1])
    ticks = [low + step * count for count in range(int((high - low) / step) + 1)]
    lines = [f"M{number(LEFT + (tick - low) * px)} {TOP - 4:g}V{number(bottom)}" for tick in ticks]
    yield element("path", class_="grid", d="".join(lines))
    for tick in ticks:
        x = LEFT + (tick - low) * px
        yield text("text", f"{tick:g}", x=x, y=TOP - 30, text_anchor="middle", class_="label")
    yield text("text", "margin, dB", x=LEFT - 16, y=TOP - 30, text_anchor="end", class_="label")
