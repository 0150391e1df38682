"""Land, lakes and state lines behind the map, where the network lies on that sheet.

``states.json`` says where it was taken from; it is a picture, and nothing is computed from it.
"""

from importlib.resources import files

import msgspec
from msgspec import Struct

__all__ = ["Backdrop", "backdrop", "places"]


class Backdrop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rings and lines, each a flat list of hundredths of a degree: lon, lat, lon, lat, ..."""

    source: str
    unit: str
    land: tuple[tuple[int, ...], ...]
    lakes: tuple[tuple[int, ...], ...]
    states: tuple[tuple[int, ...], ...]
    borders: tuple[tuple[int, ...], ...]


def backdrop() -> Backdrop:
    """The backdrop that comes with the package."""
    return msgspec.json.decode(
        files("arterial.report").joinpath("states.json").read_bytes(), type=Backdrop
    )


def places(line: tuple[int, ...]) -> list[tuple[float, float]]:
    """(lat, lon) in degrees of a flat line.

    >>> places((-7400, 4070))
    [(40.7, -74.0)]
    """
    return [(lat / 100, lon / 100) for lon, lat in zip(line[::2], line[1::2], strict=True)]
