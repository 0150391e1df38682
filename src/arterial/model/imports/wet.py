"""Which spans cross a sea: an ASSUMPTION by rectangles, since such files never say.

A span is taken as wet when its ends stand on different landmasses, or when its great circle runs
far over an open sea. The rectangles are coarse: they hold no coast line, they err near one, and the
row says that it is an assumption. Bridged straits (Bosporus, Sound) count as land.
"""

import math

from arterial.units import great_circle_km

__all__ = ["RULE", "crosses_sea"]

Place = tuple[float, float]
Box = tuple[float, float, float, float]
"""South, north, west, east, degrees."""

OPEN_SEA_KM = 500.0
SAMPLES = 64

RULE = (
    "ASSUMPTION: a span is subsea when its ends stand on different landmasses, or when "
    f"{OPEN_SEA_KM:.0f} km or more of its great circle lie in an open sea (both by coarse "
    "rectangles); check the column `subsea`"
)

# The first rectangle that holds a place names its landmass; what none holds is Eurasia.
_LANDMASSES: tuple[tuple[str, Box], ...] = (
    ("Antarctica", (-90.0, -60.0, -180.0, 180.0)),
    ("Hawaii", (18.0, 23.0, -161.0, -154.0)),
    ("Pacific islands", (-28.0, 15.0, -180.0, -130.0)),
    ("Pacific islands", (-28.0, 20.0, 155.0, 180.0)),
    ("Pacific islands", (4.6, 20.6, 130.0, 155.0)),
    ("Azores", (36.5, 40.0, -31.5, -24.5)),
    ("Bermuda", (32.0, 32.6, -65.1, -64.5)),
    ("Iceland", (62.5, 67.5, -25.0, -13.0)),
    ("Greenland", (59.5, 84.0, -57.0, -11.0)),
    ("Ireland", (51.3, 55.5, -10.8, -5.45)),
    ("Great Britain", (50.4, 61.0, -8.0, 1.8)),
    ("Great Britain", (49.8, 50.4, -6.5, 0.5)),
    ("Cuba", (19.7, 23.4, -85.1, -74.0)),
    ("Caribbean islands", (12.6, 20.2, -79.0, -58.9)),
    ("Caribbean islands", (20.2, 27.3, -79.0, -64.0)),
    ("South America", (-56.0, 7.4, -92.0, -34.0)),
    ("South America", (7.4, 12.6, -77.4, -34.0)),
    ("North America", (7.0, 84.0, -170.0, -50.0)),
    ("New Zealand", (-48.0, -33.5, 165.5, 179.9)),
    ("Tasmania", (-44.0, -40.0, 143.5, 149.0)),
    ("Australia", (-40.0, -10.6, 112.5, 154.5)),
    ("New Guinea", (-11.0, 0.0, 130.0, 155.0)),
    ("Sri Lanka", (5.8, 9.9, 79.6, 82.1)),
    ("Maldives", (-1.0, 8.0, 72.0, 74.0)),
    ("Mascarene islands", (-22.0, -18.0, 54.0, 64.0)),
    ("Seychelles", (-10.5, -3.5, 46.0, 57.0)),
    ("Madagascar", (-26.0, -11.8, 43.0, 51.0)),
    ("Taiwan", (21.7, 25.5, 119.8, 122.2)),
    ("Japan", (30.0, 41.5, 129.5, 146.0)),
    ("Japan", (41.5, 45.7, 139.0, 146.5)),
    ("Ryukyu islands", (24.0, 30.0, 122.8, 131.5)),
    # By land it is reached through North Korea alone, which no carrier passes.
    ("South Korea", (33.0, 38.4, 125.5, 129.5)),
    ("Philippines", (4.5, 19.5, 119.3, 127.0)),
    ("Sumatra", (-6.2, 1.0, 95.0, 105.0)),
    ("Sumatra", (1.0, 6.0, 95.0, 99.9)),
    ("Java", (-9.0, -5.5, 105.0, 116.0)),
    ("Borneo", (-4.5, 7.2, 108.5, 119.0)),
    ("Sulawesi", (-6.0, 2.0, 119.0, 125.5)),
    ("Timor", (-11.0, -8.0, 116.0, 128.0)),
    ("Cyprus", (34.5, 35.8, 32.2, 34.7)),
    ("Crete", (34.9, 35.8, 23.4, 26.4)),
    ("Malta", (35.7, 36.2, 14.1, 14.7)),
    ("Sardinia and Corsica", (38.8, 43.1, 8.1, 9.9)),
    ("Balearic islands", (38.6, 40.2, 1.1, 4.4)),
    ("Eurasia", (36.0, 37.4, -9.6, -1.6)),  # the south of Spain, or Africa's rectangle takes it
    ("Africa", (-35.5, 37.4, -18.5, 11.2)),
    ("Africa", (-35.5, 33.2, 11.2, 25.0)),
    ("Africa", (-35.5, 31.8, 25.0, 32.6)),
    ("Africa", (-35.5, 22.0, 32.6, 37.3)),
    ("Africa", (-35.5, 18.2, 37.3, 40.0)),
    ("Africa", (-35.5, 13.5, 40.0, 43.2)),
    ("Africa", (-35.5, 12.0, 43.2, 51.5)),
)

