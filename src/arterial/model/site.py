"""Places: where fibre meets, where models train, where models answer, where people are.

A site may play several roles: a carrier hotel is a junction and an edge; a metro served at its
junction is a market there. A failure tells them apart: an edge site fails alone (its replicas), a
router fails alone (half of the site's waves, when there are two), a junction site fails whole.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from arterial.model.line import assumed
from arterial.model.quantity import Count, Latitude, Longitude, NonNegative, Positive
from arterial.names import Name

__all__ = ["AddDrop", "Campus", "Market", "Role", "Site"]

Role = Literal["junction", "campus", "edge", "candidate-edge", "market"]
"""``candidate-edge`` may be built where it pays; ``edge`` stands already."""

AddDrop = Literal["CDC", "CD", "C", "fixed"]
"""What a ROADM's add/drop can do.

C is colourless: a pluggable can be tuned to any frequency. D is directionless: it can be sent
towards any fibre of the site. The last C is contentionless: the same frequency may stand twice on
one add/drop group, towards two fibres. ``C`` alone is colourless only, ``CD`` colourless and
directionless; ``fixed`` is none of these, so that a wave keeps the frequency and the fibre that it
was installed with.
"""


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place with a ROADM, and routers where traffic is added (a row of sites.csv)."""

    name: Name
    """What every other table calls the site."""
    lat: Latitude | None = None
    """Degrees north; absent when unknown, then every distance from it is unknown."""
    lon: Longitude | None = None
    """Degrees east."""
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)] = ("junction",)
    """What the site is; a site may be several things at once."""
    routers: Annotated[
        Count | None, assumed("two routers where traffic is added, none at other sites")
    ] = None
    """Routers; absent means two where traffic is added (campus, edge, market), none elsewhere."""
    ports: Count | None = None
    """Router ports for coherent pluggables, all routers together; absent means no limit."""
    slots: Count | None = None
    """Chassis that fit into the site's racks; absent means no limit."""
    spare_regenerators: Count = 0
    """Back-to-back regenerators that stand ready for restoration, of any module."""
    power_kw: Positive | None = None
    """Power for transmission equipment; absent means no limit."""
    gpus: Count | UnsetType = UNSET
    """Accelerators that replicas here may have; absent means no limit."""
    gpu_kw: NonNegative | UnsetType = UNSET
    """Power for accelerators, apart from ``power_kw``; absent means no limit."""
    gpu_year: NonNegative | UnsetType = UNSET
    """Cost of an accelerator here, per year; absent means ``costs.gpu_year``."""
    gpu_kw_year: NonNegative | UnsetType = UNSET
    """Cost of a kilowatt for accelerators here, per year; absent means ``costs.gpu_kw_year``."""
    add_drop: Annotated[AddDrop | None, assumed("CDC where the table does not say")] = None
    """Colourless, directionless, contentionless; absent means ``CDC``, able to do all three."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""

    @property
    def tunable(self) -> bool:
        """A wave that ends here can change its frequency."""
        return self.add_drop != "fixed"

    @property
    def directionless(self) -> bool:
        """A wave that ends here can leave by another fibre."""
        return self.add_drop in (None, "CDC", "CD")

    @property
    def contentionless(self) -> bool:
        """One add/drop group takes a frequency more than once."""
        return self.add_drop in (None, "CDC")


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People who ask models for answers, and the site they enter by (a row of markets.csv)."""

    name: Name
    """The market's name: a metropolitan area, say."""
    site: Name
    """The site, of role market, by which its people enter the backbone."""
    people: Positive
    """Inhabitants."""
    access_ms: NonNegative | None = None
    """One-way delay from a user to the site; absent means ``latency.access_ms``."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""


class Campus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A training campus at a site (a row of campuses.csv)."""

    name: Name
    """The campus's name."""
    site: Name
    """Its site, of role campus."""
    mw: NonNegative
    """Facility power now, MW."""
    mw_planned: NonNegative
    """Facility power planned, MW: what workloads scale by."""
    power_cents_per_kwh: Positive | None = None
    """Price of power, US cents per kWh."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""
