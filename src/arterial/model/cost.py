"""What things cost, normalised: one 400G long-haul pluggable is 1.

No public price list could be verified: every default is an ASSUMPTION to be replaced by the
user's own. Yearly costs count over ``years``.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from arterial.model.line import assumed
from arterial.model.quantity import NonNegative, Positive

__all__ = ["Costs"]


class Costs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unit costs; a pluggable's own cost stands in the catalogue."""

    years: Annotated[Positive, assumed("yearly costs count over five years")] = 5.0
    """Over which yearly costs are added up."""
    pair_km_year: Annotated[NonNegative, assumed("a leased pair-km for a year")] = 0.004
    """A fibre pair, per kilometre and year."""
    fibre_build_km: NonNegative | None = None
    """Building a candidate fibre, per kilometre of its route, once; absent means that none is
    counted."""
    amplifier_hut: Annotated[NonNegative, assumed("one bidirectional in-line amplifier")] = 2.0
    """An amplifier hut, per pair lit."""
    roadm_degree: Annotated[NonNegative, assumed("one degree with its amplifiers")] = 4.0
    """A ROADM degree: one end of a lit pair."""
    line_terminal: Annotated[
        NonNegative, assumed("two ROADM degrees: filters, amplifiers, monitoring, power feed")
    ] = 8.0
    """A line terminal of a subsea system: one end of a lit pair, in place of a ROADM degree."""
    router_port: Annotated[NonNegative, assumed("share of a line card for one pluggable")] = 0.5
    """A router port, its share of the line card in it."""
    line_card_ports: Annotated[int, Meta(ge=1), assumed("12 ports a line card")] = 12
    """Ports of one line card: how many cards are ordered; their cost is in ``router_port``."""
    chassis: Annotated[NonNegative, assumed("one router chassis with fabric and control")] = 6.0
    """A router chassis; bought in whole pieces."""
    chassis_ports: Annotated[int, Meta(ge=1), assumed("36 ports a chassis")] = 36
    """Pluggables that one chassis takes."""
    regenerator: Annotated[
        NonNegative, assumed("shelf and slot of one back-to-back regenerator, pluggables apart")
    ] = 0.3
    """A regenerator, its two pluggables apart."""
    edge_site_year: Annotated[NonNegative, assumed("keeping one edge site in service")] = 4.0
    """An edge site, per year."""
    edge_site_build: Annotated[NonNegative, assumed("building a candidate edge site")] = 25.0
    """Turning a candidate edge into an edge."""
    watt_year: Annotated[NonNegative, assumed("one watt for a year, cooling included")] = 0.0002
    """A watt, per year."""
    gpu_year: NonNegative | UnsetType = UNSET
    """An accelerator of a replica, per year; absent means that it costs nothing."""
    gpu_kw_year: NonNegative | UnsetType = UNSET
    """A kilowatt for accelerators, per year; absent means that it costs nothing."""
    pluggables: dict[str, NonNegative] = {}
    """Cost of a pluggable by its mode's name, in place of the catalogue's."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""
