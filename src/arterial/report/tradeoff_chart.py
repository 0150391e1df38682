"""A trade-off drawn: cost against people with a line for each level of training, and a tornado.

Every dot is a plan; the line below it ends at the plan's bound. A tornado's bar is the cost after a
new design, its outline that of the old plan at the new prices.
"""

import math
from collections.abc import Sequence
from importlib import resources

from msgspec import Struct

from arterial.report.svg import element, number, path, text
from arterial.report.words import amount

__all__ = ["Bar", "Dot", "Series", "tradeoff_svg"]

WIDE, HIGH = 560.0, 380.0
LEFT, RIGHT, TOP, FOOT = 66.0, 118.0, 54.0, 46.0
NAMES = 128.0
"""Room for names of groups before their bars."""
WORDS = 44.0
"""Room for the words at a bar's end."""
PITCH, THICK = 52.0, 22.0
HEAD_PX = 40.0
MARKS = 5
TICKS = 6
PAD = 0.06
"""Share of an axis that is left free at its ends."""
APART_PX = 15.0
ASIDE_PX = 5.0
"""Between the whiskers of two levels at one share."""


class Dot(Struct, frozen=True, kw_only=True):
    """One plan."""

    share: float
    """What it gives, 0 to 1."""
    cost: float
    bound: float
    stands: bool
    """No other plan gives as much for less."""
    sure: bool
    """Nor can any, by the others' bounds."""


class Series(Struct, frozen=True, kw_only=True):
    """Plans of one level."""

    name: str
    across: str
    """What shares are of."""
    dots: tuple[Dot, ...]


class Bar(Struct, frozen=True, kw_only=True):
    """One group of prices."""

    name: str
    changes: tuple[tuple[str, float, float], ...]
    """Words, change of cost after a new design, and with the old plan; shares of the cost."""

    @property
    def width(self) -> float:
        """From the least to the most."""
        ends = [change for _, *both in self.changes for change in both]
        return max(ends, default=0.0) - min(ends, default=0.0)


def tradeoff_svg(title: str, series: Sequence[Series], bars: Sequence[Bar]) -> str:
    """A picture that stands alone, its style inside; panels without figures are left out."""
    panels = [_frontier(series)] if any(line.dots for line in series) else []
    panels += [_tornado(bars)] if bars else []
    width = WIDE * max(1, len(panels))
    parts = [
        element("style", _style()),
        text("title", title),
        text("text", title, x=16, y=26, class_="head"),
    ]
    for place, panel in enumerate(panels):
        parts.append(element("g", *panel, transform=f"translate({number(place * WIDE)} {HEAD_PX})"))
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="tradeoff",
        viewBox=f"0 0 {number(width)} {number(HEAD_PX + HIGH)}",
        width=width,
        height=HEAD_PX + HIGH,
        role="img",
        aria_label=title,
    )


def _style() -> str:
    folder = resources.files("arterial.report") / "templates"
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("theme.css", "tradeoff.css")
    )


