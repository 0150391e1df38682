# ruff: noqa: INP001 - a part of build.py, no package
"""The sites of a continent: its largest places, then junctions of railways."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from railways import Line

from arterial.model.imports.found import unique
from arterial.study.populate.people import PEOPLE, distances_km

__all__ = ["Place", "chosen_places"]

COUNTRIES = ("US", "CA", "MX")
APART_KM = 30.0
"""A place nearer than this to a larger one is a part of it."""
JUNCTION_APART_KM = 40.0
FAR_KM = 300.0
"""From any railway: islands and the far north are not of this continent's net."""
JUNCTION = 3
SPREAD = 0.5


class Place(NamedTuple):
    """A populated place, or a junction of railways where nobody was counted."""

    name: str
    lat: float
    lon: float
    people: int


def chosen_places(lines: Sequence[Line], count: int, seed: int) -> list[Place]:
    """``count`` places: the largest that are apart from each other, then railway junctions.

    Seed 0 takes them by people alone; another multiplies people by a lognormal draw before, so
    that each seed is another continent.
    """
    towns = _towns(PEOPLE)
    draw = np.random.default_rng(seed).normal(0.0, SPREAD if seed else 0.0, len(towns))
    order = sorted(
        range(len(towns)), key=lambda at: (-towns[at].people * math.exp(draw[at]), towns[at])
    )
    near_rail = _near([point for line in lines for point in line.points], towns)
    found: list[Place] = []
    for at in order:
        if near_rail[at] and _apart(towns[at], found, APART_KM):
            found.append(towns[at])
        if len(found) == count:
            break
    for junction in _junctions(lines):
        if len(found) < count and _apart(junction, found, JUNCTION_APART_KM):
            found.append(junction)
    names = unique(place.name for place in found)
    return [place._replace(name=name) for place, name in zip(found, names, strict=True)]


def _towns(path: Path) -> list[Place]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Place(row["name"], float(row["lat"]), float(row["lon"]), int(row["people"]))
            for row in csv.DictReader(file)
            if row["country"] in COUNTRIES
        ]


def _near(points: Sequence[tuple[float, float]], towns: Sequence[Place]) -> list[bool]:
    far_km = distances_km([(town.lat, town.lon) for town in towns], points)
    return (far_km.min(axis=1) <= FAR_KM).tolist()


def _apart(place: Place, others: Sequence[Place], least_km: float) -> bool:
    if not others:
        return True
    far_km = distances_km([(place.lat, place.lon)], [(other.lat, other.lon) for other in others])
    return float(far_km.min()) >= least_km


def _junctions(lines: Sequence[Line]) -> list[Place]:
    """Where three lines or more meet, those of most lines first."""
    ends = Counter(end for line in lines for end in (line.points[0], line.points[-1]))
    meeting = sorted((-number, end) for end, number in ends.items() if number >= JUNCTION)
    return [Place(f"junction {lat:.2f} {lon:.2f}", lat, lon, 0) for _, (lat, lon) in meeting]
