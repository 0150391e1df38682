"""Spectrum by first fit: the lowest frequency free on every fibre of a transparent segment.

A lightpath rides the two fibres of a pair, one each way, on the same frequency; it keeps its
frequency over all hops of a segment and takes on each hop the first pair that has room there.
Light that stands already is kept where it is, closed slots are left alone, and at a site whose
add/drop is not contentionless a frequency stands once on each group. What does not fit is told with
the fibre that stops it, never squeezed in. A few microseconds a hop.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from arterial.optics.spectrum_band import Band, grid_band, slot_count, span
from arterial.optics.spectrum_fibre import FibreSpectrum, common_starts, starts

__all__ = [
    "Assignment",
    "Band",
    "Group",
    "Placement",
    "SpectrumRequest",
    "Unplaced",
    "assign",
    "grid_band",
    "slot_count",
]

Group = tuple[str, int]
"""Site and router whose add/drop takes a frequency once."""


class SpectrumRequest(Struct, frozen=True, kw_only=True):
    """One transparent segment that wants light."""

    name: str
    fibres: tuple[int, ...]
    """Indices of the fibres it rides, each once, in order."""
    slot_ghz: float
    groups: tuple[Group, ...] = ()
    """Add/drop groups that it ends on and that are not contentionless."""


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
    why: Literal["band", "full", "continuity", "contention"]
    """No band is as wide as the slot; no pair of this fibre has room; each fibre has some, but
    never the same, or not where its add/drop has; or its add/drop groups have no frequency left
    that is free on all of them, however many pairs are lit."""


class Assignment(Struct, frozen=True, kw_only=True):
    """What a first fit came to."""

    band: Band
    placed: tuple[Placement, ...]
    """In the order of the requests."""
    unplaced: tuple[Unplaced, ...]
    used: dict[int, tuple[int, ...]]
    """By fibre: occupied slots of each lit pair, as bits; what stood before included."""

    def fill(self, fibre: int) -> float:
        """Share of the open slots in use on the fullest pair of a fibre."""
        taken = max((mask.bit_count() for mask in self.used.get(fibre, ())), default=0)
        return taken / self.band.on(fibre).open_slots if taken else 0.0


def assign(
    requests: Sequence[SpectrumRequest],
    pairs_lit: Mapping[int, int],
    band: Band,
    *,
    taken: Mapping[int, Sequence[int]] | None = None,
    groups: Mapping[Group, int] | None = None,
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
    taken
        By fibre: slots that stand already on each pair, the first pair first, as bits.
    groups
        By add/drop group: frequencies that stand on it already, as bits.
    """
    ridden = {fibre for request in requests for fibre in request.fibres}
    stands = taken or {}
    spectra = {
        fibre: FibreSpectrum(pairs_lit.get(fibre, 0), band.on(fibre), stands.get(fibre, ()))
        for fibre in sorted(ridden | set(pairs_lit) | set(stands))
    }
    contended = dict(groups or {})
    placed: dict[int, Placement] = {}
    unplaced: dict[int, Unplaced] = {}
    for number in sorted(range(len(requests)), key=lambda number: _rank(requests[number])):
        request = requests[number]
        answer = _place(request, [spectra[fibre] for fibre in request.fibres], band, contended)
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


def _rank(request: SpectrumRequest) -> tuple[int, float, str]:
    return (-len(request.fibres), -request.slot_ghz, request.name)


def _place(
    request: SpectrumRequest, hops: Sequence[FibreSpectrum], band: Band, groups: dict[Group, int]
) -> Placement | Unplaced:
    assert request.fibres, "a segment rides a fibre"
    assert len(set(request.fibres)) == len(request.fibres), "a segment rides a fibre once"
    width = slot_count(request.slot_ghz)
    common = -1
    for group in request.groups:
        common &= starts(band.open & ~groups.get(group, 0), width)
    if not common and width <= band.widest:
        return _stopped(request, hops, width, "contention")
    common &= common_starts(hops, width)
    if not common:
        widest = min(band.on(fibre).widest for fibre in request.fibres)
        return _stopped(request, hops, width, "band" if width > widest else "continuity")
    first = (common & -common).bit_length() - 1
    bits = span(first, width)
    for group in request.groups:
        groups[group] = groups.get(group, 0) | bits
    return Placement(
        name=request.name,
        first_slot=first,
        slots=width,
        centre_ghz=band.centre_ghz(first, width),
        pairs=tuple([spectrum.settle(bits) for spectrum in hops]),
    )


def _stopped(
    request: SpectrumRequest,
    hops: Sequence[FibreSpectrum],
    width: int,
    why: Literal["band", "continuity", "contention"],
) -> Unplaced:
    room = [spectrum.room(width) for spectrum in hops]
    tightest = min(range(len(room)), key=lambda hop: (room[hop].bit_count(), hop))
    full = why == "continuity" and not room[tightest]
    return Unplaced(name=request.name, fibre=request.fibres[tightest], why="full" if full else why)
