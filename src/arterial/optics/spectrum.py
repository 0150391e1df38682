"""Spectrum by first fit: the lowest frequency free on every fibre of a transparent segment.

Slots lie on the flexible grid of ITU-T G.694.1: steps of 12.5 GHz, counted from 193.1 THz.
A lightpath rides the two fibres of a pair, one each way, on the same frequency; it keeps its
frequency over all hops of a segment and takes on each hop the first pair that has room there.
Occupied slots of a pair are one Python integer, bit by slot: a few microseconds a hop. What does
not fit is told with the fibre that stops it, never squeezed in.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.optics.combs import GRID_GHZ

__all__ = [
    "Assignment",
    "Band",
    "Placement",
    "SpectrumRequest",
    "Unplaced",
    "assign",
    "grid_band",
    "slot_count",
]

ANCHOR_GHZ = 193_100.0
"""Where the grid is counted from, ITU-T G.694.1."""


class Band(Struct, frozen=True, kw_only=True):
    """The slots of 12.5 GHz that amplifiers carry."""

    start_ghz: float
    """Lower edge of slot 0."""
    slots: int


class SpectrumRequest(Struct, frozen=True, kw_only=True):
    """One transparent segment that wants light."""

    name: str
    fibres: tuple[int, ...]
    """Indices of the fibres it rides, each once, in order."""
    slot_ghz: float


class Placement(Struct, frozen=True, kw_only=True):
    """Where a segment's light was put."""

    name: str
    first_slot: int
    slots: int
    centre_ghz: float
    pairs: tuple[int, ...]
    """1-based pair on each fibre of the request."""


class Unplaced(Struct, frozen=True, kw_only=True):
    """A segment that found no room, and what stopped it."""

    name: str
    fibre: int
    """The fibre with least room for it."""
    why: Literal["band", "full", "continuity"]
    """The band is narrower than the slot; no pair of this fibre has room; or each fibre has some,
    but never the same."""


class Assignment(Struct, frozen=True, kw_only=True):
    """What a first fit came to."""

    band: Band
    placed: tuple[Placement, ...]
    """In the order of the requests."""
    unplaced: tuple[Unplaced, ...]
    used: dict[int, tuple[int, ...]]
    """By fibre: occupied slots of each lit pair, as bits."""

    def fill(self, fibre: int) -> float:
        """Share of the band in use on the fullest pair of a fibre."""
        taken = max((mask.bit_count() for mask in self.used.get(fibre, ())), default=0)
        return taken / self.band.slots if taken else 0.0


def grid_band(line: LineSystem) -> Band:
    """The whole slots of the grid within a line system's band.

    >>> grid_band(LineSystem())
    Band(start_ghz=191300.0, slots=384)
    """
    first = math.ceil((line.f_min_thz * 1000.0 - ANCHOR_GHZ) / GRID_GHZ - 1e-6)
    last = math.floor((line.f_max_thz * 1000.0 - ANCHOR_GHZ) / GRID_GHZ + 1e-6)
    return Band(start_ghz=ANCHOR_GHZ + first * GRID_GHZ, slots=max(last - first, 0))


def slot_count(slot_ghz: float) -> int:
    """Slots of the grid that a channel takes.

    >>> [slot_count(width) for width in (75.0, 87.5, 112.5, 150.0)]
    [6, 7, 9, 12]
    """
    return math.ceil(slot_ghz / GRID_GHZ - 1e-9)


