"""The sheet the map is drawn on: pixels for places, fitted to where the network's sites are."""

from collections.abc import Sequence

from msgspec import Struct

from arterial.report.projection import Projection, projection

__all__ = ["Sheet", "scale_bar_km", "sheet_for"]

WIDTH = 1120.0
PAD = 46.0
LOW, HIGH = 360.0, 860.0
LEAST_KM = 40.0
"""A network within one city is not blown up further than this."""


class Sheet(Struct, frozen=True, kw_only=True):
    """Pixels for latitude and longitude; y runs down."""

    projection: Projection
    width: float
    height: float
    west_km: float
    """Of the left edge, from the projection's origin."""
    north_km: float
    px_per_km: float

    def at(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Pixels right of and below the sheet's corner."""
        east, north = self.projection.xy_km(lat_deg, lon_deg)
        return (east - self.west_km) * self.px_per_km, (self.north_km - north) * self.px_per_km


def sheet_for(places: Sequence[tuple[float, float]]) -> Sheet:
    """The sheet that shows all ``places`` (lat, lon in degrees) as large as fits."""
    flat = projection(places)
    dots = [flat.xy_km(lat, lon) for lat, lon in places] or [(0.0, 0.0)]
    east, north = [x for x, _ in dots], [y for _, y in dots]
    across = max(max(east) - min(east), LEAST_KM)
    tall = max(max(north) - min(north), LEAST_KM)
    px_per_km = min((WIDTH - 2 * PAD) / across, (HIGH - 2 * PAD) / tall)
    height = max(LOW, tall * px_per_km + 2 * PAD)
    middle_east, middle_north = (max(east) + min(east)) / 2, (max(north) + min(north)) / 2
    return Sheet(
        projection=flat,
        width=WIDTH,
        height=height,
        west_km=middle_east - WIDTH / 2 / px_per_km,
        north_km=middle_north + height / 2 / px_per_km,
        px_per_km=px_per_km,
    )


def scale_bar_km(sheet: Sheet) -> float:
    """The largest of 1, 2, 5, 10, 20, ... km that is no longer than a sixth of the sheet."""
    most = sheet.width / 6 / sheet.px_per_km
    steps = [digit * 10.0**power for power in range(-2, 6) for digit in (1, 2, 5)]
    return max((step for step in steps if step <= most), default=steps[0])
