"""Campuses of a populated network: the known ones that are near, else sites by a stated rule."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import structs

from arterial.model.fibre import Fibre
from arterial.model.imports.found import unique
from arterial.model.site import Campus, Site
from arterial.study.populate.people import Crowd, distances_km
from arterial.study.populate.roads import Places, new_fibre, places_of

__all__ = ["CAMPUSES", "Settled", "known_campuses", "ruled_campuses"]

CAMPUSES = Path(__file__).with_name("campuses.csv")
NEAR_KM = 300.0
RULED_MW = 300.0
RULED_PLANNED_MW = 1000.0
ACCESS_PAIRS = 16
LEAST_FIBRES = 2


class Settled(NamedTuple):
    """Campuses, the sites that are theirs alone or now theirs too, and their access fibres."""

    campuses: tuple[Campus, ...]
    sites: tuple[Site, ...]
    fibres: tuple[Fibre, ...]


def known_campuses(sites: Sequence[Site], fibres: Sequence[Fibre]) -> Settled:
    """Campuses of the table within 300 km of a site, each a site joined to the two nearest."""
    places = places_of([site for site in sites if site.routers != 0])
    names = sorted(places)
    taken = {fibre.name for fibre in fibres}
    campuses: list[Campus] = []
    fresh: list[Site] = []
    access: list[Fibre] = []
    with CAMPUSES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        lat, lon, price = float(row["lat"]), float(row["lon"]), row["power_cents_per_kwh"]
        far_km = distances_km([(lat, lon)], [places[name] for name in names])[0]
        if len(names) < LEAST_FIBRES or far_km.min() > NEAR_KM:
            continue
        name = unique([*(site.name for site in sites), f"campus:{row['name']}"])[-1]
        fresh.append(Site(name=name, lat=lat, lon=lon, roles=("campus",), source=row["source"]))
        campuses.append(
            Campus(
                name=name,
                site=name,
                mw=float(row["mw"]),
                mw_planned=float(row["mw_planned"]),
                power_cents_per_kwh=float(price) if price else None,
                source=row["source"],
            )
        )
        access += [
            _access(name, (lat, lon), names[int(at)], places, taken)
            for at in np.argsort(far_km, kind="stable")[:LEAST_FIBRES]
        ]
    return Settled(tuple(campuses), (*sites, *fresh), tuple(access))


def _access(
    campus: str, where: tuple[float, float], site: str, places: Places, taken: set[str]
) -> Fibre:
    fibre = new_fibre(campus, site, {**places, campus: where}, taken, "access fibre")
    source = "ASSUMPTION: access fibre, stands, 1.3 x great circle, 16 pairs and one lit"
    return structs.replace(
        fibre,
        status="existing",
        pairs=ACCESS_PAIRS,
        lit_pairs=1,
        lead_time_months=None,
        source=source,
    )


def ruled_campuses(
    sites: Sequence[Site],
    fibres: Sequence[Fibre],
    crowd: Mapping[str, Crowd],
    count: int,
) -> Settled:
    """Campuses at sites of two fibres or more: few people around, and far from each other.

    The first is the site with the fewest people near; each further one is the farthest from those
    before. Of sites alike the first by name counts.
    """
    ends: dict[str, set[str]] = {}
    for fibre in fibres:
        if fibre.described:
            ends.setdefault(fibre.a, set()).add(fibre.z)
            ends.setdefault(fibre.z, set()).add(fibre.a)
    places = places_of([site for site in sites if site.routers != 0])
    names = sorted(name for name in places if len(ends.get(name, ())) >= LEAST_FIBRES)
    if not names:
        return Settled((), tuple(sites), ())
    far_km = distances_km([places[name] for name in names], [places[name] for name in names])
    alone = [crowd[name].people if name in crowd else 0.0 for name in names]
    chosen = [int(np.argmin(alone))]
    while len(chosen) < min(count, len(names)):
        chosen.append(int(np.argmax(far_km[chosen].min(axis=0))))
    picked = {names[at] for at in chosen}
    source = (
        f"ASSUMPTION: a campus of {RULED_MW:g} MW, {RULED_PLANNED_MW:g} planned, where two fibres "
        "or more meet: the site with the fewest people near, then each farthest from those before"
    )
    return Settled(
        tuple(
            Campus(
                name=f"campus {names[at]}"[:80],
                site=names[at],
                mw=RULED_MW,
                mw_planned=RULED_PLANNED_MW,
                source=source,
            )
            for at in chosen
        ),
        tuple(
            structs.replace(site, roles=(*site.roles, "campus")) if site.name in picked else site
            for site in sites
        ),
        (),
    )
