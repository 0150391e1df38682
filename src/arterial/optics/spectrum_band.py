"""The grid of slots that a line system offers, and which of them nobody may use.

Slots lie on the flexible grid of ITU-T G.694.1: steps of 12.5 GHz, counted from 193.1 THz. One grid
spans all bands, from the first to the last; what lies between two bands, in a guard at a band's
edge or in a reserved slice is closed, and on some fibres more than that. Occupied, closed and free
slots are bits of one Python integer, slot 0 the lowest.
"""

import math

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.optics.combs import GRID_GHZ

__all__ = ["ANCHOR_GHZ", "Band", "free_runs", "grid_band", "slot_count", "slots_touched", "span"]

ANCHOR_GHZ = 193_100.0
"""Where the grid is counted from, ITU-T G.694.1."""

_GHZ_IN_THZ = 1000.0
_ROUNDING = 1e-6
"""Of a slot: edges that are off the grid by less lie on it."""


class Band(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """The slots of 12.5 GHz that amplifiers carry, over all bands."""

    start_ghz: float
    """Lower edge of slot 0."""
    slots: int
    closed: int = 0
    """Slots that nobody may use, as bits: gaps between bands, guards, reserved slices."""
    own: dict[int, int] = {}
    """By fibre index: what is closed there, as bits, where that is more than on the others."""

    def on(self, fibre: int) -> "Band":
        """The slots of one fibre, on the same grid."""
        if fibre not in self.own:
            return self
        return Band(start_ghz=self.start_ghz, slots=self.slots, closed=self.own[fibre])

    @property
    def open(self) -> int:
        """Slots that light may use, as bits."""
        return ((1 << self.slots) - 1) & ~self.closed

    @property
    def open_slots(self) -> int:
        """How many they are."""
        return self.open.bit_count()

    @property
    def widest(self) -> int:
        """Slots of the widest channel that finds room in an empty band."""
        return max((width for _, width in free_runs(self.open)), default=0)

    def centre_ghz(self, first: int, slots: int) -> float:
        """Centre frequency of a channel of ``slots`` slots from slot ``first``."""
        return self.start_ghz + (first + slots / 2) * GRID_GHZ


def grid_band(line: LineSystem) -> Band:
    """The whole slots of the grid within a line system's bands.

    >>> grid_band(LineSystem())
    Band(start_ghz=191300.0, slots=384)
    """
    limits = [(low * _GHZ_IN_THZ, high * _GHZ_IN_THZ) for low, high in line.band_limits_thz]
    first = _first_slot(min(low for low, _ in limits))
    slots = max(_last_slot(max(high for _, high in limits)) - first, 0)
    used = 0
    for low, high in limits:
        start = max(_first_slot(low + line.guard_ghz) - first, 0)
        # No channel lies in two bands: where they touch, a slot keeps them apart.
        start += used >> start - 1 & 1 if start else 0
        used |= span(start, max(_last_slot(high - line.guard_ghz) - first - start, 0))
    start_ghz = ANCHOR_GHZ + first * GRID_GHZ
    for entry in line.reserved:
        used &= ~span(*_touched(start_ghz, slots, entry.low_ghz, entry.high_ghz))
    return Band(start_ghz=start_ghz, slots=slots, closed=span(0, slots) & ~used)


def slot_count(slot_ghz: float) -> int:
    """Slots of the grid that a channel takes.

    >>> [slot_count(width) for width in (75.0, 87.5, 112.5, 150.0)]
    [6, 7, 9, 12]
    """
    return math.ceil(slot_ghz / GRID_GHZ - 1e-9)


def slots_touched(band: Band, centre_ghz: float, slot_ghz: float) -> tuple[int, int]:
    """(first, number) of the slots that a channel lies in, wholly or in part; within the band.

    >>> slots_touched(Band(start_ghz=191_300.0, slots=384), 191_343.75, 87.5)
    (0, 7)
    """
    half = slot_ghz / 2.0
    return _touched(band.start_ghz, band.slots, centre_ghz - half, centre_ghz + half)


def span(first: int, slots: int) -> int:
    """``slots`` bits from bit ``first`` on."""
    return ((1 << slots) - 1) << first


def free_runs(free: int) -> list[tuple[int, int]]:
    """(first, number) of each run of set bits, the lowest first.

    >>> free_runs(0b0111_0010)
    [(1, 1), (4, 3)]
    """
    runs: list[tuple[int, int]] = []
    while free:
        first = (free & -free).bit_length() - 1
        rest = ~(free >> first)
        width = (rest & -rest).bit_length() - 1
        runs.append((first, width))
        free &= ~span(first, width)
    return runs


def _touched(start_ghz: float, slots: int, low_ghz: float, high_ghz: float) -> tuple[int, int]:
    first = max(math.floor((low_ghz - start_ghz) / GRID_GHZ + _ROUNDING), 0)
    end = min(math.ceil((high_ghz - start_ghz) / GRID_GHZ - _ROUNDING), slots)
    return min(first, slots), max(end - first, 0)


def _first_slot(low_ghz: float) -> int:
    return math.ceil((low_ghz - ANCHOR_GHZ) / GRID_GHZ - _ROUNDING)


def _last_slot(high_ghz: float) -> int:
    """One past the last whole slot."""
    return math.floor((high_ghz - ANCHOR_GHZ) / GRID_GHZ + _ROUNDING)