def assign(
    requests: Sequence[SpectrumRequest], pairs_lit: Mapping[int, int], band: Band
) -> Assignment:
    """Give every segment the first frequency that is free over all its hops.

    Parameters
    ----------
    requests
        Served longest first (most fibres, then widest, then by name), whatever their order here.
    pairs_lit
        Pairs lit on each fibre, by fibre index; a fibre that is absent has none.
    band
        Slots on each pair.
    """
    ridden = {fibre for request in requests for fibre in request.fibres}
    spectra = {
        fibre: _FibreSpectrum(pairs_lit.get(fibre, 0), band.slots)
        for fibre in sorted(ridden | set(pairs_lit))
    }
    placed: dict[int, Placement] = {}
    unplaced: dict[int, Unplaced] = {}
    for number in sorted(range(len(requests)), key=lambda number: _rank(requests[number])):
        request = requests[number]
        answer = _place(request, [spectra[fibre] for fibre in request.fibres], band)
        if isinstance(answer, Placement):
            placed[number] = answer
        else:
            unplaced[number] = answer
    return Assignment(
        band=band,
        placed=tuple(placed[number] for number in sorted(placed)),
        unplaced=tuple(unplaced[number] for number in sorted(unplaced)),
        used={fibre: tuple(spectrum.used) for fibre, spectrum in spectra.items()},
    )


class _FibreSpectrum:
    """Occupied slots of a fibre's pairs, and where each width could still start.

    Starts are kept a width and pair, and a pair that changed is worked out again when a width next
    asks for it: with 24 pairs lit that takes a quarter of the time.
    """

    def __init__(self, pairs: int, slots: int) -> None:
        self.used = [0] * pairs
        self._slots = slots
        self._starts: dict[int, list[int]] = {}
        self._stale: dict[int, set[int]] = {}
        """By width: pairs that changed since their starts were worked out."""
        self._room: dict[int, int] = {}

    def room(self, width: int) -> int:
        """Slots where ``width`` free ones begin on any pair."""
        if width not in self._room:
            self._room[width] = _union(self.starts(width))
        return self._room[width]

    def starts(self, width: int) -> list[int]:
        """The same by pair."""
        if width not in self._starts:
            self._starts[width] = [0] * len(self.used)
            self._stale[width] = set(range(len(self.used)))
        starts, stale = self._starts[width], self._stale[width]
        while stale:
            pair = stale.pop()
            starts[pair] = _starts(self.used[pair], width, self._slots)
        return starts

    def take(self, first: int, width: int) -> int:
        """Occupy ``width`` slots from ``first`` on the first pair with room; its 1-based number."""
        bit = 1 << first
        pair = next(pair for pair, free in enumerate(self.starts(width)) if free & bit)
        self.used[pair] |= ((1 << width) - 1) << first
        for stale in self._stale.values():
            stale.add(pair)
        self._room.clear()
        return pair + 1


def _rank(request: SpectrumRequest) -> tuple[int, float, str]:
    return (-len(request.fibres), -request.slot_ghz, request.name)


def _place(
    request: SpectrumRequest, hops: Sequence[_FibreSpectrum], band: Band
) -> Placement | Unplaced:
    assert request.fibres, "a segment rides a fibre"
    assert len(set(request.fibres)) == len(request.fibres), "a segment rides a fibre once"
    width = slot_count(request.slot_ghz)
    room = [spectrum.room(width) for spectrum in hops]
    common = -1
    for starts in room:
        common &= starts
    if not common:
        return _stopped(request, room, too_wide=width > band.slots)
    first = (common & -common).bit_length() - 1
    return Placement(
        name=request.name,
        first_slot=first,
        slots=width,
        centre_ghz=band.start_ghz + (first + width / 2) * GRID_GHZ,
        pairs=tuple(spectrum.take(first, width) for spectrum in hops),
    )


def _stopped(request: SpectrumRequest, room: list[int], *, too_wide: bool) -> Unplaced:
    tightest = min(range(len(room)), key=lambda hop: (room[hop].bit_count(), hop))
    return Unplaced(
        name=request.name,
        fibre=request.fibres[tightest],
        why="band" if too_wide else "continuity" if room[tightest] else "full",
    )


def _union(masks: Iterable[int]) -> int:
    """Bits set in any mask."""
    union = 0
    for mask in masks:
        union |= mask
    return union


def _starts(used: int, width: int, slots: int) -> int:
    """Bits where ``width`` free slots begin: runs doubled until they are long enough."""
    free = ~used & ((1 << slots) - 1)
    reach = 1
    while reach < width:
        step = min(reach, width - reach)
        free &= free >> step
        reach += step
    return free
