"""Add/drop that takes a frequency once: waves that end on one router of a site and share slots.

One add/drop group a router (ASSUMPTION), as in the designer's rules, worked out here from edges in
GHz. Nobody says on which router a wave in service ends, so every group of its site that the plan
uses counts it; two waves in service are let be, for they stand. Regenerators have groups of their
own (ASSUMPTION).
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from arterial.model.network import Network
from arterial.model.wave import Wave
from arterial.plan.transparent import Ends, fibre_ends

__all__ = ["IN_SERVICE", "Group", "Slot", "contended", "contending_sites", "overlapping", "slot_of"]

Slot = tuple[float, float, str]
"""Lower and upper edge, GHz, and the wave that stands there."""

Group = tuple[str, int]
"""A site and one of its routers."""

IN_SERVICE = "in service: "

_GHZ = 1e-6


def slot_of(centre_ghz: float, slot_ghz: float, name: str) -> Slot:
    """What a channel takes."""
    return (centre_ghz - slot_ghz / 2.0, centre_ghz + slot_ghz / 2.0, name)


def overlapping(slots: Iterable[Slot]) -> Iterator[tuple[str, str]]:
    """Two waves wherever one begins before another has ended.

    >>> list(overlapping([(0.0, 4.0, "a"), (5.0, 9.0, "c"), (3.0, 5.0, "b")]))
    [('a', 'b')]
    """
    reach, owner = -math.inf, ""
    for low, high, name in sorted(slots):
        if low < reach - _GHZ:
            yield owner, name
        if high > reach:
            reach, owner = high, name


def contending_sites(network: Network) -> frozenset[str]:
    """Sites whose add/drop is not contentionless."""
    return frozenset(site.name for site in network.sites if not site.contentionless)


def contended(
    network: Network, groups: Mapping[Group, Iterable[Slot]]
) -> Iterator[tuple[Group, str, str]]:
    """Waves that want one frequency of one group twice.

    Parameters
    ----------
    groups
        By group at a site that contends: slots of the waves that end there.
    """
    ends = fibre_ends(network)
    standing: dict[str, list[Slot]] = {}
    for wave in network.waves:
        slot = slot_of(wave.centre_ghz, wave.slot_ghz, IN_SERVICE + wave.name)
        for site in _ends_of(ends, wave):
            standing.setdefault(site, []).append(slot)
    for group, slots in groups.items():
        for one, other in overlapping([*slots, *standing.get(group[0], ())]):
            if not (one.startswith(IN_SERVICE) and other.startswith(IN_SERVICE)):
                yield group, one, other


def _ends_of(ends: Ends, wave: Wave) -> set[str]:
    """Both sites where a wave in service ends."""
    place = wave.a
    for fibre in wave.fibres:
        (place,) = set(ends[fibre]) - {place}
    return {wave.a, place}
