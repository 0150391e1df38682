"""Combs: the few full loads of equal channels that stand for every pluggable mode.

Physics is worked out once a comb and section, not once a mode. At constant power spectral density
the noise-to-signal ratio hardly depends on the baud rate (``optics.load`` has the measured bound
for classes side by side), so two classes do: slots up to 100 GHz, and wider ones. A class's comb
takes the slot width that most of its modes ask for and the highest baud rate that they use in it:
the fullest load. Where a line carries two bands, a comb fills
both. Margins for mixed combs stand in ``network.margins``.

A mode without a slot or a baud rate belongs to no comb: its light is unknown.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.model.pluggable import Mode

__all__ = ["GRID_GHZ", "Channel", "Comb", "comb_index", "combs"]

GRID_GHZ = 12.5
"""Granularity of slot widths, ITU-T G.694.1 flexible grid."""

WIDEST_NARROW_GHZ = 100.0
"""Slots up to this width share a comb."""


class Channel(Struct, frozen=True, kw_only=True):
    """One channel of a load that is no full comb."""

    centre_thz: float
    slot_ghz: float
    baud_gbd: float


class Comb(Struct, frozen=True, kw_only=True):
    """The bands of a line filled with channels of one kind."""

    name: str
    slot_ghz: float
    baud_gbd: float
    wider_than_ghz: float
    widest_ghz: float | None
    """Modes whose slot is wider than the one and at most the other (None: any) belong to it."""
    centres_thz: tuple[float, ...]
    """Centre frequencies, ascending."""
    band: tuple[int, ...]
    """Of each channel: index into ``LineSystem.band_limits_thz``."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The same, one by one."""
        return tuple(
            Channel(centre_thz=centre, slot_ghz=self.slot_ghz, baud_gbd=self.baud_gbd)
            for centre in self.centres_thz
        )


def combs(modes: Sequence[Mode], line: LineSystem) -> tuple[Comb, ...]:
    """The combs that stand for ``modes``, narrow first.

    A class has none when it has no modes, or when the band has no room for a single channel.
    """
    known = [
        (mode.slot_ghz, mode.baud_gbd)
        for mode in modes
        if mode.slot_ghz is not None and mode.baud_gbd is not None
    ]
    assert all(baud <= slot for slot, baud in known), "a channel fits its slot"
    found = (
        _comb("narrow", known, 0.0, WIDEST_NARROW_GHZ, line),
        _comb("wide", known, WIDEST_NARROW_GHZ, None, line),
    )
    return tuple(comb for comb in found if comb is not None)


def comb_index(mode: Mode, combs: Sequence[Comb]) -> int | None:
    """Which comb a mode's channel belongs to; None when its width is unknown or no comb has it."""
    if mode.slot_ghz is None or mode.baud_gbd is None:
        return None
    slot_ghz = mode.slot_ghz
    return next(
        (
            index
            for index, comb in enumerate(combs)
            if comb.wider_than_ghz < slot_ghz
            and (comb.widest_ghz is None or slot_ghz <= comb.widest_ghz)
        ),
        None,
    )


def _comb(
    name: str,
    known: Sequence[tuple[float, float]],
    wider_than_ghz: float,
    widest_ghz: float | None,
    line: LineSystem,
) -> Comb | None:
    pairs = [
        (slot, baud)
        for slot, baud in known
        if wider_than_ghz < slot and (widest_ghz is None or slot <= widest_ghz)
    ]
    if not pairs:
        return None
    votes = Counter(slot for slot, _ in pairs)
    slot_ghz = min(votes, key=lambda slot: (-votes[slot], slot))
    centres_thz = [_centres_thz(low, high, slot_ghz) for low, high in line.band_limits_thz]
    if not any(centres_thz):
        return None
    return Comb(
        name=name,
        slot_ghz=slot_ghz,
        baud_gbd=max(baud for slot, baud in pairs if slot == slot_ghz),
        wider_than_ghz=wider_than_ghz,
        widest_ghz=widest_ghz,
        centres_thz=tuple(chain.from_iterable(centres_thz)),
        band=tuple(band for band, centres in enumerate(centres_thz) for _ in centres),
    )


def _centres_thz(low_thz: float, high_thz: float, slot_ghz: float) -> list[float]:
    """Channels side by side from the lower end of a band, as many as fit."""
    channels = int((high_thz - low_thz) * 1000.0 / slot_ghz + 1e-9)
    return [low_thz + (channel + 0.5) * slot_ghz / 1000.0 for channel in range(channels)]
