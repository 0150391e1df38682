# ruff: noqa: INP001 - a script in a folder of data, no package
"""Draws a network of this folder's build as a map: ``python picture.py FOLDER continent.svg``."""

import argparse
import math
from pathlib import Path

from arterial.model.network import Network
from arterial.model.reader import load_network

WIDTH = 1200.0
MARGIN = 20.0
# Lambert's conformal conic, as maps of North America have it.
PARALLELS = 33.0, 45.0
ORIGIN = 39.0, -96.0
COLOURS = {"rail": "#1f5fa8", "straight": "#9a9a9a", "candidate": "#d08a2e"}
DOTS = (("campus", "#c0392b", 5.0), ("edge", "#1b7f4d", 4.0), ("market", "#222222", 2.5))


def projected(lat: float, lon: float) -> tuple[float, float]:
    """East and south on a plane, in radii of the earth."""
    low, high = (math.radians(parallel) for parallel in PARALLELS)
    tangents = (math.tan(math.pi / 4 + angle / 2) for angle in (high, low))
    cone = math.log(math.cos(low) / math.cos(high)) / math.log(next(tangents) / next(tangents))
    scale = math.cos(low) * math.tan(math.pi / 4 + low / 2) ** cone / cone
    away = scale / math.tan(math.pi / 4 + math.radians(lat) / 2) ** cone
    turn = cone * math.radians(lon - ORIGIN[1])
    return away * math.sin(turn), away * math.cos(turn)


def drawing(network: Network) -> str:
    """The network as SVG: fibre along rails, straight fibre, candidates; campuses, edges."""
    plane = {
        site.name: projected(site.lat, site.lon)
        for site in network.sites
        if site.lat is not None and site.lon is not None
    }
    left, top = (min(place[axis] for place in plane.values()) for axis in (0, 1))
    right, bottom = (max(place[axis] for place in plane.values()) for axis in (0, 1))
    zoom = (WIDTH - 2 * MARGIN) / (right - left)
    at = {
        name: (MARGIN + (x - left) * zoom, MARGIN + (y - top) * zoom)
        for name, (x, y) in plane.items()
    }
    height = (bottom - top) * zoom + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for fibre in network.fibres:
        kind = "rail" if "along railways" in fibre.source else "straight"
        kind = "candidate" if fibre.status == "candidate" else kind
        (x1, y1), (x2, y2) = at[fibre.a], at[fibre.z]
        parts.append(
            f'<path d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}" stroke="{COLOURS[kind]}" '
            f'stroke-width="{2 if fibre.risks else 1}"/>'
        )
    for site in network.sites:
        x, y = at[site.name]
        colour, size = next(
            ((colour, size) for role, colour, size in DOTS if role in site.roles), ("#777", 1.5)
        )
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size}" fill="{colour}"/>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    asked.out.write_text(drawing(load_network(asked.network)), encoding="utf-8")


if __name__ == "__main__":
    main()
