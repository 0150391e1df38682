"""What things cost, normalised: one 400G long-haul pluggable is 1.

No public price list could be verified: every default is an ASSUMPTION to be replaced by the
user's own. Yearly costs count over ``years``.
"""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.line import assumed
from arterial.model.quantity import NonNegative, Positive

__all__ = ["Costs"]


class Costs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unit costs; a pluggable's own cost stands in the catalogue."""

    years: Annotated[Positive, assumed("yearly costs count over five years")] = 5.0
    pair_km_year: Annotated[NonNegative, assumed("a leased pair-km for a year")] = 0.004
    amplifier_hut: Annotated[NonNegative, assumed("one bidirectional in-line amplifier")] = 2.0
    roadm_degree: Annotated[NonNegative, assumed("one degree with its amplifiers")] = 4.0
    router_port: Annotated[NonNegative, assumed("share of a line card for one pluggable")] = 0.5
    chassis: Annotated[NonNegative, assumed("one router chassis with fabric and control")] = 6.0
    chassis_ports: Annotated[int, Meta(ge=1), assumed("36 ports a chassis")] = 36
    regenerator: Annotated[
        NonNegative, assumed("shelf and slot of one back-to-back regenerator, pluggables apart")
    ] = 0.3
    edge_site_year: Annotated[NonNegative, assumed("keeping one edge site in service")] = 4.0
    edge_site_build: Annotated[NonNegative, assumed("building a candidate edge site")] = 25.0
    watt_year: Annotated[NonNegative, assumed("one watt for a year, cooling included")] = 0.0002
    sources: dict[str, str] = {}
