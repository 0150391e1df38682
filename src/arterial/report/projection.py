"""From latitude and longitude to a flat sheet, kilometres east and north of its centre.

Equal-area conic (Albers) where the backdrop lies, in and around the contiguous United States;
elsewhere equirectangular with the cosine of the middle latitude, turned so that no network is torn
at the date line. Nothing here measures length: distances are ``units.great_circle_km``.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from arterial.units import EARTH_RADIUS_KM

__all__ = ["Albers", "Equirectangular", "Projection", "in_backdrop", "projection"]

BACKDROP_LAT = (22.0, 52.0)
BACKDROP_LON = (-128.0, -62.0)


class Albers(Struct, frozen=True, kw_only=True):
    """Equal-area conic on the sphere, with the parallels that US maps have had since 1927.

    Snyder, Map Projections: A Working Manual (USGS 1395), equations 14-1 to 14-6.
    """

    south_deg: float = 29.5
    north_deg: float = 45.5
    lat_deg: float = 37.5
    """Latitude of the sheet's origin."""
    lon_deg: float = -96.0
    """Central meridian: it runs straight up."""

    def xy_km(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Kilometres east and north of the origin."""
        south, north = math.radians(self.south_deg), math.radians(self.north_deg)
        cone = (math.sin(south) + math.sin(north)) / 2
        constant = math.cos(south) ** 2 + 2 * cone * math.sin(south)

        def radius_km(lat: float) -> float:
            inside = constant - 2 * cone * math.sin(math.radians(lat))
            return EARTH_RADIUS_KM * math.sqrt(inside) / cone

        turn = cone * math.radians(lon_deg - self.lon_deg)
        radius = radius_km(lat_deg)
        return radius * math.sin(turn), radius_km(self.lat_deg) - radius * math.cos(turn)


class Equirectangular(Struct, frozen=True, kw_only=True):
    """Parallels and meridians as a square grid; true to scale along the latitude ``lat_deg``."""

    lat_deg: float
    lon_deg: float

    def xy_km(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Kilometres east and north of the origin."""
        east = (lon_deg - self.lon_deg + 180.0) % 360.0 - 180.0
        across = math.cos(math.radians(self.lat_deg))
        return (
            EARTH_RADIUS_KM * math.radians(east) * across,
            EARTH_RADIUS_KM * math.radians(lat_deg - self.lat_deg),
        )


Projection = Albers | Equirectangular


def in_backdrop(places: Sequence[tuple[float, float]]) -> bool:
    """True where every place (lat, lon in degrees) lies on the sheet that has a backdrop.

    >>> in_backdrop([(40.7, -74.0), (51.5, -0.1)])
    False
    """
    south, north = BACKDROP_LAT
    west, east = BACKDROP_LON
    return bool(places) and all(
        south <= lat <= north and west <= lon <= east for lat, lon in places
    )


def projection(places: Sequence[tuple[float, float]]) -> Projection:
    """The sheet for ``places`` (lat, lon in degrees)."""
    if in_backdrop(places) or not places:
        return Albers()
    lats = [lat for lat, _ in places]
    return Equirectangular(
        lat_deg=(min(lats) + max(lats)) / 2,
        lon_deg=_middle_deg([lon for _, lon in places]),
    )


def _middle_deg(lons: Sequence[float]) -> float:
    """Opposite the middle of the widest empty arc, so that the sheet is cut where nobody is."""
    ring = sorted({lon % 360.0 for lon in lons})
    gaps = [
        (after - before, before)
        for before, after in zip(ring, [*ring[1:], ring[0] + 360.0], strict=True)
    ]
    width, before = max(gaps)
    return (before + width / 2) % 360.0 - 180.0
