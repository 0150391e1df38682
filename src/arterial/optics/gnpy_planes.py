"""Lit pairs laid out as a network that GNPy can find its way back in.

GNPy finds the way back between two ROADMs by their names alone: of two lines between the same two
it takes the first, for noise and for spectrum. A network with several pairs lit on a fibre is
therefore drawn in planes: a site has a ROADM in each plane that uses it, and no plane has two lines
between the same two sites. A service stays in one plane; light is the same in all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from arterial.model.network import Network
from arterial.optics.line_request import LineRequest, TerrestrialRoute, line_request

__all__ = ["Layout", "PlaneLine", "Ride", "laid_out"]


class Ride(Struct, frozen=True, kw_only=True):
    """The lines that one service rides, in order."""

    route: tuple[int, ...]
    """Directed sections: fibre m from a to z is 2 m, the other way 2 m + 1."""
    pairs: tuple[int, ...]
    """1-based pair on each."""


class PlaneLine(Struct, frozen=True, kw_only=True, order=True):
    """A lit pair in a plane."""

    plane: int
    fibre: int
    pair: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A request whose sites are plane times sites + site, and what its routes stand for."""

    request: LineRequest
    planes: int
    plane: tuple[int, ...]
    """Of each ride."""
    lines: tuple[PlaneLine, ...]
    """Of each route of the request."""


def laid_out(network: Network, rides: Sequence[Ride]) -> Layout:
    """Lines that the rides need, in as few planes as first fit finds.

    Every fibre ridden has light: its length is known and it is not subsea.
    """
    request = line_request(network)
    routes = {route.fibre: route for route in request.routes}
    between: list[dict[tuple[int, int], tuple[int, int]]] = []
    """By plane: the line (fibre, pair) between two sites."""
    plane: list[int] = []
    for ride in rides:
        wanted = _wanted(routes, ride)
        number = next((n for n, laid in enumerate(between) if _fits(laid, wanted)), len(between))
        if number == len(between):
            between.append({})
        between[number].update(wanted)
        plane.append(number)
    lines = sorted(
        PlaneLine(plane=number, fibre=fibre, pair=pair)
        for number, laid in enumerate(between)
        for fibre, pair in laid.values()
    )
    return Layout(
        request=msgspec.structs.replace(
            request, routes=tuple(_moved(network, routes[line.fibre], line.plane) for line in lines)
        ),
        planes=len(between),
        plane=tuple(plane),
        lines=tuple(lines),
    )


def _wanted(
    routes: dict[int, TerrestrialRoute], ride: Ride
) -> dict[tuple[int, int], tuple[int, int]]:
    wanted: dict[tuple[int, int], tuple[int, int]] = {}
    for section, pair in zip(ride.route, ride.pairs, strict=True):
        route = routes[section // 2]
        wanted[min(route.a, route.z), max(route.a, route.z)] = (route.fibre, pair)
    assert len(wanted) == len(ride.route), "a transparent segment passes a site once"
    return wanted


def _fits(
    laid: dict[tuple[int, int], tuple[int, int]], wanted: dict[tuple[int, int], tuple[int, int]]
) -> bool:
    return all(laid.get(ends, line) == line for ends, line in wanted.items())


def _moved(network: Network, route: TerrestrialRoute, plane: int) -> TerrestrialRoute:
    shift = plane * len(network.sites)
    return msgspec.structs.replace(route, a=route.a + shift, z=route.z + shift)
