"""Where a wave can sit: in the slot that stands, in that slot widened, or in a slot of its own.

A wider channel takes free neighbours on every fibre of its segment and on the pairs that it rides.
Where an end's add/drop is fixed it keeps its centre. A slot of its own is the lowest that is free
on all fibres of a segment, on pairs lit already or on one more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from arterial.design.standing import Standing, Wave, transparent
from arterial.optics.combs import GRID_GHZ
from arterial.optics.modes import RouteOption
from arterial.optics.occupancy import Occupancy, installed_groups, occupancy_of
from arterial.optics.spectrum import slot_count
from arterial.optics.spectrum_band import slots_touched, span
from arterial.optics.spectrum_fibre import starts

__all__ = ["Ends", "Seat", "Seats"]

Ends = tuple[tuple[str, int], tuple[str, int]]
"""(site, router) at both ends of a route, in its order."""


@dataclass(frozen=True)
class Seat:
    """Spectrum of one wave on a route."""

    slot_ghz: float
    pairs: tuple[int, ...]
    """By hop."""
    centres_ghz: tuple[float, ...]
    """By hop."""


class Seats:
    """Taken slots while waves come and go, and frequencies on add/drop groups."""

    def __init__(self, base: Standing) -> None:
        network = base.plan.network
        self.occupancy: Occupancy = occupancy_of(base.plan)
        self._base = base
        self._fibre = {row.name: number for number, row in enumerate(network.fibres)}
        self._contended = {site.name for site in network.sites if not site.contentionless}
        self._fixed = {site.name for site in network.sites if not site.tunable}
        self._groups: dict[tuple[str, int], int] = {}
        self._kept = installed_groups(network, self.occupancy.band)
        ends = {link.name: (link.a, link.z) for link in base.plan.ip_links}
        hops: dict[str, list[tuple[int, float]]] = {}
        for hop in base.plan.lightpath_hops:
            hops.setdefault(hop.lightpath, []).append((hop.hop, hop.centre_ghz))
        for row in base.plan.lightpaths:
            a, z = ends[row.link]
            ridden = sorted(hops[row.name])
            self._mark((a, row.router_a), ridden[0][1], row.slot_ghz, taken=True)
            self._mark((z, row.router_z), ridden[-1][1], row.slot_ghz, taken=True)

    def fixed(self, ends: Ends) -> bool:
        """Whether a wave between these ends keeps its frequency."""
        return any(site in self._fixed for site, _ in ends)

    def release(self, wave: Wave, ends: Ends) -> None:
        """Free what a wave takes."""
        for hop in wave.hops:
            touched = slots_touched(self.occupancy.band, hop.centre_ghz, wave.row.slot_ghz)
            self.occupancy.release(self._fibre[hop.fibre], hop.pair, *touched)
        self._mark(ends[0], wave.hops[0].centre_ghz, wave.row.slot_ghz, taken=False)
        self._mark(ends[1], wave.hops[-1].centre_ghz, wave.row.slot_ghz, taken=False)

    def take(self, seat: Seat, arcs: Sequence[int], ends: Ends) -> None:
        """Occupy a seat."""
        for arc, pair, centre_ghz in zip(arcs, seat.pairs, seat.centres_ghz, strict=True):
            touched = slots_touched(self.occupancy.band, centre_ghz, seat.slot_ghz)
            self.occupancy.take(arc // 2, pair, *touched)
        self._mark(ends[0], seat.centres_ghz[0], seat.slot_ghz, taken=True)
        self._mark(ends[1], seat.centres_ghz[-1], seat.slot_ghz, taken=True)

    def same(self, wave: Wave, option: RouteOption, ends: Ends) -> Seat | None:
        """The slot that a wave has, or that slot widened; None where a neighbour is in the way."""
        pairs = tuple(hop.pair for hop in wave.hops)
        segments = transparent(option.regenerator_hops, len(wave.hops))
        if any(len({h.centre_ghz for h in wave.hops[i:j]}) > 1 for i, j in segments):
            return None
        if option.slot_ghz <= wave.row.slot_ghz:
            return Seat(wave.row.slot_ghz, pairs, tuple(hop.centre_ghz for hop in wave.hops))
        keep, width = self.fixed(ends), slot_count(option.slot_ghz)
        band = self.occupancy.band
        old = slots_touched(band, wave.hops[0].centre_ghz, wave.row.slot_ghz)[1]
        width += (width - old) % 2 if keep else 0
        width = max(width, old)
        centres: list[float] = []
        for first, end in segments:
            start = self._widened(wave, first, end, width, ends, keep=keep)
            if start is None:
                return None
            centres += [band.centre_ghz(start, width)] * (end - first)
        slot_ghz = width * GRID_GHZ if keep else option.slot_ghz
        return Seat(slot_ghz, pairs, tuple(centres))

    def fresh(self, arcs: Sequence[int], option: RouteOption, ends: Ends) -> Seat | None:
        """A slot of its own, lighting pairs where none has room; None where cables are full."""
        trial = self.occupancy.copy()
        width, pairs, centres = slot_count(option.slot_ghz), list[int](), list[float]()
        for first, end in transparent(option.regenerator_hops, len(arcs)):
            fibres = [arc // 2 for arc in arcs[first:end]]
            among = self._among(first, end, len(arcs), ends, width)
            start = trial.first_fit(fibres, width, among)
            while start is None:
                if not self._light(trial, fibres, width):
                    return None
                start = trial.first_fit(fibres, width, among)
            found = trial.pairs_at(fibres, start, width)
            assert found is not None, "a slot that fits stands free on a pair of every fibre"
            pairs += found
            centres += [trial.band.centre_ghz(start, width)] * len(fibres)
        self.occupancy = trial
        return Seat(option.slot_ghz, tuple(pairs), tuple(centres))

    def _light(self, trial: Occupancy, fibres: Sequence[int], width: int) -> bool:
        """Light one more pair where it helps: on full fibres, else on the cheapest."""
        network, cost = self._base.plan.network, self._base.ground.pair_cost
        if width > min(trial.band.on(fibre).widest for fibre in fibres):
            return False
        spare = [f for f in fibres if trial.pairs(f) < network.fibres[f].pairs]
        full = [f for f in fibres if trial.first_fit([f], width) is None]
        if any(fibre not in spare for fibre in full) or not spare:
            return False
        for fibre in full or [min(spare, key=lambda f: (float(cost[f]), f))]:
            trial.light(fibre)
        return True

    def _widened(
        self, wave: Wave, first: int, end: int, width: int, ends: Ends, *, keep: bool
    ) -> int | None:
        """Where a segment's channel can start when it is ``width`` slots wide."""
        band, among = self.occupancy.band, -1
        start, old = slots_touched(band, wave.hops[first].centre_ghz, wave.row.slot_ghz)
        own = span(start, old)
        for hop in wave.hops[first:end]:
            free = self.occupancy.free(self._fibre[hop.fibre], hop.pair) | own
            among &= starts(free & band.open, width)
        among &= self._among(first, end, len(wave.hops), ends, width, own)
        shifts = [start - (width - old) // 2] if keep else range(start + old - width, start + 1)
        return next((at for at in shifts if at >= 0 and among >> at & 1), None)

    def _among(self, first: int, end: int, hops: int, ends: Ends, width: int, own: int = 0) -> int:
        """Starts that the add/drop groups at a segment's ends allow."""
        band, among = self.occupancy.band, -1
        for group, here in ((ends[0], first == 0), (ends[1], end == hops)):
            if here and group[0] in self._contended:
                used = self._groups.get(group, 0) & ~own | self._kept.get(group, 0)
                among &= starts(band.open & ~used, width)
        return among

    def _mark(
        self, group: tuple[str, int], centre_ghz: float, slot_ghz: float, *, taken: bool
    ) -> None:
        if group[0] in self._contended:
            touched = span(*slots_touched(self.occupancy.band, centre_ghz, slot_ghz))
            here = self._groups.get(group, 0)
            self._groups[group] = here | touched if taken else here & ~touched
