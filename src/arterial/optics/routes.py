"""Routes over fibres: what names the directed sections of a route stand for.

Fibre m ridden from its a to its z is section 2 m, the other way 2 m + 1.
"""

from collections.abc import Sequence
from itertools import pairwise

from arterial.model.fibre import Fibre
from arterial.model.network import Network

__all__ = ["ridden_fibre", "route_sites"]


def ridden_fibre(network: Network, section: int) -> Fibre:
    """The fibre of a directed section."""
    return network.fibres[section // 2]


def route_sites(network: Network, route: Sequence[int]) -> tuple[str, ...]:
    """Sites along a route, ends included: one more than it has sections."""
    if not route:
        return ()
    ends = [_ends(network, section) for section in route]
    for (_, target), (source, _) in pairwise(ends):
        assert target == source, "a route goes on where it stands"
    return (ends[0][0], *(target for _, target in ends))


def _ends(network: Network, section: int) -> tuple[str, str]:
    fibre = ridden_fibre(network, section)
    return (fibre.a, fibre.z) if section % 2 == 0 else (fibre.z, fibre.a)
