"""A plan as GeoJSON (RFC 7946), for a map of the reader's own: sites, fibres, IP links.

Coordinates are longitude, then latitude. What is unknown is null. A place without coordinates, and
what ends there, cannot be drawn: ``unplaced`` lists it by name. A line that crosses the 180th
meridian is cut there, as the RFC asks.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import structs

from arterial.plan.plan import Plan
from arterial.plan.verdict import Proof
from arterial.report.light import Bundle, bundles
from arterial.report.restored import CaseView, restored_cases
from arterial.report.spectrum import PairSpectrum, pair_spectra
from arterial.report.view import FibreView, LinkView, MapView, SiteView, map_view

__all__ = ["map_data"]

Place = tuple[float, float]
"""Longitude, latitude."""
Json = dict[str, object]


def map_data(plan: Plan, proof: Proof | None = None) -> bytes:
    """A FeatureCollection as UTF-8 JSON; each feature's ``properties.layer`` says what it is.

    Layers: ``site``, ``fibre``, ``link``. Beside ``features`` stands ``unplaced``: names by layer.
    """
    view = map_view(plan, proof)
    places = {
        site.name: (site.lon, site.lat)
        for site in view.sites
        if site.lat is not None and site.lon is not None
    }
    fibres = _fibres(plan, view)
    links = _links(view, bundles(plan))
    features = [
        _feature("Point", places[site.name], _site(site))
        for site in view.sites
        if site.name in places
    ]
    features += _lines(view.fibres, fibres, places) + _lines(view.links, links, places)
    document = {
        "type": "FeatureCollection",
        "features": features,
        "unplaced": {
            "site": [site.name for site in view.sites if site.name not in places],
            "fibre": _without(view.fibres, places),
            "link": _without(view.links, places),
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _site(site: SiteView) -> Json:
    said = structs.asdict(site)
    del said["lat"], said["lon"]
    return {"layer": "site", **said}


def _fibres(plan: Plan, view: MapView) -> dict[str, Json]:
    pairs: dict[str, list[PairSpectrum]] = {}
    for row in pair_spectra(plan):
        pairs.setdefault(row.fibre, []).append(row)
    margin = _worst_margins(bundles(plan))
    back = {row.case: row for row in restored_cases(plan)}
    return {
        fibre.name: {
            "layer": "fibre",
            **structs.asdict(fibre),
            "pairs": len(pairs.get(fibre.name, ())),
            "waves": sum(len(row.bars) for row in pairs.get(fibre.name, ())),
            "spectrum": [_pair(row) for row in sorted(pairs.get(fibre.name, ()), key=_number)],
            "worst_margin_db": margin.get(fibre.name),
            "restored_share": _share(back.get(f"fibre {fibre.name}")),
        }
        for fibre in view.fibres
    }


def _number(row: PairSpectrum) -> int:
    return row.pair


def _pair(row: PairSpectrum) -> Json:
    return {
        "pair": row.pair,
        "waves": len(row.bars),
        "fill": row.fill,
        "free_ghz": row.free_ghz,
        "widest_free_ghz": row.widest_ghz,
        "fragmentation": row.fragmentation,
    }


def _share(case: CaseView | None) -> float | None:
    """None where nothing is cut or nobody worked it out."""
    return None if case is None else case.share


def _worst_margins(rows: Sequence[Bundle]) -> dict[str, float]:
    """Least margin of the waves on each fibre; NaN as soon as one is unknown."""
    worst: dict[str, float] = {}
    for row in rows:
        for fibre in row.fibres:
            before = worst.get(fibre, math.inf)
            worst[fibre] = (
                math.nan if math.isnan(before + row.margin_db) else min(before, row.margin_db)
            )
    return worst


def _links(view: MapView, rows: Sequence[Bundle]) -> dict[str, Json]:
    modes: dict[str, list[str]] = {}
    margin: dict[str, float] = {}
    for row in rows:
        modes.setdefault(row.link, []).append(row.mode)
        margin.setdefault(row.link, row.margin_db)  # the worst, or an unknown one, comes first
    return {
        link.name: {
            "layer": "link",
            **structs.asdict(link),
            "modes": sorted(set(modes.get(link.name, ()))),
            "worst_margin_db": margin.get(link.name),
        }
        for link in view.links
    }


def _lines(
    rows: Iterable[FibreView] | Iterable[LinkView],
    said: Mapping[str, Json],
    places: Mapping[str, Place],
) -> list[Json]:
    return [
        _feature(*_line(places[row.a], places[row.z]), said[row.name])
        for row in rows
        if row.a in places and row.z in places
    ]


def _line(a: Place, z: Place) -> tuple[str, object]:
    """Geometry from a to z: straight, or in two parts where the short way crosses 180 degrees."""
    east = z[0] - a[0]
    if abs(east) <= 180.0:  # noqa: PLR2004 - degrees
        return "LineString", [a, z]
    edge = math.copysign(180.0, a[0])
    part = (edge - a[0]) / (east - math.copysign(360.0, east))
    lat = a[1] + (z[1] - a[1]) * part
    return "MultiLineString", [[a, (edge, lat)], [(-edge, lat), z]]


def _feature(kind: str, coordinates: object, said: Json) -> Json:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": said}


def _without(
    rows: Iterable[FibreView] | Iterable[LinkView], places: Mapping[str, Place]
) -> list[str]:
    return [row.name for row in rows if row.a not in places or row.z not in places]
