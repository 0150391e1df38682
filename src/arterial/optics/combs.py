"""Combs: the few full loads of equal channels that stand for every pluggable mode.

Physics is worked out once a comb and section, not once a mode. At constant power spectral density
the noise-to-signal ratio hardly depends on the baud rate (63 and 118 GBd side by side stay within
-0.16 and +0.07 dB of their own combs), so two classes do: slots up to 100 GHz, and wider ones. A
class's comb takes the slot width that most of its modes ask for and the highest baud rate that they
use in it: the fullest load, hence the pessimistic one. Margins for mixed combs stand in
``network.margins``.

A mode without a slot or a baud rate belongs to no comb: its light is unknown.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.model.pluggable import Mode

__all__ = ["GRID_GHZ", "Comb", "comb_index", "combs"]

GRID_GHZ = 12.5
"""Granularity of slot widths, ITU-T G.694.1 flexible grid."""

WIDEST_NARROW_GHZ = 100.0
"""Slots up to this width share a comb."""


class Comb(Struct, frozen=True, kw_only=True):
    """A band filled with channels of one kind."""

    name: str
    slot_ghz: float
    baud_gbd: float
    widest_ghz: float | None
    """Modes whose slot is at most this wide (None: any) and too wide for the comb before."""
    centres_thz: tuple[float, ...]
    """Centre frequencies, ascending."""


def combs(modes: Sequence[Mode], line: LineSystem) -> tuple[Comb, ...]:
    """The combs that stand for ``modes``, narrow first; a class without modes has none."""
    known = [
        (mode.slot_ghz, mode.baud_gbd)
        for mode in modes
        if mode.slot_ghz is not None and mode.baud_gbd is not None
    ]
    narrow = [pair for pair in known if pair[0] <= WIDEST_NARROW_GHZ]
    wide = [pair for pair in known if pair[0] > WIDEST_NARROW_GHZ]
    return tuple(
        _comb(name, pairs, widest, line)
        for name, pairs, widest in (
            ("narrow", narrow, WIDEST_NARROW_GHZ),
            ("wide", wide, None),
        )
        if pairs
    )


def comb_index(mode: Mode, combs: Sequence[Comb]) -> int | None:
    """Which comb a mode's channel belongs to, or None when its slot or baud rate is unknown.

    >>> comb = Comb(name="narrow", slot_ghz=75, baud_gbd=60, widest_ghz=100, centres_thz=())
    >>> mode = Mode(name="m", module="m", rate_gbps=400, status="ASSUMPTION", source="none")
    >>> comb_index(mode, (comb,)) is None
    True
    """
    if mode.slot_ghz is None or mode.baud_gbd is None:
        return None
    slot_ghz = mode.slot_ghz
    return next(
        (
            index
            for index, comb in enumerate(combs)
            if comb.widest_ghz is None or slot_ghz <= comb.widest_ghz
        ),
        None,
    )


def _comb(
    name: str, pairs: Sequence[tuple[float, float]], widest_ghz: float | None, line: LineSystem
) -> Comb:
    votes = Counter(slot for slot, _ in pairs)
    slot_ghz = min(votes, key=lambda slot: (-votes[slot], slot))
    baud_gbd = max(baud for slot, baud in pairs if slot == slot_ghz)
    band_ghz = (line.f_max_thz - line.f_min_thz) * 1000.0
    channels = int(band_ghz / slot_ghz + 1e-9)
    return Comb(
        name=name,
        slot_ghz=slot_ghz,
        baud_gbd=baud_gbd,
        widest_ghz=widest_ghz,
        centres_thz=tuple(
            line.f_min_thz + (channel + 0.5) * slot_ghz / 1000.0 for channel in range(channels)
        ),
    )
