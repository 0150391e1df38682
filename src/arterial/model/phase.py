"""Years to come: what is asked in each phase, what comes on line, what money and forecasts do.

A phase is a year with a load. Phases stand in the order of their years; whatever one brings on line
(a campus's power, a fibre) stays for all that follow.
"""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.line import assumed
from arterial.model.quantity import Fraction, NonNegative, Positive
from arterial.names import Name

__all__ = ["Horizon", "Phase", "Year"]

Year = Annotated[int, Meta(ge=1990, le=2200)]


class Phase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A year from which a load must be carried."""

    name: Name
    """What plans and reports call the phase."""
    year: Year
    """In service from the start of this year."""
    load: Name
    """The load to carry, by name."""
    scale: dict[str, Positive] = {}
    """By workload of the load, on top of the load's own scale: growth, or a shift from training to
    inference; absent means 1."""
    demand_scale: Positive = 1.0
    """Factor on the rows of the load's demand table."""
    also: tuple[Name, ...] = ()
    """Further loads that must be carried too, one at a time (``--demand robust``)."""
    campuses_mw: dict[str, NonNegative] = {}
    """Power by campus from this phase on, MW; one named by no earlier phase draws none before."""
    fibres: tuple[Name, ...] = ()
    """Fibres that cannot be used before this phase."""
    risks: tuple[Name, ...] = ()
    """Shared risks whose fibres cannot be used before this phase."""
    source: str = ""
    """Where the phase's figures come from; empty means from you."""


class Horizon(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for all phases: money over time, and how well the future is known."""

    start_year: Year | None = None
    """First orders can be placed at its start; absent means early enough for every lead time."""
    discount_rate: Annotated[
        Fraction, assumed("money costs 8 % a year, near the WACC that operators report")
    ] = 0.08
    """A year later costs so much less; counted from the first phase."""
    price_factor: Annotated[Positive, assumed("equipment keeps its price")] = 1.0
    """What equipment costs a year later, as a factor; leases, edges and power keep their price."""
    price_factors: dict[str, Positive] = {}
    """The same for the pluggables of a mode, by the mode's name."""
    forecast_error: Annotated[
        Fraction, assumed("each class of traffic is misjudged by up to 20 % a year ahead")
    ] = 0.2
    """Share by which a forecast may be off, each year ahead; a phase's own year is known."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""
