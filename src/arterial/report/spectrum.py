"""Which frequencies each lit fibre pair carries, what is left between them, and how broken up.

Fragmentation is the share of a pair's free spectrum that lies outside its widest free block: 0
while all that is free lies together, near 1 where it is crumbs that no wave fits.
"""

from collections import Counter

from msgspec import Struct

from arterial.model.wave import Wave
from arterial.optics.combs import GRID_GHZ
from arterial.optics.occupancy import occupancy_of
from arterial.optics.spectrum_band import Band, grid_band, slots_touched
from arterial.optics.spectrum_use import pair_use
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop

__all__ = ["Bar", "PairSpectrum", "mode_colours", "pair_spectra"]

COLOURS = 6
"""Colours that modes share; those beyond the fifth share the last."""


class Bar(Struct, frozen=True, kw_only=True):
    """One wave on one pair."""

    name: str
    """Of the lightpath, or of the wave in service."""
    mode: str
    """Empty where nobody said."""
    installed: bool
    """In service before this plan."""
    centre_ghz: float
    slot_ghz: float
    first_slot: int
    slots: int
    """Slots of the grid that it lies in, wholly or in part."""


class PairSpectrum(Struct, frozen=True, kw_only=True):
    """One lit pair of a fibre route."""

    fibre: str
    a: str
    z: str
    status: str
    length_km: float | None
    pair: int
    """1-based."""
    new: bool
    """Lit by this plan."""
    pairs_total: int
    """Pairs of the route, lit or not."""
    bars: tuple[Bar, ...]
    """By centre frequency."""
    fill: float
    """Taken of the slots that are open; 0 where none is."""
    free_ghz: float
    widest_ghz: float
    """Of the widest free block."""
    fragmentation: float
    """0 where nothing is free."""


def pair_spectra(plan: Plan) -> tuple[PairSpectrum, ...]:
    """Every lit pair, the fullest first."""
    band = grid_band(plan.network.line)
    wave = {row.name: row for row in plan.lightpaths}
    fresh = {row.fibre: row.new_pairs for row in plan.lit_fibres}
    bars: dict[tuple[str, int], list[Bar]] = {}
    for hop in plan.lightpath_hops:
        bars.setdefault((hop.fibre, hop.pair), []).append(_bar(band, hop, wave[hop.lightpath]))
    for stands in plan.network.waves:
        for place in stands.hops:
            bars.setdefault(place, []).append(_standing(band, stands))
    fibres = plan.network.fibres
    route = {fibre.name: fibre for fibre in fibres}
    # Light on a pair that is not lit is refused by the prover, and shown all the same.
    used = pair_use(occupancy_of(plan), {m: fibre.name for m, fibre in enumerate(fibres)}, ())
    lit = Counter(row.fibre for row in used)
    rows = [
        PairSpectrum(
            fibre=row.fibre,
            a=route[row.fibre].a,
            z=route[row.fibre].z,
            status=route[row.fibre].status,
            length_km=route[row.fibre].length_km,
            pair=row.pair,
            new=row.pair > lit[row.fibre] - fresh.get(row.fibre, 0),
            pairs_total=route[row.fibre].pairs,
            bars=tuple(sorted(bars.get((row.fibre, row.pair), ()), key=lambda bar: bar.centre_ghz)),
            fill=row.fill,
            free_ghz=row.free_slots * GRID_GHZ,
            widest_ghz=row.largest_run * GRID_GHZ,
            fragmentation=row.fragmentation,
        )
        for row in used
    ]
    return tuple(sorted(rows, key=lambda row: -row.fill))


def mode_colours(plan: Plan) -> tuple[tuple[str, int, int], ...]:
    """Modes in use as (mode, colour, waves), most waves first; colour is 0 to 5."""
    waves = Counter(wave.mode for wave in plan.lightpaths)
    ranked = sorted(waves.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        (mode, min(place, COLOURS - 1), count) for place, (mode, count) in enumerate(ranked)
    )


def _bar(band: Band, hop: LightpathHop, wave: Lightpath) -> Bar:
    first, slots = slots_touched(band, hop.centre_ghz, wave.slot_ghz)
    return Bar(
        name=wave.name,
        mode=wave.mode,
        installed=False,
        centre_ghz=hop.centre_ghz,
        slot_ghz=wave.slot_ghz,
        first_slot=first,
        slots=slots,
    )


def _standing(band: Band, wave: Wave) -> Bar:
    first, slots = slots_touched(band, wave.centre_ghz, wave.slot_ghz)
    return Bar(
        name=wave.name,
        mode=wave.mode or "",
        installed=True,
        centre_ghz=wave.centre_ghz,
        slot_ghz=wave.slot_ghz,
        first_slot=first,
        slots=slots,
    )
