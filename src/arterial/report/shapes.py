"""Shapes side by side: a small map each, sites as large as what is lost with them, and bars.

IP links are drawn straight, as wide as what they carry; a site is red where people go without
answer when it is lost, amber where only other traffic is. Bars share a scale within a figure.
"""

import math
from collections.abc import Sequence
from importlib import resources

from msgspec import Struct

from arterial.report.backdrop import backdrop, places
from arterial.report.projection import in_backdrop
from arterial.report.sheet import Sheet, sheet_for
from arterial.report.svg import element, number, path, text

__all__ = ["Bar", "Bars", "ShapeLinkMark", "ShapePanel", "ShapeSite", "shapes_svg"]

WIDTH, PAD, ACROSS = 1120.0, 16.0, 3
HEAD_PX, ABOVE_PX, BELOW_PX = 66.0, 30.0, 56.0
NAME_PX, VALUE_PX, PITCH_PX = 92.0, 76.0, 20.0
LEAST_PX, MOST_PX = 2.0, 15.0
"""Radius of a site with whom nothing is lost, and of one with whom all is."""
THICK_PX = 5.0
APART_PX = 0.8
"""Points of the coast nearer than this are one."""


class ShapeSite(Struct, frozen=True, kw_only=True):
    """A site of a panel."""

    name: str
    lat: float
    lon: float
    lost: float
    """Share of all traffic lost with it, its own left out."""
    people: float
    """Share of people without answer when it is lost, its own left out."""


class ShapeLinkMark(Struct, frozen=True, kw_only=True):
    """An IP link between two sites, by name."""

    a: str
    z: str
    gbps: float


class ShapePanel(Struct, frozen=True, kw_only=True):
    """One shape."""

    title: str
    verdict: str
    lines: tuple[str, ...]
    """Words below the map."""
    sites: tuple[ShapeSite, ...]
    links: tuple[ShapeLinkMark, ...]


class Bar(Struct, frozen=True, kw_only=True):
    """One shape's value of a figure; NaN draws nothing."""

    name: str
    value: float
    high: float
    """Where the value may be up to; the value itself where it is known."""
    words: str


class Bars(Struct, frozen=True, kw_only=True):
    """One figure of all shapes."""

    title: str
    bars: tuple[Bar, ...]