_OPEN_SEAS: tuple[Box, ...] = (
    (10.0, 22.0, 60.0, 69.0),  # Arabian Sea
    (22.0, 24.5, 60.0, 66.5),
    (5.0, 16.0, 82.2, 92.0),  # Bay of Bengal
    (6.0, 20.0, 111.2, 117.0),  # South China Sea
    (33.0, 34.3, 11.5, 34.0),  # Mediterranean
    (34.3, 38.0, 15.8, 20.0),
    (37.5, 43.0, 4.6, 8.0),
    (53.8, 58.5, 1.0, 6.5),  # North Sea
    (12.5, 17.0, -82.0, -62.0),  # Caribbean Sea
    (-5.0, 4.0, -15.0, 8.0),  # Gulf of Guinea
)

# Fibre passes from Africa to Asia on land at Suez alone.
_EGYPT: Box = (22.0, 31.8, 25.0, 36.9)
_MIDDLE_EAST: Box = (12.0, 42.0, 32.6, 60.0)


def crosses_sea(a: Place, z: Place) -> bool:
    """True when a span between two places (latitude, longitude, degrees) is taken as wet.

    >>> crosses_sea((40.7, -74.0), (34.1, -118.2))  # New York, Los Angeles
    False
    >>> crosses_sea((51.5, -0.1), (48.9, 2.3))  # London, Paris
    True
    """
    apart = _landmass(a) != _landmass(z)
    if apart and not (_at_suez(a, z) or _at_suez(z, a)):
        return True
    return _open_sea_km(a, z) >= OPEN_SEA_KM


def _landmass(place: Place) -> str:
    return next((name for name, box in _LANDMASSES if _inside(place, box)), "Eurasia")


def _at_suez(africa: Place, asia: Place) -> bool:
    on_land = (_landmass(africa), _landmass(asia)) == ("Africa", "Eurasia")
    return on_land and _inside(africa, _EGYPT) and _inside(asia, _MIDDLE_EAST)


def _inside(place: Place, box: Box) -> bool:
    south, north, west, east = box
    return south <= place[0] <= north and west <= place[1] <= east


def _open_sea_km(a: Place, z: Place) -> float:
    """Length of the great circle inside the open seas, km."""
    shares = ((step + 0.5) / SAMPLES for step in range(SAMPLES))
    wet = sum(
        any(_inside(place, box) for box in _OPEN_SEAS)
        for place in (_between(a, z, share) for share in shares)
    )
    return great_circle_km(*a, *z) * wet / SAMPLES


def _between(a: Place, z: Place, share: float) -> Place:
    """The place at ``share`` of the way along the chord, seen from the centre of the earth."""
    start, end = _unit(a), _unit(z)
    x, y, up = ((1.0 - share) * p + share * q for p, q in zip(start, end, strict=True))
    return math.degrees(math.atan2(up, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _unit(place: Place) -> tuple[float, float, float]:
    lat, lon = math.radians(place[0]), math.radians(place[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
