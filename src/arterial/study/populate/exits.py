"""Shared risks of fibres that leave a site the same way: an ASSUMPTION, from bearings alone.

No public conduit map exists; what starts in one direction is taken to share the first kilometres,
so that no plan counts on diversity that nobody has looked for. A risk that would cut a market or a
campus off whatever is built, or leave it an absurd detour alone, is not kept but told: a second
entrance is something to buy.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from arterial.model.fibre import Fibre, Risk
from arterial.study.populate.detours import absurd_detours
from arterial.study.populate.missing import cut_off
from arterial.study.populate.roads import Places

__all__ = ["Exits", "bearing_deg", "exits", "same_way"]

WITHIN_DEG = 15.0
SOURCE = "ASSUMPTION: straight lines, no public conduit map"


class Exits(NamedTuple):
    """Fibres with the risks they share, the risks, and those that could not be kept."""

    fibres: tuple[Fibre, ...]
    risks: tuple[Risk, ...]
    dropped: tuple[str, ...]


def exits(fibres: Sequence[Fibre], places: Places, needed: Iterable[str]) -> Exits:
    """Give fibres that leave a site within 15 degrees a risk in common, unless they have one."""
    wanted = set(needed)
    usable = [fibre for fibre in fibres if fibre.described]
    shared: dict[str, list[str]] = {fibre.name: [] for fibre in fibres}
    risks: list[Risk] = []
    dropped: list[str] = []
    met = [frozenset(names) for names in _by_risk(fibres).values()]
    for site in sorted(places):
        for group, towards_deg in same_way(site, fibres, places):
            if any(group <= other for other in met):
                continue
            name = f"exit {site[:60]} {towards_deg:03d}"
            if harm := _harm(usable, group, site, places, wanted):
                dropped.append(f"{name} would {harm}")
                continue
            met.append(group)
            note = f"leave {site} within {WITHIN_DEG:g} degrees of each other"
            risks.append(Risk(name=name, note=note, source=SOURCE))
            for fibre in group:
                shared[fibre].append(name)
    changed = (
        structs.replace(fibre, risks=(*fibre.risks, *shared[fibre.name])) for fibre in fibres
    )
    return Exits(tuple(changed), tuple(risks), tuple(dropped))


def _harm(
    fibres: Sequence[Fibre], group: frozenset[str], site: str, places: Places, needed: set[str]
) -> str:
    """What speaks against a risk, in words; empty where nothing does."""
    if lost := cut_off(fibres, group, places, needed):
        return f"cut off {', '.join(sorted(lost))}"
    if site not in needed:
        return ""
    for fibre, at, around_km in absurd_detours(fibres, group, (site,)):
        other = fibre.z if fibre.a == at else fibre.a
        return f"leave {around_km:,.0f} km from {at} to {other}"
    return ""


def same_way(
    site: str, fibres: Sequence[Fibre], places: Places
) -> list[tuple[frozenset[str], int]]:
    """Largest groups of fibres on land that leave a site within the angle, and their bearing."""
    bearings = {
        fibre.name: bearing_deg(places[site], places[fibre.z if fibre.a == site else fibre.a])
        for fibre in fibres
        if site in (fibre.a, fibre.z) and not fibre.subsea and {fibre.a, fibre.z} <= places.keys()
    }
    groups = {
        frozenset(
            name for name, other in bearings.items() if (other - start) % 360.0 < WITHIN_DEG
        ): round(start) % 360
        for start in sorted(bearings.values(), reverse=True)
    }
    real = [group for group in groups if len(group) > 1]
    largest = [group for group in real if not any(group < other for other in real)]
    return [(group, groups[group]) for group in sorted(largest, key=sorted)]


def bearing_deg(at: tuple[float, float], towards: tuple[float, float]) -> float:
    """Initial bearing of the great circle, degrees clockwise from north.

    >>> round(bearing_deg((0.0, 0.0), (0.0, 1.0)))
    90
    """
    lat_a, lat_z = math.radians(at[0]), math.radians(towards[0])
    across = math.radians(towards[1] - at[1])
    east = math.sin(across) * math.cos(lat_z)
    north = math.cos(lat_a) * math.sin(lat_z) - math.sin(lat_a) * math.cos(lat_z) * math.cos(across)
    return math.degrees(math.atan2(east, north)) % 360.0


def _by_risk(fibres: Sequence[Fibre]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fibre in fibres:
        for risk in fibre.risks:
            found.setdefault(risk, set()).add(fibre.name)
    return found
