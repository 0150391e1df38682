"""Fibre routes and ready-made IP links.

A fibre is a cable route between two sites with some pairs in it; a shared risk (SRLG) is whatever
takes several of them down at once: a duct, a bridge, a site's only entrance. A ready-made link
needs no optics of ours: it stands, or somebody sells it in units.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from arterial.model.line import assumed
from arterial.model.quantity import Count, NonNegative, Positive, RouteKm
from arterial.names import Name

__all__ = ["Fibre", "Link", "LinkKind", "Risk"]

LinkKind = Literal["own", "leased-wave", "on-ramp", "peering"]
"""What a ready-made link is: one's own, a wave of a carrier, a cloud's on-ramp, a peering port."""


class Fibre(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fibre route between two sites (a row of fibres.csv)."""

    name: Name
    """What plans and failures call the route."""
    a: Name
    """The site at one end."""
    z: Name
    """The site at the other end."""
    length_km: RouteKm | None = None
    """Route length; absent means unknown, and everything that needs it is unknown."""
    type: Annotated[
        Literal["SSMF", "NZDF", "LOF"], assumed("G.652 where the table names no type")
    ] = "SSMF"
    """GNPy's names: G.652, G.655, large-area G.654."""
    status: Literal["existing", "leasable", "candidate"] = "existing"
    """In hand, for lease, or still to be built."""
    pairs: Annotated[
        int, Meta(ge=1, le=10_000), assumed("four pairs where the table gives no number")
    ] = 4
    """Pairs that can be lit, those lit already included."""
    lit_pairs: Count = 0
    """Pairs with a line system on them already: they cost nothing more."""
    risks: tuple[Name, ...] = ()
    """Shared risks that take the whole route down."""
    subsea: bool = False
    """A wet span: terrestrial amplifiers do not describe it, its ``system`` does."""
    system: Name | None = None
    """The subsea system that describes a wet span; absent means that its light is unknown."""
    loss_db_per_km: Positive | None = None
    """Absent means ``line.loss_db_per_km``."""
    pair_km_year: NonNegative | None = None
    """Cost of a pair-kilometre and year; absent means ``costs.pair_km_year``."""
    setup_cost: NonNegative | None = None
    """Cost once, when the first pair is lit: building a candidate, or what a carrier charges.
    Absent means ``costs.fibre_build_km`` along a candidate, else none."""
    lead_time_months: NonNegative | None = None
    """Until the first pair can be lit."""
    repair_h: Positive | None = None
    """Mean time to repair, from a cut to light again; absent means the weeks of its ``system``,
    and on land what was published, where failure odds are asked."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""

    @property
    def described(self) -> bool:
        """True where something says what light does: a length on land, a system under the sea."""
        return self.system is not None if self.subsea else self.length_km is not None


class Link(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bidirectional IP link that needs no optics: it stands, or can be bought (links.csv)."""

    name: Name
    """What plans and failures call the link; no fibre has the same name."""
    a: Name
    """The site at one end."""
    z: Name
    """The site at the other end."""
    capacity_gbps: Positive
    """In each direction, of one unit."""
    kind: LinkKind = "own"
    """Your own, a leased wave, a cloud on-ramp, or a peering."""
    status: Literal["existing", "available"] = "existing"
    """One unit stands and costs nothing more, or none does before it is bought."""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 1
    """Units that there can be, one that stands included."""
    setup_cost: NonNegative | None = None
    """Cost of a unit bought, once; ports at both ends come on top."""
    cost_year: NonNegative | None = None
    """Cost of a unit bought, per year."""
    gbps_year: NonNegative | None = None
    """Cost per year of each Gb/s booked without failure, in the fuller direction."""
    lead_time_months: NonNegative | None = None
    """From order to use."""
    repair_h: Positive | None = None
    """Mean time to repair, as whoever sells it promises; used where failure odds are asked."""
    floor_rtt_ms: Positive | None = None
    """Round trip below which the link never is; not below light over the great circle."""
    length_km: NonNegative | None = None
    """Route length."""
    latency_ms: NonNegative | None = None
    """One way; absent means the planning value over ``length_km``."""
    igp_metric: Annotated[int, Meta(ge=1, le=2**24 - 1)] | None = None
    """IS-IS or OSPF cost."""
    risks: tuple[Name, ...] = ()
    """Shared risks that take the link down."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""

    @property
    def standing(self) -> int:
        """Units that stand already."""
        return 1 if self.status == "existing" else 0

    @property
    def for_sale(self) -> int:
        """Units that can be bought."""
        return self.most - self.standing

    def unit_cost(self, years: float) -> float:
        """One unit bought and paid for ``years``, its ports apart."""
        return (self.setup_cost or 0.0) + (self.cost_year or 0.0) * years


class Risk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a shared risk is and how it is known (a row of risks.csv; listing one is optional)."""

    name: Name
    """What fibres and links call the risk."""
    note: str = ""
    """What it is: a bridge, a duct, a landing station."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""
