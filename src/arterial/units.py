"""Unit conversions: the only place where a quantity changes its unit.

One unit a quantity everywhere else: Gb/s, km, ms, s, dB, dBm, GHz. Delay of light in fibre is the
ITU-T G.652 group index at 1550 nm (1.4682) over the speed of light.
"""

import math

FIBRE_DELAY_US_PER_KM = 4.9
"""n / c with n = 1.4682 (G.652 fibre at 1550 nm): 4.897, rounded up."""

US_PER_MS = 1000.0

REFERENCE_GHZ = 12.5
"""0.1 nm at 1550 nm: the bandwidth in which OSNR and GSNR are quoted."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG 1980."""


def db(ratio: float) -> float:
    """Decibels of a power ratio.

    >>> db(100.0)
    20.0
    """
    return 10.0 * math.log10(ratio)


def ratio(decibels: float) -> float:
    """Power ratio of a value in decibels.

    >>> ratio(30.0)
    1000.0
    """
    return 10.0 ** (decibels / 10.0)


def fibre_delay_ms(length_km: float) -> float:
    """One-way delay of light over ``length_km`` of fibre, ms: the latency floor.

    >>> round(fibre_delay_ms(1000.0), 3)
    4.9
    """
    return length_km * FIBRE_DELAY_US_PER_KM / US_PER_MS


def great_circle_km(
    lat_a_deg: float, lon_a_deg: float, lat_z_deg: float, lon_z_deg: float
) -> float:
    """Great-circle distance by the haversine formula, km.

    >>> round(great_circle_km(40.7128, -74.0060, 34.0522, -118.2437))
    3936
    """
    lat_a, lat_z = math.radians(lat_a_deg), math.radians(lat_z_deg)
    across = math.radians(lon_z_deg - lon_a_deg)
    chord = (
        math.sin((lat_z - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_z) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def gbps(gigabytes: float, seconds: float) -> float:
    """Mean rate that moves ``gigabytes`` (1e9 bytes) in ``seconds``, Gb/s.

    >>> gbps(2000.0, 10.0)
    1600.0
    """
    return gigabytes * 8.0 / seconds
