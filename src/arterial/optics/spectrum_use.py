"""How full each pair is, how broken up what is left, and how many more waves find room there."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from arterial.optics.occupancy import Occupancy
from arterial.optics.spectrum_band import free_runs, slot_count

__all__ = ["PairUse", "pair_use", "room_for"]


class PairUse(Struct, frozen=True, kw_only=True):
    """Spectrum of one lit pair of a fibre, in slots of 12.5 GHz."""

    fibre: str
    pair: int
    open_slots: int
    """Slots that light may use at all."""
    used_slots: int
    free_slots: int
    fill: float
    """used / open; 0 where nothing is open."""
    largest_run: int
    """Free slots side by side, at most."""
    free_runs: int
    fragmentation: float
    """1 - largest_run / free_slots; 0 where nothing is free."""
    more_waves: tuple[int, ...]
    """Waves that still find room on this pair alone, by width, in the order asked for."""


def pair_use(
    occupancy: Occupancy, names: Mapping[int, str], widths_ghz: Sequence[float]
) -> tuple[PairUse, ...]:
    """Every lit pair, by fibre and number.

    Parameters
    ----------
    names
        By fibre index.
    widths_ghz
        Widths to count ``more_waves`` of, each as if no other were added.
    """
    return tuple(
        _pair(occupancy, fibre, pair, names[fibre], widths_ghz)
        for fibre, masks in occupancy.masks().items()
        for pair in range(1, len(masks) + 1)
    )


def room_for(free: int, slot_ghz: float) -> int:
    """Channels of one width that find room in free slots.

    >>> room_for(0b1111_0111_1110, 37.5)
    3
    """
    width = slot_count(slot_ghz)
    return sum(run // width for _, run in free_runs(free))


def _pair(
    occupancy: Occupancy, fibre: int, pair: int, name: str, widths_ghz: Sequence[float]
) -> PairUse:
    free = occupancy.free(fibre, pair)
    runs = [run for _, run in free_runs(free)]
    largest, count = max(runs, default=0), sum(runs)
    opened = occupancy.band.on(fibre).open_slots
    return PairUse(
        fibre=name,
        pair=pair,
        open_slots=opened,
        used_slots=opened - count,
        free_slots=count,
        fill=(opened - count) / opened if opened else 0.0,
        largest_run=largest,
        free_runs=len(runs),
        fragmentation=1.0 - largest / count if count else 0.0,
        more_waves=tuple(room_for(free, width_ghz) for width_ghz in widths_ghz),
    )
