"""Routes over fibres: names and directions on one side, directed section numbers on the other.

Fibre m ridden from its a to its z is section 2 m, the other way 2 m + 1.
"""

from collections.abc import Sequence
from itertools import pairwise

from arterial.model.fibre import Fibre
from arterial.model.network import Network

__all__ = [
    "fibre_route",
    "is_forward",
    "regenerator_sites",
    "reverse_route",
    "ridden_fibre",
    "route_sites",
    "transparent_segments",
]


def fibre_route(network: Network, source: str, fibres: Sequence[str]) -> tuple[int, ...]:
    """Directed sections of a walk from site ``source`` over named fibres.

    Raises
    ------
    ValueError
        A fibre does not start where the walk stands, or is unknown.
    """
    known = {fibre.name: index for index, fibre in enumerate(network.fibres)}
    route: list[int] = []
    here = source
    for name in fibres:
        if name not in known:
            raise ValueError(f"no fibre is called '{name}'")
        fibre = network.fibres[known[name]]
        if here not in (fibre.a, fibre.z):
            raise ValueError(f"fibre '{name}' does not start at '{here}'")
        route.append(2 * known[name] + (here != fibre.a))
        here = fibre.z if here == fibre.a else fibre.a
    return tuple(route)


def ridden_fibre(network: Network, section: int) -> Fibre:
    """The fibre of a directed section."""
    return network.fibres[section // 2]


def is_forward(section: int) -> bool:
    """True where a section rides its fibre from a to z."""
    return section % 2 == 0


def route_sites(network: Network, route: Sequence[int]) -> tuple[str, ...]:
    """Sites along a route, ends included: one more than it has sections."""
    if not route:
        return ()
    ends = [_ends(network, section) for section in route]
    for (_, target), (source, _) in pairwise(ends):
        assert target == source, "a route goes on where it stands"
    return (ends[0][0], *(target for _, target in ends))


def reverse_route(route: Sequence[int]) -> tuple[int, ...]:
    """The same fibres ridden the other way.

    >>> reverse_route((0, 5))
    (4, 1)
    """
    return tuple(section ^ 1 for section in reversed(route))


def transparent_segments(
    route: Sequence[int], regenerator_hops: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """A route cut where light is regenerated, after the sections counted in ``regenerator_hops``.

    >>> transparent_segments((0, 2, 4), (1,))
    ((0, 2), (4,))
    """
    cuts = (0, *(hop + 1 for hop in regenerator_hops), len(route))
    return tuple(tuple(route[start:end]) for start, end in pairwise(cuts))


def regenerator_sites(
    network: Network, route: Sequence[int], regenerator_hops: Sequence[int]
) -> tuple[str, ...]:
    """Sites where light is regenerated, in order."""
    sites = route_sites(network, route)
    return tuple(sites[hop + 1] for hop in regenerator_hops)


def _ends(network: Network, section: int) -> tuple[str, str]:
    fibre = ridden_fibre(network, section)
    return (fibre.a, fibre.z) if is_forward(section) else (fibre.z, fibre.a)
