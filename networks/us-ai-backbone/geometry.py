# ruff: noqa: INP001 - a part of build.py, no package
"""Where fibres run together, from straight lines on the sphere alone.

No public conduit map exists: what this file finds is an ASSUMPTION about ducts, made so that a plan
is not proved on diversity that nobody has looked for. It reads and writes no file.
"""

import math
from collections.abc import Mapping, Sequence

from arterial.units import EARTH_RADIUS_KM, great_circle_km

__all__ = ["bearing_deg", "bundles", "parallels", "separated"]

Place = tuple[float, float]
"""Latitude and longitude, degrees."""
Ends = Mapping[str, tuple[str, str]]
"""The two sites of each fibre."""

STEP_KM = 10.0


def bearing_deg(at: Place, towards: Place) -> float:
    """Initial bearing of the great circle, degrees clockwise from north.

    >>> round(bearing_deg((0.0, 0.0), (0.0, 1.0)))
    90
    """
    lat_a, lat_z = math.radians(at[0]), math.radians(towards[0])
    across = math.radians(towards[1] - at[1])
    east = math.sin(across) * math.cos(lat_z)
    north = math.cos(lat_a) * math.sin(lat_z) - math.sin(lat_a) * math.cos(lat_z) * math.cos(across)
    return math.degrees(math.atan2(east, north)) % 360.0


def bundles(bearings_deg: Mapping[str, float], within_deg: float) -> list[tuple[str, ...]]:
    """Largest groups of two or more whose bearings all lie within one angle.

    >>> bundles({"n": 359.0, "nne": 10.0, "ne": 20.0, "s": 180.0}, 15.0)
    [('n', 'nne'), ('ne', 'nne')]
    """
    groups = {
        frozenset(
            other
            for other, bearing in bearings_deg.items()
            if (bearing - start) % 360.0 < within_deg
        )
        for start in bearings_deg.values()
    }
    return _largest(groups)


def parallels(
    places: Mapping[str, Place], ends: Ends, apart_km: float, stretch_km: float
) -> dict[str, list[tuple[str, ...]]]:
    """Groups of fibres that stay near one fibre over one stretch of it, by that fibre.

    Parameters
    ----------
    places
        Where each site is.
    ends
        The two sites of each fibre.
    apart_km
        How near a fibre's line has to be to count.
    stretch_km
        How long all of a group have to be near together.
    """
    steps = max(1, round(stretch_km / STEP_KM))
    lines = {name: _points(places[a], places[z]) for name, (a, z) in ends.items()}
    found: dict[str, list[tuple[str, ...]]] = {}
    for name, points in lines.items():
        near = [
            {
                other
                for other, (a, z) in ends.items()
                if other != name and _off_line_km(point, places[a], places[z]) <= apart_km
            }
            for point in points
        ]
        windows = (near[at : at + steps] for at in range(len(near) - steps + 1))
        together = {frozenset(set[str].intersection(*window)) for window in windows}
        groups = _largest({group | {name} for group in together if group})
        if groups:
            found[name] = groups
    return found


def separated(ends: Ends, lost: Sequence[str], needed: Sequence[str]) -> list[str]:
    """Those of ``needed`` outside the largest connected part when the fibres ``lost`` are gone."""
    near: dict[str, list[str]] = {site: [] for site in needed}
    for name, (a, z) in ends.items():
        if name not in lost:
            near.setdefault(a, []).append(z)
            near.setdefault(z, []).append(a)
    parts: list[set[str]] = []
    for site in sorted(near):
        if not any(site in part for part in parts):
            parts.append(_reached(near, site))
    main = max(parts, key=len)
    return [site for site in needed if site not in main]


def _reached(near: Mapping[str, Sequence[str]], start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for site in near[todo.pop()]:
            if site not in seen:
                seen.add(site)
                todo.append(site)
    return seen


def _largest(groups: set[frozenset[str]]) -> list[tuple[str, ...]]:
    """Groups of two or more that no other group holds, in order."""
    real = [group for group in groups if len(group) > 1]
    return sorted(
        tuple(sorted(group)) for group in real if not any(group < other for other in real)
    )


def _points(a: Place, z: Place) -> list[Place]:
    """Points every ``STEP_KM`` on the great circle."""
    angle = great_circle_km(*a, *z) / EARTH_RADIUS_KM
    count = max(1, int(angle * EARTH_RADIUS_KM / STEP_KM))
    start, end = _unit(a), _unit(z)
    points: list[Place] = []
    for index in range(count + 1):
        share = index / count
        weights = math.sin((1 - share) * angle), math.sin(share * angle)
        x, y, up = (
            (weights[0] * p + weights[1] * q) / math.sin(angle)
            for p, q in zip(start, end, strict=True)
        )
        points.append((math.degrees(math.asin(up)), math.degrees(math.atan2(y, x))))
    return points


def _unit(place: Place) -> tuple[float, float, float]:
    lat, lon = math.radians(place[0]), math.radians(place[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _off_line_km(point: Place, a: Place, z: Place) -> float:
    """Distance of a point from the great-circle segment from a to z."""
    along = great_circle_km(*a, *point) / EARTH_RADIUS_KM
    turn = math.radians(bearing_deg(a, point) - bearing_deg(a, z))
    length = great_circle_km(*a, *z) / EARTH_RADIUS_KM
    foot = math.atan2(math.sin(along) * math.cos(turn), math.cos(along))
    if foot <= 0:
        return along * EARTH_RADIUS_KM
    if foot >= length:
        return great_circle_km(*z, *point)
    return abs(math.asin(math.sin(along) * math.sin(turn))) * EARTH_RADIUS_KM
