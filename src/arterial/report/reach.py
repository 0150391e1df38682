"""How far each mode goes on this line system, as data: worked out elsewhere, shown here."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.report.light import Bundle

__all__ = ["Limit", "ModeReach", "ReachCurve", "ReachRow", "reach_rows"]

Limit = Literal["gsnr", "cd", "pmd", "beyond", "none", "unknown"]
"""What ends the reach; ``beyond`` nothing up to the longest line worked out, ``none``: already the
shortest is too long, ``unknown``: a figure of the mode is missing."""


class ModeReach(Struct, frozen=True, kw_only=True):
    """Reach of one mode over a straight line of equal spans."""

    mode: str
    rate_gbps: float
    slot_ghz: float | None
    reach_km: float
    """Margin after all margins of the network is 0 there; NaN where unknown."""
    limit: Limit
    missing: tuple[str, ...] = ()
    """Figures that the catalogue does not give."""


class ReachCurve(Struct, frozen=True, kw_only=True):
    """Every mode of a catalogue, and the line that it was worked out on."""

    modes: tuple[ModeReach, ...]
    fibre: str
    """Type of the fibre."""
    span_km: float
    longest_km: float
    """Longest line that was worked out."""


class ReachRow(Struct, frozen=True, kw_only=True):
    """A mode and what the plan does with it."""

    reach: ModeReach
    efficiency: float | None
    """Bit/s per Hz of the slot."""
    waves: int
    used_km: tuple[float, ...]
    """Lengths of the plan's transparent segments in this mode, each once, known ones only."""


def reach_rows(curve: ReachCurve, plan: Plan, rows: Sequence[Bundle]) -> tuple[ReachRow, ...]:
    """Modes whose reach is known, the highest rate first and in it the furthest first."""
    waves: dict[str, int] = {}
    for wave in plan.lightpaths:
        waves[wave.mode] = waves.get(wave.mode, 0) + 1
    used: dict[str, set[float]] = {}
    for row in rows:
        used.setdefault(row.mode, set()).update(km for km in row.segments_km if km >= 0)
    known = [mode for mode in curve.modes if mode.limit != "unknown"]
    return tuple(
        ReachRow(
            reach=mode,
            efficiency=mode.rate_gbps / mode.slot_ghz if mode.slot_ghz else None,
            waves=waves.get(mode.mode, 0),
            used_km=tuple(sorted(used.get(mode.mode, ()))),
        )
        for mode in sorted(known, key=lambda mode: (-mode.rate_gbps, -mode.reach_km, mode.mode))
    )
