"""``spectrum``: how full the fibres are, what a further pair costs, what packing would give."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.design.ground import pair_cost
from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.names import did_you_mean
from arterial.optics.occupancy import Occupancy, installed_slots, occupancy_of
from arterial.optics.repacking import Repacked, repacked
from arterial.optics.spectrum_use import PairUse, pair_use, room_for
from arterial.optics.wet import network_band
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan
from arterial.study.margins import segment_margins

__all__ = ["FurtherPair", "InstalledWave", "SpectrumFound", "spectrum"]

Flag = Literal["", "infeasible by today's physics", "unknown"]

WIDTHS_GHZ = (75.0, 150.0)
"""Widths that room is counted in where no mode says its own: 400G and 800G class slots."""
TIGHT = 5
"""Fibres with least room that are priced."""


class FurtherPair(Struct, frozen=True, kw_only=True):
    """One more pair on a fibre: what it costs and what it admits."""

    fibre: str
    lit_pairs: int
    pairs: int
    """In the cable."""
    room: tuple[int, ...]
    """Waves that still find room there now, by width."""
    admits: tuple[int, ...]
    """Waves that one more pair takes, by width."""
    cost: float
    """Of one more pair over ``costs.years``; NaN where the cable has none left or no length."""
    cost_per_wave: float
    """By the widest width."""


class InstalledWave(Struct, frozen=True, kw_only=True):
    """A wave in service, and what today's physics says of it. It is kept whatever that is."""

    wave: str
    mode: str
    margin_db: float
    """Start of life, the worse direction; NaN where a figure is missing."""
    left_db: float
    """The same after the network's margins."""
    flag: Flag


class SpectrumFound(Struct, frozen=True, kw_only=True):
    """Every lit pair, the tightest fibres, waves in service and what packing would give."""

    verdict: Literal["yes", "no", "unknown"]
    """``no`` where today's physics calls a wave in service infeasible."""
    widths_ghz: tuple[float, ...]
    pairs: tuple[PairUse, ...]
    further: tuple[FurtherPair, ...]
    """The fibres with least room, the tightest first."""
    installed: tuple[InstalledWave, ...]
    repack: Repacked | None


def spectrum(
    folder: Path, *, fibre: str = "", repack: bool = False, report: Report = silent
) -> SpectrumFound:
    """Spectrum of a plan, or of the waves in service of a network folder.

    Parameters
    ----------
    fibre
        Name of the only fibre to show; empty shows all.
    repack
        Ask how much lower the waves could stand.

    Raises
    ------
    ModelError
        The description is wrong, or holds no such fibre; or waves in service were to be repacked.
    """
    network, plan = _read(folder)
    if repack and plan is None:
        expected = (
            "Name a folder that `arterial design` wrote: waves in service stay where they are"
        )
        problem = Problem(file=str(folder), found="--repack needs a plan", expected=expected)
        raise ModelError([problem])
    names = {number: one.name for number, one in enumerate(network.fibres)}
    if fibre and fibre not in names.values():
        expected = did_you_mean(fibre, names.values()) or f"It has {len(names)} fibres"
        problem = Problem(
            file=str(folder), found=f"no fibre is called '{fibre}'", expected=expected
        )
        raise ModelError([problem])
    occupancy = _standing(network) if plan is None else occupancy_of(plan)
    widths = _widths(network, plan)
    pairs = pair_use(occupancy, names, widths)
    shown = tuple(row for row in pairs if fibre in ("", row.fibre))
    installed = _installed(network, report) if plan is None else ()
    flags = {row.flag for row in installed}
    return SpectrumFound(
        verdict="no" if flags - {"", "unknown"} else "unknown" if "unknown" in flags else "yes",
        widths_ghz=widths,
        pairs=shown,
        further=_further(network, occupancy, shown, widths),
        installed=installed,
        repack=repacked(plan) if repack and plan is not None else None,
    )


def _read(folder: Path) -> tuple[Network, Plan | None]:
    if (folder / NETWORK_FILE).exists() and not (folder / "plan.json").exists():
        return load_network(folder), None
    plan = read_plan(folder)
    return plan.network, plan


def _standing(network: Network) -> Occupancy:
    band = network_band(network)
    lit = {number: one.lit_pairs for number, one in enumerate(network.fibres) if one.lit_pairs}
    return Occupancy(band, lit, installed_slots(network, band))


def _widths(network: Network, plan: Plan | None) -> tuple[float, ...]:
    used = {wave.slot_ghz for wave in (plan.lightpaths if plan else ())}
    used |= {wave.slot_ghz for wave in network.waves}
    return tuple(sorted(used)) or WIDTHS_GHZ


def _further(
    network: Network, occupancy: Occupancy, pairs: Sequence[PairUse], widths: tuple[float, ...]
) -> tuple[FurtherPair, ...]:
    """Tightest first: least room for the widest wave, then for narrower ones, then by name."""
    on: dict[str, list[PairUse]] = {}
    for row in pairs:
        on.setdefault(row.fibre, []).append(row)
    room = {
        name: tuple(sum(row.more_waves[n] for row in rows) for n in range(len(widths)))
        for name, rows in on.items()
    }
    tight = sorted((name for name in on), key=lambda name: (room[name][::-1], name))[:TIGHT]
    known = {one.name: one for one in network.fibres}
    number = {one.name: place for place, one in enumerate(network.fibres)}
    rows: list[FurtherPair] = []
    for name in tight:
        lit, cable = len(on[name]), known[name].pairs
        opened = occupancy.band.on(number[name]).open
        admits = tuple(room_for(opened, width) for width in widths)
        cost = pair_cost(network, known[name]) if lit < cable else math.nan
        cost = cost if math.isfinite(cost) else math.nan
        rows.append(
            FurtherPair(
                fibre=name,
                lit_pairs=lit,
                pairs=cable,
                room=room[name],
                admits=admits,
                cost=cost,
                cost_per_wave=cost / admits[-1] if admits[-1] else math.nan,
            )
        )
    return tuple(rows)


def _installed(network: Network, report: Report) -> tuple[InstalledWave, ...]:
    if not network.waves:
        return ()
    margin_of = segment_margins(network, report)
    ends = {one.name: (one.a, one.z) for one in network.fibres}
    rows: list[InstalledWave] = []
    for wave in network.waves:
        here, steps = wave.a, list[tuple[str, bool]]()
        for name in wave.fibres:
            steps.append((name, here == ends[name][0]))
            here = ends[name][1 if here == ends[name][0] else 0]
        back = tuple((name, not forward) for name, forward in reversed(steps))
        both = [margin_of(wave.mode, way) for way in (tuple(steps), back)] if wave.mode else []
        unknown = not both or any(math.isnan(value) for value in both)
        margin_db = math.nan if unknown else min(both)
        left_db = margin_db - network.margins.total_db
        low = "infeasible by today's physics" if left_db < 0.0 else ""
        rows.append(
            InstalledWave(
                wave=wave.name,
                mode=wave.mode or "",
                margin_db=margin_db,
                left_db=left_db,
                flag="unknown" if unknown else low,
            )
        )
    return tuple(rows)
