# ruff: noqa: INP001 - a script in a folder of data, no package
"""Writes ``raw/rails.csv``, a small table of railways, from Natural Earth's lines: same bytes.

``python networks/continent/rails.py ne_10m_railroads_north_america.json``. A length is that of the
whole line; its points are then thinned to those that keep it within 0.03 degrees. Lines meet at
their ends alone; those that no line joins to most others, as Alaska's, are left out. Canada, Mexico
and the United States.
"""

import argparse
import csv
import itertools
import json
import math
from pathlib import Path

from arterial.units import great_circle_km

HERE = Path(__file__).parent
COUNTRIES = ("CAN", "MEX", "USA")
WITHIN_DEG = 0.03

Point = tuple[float, float]
"""Latitude and longitude, degrees."""


def thinned(points: list[Point]) -> list[Point]:
    """The ends, and what keeps the line near all other points (Douglas and Peucker)."""
    if len(points) < 3:  # noqa: PLR2004 - nothing between the ends
        return points
    far = [_off_deg(point, points[0], points[-1]) for point in points]
    at = max(range(len(points)), key=lambda index: far[index])
    if far[at] <= WITHIN_DEG:
        return [points[0], points[-1]]
    return [*thinned(points[: at + 1])[:-1], *thinned(points[at:])]


def _off_deg(point: Point, start: Point, end: Point) -> float:
    """Distance from a segment, degrees of latitude."""
    shrink = math.cos(math.radians(start[0]))
    across = (end[1] - start[1]) * shrink, end[0] - start[0]
    here = (point[1] - start[1]) * shrink, point[0] - start[0]
    square = across[0] ** 2 + across[1] ** 2
    share = 0.0
    if square > 0.0:
        share = min(1.0, max(0.0, (here[0] * across[0] + here[1] * across[1]) / square))
    return math.hypot(here[0] - share * across[0], here[1] - share * across[1])


def joined(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows whose lines hang together with most others."""
    near: dict[str, set[str]] = {}
    for _, line in rows:
        points = line.split(";")
        near.setdefault(points[0], set()).add(points[-1])
        near.setdefault(points[-1], set()).add(points[0])
    largest, left = set[str](), set(near)
    while left:
        part = {min(left)}
        todo = list(part)
        while todo:
            fresh = near[todo.pop()] - part
            part |= fresh
            todo += fresh
        largest = max(largest, part, key=len)
        left -= part
    return [row for row in rows if row[1].split(";")[0] in largest]


def main() -> None:
    """Writes the table and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=Path, help="Natural Earth's GeoJSON")
    parser.add_argument("--out", type=Path, default=HERE / "raw" / "rails.csv")
    asked = parser.parse_args()
    found = json.loads(asked.lines.read_text(encoding="utf-8"))["features"]
    rows: list[tuple[str, str]] = []
    for feature in found:
        if feature["properties"]["sov_a3"] in COUNTRIES:
            points = [(lat, lon) for lon, lat in feature["geometry"]["coordinates"]]
            km = sum(great_circle_km(*a, *z) for a, z in itertools.pairwise(points))
            line = ";".join(f"{lat:.3f} {lon:.3f}" for lat, lon in thinned(points))
            rows.append((f"{km:.2f}", line))
    rows = joined(rows)
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("km", "line"))
        writer.writerows(sorted(rows, key=lambda row: (row[1], row[0])))
    print(f"{len(rows)} lines, {sum(float(km) for km, _ in rows):,.0f} km")  # noqa: T201


if __name__ == "__main__":
    main()
