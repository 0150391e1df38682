"""GNPy topology files: ROADMs become sites, chains of fibres and amplifiers between them routes.

Both directions of a route are one fibre; lengths of its spans add up, fibre type and loss stay.
Amplifiers are left out: Arterial has GNPy design the line anew. Coordinates that contradict the
lengths are left out too.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from arterial.model.fibre import Fibre
from arterial.model.imports.found import Found, joined_name, refused, tidy_name, unique
from arterial.model.imports.gnpy_file import Element, read_topology
from arterial.model.imports.gnpy_routes import Route, routes_of, site_uids
from arterial.model.imports.wet import RULE, crosses_sea
from arterial.model.site import Site
from arterial.units import great_circle_km

__all__ = ["read_gnpy"]

FibreType = Literal["SSMF", "NZDF", "LOF"]
Place = tuple[float, float]

SHORTEST_KM = 1.0
_KINDS = ("SSMF", "NZDF", "LOF")
_SLACK = 1.01
"""Lengths that differ by less are the same."""


def read_gnpy(path: Path) -> Found:
    """The network in a GNPy topology file (JSON). Raises ModelError when the file is none."""
    topology = read_topology(path)
    uids = site_uids(topology)
    try:
        routes = routes_of(topology, uids)
    except ValueError as error:
        raise refused(path, str(error), "Give a file whose lines are plain chains") from error
    sites = {uid: topology.elements[uid] for uid in uids}
    names = _names(sites)
    places = {uid: element.place for uid, element in sites.items()}
    contradictions = _contradictions(routes, places)
    if contradictions:
        places = dict.fromkeys(places)
    fibres = tuple(_fibres(routes, names, places, path.name))
    return Found(
        name=tidy_name(path.stem, "network"),
        title=f"GNPy topology {path.name}",
        sites=tuple(_site(uid, names[uid], places[uid], path.name) for uid in uids),
        fibres=fibres,
        notes=tuple(_notes(fibres, places, contradictions)),
    )


def _names(sites: Mapping[str, Element]) -> dict[str, str]:
    """City where one site bears it, else the uid without its kind."""
    cities = [element.metadata.location.city or "" for element in sites.values()]
    wanted = [
        city if city and cities.count(city) == 1 else uid.removeprefix("roadm ")
        for uid, city in zip(sites, cities, strict=True)
    ]
    tidy = [tidy_name(name, f"site {index}") for index, name in enumerate(wanted, 1)]
    return dict(zip(sites, unique(tidy), strict=True))


def _site(uid: str, name: str, place: Place | None, file: str) -> Site:
    lat, lon = place or (None, None)
    return Site(name=name, lat=lat, lon=lon, routers=2, source=f"{file}, {tidy_name(uid, name)}")


def _contradictions(routes: Sequence[Route], places: Mapping[str, Place | None]) -> int:
    """Routes shorter than the great circle between their ends."""
    return sum(
        route.length_km is not None
        and a is not None
        and z is not None
        and route.length_km * _SLACK + SHORTEST_KM < great_circle_km(*a, *z)
        for route in routes
        for a, z in [(places[route.a], places[route.z])]
    )


def _fibres(
    routes: Sequence[Route],
    names: Mapping[str, str],
    places: Mapping[str, Place | None],
    file: str,
) -> Iterator[Fibre]:
    wanted = [joined_name(names[route.a], names[route.z]) for route in routes]
    for route, name in zip(routes, unique(wanted), strict=True):
        remarks = [file]
        a, z = places[route.a], places[route.z]
        length_km = _length_km(route, remarks)
        kind = _kind(route, remarks)
        subsea = a is not None and z is not None and crosses_sea(a, z)
        if subsea:
            remarks.append("ASSUMPTION: subsea by the rule in the notes")
        yield Fibre(
            name=name,
            a=names[route.a],
            z=names[route.z],
            length_km=length_km,
            type=kind,
            loss_db_per_km=_loss_db_per_km(route),
            subsea=subsea,
            source="; ".join(remarks),
        )


def _length_km(route: Route, remarks: list[str]) -> float | None:
    lengths = [way.length_km for way in route.ways if way.length_km is not None]
    if len(route.ways) == 1:
        remarks.append("the file holds one direction only")
    elif len(lengths) > 1 and max(lengths) > _SLACK * min(lengths):
        remarks.append(f"the other direction is {min(lengths):g} km")
    if not lengths:
        remarks.append("length unknown: a span has none")
        return None
    if max(lengths) < SHORTEST_KM:
        remarks.append(f"ASSUMPTION: at least {SHORTEST_KM:g} km")
    return round(max(*lengths, SHORTEST_KM), 6)


def _kind(route: Route, remarks: list[str]) -> FibreType:
    """The type of most of its length."""
    km: dict[str, float] = {}
    for way in route.ways:
        for span in way.spans:
            km[span.type_variety] = km.get(span.type_variety, 0.0) + (span.length_km or 0.0)
    kind = max(sorted(km), key=lambda name: km[name], default="")
    if kind not in _KINDS:
        remarks.append(f"ASSUMPTION: SSMF, the file says '{tidy_name(kind, 'nothing')}'")
        return "SSMF"
    if len(km) > 1:
        remarks.append(f"ASSUMPTION: {kind} throughout, the file mixes {' and '.join(sorted(km))}")
    return kind


def _loss_db_per_km(route: Route) -> float | None:
    """Mean over the length; None when a span gives none."""
    spans = [span for way in route.ways for span in way.spans]
    loss_db = total_km = 0.0
    for span in spans:
        if span.loss_db_per_km is None or span.length_km is None:
            return None
        loss_db += span.loss_db_per_km * span.length_km
        total_km += span.length_km
    return round(loss_db / total_km, 6) if total_km else None


def _notes(
    fibres: Sequence[Fibre], places: Mapping[str, Place | None], contradictions: int
) -> Iterator[str]:
    yield "amplifiers of the file are left out: the line is designed anew by `line`"
    yield "ASSUMPTION: each route holds four pairs; shared risks are not known"
    if contradictions:
        yield (
            f"coordinates are left out: {contradictions} routes are shorter than the great circle "
            "between their ends"
        )
    elif None in places.values():
        unplaced = sum(place is None for place in places.values())
        yield f"{unplaced} sites have no coordinates"
    if any(fibre.subsea for fibre in fibres):
        yield RULE
