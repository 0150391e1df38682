"""Places: where fibre meets, where models train, where models answer, where people are.

A site may play several roles: a carrier hotel is a junction and an edge; a metro served at its
junction is a market there. A failure tells them apart: an edge site fails alone (its replicas), a
router fails alone (half of the site's waves, when there are two), a junction site fails whole.
"""

from typing import Literal

from msgspec import Struct

from arterial.model.quantity import Count, Latitude, Longitude, NonNegative, Positive
from arterial.names import Name

__all__ = ["Campus", "Market", "Role", "Site"]

Role = Literal["junction", "campus", "edge", "candidate-edge", "market"]
"""``candidate-edge`` may be built where it pays; ``edge`` stands already."""


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place with a ROADM, and routers where traffic is added (a row of sites.csv)."""

    name: Name
    lat: Latitude | None = None
    """Degrees north; absent when unknown, then every distance from it is unknown."""
    lon: Longitude | None = None
    roles: tuple[Role, ...] = ("junction",)
    routers: Count | None = None
    """Routers; absent means two where traffic is added (campus, edge, market), none elsewhere."""
    ports: Count | None = None
    """Router ports for coherent pluggables, all routers together; absent means no limit."""
    slots: Count | None = None
    """Chassis that fit into the site's racks; absent means no limit."""
    power_kw: Positive | None = None
    """Power for transmission equipment; absent means no limit."""
    source: str = ""


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who ask models for answers, and the site they enter by (a row of markets.csv)."""

    name: Name
    site: Name
    people: Positive
    access_ms: NonNegative | None = None
    """One-way delay from a user to the site; absent means ``latency.access_ms``."""
    source: str = ""


class Campus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A training campus at a site (a row of campuses.csv)."""

    name: Name
    site: Name
    mw: NonNegative
    """Facility power now, MW."""
    mw_planned: NonNegative
    """Facility power planned, MW: what workloads scale by."""
    power_cents_per_kwh: Positive | None = None
    source: str = ""
