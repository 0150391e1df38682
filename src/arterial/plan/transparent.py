"""Where a wave's light is made anew: its hops between one regenerator and the next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from arterial.model.network import Network
from arterial.plan.rows import LightpathHop, RestoredHop

__all__ = ["Ends", "fibre_ends", "transparent_parts"]

Ends = Mapping[str, tuple[str, str]]
"""By fibre: its ends a and z."""

_Hop = TypeVar("_Hop", LightpathHop, RestoredHop)


def fibre_ends(network: Network) -> dict[str, tuple[str, str]]:
    """Both ends of every fibre, by its name."""
    return {fibre.name: (fibre.a, fibre.z) for fibre in network.fibres}


def transparent_parts(
    ends: Ends, regenerators: Sequence[str], hops: Sequence[_Hop]
) -> Iterator[list[_Hop]]:
    """The hops of each transparent segment, in order; none of a wave that rides nothing.

    Parameters
    ----------
    regenerators
        Sites from a to z. Each ends a segment where the wave first reaches it after the one
        before; one at the last hop's end, or at a site that is not passed, ends none.
    hops
        Of one wave, in order.
    """
    waiting = list(regenerators)
    part: list[_Hop] = []
    for number, hop in enumerate(hops, 1):
        part.append(hop)
        reached = ends[hop.fibre][1 if hop.forward else 0]
        if waiting and reached == waiting[0] and number < len(hops):
            waiting.pop(0)
            yield part
            part = []
    if part:
        yield part
