"""Rate against reach: a bar a mode, by falling rate, and the plan's own segments as dots on it."""

from collections.abc import Iterable, Sequence

from arterial.report.chart import clipped, framed
from arterial.report.reach import ReachRow
from arterial.report.svg import element, number, text
from arterial.report.words import amount, counted, rate

__all__ = ["reach_chart"]

WIDTH, LEFT, RIGHT = 1120.0, 290.0, 150.0
TOP, PITCH, TALL = 26.0, 20.0, 12.0
STEPS_KM = (50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
MOST_TICKS = 12


def reach_chart(rows: Sequence[ReachRow]) -> str:
    """Reach of each mode along the bottom, rate down the side."""
    most = max([row.reach.reach_km for row in rows] + [km for row in rows for km in row.used_km])
    step = next((step for step in STEPS_KM if most / step <= MOST_TICKS), STEPS_KM[-1])
    px = (WIDTH - LEFT - RIGHT) / max(most, 1.0)
    bottom = TOP + PITCH * len(rows)
    ticks = [step * count for count in range(int(most / step) + 1)]
    lines = [f"M{number(LEFT + tick * px)} {TOP - 4:g}V{number(bottom)}" for tick in ticks]
    parts = [element("path", class_="grid", d="".join(lines))]
    for tick in ticks:
        words = f"{amount(tick, 0)} km" if tick else "0"
        x = LEFT + tick * px
        parts.append(text("text", words, x=x, y=TOP - 9, text_anchor="middle", class_="label"))
    before = None
    for index, row in enumerate(rows):
        y = TOP + PITCH * index
        if row.reach.rate_gbps != before:
            parts.append(text("text", rate(row.reach.rate_gbps), y=y + TALL, class_="value"))
            if index:
                line = f"M0 {number(y - 3.5)}H{WIDTH:g}"
                parts.append(element("path", class_="grid", d=line))
        before = row.reach.rate_gbps
        parts += _row(row, y, px)
    return framed(WIDTH, bottom + 4, "reach", *parts)


def _row(row: ReachRow, y: float, px: float) -> Iterable[str]:
    name, base = clipped(row.reach.mode, LEFT - 90), y + TALL - 1
    style = "label used" if row.waves else "label"
    yield text("text", name, x=LEFT - 8, y=base, text_anchor="end", class_=style)
    long = max(row.reach.reach_km * px, 1.0)
    yield element(
        "rect",
        class_="span used" if row.waves else "span",
        x=LEFT,
        y=y,
        width=long,
        height=TALL,
        rx=2,
    )
    if row.used_km:
        middle = number(y + TALL / 2)
        dots = "".join(f"M{number(LEFT + km * px)} {middle}h0" for km in row.used_km)
        least, most = amount(row.used_km[0], 0), amount(row.used_km[-1], 0)
        waves = counted(row.waves, "wave")
        title = text("title", f"{waves} of this plan, segments of {least} to {most} km")
        yield element("path", title, class_="dots", d=dots)
    far = f"{amount(row.reach.reach_km, 0)} km"
    words = {"beyond": f"over {far}", "none": "no span"}.get(row.reach.limit, far)
    if row.reach.limit in {"cd", "pmd"}:
        words += f" ({row.reach.limit.upper()})"
    yield text("text", words, x=WIDTH - RIGHT + 14, y=base, class_="value")
