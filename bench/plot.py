"""Seconds against pairs of sites on logarithmic axes, as SVG."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

__all__ = ["Point", "drawn"]

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 60
COLOURS = ("s0", "s1", "s2")
"""Classes of series, in the style below."""
NAMED = {"Geant2010", "UsCarrier", "Kdl"}


class Point(NamedTuple):
    """A network and what each series took there; nan where it was not asked."""

    name: str
    sites: int
    seconds: tuple[float, ...]


def drawn(title: str, series: Sequence[str], points: Sequence[Point]) -> str:
    """The picture; the first series lies below the names of some networks."""
    pairs = [point.sites * (point.sites - 1) for point in points]
    seconds = np.array([point.seconds for point in points])
    across = _decades(min(pairs), max(pairs))
    up = _decades(float(np.nanmin(seconds)), float(np.nanmax(seconds)))
    x = [_at(value, across, LEFT, WIDTH - RIGHT) for value in pairs]
    y = [[_at(s, up, HEIGHT - BOTTOM, TOP) for s in taken] for taken in seconds.tolist()]
    parts = _axes(title, across, up)
    for column, (name, colour) in enumerate(zip(series, COLOURS, strict=False)):
        spots = [(left, row[column]) for left, row in zip(x, y, strict=True) if row[column] > 0.0]
        parts += [
            f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" class="{colour}"/>'
            for left, top in spots
        ]
        if spots:
            left, top = spots[-1]
            parts.append(_text(left + 9, top + 4, name, class_=colour))
    for point, left, row in zip(points, x, y, strict=True):
        if point.name in NAMED:
            label = f"{point.name}, {point.sites}"
            parts.append(_text(left, row[0] + 18, label, anchor="middle", size=10))
    return "\n".join([_HEAD, f"<title>{title}</title>", *parts, "</svg>", ""])


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="sans-serif">\n'
    "<style>rect { fill: #ffffff; } path { stroke: #d8dde3; } text { fill: #1f2933; } "
    ".s0 { fill: #0b6e4f; } .s1 { fill: #b26a00; } .s2 { fill: #8a2b5b; } "
    "@media screen and (prefers-color-scheme: dark) { "
    "rect { fill: #0a1220; } path { stroke: #2a3a52; } text { fill: #e9f0f8; } "
    ".s0 { fill: #4fd694; } .s1 { fill: #ffcf3d; } .s2 { fill: #ff8fc4; } }</style>\n"
    f'<rect width="{WIDTH}" height="{HEIGHT}"/>'
)


def _decades(least: float, most: float) -> tuple[int, int]:
    return int(np.floor(np.log10(least))), int(np.ceil(np.log10(most)))


def _at(value: float, decades: tuple[int, int], low: float, high: float) -> float:
    """Where a value stands on a logarithmic axis; nan, which is above nothing, for nan."""
    share = (np.log10(value) - decades[0]) / (decades[1] - decades[0])
    return float(low + share * (high - low))


def _axes(title: str, across: tuple[int, int], up: tuple[int, int]) -> list[str]:
    parts = [_text(LEFT, 22, title, size=14)]
    for decade in range(across[0], across[1] + 1):
        x = _at(10.0**decade, across, LEFT, WIDTH - RIGHT)
        parts.append(_line(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**decade:,}", anchor="middle"))
    for decade in range(up[0], up[1] + 1):
        y = _at(10.0**decade, up, HEIGHT - BOTTOM, TOP)
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y))
        parts.append(_text(LEFT - 8, y + 4, f"{10.0**decade:,g} s", anchor="end"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    label = "pairs of sites; beside a name, its sites"
    return [*parts, _text(middle, HEIGHT - 16, label, anchor="middle")]


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, class_: str = ""
) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    series = f' class="{class_}"' if class_ else ""
    return f"<text {where}{series}>{text}</text>"
