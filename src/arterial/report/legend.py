"""What the map's colours, widths and marks mean, and its scale, in a strip below the sheet."""

from typing import Literal, get_args

from arterial.report.sheet import Sheet, scale_bar_km
from arterial.report.svg import element, text
from arterial.report.view import MapView, SiteKind
from arterial.report.words import amount, rate

__all__ = ["HEAT_STEPS", "HEIGHT", "LineFate", "heat", "legend", "mark", "stroke_px"]

LineFate = Literal["built", "freed", "changed", "kept"]
"""What becomes of a line from one plan to another."""

HEIGHT = 74.0
HEAT_STEPS = (0.30, 0.50, 0.65, 0.80, 0.95)
"""Upper ends of the colour classes of utilisation; the last class is beyond all of them."""
THIN, THICK = 1.6, 7.5

KIND_WORDS: dict[SiteKind, str] = {
    "campus": "campus",
    "edge": "edge in use",
    "idle-edge": "edge, not used",
    "candidate-edge": "candidate edge",
    "market": "market",
    "junction": "junction",
}


def heat(utilisation: float | None) -> str:
    """Colour class of a utilisation: ``u0`` (cool) to ``u5`` (hot), ``u-none`` when unknown.

    >>> heat(0.1), heat(0.8), heat(1.2), heat(None)
    ('u0', 'u3', 'u5', 'u-none')
    """
    if utilisation is None or utilisation != utilisation:  # noqa: PLR0124 - NaN is unknown
        return "u-none"
    return f"u{sum(utilisation > step for step in HEAT_STEPS)}"


def stroke_px(gbps: float, most_gbps: float) -> float:
    """Width of a line: by the square root of its rate, so that small ones are still seen, px."""
    share = gbps / most_gbps if most_gbps else 0.0
    return round(THIN + (THICK - THIN) * share**0.5, 1)


def mark(kind: SiteKind, x: float, y: float) -> str:
    """The mark of a site."""
    if kind == "campus":
        return element("rect", class_="site campus", x=x - 5, y=y - 5, width=10, height=10, rx=1.5)
    radius = {"edge": 5.5, "idle-edge": 4.5, "candidate-edge": 3.5, "market": 3.0}.get(kind, 2.2)
    return element("circle", class_=f"site {kind}", cx=x, cy=y, r=radius)


def legend(
    view: MapView, sheet: Sheet, most_gbps: float, *, unplaced: int, fates: bool = False
) -> str:
    """The strip below the map: colours of load or of fate, line styles, marks, widths, scale."""
    top = sheet.height
    return element(
        "g",
        element("rect", class_="strip", y=top, width=sheet.width, height=HEIGHT),
        _fates(16, top + 22) if fates else _heat_scale(16, top + 16),
        _lines(view, 372, top + 22),
        _widths(752, top + 22, most_gbps),
        _marks(view, 16, top + 59),
        "" if fates else _unknown(view, 610, top + 55),
        _scale(sheet, top + 59, unplaced),
        class_="legend",
    )


def _heat_scale(x: float, y: float) -> str:
    wide = 42.0
    steps = len(HEAT_STEPS) + 1
    boxes = [
        element("rect", class_=f"fill-u{i}", x=x + i * wide, y=y, width=wide - 2, height=8)
        for i in range(steps)
    ]
    ticks = [
        text("text", f"{step * 100:.0f}", x=x + (i + 1) * wide - 1, y=y + 20, text_anchor="middle")
        for i, step in enumerate(HEAT_STEPS)
    ]
    words = text("text", "% worst load", x=x + steps * wide + 6, y=y + 8)
    return "".join([*boxes, *ticks, words])


def _fates(x: float, y: float) -> str:
    drawn: list[str] = []
    for fate in get_args(LineFate):
        line = element("path", class_=f"line {fate}", d=f"M{x:g} {y:g}h26", stroke_width=4.0)
        drawn += [line, text("text", fate, x=x + 32, y=y + 4)]
        x += 46 + 6.2 * len(fate)
    return "".join(drawn)


def _lines(view: MapView, x: float, y: float) -> str:
    kinds = {(fibre.status, bool(fibre.pairs)) for fibre in view.fibres}
    wanted = [
        ("dark existing", "fibre, not lit", ("existing", False) in kinds),
        ("dark leasable", "leasable", ("leasable", False) in kinds),
        ("dark candidate", "candidate", ("candidate", False) in kinds),
    ]
    drawn: list[str] = []
    for class_, words, present in wanted:
        if present:
            drawn += [
                element("path", class_=class_, d=f"M{x:g} {y:g}h26"),
                text("text", words, x=x + 32, y=y + 4),
            ]
            x += 46 + 6.2 * len(words)
    return "".join(drawn)


def _unknown(view: MapView, x: float, y: float) -> str:
    """The line of a load that nobody knows, where there is one: no proof has routed failures."""
    lit = [fibre.utilisation for fibre in view.fibres if fibre.pairs]
    loads = lit or [link.utilisation for link in view.links]
    if all(heat(load) != "u-none" for load in loads):
        return ""
    line = element("path", class_="line u-none", d=f"M{x:g} {y:g}h26", stroke_width=4.0)
    return line + text("text", "load unknown", x=x + 32, y=y + 4)


def _widths(x: float, y: float, most_gbps: float) -> str:
    if not most_gbps:
        return ""
    drawn: list[str] = []
    for share in (0.1, 0.4, 1.0):
        gbps = most_gbps * share
        drawn += [
            element(
                "path",
                class_="line u-plain",
                d=f"M{x:g} {y:g}h26",
                stroke_width=stroke_px(gbps, most_gbps),
            ),
            text("text", rate(gbps), x=x + 32, y=y + 4),
        ]
        x += 116
    return "".join(drawn)


def _marks(view: MapView, x: float, y: float) -> str:
    drawn: list[str] = []
    present = {site.kind for site in view.sites}
    for kind, words in KIND_WORDS.items():
        if kind in present:
            drawn += [mark(kind, x + 6, y - 4), text("text", words, x=x + 17, y=y)]
            x += 36 + 6.2 * len(words)
    return "".join(drawn)


def _scale(sheet: Sheet, y: float, unplaced: int) -> str:
    length_km = scale_bar_km(sheet)
    wide = length_km * sheet.px_per_km
    right = sheet.width - 16
    words = f"{amount(length_km)} km" + (f"; {unplaced} sites not placed" if unplaced else "")
    return element(
        "path", class_="scale", d=f"M{right - wide:.1f} {y - 8:g}v5h{wide:.1f}v-5"
    ) + text("text", words, x=right - wide - 8, y=y, text_anchor="end")
