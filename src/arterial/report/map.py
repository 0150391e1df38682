"""The map as SVG: what stands, what is lit, and how hot each route runs in its worst case.

It draws and does no arithmetic on the plan; colour classes and sizes are all it decides. Every mark
and line carries its figures as a tooltip, and the tables beside it say the same in words.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Literal

from arterial.plan.plan import Plan
from arterial.plan.verdict import Proof
from arterial.report.backdrop import backdrop, places
from arterial.report.labels import Anchor, place_labels
from arterial.report.legend import HEIGHT as LEGEND
from arterial.report.legend import LineFate, heat, legend, mark, stroke_px
from arterial.report.projection import in_backdrop
from arterial.report.sheet import Sheet, sheet_for
from arterial.report.svg import element, number, path, text
from arterial.report.tooltip import fibre_words, link_words, route_words, site_words
from arterial.report.view import FibreView, LinkView, MapView, SiteView, hotness, map_view
from arterial.report.words import shown

__all__ = ["draw_map", "map_svg"]

Dots = dict[str, tuple[float, float]]
"""Pixel position by site name, of the sites that can be placed."""
Fates = Mapping[str, LineFate] | None


def map_svg(plan: Plan, proof: Proof | None = None) -> str:
    """The map as a picture of its own, light or dark as its viewer prefers.

    Lit fibres where the plan has fibres, IP links otherwise.
    """
    view = map_view(plan, proof)
    return draw_map(view, layers=("fibres",) if view.fibres else ("links",), alone=True)


def draw_map(
    view: MapView,
    *,
    layers: Sequence[Literal["fibres", "links"]],
    alone: bool = False,
    fates: Mapping[str, LineFate] | None = None,
) -> str:
    """The map of ``view``.

    Parameters
    ----------
    view
        Sites, fibres, links.
    layers
        What is drawn in colour; each is a group of its own that a page may hide.
    alone
        Carry the style inside: the picture stands in no page.
    fates
        By fibre or link: what becomes of it; lines are then coloured by that and not by load.
    """
    located = [(site, site.lat, site.lon) for site in view.sites]
    known = [(site, lat, lon) for site, lat, lon in located if lat is not None and lon is not None]
    spots = [(lat, lon) for _, lat, lon in known]
    sheet = sheet_for(spots)
    dots = {site.name: sheet.at(lat, lon) for site, lat, lon in known}
    most_gbps = max(
        [fibre.rate_gbps for fibre in view.fibres] + [link.capacity_gbps for link in view.links],
        default=0.0,
    )
    tall = sheet.height + LEGEND
    parts = [
        text("title", f"Map of {view.title}"),
        element("style", _style()) if alone else "",
        element("rect", class_="sea", width=sheet.width, height=tall),
        _backdrop(sheet) if in_backdrop(spots) else "",
        _routes(view.fibres, dots),
    ]
    if "fibres" in layers:
        parts.append(_lit_fibres(view.fibres, dots, most_gbps, fates))
    if "links" in layers:
        parts.append(_links(view.links, dots, most_gbps, fates))
    shown_sites = [site for site in view.sites if site.name in dots]
    lit = [fibre for fibre in view.fibres if fibre.pairs] or view.links
    parts.append(_sites(shown_sites, dots))
    parts.append(_names(shown_sites, dots, sheet, _along(lit, dots)))
    parts.append(_legend(view, sheet, most_gbps, len(view.sites) - len(dots), fates))
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(sheet.width)} {number(tall)}",
        class_="map",
        role="img",
        **({"width": sheet.width, "height": tall} if alone else {}),
        aria_label=f"Map of {view.title}: sites, fibres and {_told(fates)} of each route",
    )


def _told(fates: Fates) -> str:
    return "worst-case load" if fates is None else "what becomes"


def _style() -> str:
    folder = files("arterial.report").joinpath("templates")
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8") for name in ("theme.css", "map.css")
    )


def _backdrop(sheet: Sheet) -> str:
    ground = backdrop()

    def shape(lines: Sequence[tuple[int, ...]], class_: str, *, closed: bool) -> str:
        drawn = [
            path([sheet.at(lat, lon) for lat, lon in places(line)], closed=closed) for line in lines
        ]
        return element("path", class_=class_, d="".join(drawn))

    return element(  # a picture inside the picture: it is cut at its edges
        "svg",
        shape(ground.land, "land", closed=True),
        shape(ground.states, "state", closed=False),
        shape(ground.borders, "border", closed=False),
        shape(ground.lakes, "lake", closed=True),
        width=sheet.width,
        height=sheet.height,
    )


def _routes(fibres: Sequence[FibreView], dots: Dots) -> str:
    """Every route as a thin line; what is lit is drawn over it."""
    turns = _turns([(fibre.a, fibre.z) for fibre in fibres])
    drawn = [
        element(
            "path",
            text(
                "title", f"{route_words(fibre)}: {fibre.status}{'' if fibre.pairs else ', not lit'}"
            ),
            class_="dark" if fibre.pairs else f"dark {fibre.status}",
            d=_bow(dots[fibre.a], dots[fibre.z], bend),
        )
        for fibre, bend in zip(fibres, turns, strict=True)
        if fibre.a in dots and fibre.z in dots
    ]
    return element("g", *drawn) if drawn else ""


def _legend(view: MapView, sheet: Sheet, most_gbps: float, unplaced: int, fates: Fates) -> str:
    return legend(view, sheet, most_gbps, unplaced=unplaced, fates=fates is not None)


def _colour(name: str, utilisation: float | None, fates: Fates) -> str:
    return heat(utilisation) if fates is None else fates.get(name, "kept")


def _said(name: str, words: str, fates: Fates) -> str:
    return words if fates is None else f"{words} ({fates.get(name, 'kept')})"


def _lit_fibres(fibres: Sequence[FibreView], dots: Dots, most_gbps: float, fates: Fates) -> str:
    turns = _turns([(fibre.a, fibre.z) for fibre in fibres])
    lit = [
        (fibre, bend)
        for fibre, bend in zip(fibres, turns, strict=True)
        if fibre.pairs and fibre.a in dots and fibre.z in dots
    ]
    lit.sort(key=lambda pair: (hotness(pair[0].utilisation), pair[0].name))
    drawn = [
        element(
            "path",
            text("title", _said(fibre.name, fibre_words(fibre), fates)),
            class_=f"line {_colour(fibre.name, fibre.utilisation, fates)} {fibre.status}",
            stroke_width=stroke_px(fibre.rate_gbps, most_gbps),
            d=_bow(dots[fibre.a], dots[fibre.z], bend),
        )
        for fibre, bend in lit
    ]
    return element("g", *drawn, class_="layer-fibres") if drawn else ""


def _links(links: Sequence[LinkView], dots: Dots, most_gbps: float, fates: Fates) -> str:
    turns = _turns([(link.a, link.z) for link in links])
    placed = [
        (link, bend + 0.09)
        for link, bend in zip(links, turns, strict=True)
        if link.a in dots and link.z in dots
    ]
    placed.sort(key=lambda pair: (hotness(pair[0].utilisation), pair[0].name))
    drawn = [
        element(
            "path",
            text("title", _said(link.name, link_words(link), fates)),
            class_=f"line {_colour(link.name, link.utilisation, fates)}",
            stroke_width=stroke_px(link.capacity_gbps, most_gbps),
            d=_bow(dots[link.a], dots[link.z], bend),
        )
        for link, bend in placed
    ]
    return element("g", *drawn, class_="layer-links") if drawn else ""


def _sites(sites: Sequence[SiteView], dots: Dots) -> str:
    order = ("junction", "market", "candidate-edge", "idle-edge", "edge", "campus")
    drawn = [
        element("g", text("title", site_words(site)), mark(site.kind, *dots[site.name]))
        for site in sorted(sites, key=lambda site: order.index(site.kind))
    ]
    return element("g", *drawn)


def _along(
    routes: Sequence[FibreView] | Sequence[LinkView], dots: Dots
) -> list[tuple[float, float]]:
    """Points every few pixels along straight routes."""
    points: list[tuple[float, float]] = []
    for route in routes:
        if route.a in dots and route.z in dots:
            (x, y), (to_x, to_y) = dots[route.a], dots[route.z]
            steps = 1 + int(max(abs(to_x - x), abs(to_y - y)) / 6)
            points += [
                (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps)
                for step in range(steps + 1)
            ]
    return points


def _names(
    sites: Sequence[SiteView], dots: Dots, sheet: Sheet, lines: list[tuple[float, float]]
) -> str:
    anchors = [_anchor(site, *dots[site.name]) for site in sites]
    labels = place_labels(anchors, width=sheet.width, height=sheet.height, lines=lines)
    drawn = [
        text(
            "text",
            anchors[label.anchor].words,
            x=label.x,
            y=label.y,
            class_=f"name {sites[label.anchor].kind}",
            text_anchor=label.align,
            font_size=anchors[label.anchor].size,
        )
        for label in labels
    ]
    return element("g", *drawn)


def _anchor(site: SiteView, x: float, y: float) -> Anchor:
    rank = {"campus": 5e9, "edge": 4e9, "idle-edge": 2e9, "market": 1e9, "candidate-edge": 5e8}
    return Anchor(
        words=shown(site.name),
        x=x,
        y=y,
        radius=3.0 if site.kind == "junction" else 6.0,
        size={"campus": 12.0, "edge": 12.5}.get(site.kind, 10.0),
        advance=0.7 if site.kind in {"campus", "edge"} else 0.62,  # bold
        weight=rank.get(site.kind, 0.0) + site.people + site.mw,
    )


def _turns(ends: Sequence[tuple[str, str]]) -> list[float]:
    """Bend of each line, as a share of its length: lines between the same two sites fan out."""
    seen: dict[tuple[str, str], int] = {}
    turns: list[float] = []
    for a, z in ends:
        pair = (min(a, z), max(a, z))
        count = seen.get(pair, 0)
        seen[pair] = count + 1
        side = 1.0 if count % 2 else -1.0
        turns.append(side * 0.12 * ((count + 1) // 2) * (1.0 if a <= z else -1.0))
    return turns


def _bow(start: tuple[float, float], end: tuple[float, float], bend: float) -> str:
    if not bend:
        return path([start, end])
    across, down = end[0] - start[0], end[1] - start[1]
    top = (start[0] + end[0]) / 2 + bend * down, (start[1] + end[1]) / 2 - bend * across
    numbers = [number(value) for point in (start, top, end) for value in point]
    return f"M{numbers[0]} {numbers[1]}Q{' '.join(numbers[2:])}"
