"""Coordinates of files that do not say what they are: degrees where they can be, else nothing.

A picture's pixels are no place. They give themselves away where one lies off the earth, where all
lie in one point, or where many lengths fall short of the great circle between their ends.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from arterial.units import great_circle_km

__all__ = ["Places", "places_of", "shorter_than_direct"]

Point = tuple[float, float]
"""x and y as a file has them: longitude and latitude, if they are degrees."""

_EASTMOST_DEG = 180.0
_NORTHMOST_DEG = 90.0
_SHORT_SHARE = 0.05
"""Of the lengths: more that fall short, and the coordinates are wrong rather than the lengths."""
_SLACK = 1.01
_SLACK_KM = 1.0
"""Lengths are rounded: shorter by no more than both is believed."""


class Places(Struct, frozen=True):
    """Latitude and longitude by node, degrees; None where they are not known."""

    lat_lon: dict[str, Point | None]
    note: str
    """Why none is known, or how many are not; empty where all are."""

    def of(self, node: str) -> tuple[float | None, float | None]:
        """Latitude and longitude of a node, or None twice."""
        return self.lat_lon.get(node) or (None, None)

    def direct_km(self, a: str, z: str) -> float | None:
        """Great circle between two nodes; None where an end has no place."""
        one, other = self.lat_lon.get(a), self.lat_lon.get(z)
        return None if one is None or other is None else great_circle_km(*one, *other)

    def falls_short(self, a: str, z: str, length_km: float) -> bool:
        """True when a length, km, is below the great circle between its ends, rounding aside."""
        direct_km = self.direct_km(a, z)
        return direct_km is not None and length_km * _SLACK + _SLACK_KM < direct_km


def places_of(
    points: Mapping[str, Point | None], lengths: Iterable[tuple[str, str, float]] = ()
) -> Places:
    """Places of nodes from x and y; (0, 0) is what files write for a place that is not known.

    Parameters
    ----------
    lengths
        Ends and length, km, of what joins nodes: degrees that contradict many of them are none.
    """
    known = {node: point for node, point in points.items() if point and point != (0.0, 0.0)}
    none: dict[str, Point | None] = dict.fromkeys(points)
    if not known:
        return Places(none, "no site has coordinates")
    if not all(abs(x) <= _EASTMOST_DEG and abs(y) <= _NORTHMOST_DEG for x, y in known.values()):
        return Places(none, "coordinates are left out: they are not degrees on earth")
    if len(known) > 1 and len(set(known.values())) == 1:
        return Places(none, "coordinates are left out: all are the same")
    found = Places(none | {node: (y, x) for node, (x, y) in known.items()}, "")
    told = tuple(lengths)
    short = shorter_than_direct(found, told)
    if short > _SHORT_SHARE * len(told):
        note = f"coordinates are left out: {short} lengths are shorter than the great circle"
        return Places(none, f"{note} between their ends")
    unplaced = len(points) - len(known)
    return Places(found.lat_lon, f"{unplaced} sites have no coordinates" if unplaced else "")


def shorter_than_direct(places: Places, lengths: Sequence[tuple[str, str, float]]) -> int:
    """How many lengths, km, fall short of the great circle between their ends."""
    return sum(places.falls_short(a, z, length_km) for a, z, length_km in lengths)
