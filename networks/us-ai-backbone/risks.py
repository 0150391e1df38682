# ruff: noqa: INP001 - a part of build.py, no package
"""Shared risks of the reference network: corridors, junction exits, campus entrances.

All of them are ASSUMPTIONs from straight lines. A risk that would cut off a campus, market or edge
whatever else is built is not kept but named: no policy could hold with it, and the remedy is a
thing to buy, not a thing to compute.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from geometry import Ends, Place, bearing_deg, bundles, parallels, separated

__all__ = ["SharedRisk", "shared_risks"]

EXIT_DEG = 15.0
ENTRANCE_DEG = 30.0
APART_KM = 25.0
STRETCH_KM = 100.0


class SharedRisk(NamedTuple):
    """What takes several fibres down at once."""

    name: str
    note: str
    fibres: tuple[str, ...]


def shared_risks(
    ends: Ends, places: Mapping[str, Place], needed: Sequence[str]
) -> tuple[list[SharedRisk], list[str]]:
    """The risks to keep, and those left out because they would cut one of ``needed`` off."""
    found = [*rights_of_way(ends, places), *exits(ends, places)]
    kept: list[SharedRisk] = []
    dropped: list[str] = []
    for risk in found:
        if any(set(risk.fibres) <= set(other.fibres) for other in kept):
            continue
        cut_off = separated(ends, risk.fibres, needed)
        if cut_off:
            dropped.append(f"{risk.name} ({risk.note}) would cut off {', '.join(cut_off)}")
        else:
            kept.append(risk)
    return kept, dropped


def rights_of_way(ends: Ends, places: Mapping[str, Place]) -> list[SharedRisk]:
    """Fibres that run along each other, widest groups first."""
    along: dict[tuple[str, ...], str] = {}
    for name, groups in sorted(parallels(places, ends, APART_KM, STRETCH_KM).items()):
        for group in groups:
            along.setdefault(group, name)
    found: list[SharedRisk] = []
    for group in sorted(along, key=lambda group: (-len(group), group)):
        again = sum(risk.name.startswith(f"along {along[group]}") for risk in found)
        label = f"along {along[group]}" + (f" {again + 1}" if again else "")
        note = f"within {APART_KM:.0f} km of {along[group]} over {STRETCH_KM:.0f} km or more"
        found.append(SharedRisk(label, note, group))
    return found


def exits(ends: Ends, places: Mapping[str, Place]) -> list[SharedRisk]:
    """Fibres that leave a site in nearly one direction."""
    found: list[SharedRisk] = []
    for name in sorted(places):
        bearings = {
            fibre: bearing_deg(places[name], places[z if a == name else a])
            for fibre, (a, z) in ends.items()
            if name in (a, z)
        }
        campus = name.startswith("campus:")
        within_deg = ENTRANCE_DEG if campus else EXIT_DEG
        for group in bundles(bearings, within_deg):
            towards = f"{round(bearings[group[0]]) % 360:03d}"
            label = f"{'entrance' if campus else 'exit'} {name} {towards}"
            note = f"leave {name} within {within_deg:.0f} degrees of each other"
            found.append(SharedRisk(label, note, group))
    return found
