"""A fibre plant to be filled: pairs, their free slots, and the light of every section.

The same cables are several plants: the pairs lit already or all of them, the C band or C and L.
What a plan's waves take can be kept out of it. Occupied and free slots are bits of one Python
integer a pair, as in ``arterial.optics.spectrum_band``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import structs

from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.optics.occupancy import installed_slots, occupancy_of
from arterial.optics.sections import Sections
from arterial.optics.spectrum_band import Band, slots_touched, span
from arterial.optics.wet import network_band
from arterial.plan.plan import Plan

__all__ = ["Bands", "Pairs", "Plant", "Standing", "banded", "plant_of", "standing_of"]

Bands = Literal["C", "C+L"]
Pairs = Literal["lit", "all"]
Ends = tuple[str, str]


@dataclass(frozen=True)
class Plant:
    """Fibres with their pairs and free spectrum; M fibres."""

    network: Network
    """Its line carries the plant's bands."""
    sections: Sections
    free: tuple[tuple[int, ...], ...]
    """(M,) free slots of each pair, as bits; no pairs where a fibre is not of the plant."""


@dataclass(frozen=True)
class Standing:
    """What is lit already, on the grid of one line system."""

    lit: tuple[int, ...]
    """(M,) pairs lit, by the network or by the plan."""
    taken: Mapping[int, Sequence[int]]
    """By fibre: occupied slots of each lit pair, as bits."""
    own: Mapping[Ends, Sequence[tuple[int, int, int]]]
    """By ends of an IP link, sorted: (fibre, pair from 0, slots) of its waves."""


def banded(network: Network, bands: Bands) -> Network:
    """The network with a line system of these bands."""
    return structs.replace(network, line=structs.replace(network.line, bands=bands))


def standing_of(network: Network, plan: Plan | None) -> Standing:
    """What stands on a network's line: pairs lit, waves in service, and a plan's waves."""
    if plan is None:
        taken = installed_slots(network, network_band(network))
        lit = [max(row.lit_pairs, len(taken.get(m, ()))) for m, row in enumerate(network.fibres)]
        return Standing(tuple(lit), taken, {})
    there = structs.replace(plan, network=network)
    occupancy = occupancy_of(there)
    return Standing(
        tuple(occupancy.pairs(m) for m in range(len(network.fibres))),
        occupancy.masks(),
        _own(there, network_band(network)),
    )


def plant_of(
    network: Network,
    sections: Sections,
    standing: Standing,
    pairs: Pairs,
    *,
    beside: Ends | None = None,
    with_candidates: bool = False,
) -> Plant:
    """The pairs of a plant and what is free on them.

    Parameters
    ----------
    beside
        Ends of a pair of sites: all waves that stand are kept out, but for those of IP links that
        join these two directly. None takes every pair as empty.
    with_candidates
        Fibres for lease or to be built count as well; without it only those that exist and those
        on which the plan has lit a pair.
    """
    band = network_band(network)
    taken = {m: list(masks) for m, masks in standing.taken.items()} if beside else {}
    for m, pair, slots in standing.own.get(beside, ()) if beside else ():
        taken[m][pair] &= ~slots
    return Plant(
        network,
        sections,
        tuple(
            _free(band.on(m), _pairs(fibre, lit, pairs, with_candidates), taken.get(m, ()))
            for m, (fibre, lit) in enumerate(zip(network.fibres, standing.lit, strict=True))
        ),
    )


def _pairs(fibre: Fibre, lit: int, pairs: Pairs, with_candidates: bool) -> int:  # noqa: FBT001
    if pairs == "lit":
        return lit
    ours = fibre.status == "existing" or lit > 0 or with_candidates
    return max(fibre.pairs, lit) if ours else 0


def _free(band: Band, pairs: int, taken: Sequence[int]) -> tuple[int, ...]:
    stands = [*taken, *([0] * (pairs - len(taken)))][:pairs]
    return tuple(band.open & ~mask for mask in stands)


def _own(plan: Plan, band: Band) -> dict[Ends, list[tuple[int, int, int]]]:
    """Slots of every IP link's waves, by its ends."""
    index = {fibre.name: number for number, fibre in enumerate(plan.network.fibres)}
    ends = {link.name: (min(link.a, link.z), max(link.a, link.z)) for link in plan.ip_links}
    waves = {wave.name: wave for wave in plan.lightpaths}
    own: dict[Ends, list[tuple[int, int, int]]] = {}
    for hop in plan.lightpath_hops:
        wave = waves[hop.lightpath]
        touched = slots_touched(band, hop.centre_ghz, wave.slot_ghz)
        entry = (index[hop.fibre], hop.pair - 1, span(*touched))
        own.setdefault(ends[wave.link], []).append(entry)
    return own
