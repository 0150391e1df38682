"""Which slots of which pairs are taken, kept while waves come and go.

For engines that ask again and again: after a cut, for an upgrade, beside what stands. Fibres are
known by their index in the network, pairs by their number from 1, slots by bits of one Python
integer. A question takes a few microseconds a fibre.
"""

from collections.abc import Mapping, Sequence

from arterial.fabric.failures import router_count
from arterial.model.network import Network
from arterial.optics.spectrum import Group
from arterial.optics.spectrum_band import Band, slots_touched, span
from arterial.optics.spectrum_fibre import FibreSpectrum, common_starts
from arterial.optics.wet import network_band
from arterial.plan.plan import Plan
from arterial.plan.transparent import fibre_ends

__all__ = ["Occupancy", "installed_groups", "installed_slots", "occupancy_of"]


class Occupancy:
    """Taken slots of every lit pair of a network."""

    def __init__(
        self,
        band: Band,
        pairs_lit: Mapping[int, int],
        taken: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self.band = band
        stands = taken or {}
        self._fibres = {
            fibre: FibreSpectrum(pairs, band.on(fibre), stands.get(fibre, ()))
            for fibre, pairs in sorted(pairs_lit.items())
        }
        self._shared: set[int] = set()
        """Fibres of which another occupancy holds the same spectrum: copied before a change."""

    def fork(self, closed: int = 0) -> "Occupancy":
        """The same slots, to be changed apart, without closed fibres (bits).

        Only what changes is copied, and what is asked of the rest is worked out once for all; this
        occupancy itself must not change any more.
        """
        twin = Occupancy(self.band, {})
        twin._fibres = {m: one for m, one in self._fibres.items() if not closed >> m & 1}
        twin._shared = set(twin._fibres)
        return twin

    def _own(self, fibre: int) -> FibreSpectrum:
        """A fibre's spectrum that nobody else holds."""
        if fibre in self._shared:
            self._shared.remove(fibre)
            self._fibres[fibre] = self._fibres[fibre].copy()
        return self._fibres[fibre]

    def copy(self) -> "Occupancy":
        """The same slots, to be changed apart."""
        masks = self.masks()
        return Occupancy(self.band, {fibre: len(used) for fibre, used in masks.items()}, masks)

    def masks(self) -> dict[int, tuple[int, ...]]:
        """By fibre: taken slots of each lit pair, as bits."""
        return {fibre: tuple(spectrum.used) for fibre, spectrum in self._fibres.items()}

    def fibres(self) -> set[int]:
        """Fibres of which anything is lit."""
        return set(self._fibres)

    def pairs(self, fibre: int) -> int:
        """Pairs lit on a fibre."""
        return len(self._fibres[fibre].used) if fibre in self._fibres else 0

    def free(self, fibre: int, pair: int) -> int:
        """Slots of a pair that are open and not taken, as bits; none where it is not lit."""
        if not 1 <= pair <= self.pairs(fibre):
            return 0
        return self._fibres[fibre].free(pair)

    def room(self, fibre: int, width: int) -> int:
        """Slots of a fibre where ``width`` free ones begin on any pair, as bits."""
        spectrum = self._fibres.get(fibre)
        return 0 if spectrum is None else spectrum.room(width)

    def first_fit(self, fibres: Sequence[int], width: int, among: int = -1) -> int | None:
        """The lowest slot from which ``width`` are free on some pair of every fibre.

        Parameters
        ----------
        among
            Slots at which the channel may begin, as bits; all of them by default.
        """
        if any(fibre not in self._fibres for fibre in fibres):
            return None
        common = common_starts([self._fibres[fibre] for fibre in fibres], width)
        return _lowest(common & among)

    def pairs_at(self, fibres: Sequence[int], first: int, width: int) -> tuple[int, ...] | None:
        """The first pair of each fibre that is free there; None where a fibre has none."""
        found: list[int] = []
        for fibre in fibres:
            spectrum = self._fibres.get(fibre)
            pair = None if spectrum is None else spectrum.pair_with_room(first, width)
            if pair is None:
                return None
            found.append(pair)
        return tuple(found)

    def light_on(self, fibres: Sequence[int], first: int, width: int) -> tuple[int, ...]:
        """Occupy slots on the first pair of each fibre that is free there; those pairs."""
        wanted = span(first, width)
        found: list[int] = []
        for fibre in fibres:
            spectrum = self._own(fibre) if fibre in self._shared else self._fibres[fibre]
            for pair, used in enumerate(spectrum.used, 1):
                if not used & wanted:
                    spectrum.take(pair, first, width)
                    found.append(pair)
                    break
        assert len(found) == len(fibres), "every fibre has room there"
        return tuple(found)

    def take(self, fibre: int, pair: int, first: int, width: int) -> None:
        """Occupy slots that are free."""
        spectrum = self._own(fibre)
        assert not spectrum.used[pair - 1] & span(first, width), "these slots are free"
        spectrum.take(pair, first, width)

    def free_bits(self, fibre: int, pair: int, slots: int) -> None:
        """Free slots, given as bits, whether taken or not."""
        spectrum = self._own(fibre)
        spectrum.set(pair, spectrum.used[pair - 1] & ~slots)

    def release(self, fibre: int, pair: int, first: int, width: int) -> None:
        """Free slots that are taken."""
        wanted = span(first, width)
        spectrum = self._own(fibre)
        used = spectrum.used[pair - 1]
        assert used & wanted == wanted, "these slots are taken"
        spectrum.set(pair, used & ~wanted)

    def light(self, fibre: int) -> int:
        """Light one more pair of a fibre, empty; its number."""
        if fibre not in self._fibres:
            self._fibres[fibre] = FibreSpectrum(0, self.band.on(fibre))
        return self._own(fibre).light()


def occupancy_of(plan: Plan) -> Occupancy:
    """What a plan's lightpaths and the waves in service take, on pairs that it lights or finds lit.

    A channel off the grid takes every slot that it touches. Hops on pairs that are not lit, which
    the prover refuses, take slots all the same.
    """
    band = network_band(plan.network)
    index = {fibre.name: number for number, fibre in enumerate(plan.network.fibres)}
    lit = {number: fibre.lit_pairs for number, fibre in enumerate(plan.network.fibres)}
    for row in plan.lit_fibres:
        lit[index[row.fibre]] = max(row.pairs, lit[index[row.fibre]])
    slot_ghz = {wave.name: wave.slot_ghz for wave in plan.lightpaths}
    taken = installed_slots(plan.network, band)
    for hop in plan.lightpath_hops:
        fibre = index[hop.fibre]
        lit[fibre] = max(lit[fibre], hop.pair)
        masks = taken.setdefault(fibre, [])
        masks.extend([0] * (hop.pair - len(masks)))
        touched = slots_touched(band, hop.centre_ghz, slot_ghz[hop.lightpath])
        masks[hop.pair - 1] |= span(*touched)
    return Occupancy(band, {fibre: pairs for fibre, pairs in lit.items() if pairs}, taken)


def installed_slots(network: Network, band: Band) -> dict[int, list[int]]:
    """By fibre: slots that waves in service take on each pair, as bits, the first pair first."""
    index = {fibre.name: number for number, fibre in enumerate(network.fibres)}
    taken: dict[int, list[int]] = {}
    for wave in network.waves:
        bits = span(*slots_touched(band, wave.centre_ghz, wave.slot_ghz))
        for name, pair in wave.hops:
            masks = taken.setdefault(index[name], [])
            masks.extend([0] * (pair - len(masks)))
            masks[pair - 1] |= bits
    return taken


def installed_groups(network: Network, band: Band) -> dict[Group, int]:
    """By add/drop group that is not contentionless: frequencies of waves in service, as bits.

    Nobody says on which router of a site such a wave ends, so each of them counts it.
    """
    sites = {site.name: site for site in network.sites}
    ends = fibre_ends(network)
    groups: dict[Group, int] = {}
    for wave in network.waves:
        here = wave.a
        for fibre in wave.fibres:
            here = ends[fibre][1 if here == ends[fibre][0] else 0]
        bits = span(*slots_touched(band, wave.centre_ghz, wave.slot_ghz))
        for site in (sites[wave.a], sites[here]):
            for router in range(1, router_count(site) + 1) if not site.contentionless else ():
                groups[site.name, router] = groups.get((site.name, router), 0) | bits
    return groups


def _lowest(slots: int) -> int | None:
    return (slots & -slots).bit_length() - 1 if slots else None
