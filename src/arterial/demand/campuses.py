"""Campuses on the globe: who is large enough, and how far apart they stand.

A workload that needs distances refuses a campus whose site has no coordinates.
"""

import math
from collections.abc import Sequence

from arterial.errors import ModelError, Problem
from arterial.model.network import Network
from arterial.model.site import Campus
from arterial.units import great_circle_km

__all__ = ["by_bearing", "distance_km", "planned_from", "position_deg"]


def planned_from(network: Network, mw: float) -> tuple[Campus, ...]:
    """Campuses planned at ``mw`` or more, in the network's order."""
    return tuple(campus for campus in network.campuses if campus.mw_planned >= mw)


def position_deg(network: Network, campus: Campus) -> tuple[float, float]:
    """Latitude and longitude of a campus.

    Raises
    ------
    ModelError
        When its site has no coordinates.
    """
    for site in network.sites:
        if site.name == campus.site and site.lat is not None and site.lon is not None:
            return site.lat, site.lon
    problem = Problem(
        file="network.yaml",
        field="tables.sites",
        found=f"site '{campus.site}' of campus '{campus.name}' has no coordinates",
        expected="A workload needs its distance from the other campuses: give both",
    )
    raise ModelError([problem])


def distance_km(network: Network, one: Campus, other: Campus) -> float:
    """Great-circle distance between two campuses, km."""
    return great_circle_km(*position_deg(network, one), *position_deg(network, other))


def by_bearing(network: Network, campuses: Sequence[Campus]) -> tuple[Campus, ...]:
    """Campuses in the order of their bearing around their common centre, counter-clockwise.

    Longitudes count from the first campus, so that a ring may lie across the date line.
    """
    if not campuses:
        return ()
    places = [position_deg(network, campus) for campus in campuses]
    first_lon = places[0][1]
    north = [lat for lat, _ in places]
    east = [(lon - first_lon + 180.0) % 360.0 - 180.0 for _, lon in places]
    centre_north, centre_east = sum(north) / len(north), sum(east) / len(east)
    bearing = {
        campus.name: math.atan2(lat - centre_north, lon - centre_east)
        for campus, lat, lon in zip(campuses, north, east, strict=True)
    }
    return tuple(sorted(campuses, key=lambda campus: (bearing[campus.name], campus.name)))
