"""How much lower the waves of a plan could stand if all of them could be tuned anew.

Routes, pairs and regenerators stay as they are; waves in service are moved like all others, since
the question is what moving them would give. Nothing is changed by asking. Segments over wet fibre
are left out: they share no fibre with any other segment, and their band is their own.
"""

from collections.abc import Iterator

from msgspec import Struct

from arterial.optics.packing import pack
from arterial.optics.spectrum_band import slot_count, slots_touched
from arterial.optics.wet import network_band
from arterial.plan.plan import Plan
from arterial.plan.rows import LightpathHop
from arterial.plan.transparent import fibre_ends, transparent_parts

__all__ = ["Repacked", "Segment", "plan_segments", "repacked"]


class Segment(Struct, frozen=True, kw_only=True):
    """Light between two regenerators, or from end to end: one frequency all along."""

    wave: str
    hops: tuple[tuple[str, int], ...]
    """(fibre, pair) in order."""
    centre_ghz: float
    slot_ghz: float


class Repacked(Struct, frozen=True, kw_only=True):
    """Slots of 12.5 GHz up to the highest in use, now and packed."""

    segments: int
    now: int
    packed: int
    bound: int
    """No packing on these routes and pairs needs fewer."""
    gap: float
    """(packed - bound) / packed."""
    scope: str
    """``paths``: routes and pairs are those of the plan."""
    status: str
    """``gap``: the bound is reached. ``rounds``: the search ended before."""


def repacked(plan: Plan, *, rounds: int = 500, seed: int = 0) -> Repacked:
    """The best packing found of a plan's segments, and of waves in service."""
    band = network_band(plan.network)
    wet = {plan.network.fibres[number].name for number in band.own}
    segments = [one for one in plan_segments(plan) if wet.isdisjoint(dict(one.hops))]
    places: dict[tuple[str, int], int] = {}
    for segment in segments:
        for hop in segment.hops:
            places.setdefault(hop, len(places))
    slots = [slots_touched(band, one.centre_ghz, one.slot_ghz) for one in segments]
    found = pack(
        [[places[hop] for hop in segment.hops] for segment in segments],
        [max(slot_count(segment.slot_ghz), 1) for segment in segments],
        closed=band.closed,
        rounds=rounds,
        seed=seed,
    )
    return Repacked(
        segments=len(segments),
        now=max((first + width for first, width in slots), default=0),
        packed=found.top,
        bound=found.bound,
        gap=found.gap,
        scope="paths",
        status=found.status,
    )


def plan_segments(plan: Plan) -> Iterator[Segment]:
    """Transparent segments of the lightpaths, then waves in service."""
    ends = fibre_ends(plan.network)
    hops: dict[str, list[LightpathHop]] = {}
    for hop in sorted(plan.lightpath_hops, key=lambda hop: (hop.lightpath, hop.hop)):
        hops.setdefault(hop.lightpath, []).append(hop)
    for wave in plan.lightpaths:
        for part in transparent_parts(ends, wave.regenerators, hops.get(wave.name, [])):
            yield Segment(
                wave=wave.name,
                hops=tuple((hop.fibre, hop.pair) for hop in part),
                centre_ghz=part[0].centre_ghz,
                slot_ghz=wave.slot_ghz,
            )
    for old in plan.network.waves:
        yield Segment(
            wave=old.name, hops=old.hops, centre_ghz=old.centre_ghz, slot_ghz=old.slot_ghz
        )