class _Axis:
    """Pixels for values of a range, with room at its ends."""

    def __init__(self, values: Sequence[float], low_px: float, high_px: float) -> None:
        low, high = min(values), max(values)
        room = (high - low) * PAD or max(abs(high), 1.0) * PAD
        self.low, self.high = low - room, high + room
        self._low_px, self._high_px = low_px, high_px

    def px(self, value: float) -> float:
        """Of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self._low_px + share * (self._high_px - self._low_px)

    def ticks(self) -> list[float]:
        """A few round values within.

        >>> _Axis([0.0, 100.0], 0.0, 1.0).ticks()
        [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
        """
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * times for times in (1.0, 2.0, 5.0, 10.0) if power * times >= rough)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [round(step * n, 10) for n in range(first, last + 1)]


def _frontier(series: Sequence[Series]) -> list[str]:
    dots = [dot for line in series for dot in line.dots]
    across = _Axis([dot.share for dot in dots], LEFT, WIDE - RIGHT)
    up = _Axis([cost for dot in dots for cost in (dot.cost, dot.bound)], HIGH - FOOT, TOP)
    parts = [
        text("text", "Cost, and below it the plan's bound", x=LEFT, y=24, class_="title"),
        *_grid(across, up),
        text("text", series[0].across, x=(LEFT + WIDE - RIGHT) / 2, y=HIGH - 8, **_MIDDLE),
    ]
    for mark, line in enumerate(series):
        aside = ASIDE_PX * (mark - (len(series) - 1) / 2)
        parts += _line(line, across, up, f"m{mark % MARKS}", aside)
    return [*parts, *_names(series, up)]


_MIDDLE = {"text_anchor": "middle", "class_": "soft"}


def _grid(across: _Axis, up: _Axis) -> list[str]:
    parts: list[str] = []
    for cost in up.ticks():
        y = up.px(cost)
        line = f"M{number(LEFT)} {number(y)}H{number(WIDE - RIGHT)}"
        words = amount(cost)
        parts += [
            element("path", d=line, class_="grid"),
            text("text", words, x=LEFT - 6, y=y + 4, text_anchor="end", class_="soft"),
        ]
    for share in across.ticks():
        if 0.0 <= share <= 1.0:
            x = across.px(share)
            line = f"M{number(x)} {number(TOP)}V{number(HIGH - FOOT)}"
            parts += [
                element("path", d=line, class_="grid"),
                text("text", f"{100 * share:g} %", x=x, y=HIGH - FOOT + 16, **_MIDDLE),
            ]
    return parts


def _line(line: Series, across: _Axis, up: _Axis, mark: str, aside_px: float) -> list[str]:
    """Whiskers down to bounds, each level's beside the others', then what stands, then dots."""
    parts: list[str] = []
    for dot in line.dots:
        x, foot = across.px(dot.share) + aside_px, number(up.px(dot.bound))
        whisker = f"M{number(x)} {number(up.px(dot.cost))}V{foot}"
        parts += [
            element("path", d=whisker, class_=f"whisker {mark}"),
            element("path", d=f"M{number(x - 4)} {foot}h8", class_=f"foot {mark}"),
        ]
    standing = [(across.px(dot.share), up.px(dot.cost)) for dot in line.dots if dot.stands]
    if len(standing) > 1:
        parts.append(element("path", d=path(standing), class_=f"line {mark}"))
    for dot in line.dots:
        kind = ("sure" if dot.sure else "seems") if dot.stands else "beaten"
        at = {"cx": across.px(dot.share), "cy": up.px(dot.cost)}
        parts.append(element("circle", r=4.5, class_=f"{kind} {mark}", **at))
    return parts


def _names(series: Sequence[Series], up: _Axis) -> list[str]:
    """Each level's name at the height where its line ends, moved apart where they would touch."""
    parts: list[str] = []
    named = [(up.px(line.dots[-1].cost), n, line) for n, line in enumerate(series) if line.name]
    below = -math.inf
    for y, mark, line in sorted(named, key=lambda one: one[:2]):
        below = max(y, below + APART_PX)
        at = {"x": WIDE - RIGHT + 10, "y": below + 4}
        parts.append(text("text", line.name, class_=f"name n{mark % MARKS}", **at))
    key = "full: sure or restricted; ring: seems; small: dominated"
    return [*parts, text("text", key, x=LEFT, y=40, class_="soft")]


def _tornado(bars: Sequence[Bar]) -> list[str]:
    ends = [0.0, *(change for bar in bars for _, *both in bar.changes for change in both)]
    across = _Axis(ends, NAMES + WORDS, WIDE - WORDS)
    last = TOP + PITCH * len(bars)
    parts = [
        text("text", "Change of cost when a group of prices changes", x=16, y=24, class_="title"),
        text(
            "text",
            "bar: designed anew; outline: old plan kept; words: change of the prices",
            x=16,
            y=40,
            class_="soft",
        ),
    ]
    for share in across.ticks():
        x = across.px(share)
        parts += [
            element("path", d=f"M{number(x)} {number(TOP)}V{number(last)}", class_="grid"),
            text("text", _signed(share), x=x, y=last + 16, **_MIDDLE),
        ]
    for place, bar in enumerate(bars):
        parts += _bar(bar, across, TOP + PITCH * place + (PITCH - THICK) / 2)
    zero = number(across.px(0.0))
    return [*parts, element("path", d=f"M{zero} {number(TOP)}V{number(last)}", class_="zero")]


def _signed(share: float) -> str:
    """A change in per cent, its sign before it.

    >>> _signed(0.1), _signed(0.0)
    ('+10 %', '0 %')
    """
    return f"{100 * share:+g} %" if share else "0 %"


def _bar(bar: Bar, across: _Axis, y: float) -> list[str]:
    at = {"x": NAMES - 10, "y": y + THICK / 2 + 4}
    parts = [text("text", bar.name, text_anchor="end", **at)]
    zero = across.px(0.0)
    for words, anew, kept in bar.changes:
        kind = "less" if kept < 0.0 else "more"
        anew_px, kept_px = across.px(anew), across.px(kept)
        for x, class_ in ((anew_px, f"bar {kind}"), (kept_px, "kept")):
            box = {"x": min(x, zero), "y": y, "width": abs(x - zero), "height": THICK}
            parts.append(element("rect", class_=class_, **box))
        least, most = min(zero, anew_px, kept_px), max(zero, anew_px, kept_px)
        at = {"x": least - 6, "text_anchor": "end"} if kept < 0.0 else {"x": most + 6}
        parts.append(text("text", words, y=y + THICK / 2 + 4, class_="soft", **at))
    return parts