def shapes_svg(title: str, panels: Sequence[ShapePanel], charts: Sequence[Bars]) -> str:
    """A picture that stands alone, its style inside, light or dark as its viewer prefers."""
    spots = [(site.lat, site.lon) for panel in panels for site in panel.sites]
    sheet = sheet_for(spots)
    across = _maps_across(len(panels))
    wide, bars_wide = _wide(across), _wide(ACROSS)
    scale = wide / sheet.width
    high = ABOVE_PX + sheet.height * scale + BELOW_PX
    rows = max(1, math.ceil(len(panels) / across))
    bars_y = HEAD_PX + rows * (high + PAD)
    pitch = 28.0 + PITCH_PX * max((len(chart.bars) for chart in charts), default=0) + PAD
    height = bars_y + pitch * math.ceil(len(charts) / ACROSS)
    legend = (
        "A site is as large as the traffic lost with it, its own left out: red where people then go"
        " without answer, amber where only other traffic is lost. IP links are drawn straight."
    )
    parts = [
        text("title", title),
        element("style", _style()),
        _coast(sheet, scale) if in_backdrop(spots) else "",
        text("text", title, x=PAD, y=28, class_="head"),
        text("text", legend, x=PAD, y=50, class_="soft"),
    ]
    most = max((link.gbps for panel in panels for link in panel.links), default=0.0)
    for place, panel in enumerate(panels):
        inside = _panel(panel, sheet, scale, most, coast=in_backdrop(spots))
        parts.append(_placed(inside, (place // across, place % across), wide, HEAD_PX, high + PAD))
    for place, chart in enumerate(charts):
        spot = place // ACROSS, place % ACROSS
        parts.append(_placed(_bars(chart, bars_wide), spot, bars_wide, bars_y, pitch))
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="shapes",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
        role="img",
        aria_label=title,
    )


def _style() -> str:
    folder = resources.files("arterial.report") / "templates"
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("theme.css", "shapes.css")
    )


def _maps_across(panels: int) -> int:
    """Two where two fill their rows and three would not: larger maps, no hole.

    >>> [_maps_across(panels) for panels in (1, 2, 3, 4, 5, 6)]
    [2, 2, 3, 2, 3, 3]
    """
    return 2 if panels in {1, 2, 4} else ACROSS


def _wide(across: int) -> float:
    return (WIDTH - (across + 1) * PAD) / across


def _placed(
    inside: Sequence[str], spot: tuple[int, int], wide: float, top: float, pitch: float
) -> str:
    row, column = spot
    x, y = PAD + column * (wide + PAD), top + row * pitch
    return element("g", *inside, transform=f"translate({number(x)} {number(y)})")


def _coast(sheet: Sheet, scale: float) -> str:
    """Land and lakes once, for all panels to use."""
    ground = backdrop()

    def shape(lines: Sequence[tuple[int, ...]], class_: str) -> str:
        drawn = [_thinned([_at(sheet, scale, *spot) for spot in places(line)]) for line in lines]
        outline = "".join(path(points, closed=True) for points in drawn if len(points) > 3)  # noqa: PLR2004 - a dot
        return element("path", class_=class_, d=outline)

    inside = shape(ground.land, "land"), shape(ground.lakes, "lake")
    return element("defs", element("g", *inside, id="coast"))


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for point in points:
        if not kept or math.dist(point, kept[-1]) >= APART_PX:
            kept.append(point)
    return kept


def _at(sheet: Sheet, scale: float, lat: float, lon: float) -> tuple[float, float]:
    x, y = sheet.at(lat, lon)
    return x * scale, y * scale


def _panel(
    panel: ShapePanel, sheet: Sheet, scale: float, most_gbps: float, *, coast: bool
) -> list[str]:
    wide, tall = sheet.width * scale, sheet.height * scale
    dots = {site.name: _at(sheet, scale, site.lat, site.lon) for site in panel.sites}
    links = [
        element(
            "path",
            text("title", f"{link.a} - {link.z}: {link.gbps:g} Gb/s"),
            class_="link",
            stroke_width=max(0.8, THICK_PX * math.sqrt(link.gbps / most_gbps)),
            d=path([dots[link.a], dots[link.z]]),
        )
        for link in panel.links
        if link.a in dots and link.z in dots and link.gbps > 0.0
    ]
    order = sorted(panel.sites, key=lambda site: -site.lost)
    marks = [_mark(site, dots[site.name]) for site in order]
    below = ABOVE_PX + tall
    return [
        text("text", panel.title, y=18, class_="title"),
        text("text", panel.verdict, x=wide, y=18, text_anchor="end", class_=panel.verdict),
        element(
            "svg",
            element("rect", class_="sea", width=wide, height=tall),
            element("use", href="#coast") if coast else "",
            *links,
            *marks,
            y=ABOVE_PX,
            width=wide,
            height=tall,
        ),
        *(
            text("text", words, y=below + 16 + 15 * line, class_="soft")
            for line, words in enumerate(panel.lines)
        ),
    ]


def _mark(site: ShapeSite, dot: tuple[float, float]) -> str:
    heat = "hot" if site.people > 0.0 else "warm" if site.lost > 0.0 else "calm"
    words = f"{site.name}: {site.lost:.1%} of traffic, {site.people:.1%} of people"
    radius = LEAST_PX + (MOST_PX - LEAST_PX) * math.sqrt(min(site.lost, 1.0))
    return element("circle", text("title", words), class_=heat, cx=dot[0], cy=dot[1], r=radius)


def _bars(chart: Bars, wide: float) -> list[str]:
    room = wide - NAME_PX - VALUE_PX
    most = max((bar.high for bar in chart.bars if math.isfinite(bar.high)), default=0.0)
    px = room / most if most > 0.0 else 0.0
    parts = [text("text", chart.title, y=16, class_="title")]
    for row, bar in enumerate(chart.bars):
        y = 28 + row * PITCH_PX
        end = NAME_PX
        parts += [
            text("text", bar.name, x=NAME_PX - 6, y=y + 11, text_anchor="end", class_="soft"),
            element("rect", class_="track", x=NAME_PX, y=y, width=room, height=13, rx=2),
        ]
        for class_, value in (("open", bar.high), ("bar", bar.value)):
            if math.isfinite(value):
                end = max(end, NAME_PX + value * px)
                long = max(value * px, 1.0)
                parts.append(
                    element("rect", class_=class_, x=NAME_PX, y=y, width=long, height=13, rx=2)
                )
        parts.append(text("text", bar.words, x=NAME_PX + room + 6, y=y + 11, class_="soft"))
    return parts
