"""``traffic``: tables of demands, made by gravity or drawn from a series of matrices."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from arterial.demand.gravity import Matrix, gravity
from arterial.demand.matrices import Series, series_of
from arterial.demand.series import busiest_step, p95_gbps, peak_gbps, shifted_gbps
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.model.series import read_masses, read_series
from arterial.study.demand_tables import Traffic, class_of, refused, table_of, written

__all__ = ["GravityQuestion", "SeriesQuestion", "Take", "Traffic", "made_by_gravity", "taken"]

FloatArray = NDArray[np.float64]

Take = Literal["peak", "p95", "busiest", "each"]

MOST_SITES = 5000
"""25 million pairs: what a matrix of all of them may hold."""
MOST_CELLS = 50_000_000
DEG_PER_H = 15.0
"""The earth turns once in 24 hours."""
_EVEN = 1e-6
"""Relative difference of steps that still counts as none."""


class GravityQuestion(Struct, frozen=True, kw_only=True):
    """What gravity is to make."""

    total_gbps: float
    mass: str = "degree"
    """``degree``, ``population`` or the path of a CSV table of sites and masses."""
    seed: int = 0
    noise: float = 0.5
    """Standard deviation of the logarithm of each demand's factor: ASSUMPTION."""
    pairs: int | None = None
    traffic_class: str = ""


class SeriesQuestion(Struct, frozen=True, kw_only=True):
    """What is to be taken from a series."""

    take: Take = "peak"
    shift: bool = False
    """Curves are in local time: move each by the longitude of its source."""
    step_h: float = 1.0
    """Hours from one file of a folder to the next."""
    traffic_class: str = ""


def made_by_gravity(folder: Path, question: GravityQuestion, output: Path | None = None) -> Traffic:
    """Demands in proportion to masses of sites, into a file where one is named.

    Raises
    ------
    ModelError
        When the network or the table of masses is wrong, a class is unknown, or fewer than two
        sites have mass.
    """
    network = load_network(folder)
    traffic_class = class_of(network, question.traffic_class)
    if len(network.sites) > MOST_SITES:
        raise refused("sites", f"{len(network.sites)} sites", f"At most {MOST_SITES:,} here")
    mass = _masses(network, question.mass)
    matrix = gravity(
        mass,
        question.total_gbps,
        sigma=question.noise,
        seed=question.seed,
        pairs=question.pairs,
    )
    if not len(matrix.gbps):
        found = f"fewer than two sites have mass by '{question.mass}'"
        raise refused("--mass", found, "Name another: degree, population or a CSV file")
    noise = f"a lognormal factor of sigma {question.noise:g}, seed {question.seed}"
    notes = (
        f"mass: {question.mass}; {np.count_nonzero(mass)} of {len(mass)} sites have some",
        f"ASSUMPTION: each demand is off its gravity by {noise}",
    )
    names = [site.name for site in network.sites]
    return written(folder, traffic_class, [table_of(matrix, names, traffic_class)], output, notes)


def taken(
    folder: Path, series: Path, question: SeriesQuestion, output: Path | None = None
) -> Traffic:
    """Demands from a series of matrices, into a file where one is named, or a folder for ``each``.

    Raises
    ------
    ModelError
        When the network or the series is wrong, or curves are to be moved and a site has no
        longitude.
    """
    network = load_network(folder)
    traffic_class = class_of(network, question.traffic_class)
    names = [site.name for site in network.sites]
    if question.take == "each" and output is None:
        raise refused("--output", "missing", "Name a folder: `each` makes a file a step")
    found = _series(series, names, question.step_h)
    gbps, notes = found.gbps, _series_notes(found, question)
    if question.shift:
        gbps = shifted_gbps(gbps, _even_step_h(found.time_h), _ahead_h(network)[found.source])
    tables = [
        table_of(Matrix(found.source, found.target, rates), names, traffic_class)
        for rates in _taken(gbps, question.take)
    ]
    each = question.take == "each"
    told = written(folder, traffic_class, tables, output, notes, several=each)
    return structs.replace(told, steps=len(found.time_h))


def _masses(network: Network, mass: str) -> FloatArray:
    """Mass of each site: its routes, its people, or what a table says."""
    names = [site.name for site in network.sites]
    if mass == "degree":
        routes = network.standing_links or network.fibres
        ends = Counter(end for route in routes for end in (route.a, route.z))
        return np.array([float(ends[name]) for name in names])
    if mass == "population":
        people = dict.fromkeys(names, 0.0)
        for market in network.markets:
            people[market.site] += market.people
        return np.array([people[name] for name in names])
    masses = read_masses(Path(mass), names)
    return np.array([masses.get(name, 0.0) for name in names])


def _series(path: Path, names: Sequence[str], step_h: float) -> Series:
    try:
        found = series_of(read_series(path, names), names, step_h, MOST_CELLS)
    except ValueError as error:
        expected = f"Give fewer: {MOST_CELLS:,} rates are the most"
        raise refused(str(path), str(error), expected) from error
    if not found.gbps.any():
        raise refused(str(path), "no pair of sites exchanges anything", "Give rows above 0 Gb/s")
    return found


def _series_notes(found: Series, question: SeriesQuestion) -> tuple[str, ...]:
    what = {
        "peak": "each demand at its own peak",
        "p95": "each demand at the rate that 95 % of its steps do not exceed",
        "busiest": "the step with the largest sum",
        "each": "a table for each step",
    }
    notes = [what[question.take], "a pair that a step does not name exchanges nothing in it"]
    if question.shift:
        notes.append(
            "curves are taken as local time of the demand's source and as one cycle: moved by "
            "longitude / 15 h"
        )
    if found.inside:
        notes.append(f"left out: {found.inside} rows from a site to itself")
    return tuple(notes)


def _even_step_h(time_h: FloatArray) -> float:
    """Hours between steps, which must be the same everywhere."""
    steps_h = np.diff(time_h)
    if not len(steps_h) or np.ptp(steps_h) > _EVEN * steps_h.mean():
        found = "its steps are not equally far apart" if len(steps_h) else "it has one step only"
        raise refused("time_h", found, "Give equal steps, or leave --shift away")
    return float(steps_h.mean())


def _ahead_h(network: Network) -> FloatArray:
    """Hours by which each site's local time is ahead of the clock at longitude 0."""
    lost = [site.name for site in network.sites if site.lon is None]
    if lost:
        found = f"{len(lost)} sites have no longitude, '{lost[0]}' first"
        raise refused("lon", found, "Give coordinates, or leave --shift away")
    return np.array([(site.lon or 0.0) / DEG_PER_H for site in network.sites])


def _taken(gbps: FloatArray, take: Take) -> list[FloatArray]:
    if take == "peak":
        return [peak_gbps(gbps)]
    if take == "p95":
        return [p95_gbps(gbps)]
    return [gbps[busiest_step(gbps)]] if take == "busiest" else list(gbps)
