"""Where people live, and which site each of their towns is nearest to.

``people.csv`` stands beside this file; its SOURCE.md says where it is from. Another table of the
same columns may take its place.
"""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from arterial.errors import ModelError, Problem
from arterial.model.imports.found import number_in, refused, text_of, tidy_name
from arterial.model.site import Site
from arterial.solve.program import FloatArray
from arterial.units import EARTH_RADIUS_KM

__all__ = ["PEOPLE", "Crowd", "Town", "crowds", "distances_km", "read_people"]

PEOPLE = Path(__file__).with_name("people.csv")
COLUMNS = ("name", "lat", "lon", "people")


class Town(NamedTuple):
    """A populated place: degrees, inhabitants."""

    name: str
    lat: float
    lon: float
    people: float


class Crowd(NamedTuple):
    """The people whose nearest site one site is."""

    people: float
    mean_km: float
    """Great circle to the site, mean over people."""
    largest: str
    """The largest town."""
    towns: int


def read_people(path: Path = PEOPLE) -> tuple[Town, ...]:
    """A CSV table with at least the columns name, lat, lon and people, largest town first.

    Raises ModelError when the file is none.
    """
    rows = csv.DictReader(io.StringIO(text_of(path)))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise refused(path, f"no column {missing[0]}", f"Start with {','.join(COLUMNS)}", line=1)
    towns: list[Town] = []
    for row in rows:
        lat, lon, people = (
            number_in(path, rows.line_num, row[name] or "", name, least=None)
            for name in COLUMNS[1:]
        )
        if abs(lat) > 90.0 or abs(lon) > 180.0 or people < 0.0:  # noqa: PLR2004 - degrees
            found = f"lat {lat:g}, lon {lon:g}, people {people:g}"
            expected = "Give degrees on the globe, and people that are 0 or more"
            raise ModelError(
                [Problem(file=str(path), line=rows.line_num, found=found, expected=expected)]
            )
        towns.append(Town(tidy_name(row["name"] or "", "town"), lat, lon, people))
    return tuple(sorted(towns, key=lambda town: (-town.people, town)))


def crowds(sites: Sequence[Site], towns: Sequence[Town], within_km: float) -> dict[str, Crowd]:
    """By site: the people of the towns whose nearest site it is, no farther than ``within_km``.

    Sites without coordinates have none.
    """
    placed = [site for site in sites if site.lat is not None and site.lon is not None]
    if not placed or not towns:
        return {}
    far_km = distances_km(
        [(town.lat, town.lon) for town in towns],
        [(site.lat or 0.0, site.lon or 0.0) for site in placed],
    )
    nearest, least = far_km.argmin(axis=1), far_km.min(axis=1)
    found: dict[str, Crowd] = {}
    for index, site in enumerate(placed):
        mine: list[int] = np.flatnonzero((nearest == index) & (least <= within_km)).tolist()
        people = sum(towns[town].people for town in mine)
        if people:
            mean_km = math.fsum(towns[town].people * float(least[town]) for town in mine) / people
            found[site.name] = Crowd(people, mean_km, towns[mine[0]].name, len(mine))
    return found


def distances_km(
    some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]]
) -> FloatArray:
    """Great circles from each of some places (degrees) to each of others, km, (M, N).

    >>> distances_km([(0.0, 0.0)], [(0.0, 90.0), (0.0, 0.0)]).round().tolist()
    [[10008.0, 0.0]]
    """
    (lat_a, lon_a), (lat_z, lon_z) = (np.radians(np.array(part)).T for part in (some, others))
    half_lat = np.sin((lat_a[:, None] - lat_z) / 2.0)
    half_lon = np.sin((lon_a[:, None] - lon_z) / 2.0)
    chord = half_lat**2 + np.cos(lat_a)[:, None] * np.cos(lat_z) * half_lon**2
    return 2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
