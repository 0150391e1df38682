"""What `growth` answers: campuses, pairs of them, and what each plant carries for how long."""

from typing import Literal

from msgspec import Struct

from arterial.design.growth_plant import Bands, Pairs

__all__ = ["CampusPower", "Grown", "PairGrowth", "PlantGrowth", "Verdict"]

Verdict = Literal["yes", "no", "unknown"]


class PlantGrowth(Struct, frozen=True, kw_only=True):
    """The most that one plant carries between two campuses; NaN where unknown."""

    bands: Bands
    pairs: Pairs
    beside: bool
    """Waves in service and of the plan keep their spectrum, but for IP links that join the two."""
    regenerators: bool
    carried_gbps: float
    """By waves that were put into pairs and slots, each way."""
    waves: int
    terabytes_per_hour: float
    terabytes_per_day: float
    bound_gbps: float
    """No waves over the routes tried carry more (scope ``paths``)."""
    gap: float
    """(bound - carried) / bound; 0 where both are 0."""
    network_bound_gbps: float
    """No waves over any routes carry more (scope ``network``)."""
    network_gap: float
    cut: tuple[str, ...]
    """Fibres that make the network's bound."""
    runs_out: int | None
    """First year whose demand exceeds what is carried; None: never, or unknown."""
    runs_out_at_most: int | None
    """The same by the network's bound: no light keeps pace for longer."""
    growth_to_horizon: float
    """Largest yearly growth that what is carried sustains to the horizon."""
    planned_runs_out: int | None
    """The same with demand in proportion to planned power."""
    planned_growth_to_horizon: float


class PairGrowth(Struct, frozen=True, kw_only=True):
    """Two campuses."""

    a: str
    z: str
    verdict: Verdict
    """Whether some plant keeps pace to the horizon."""
    why: str
    """What leaves it unknown, or that no fibre joins the two."""
    length_km: float
    """Shortest route of known light."""
    routes: int
    """Tried."""
    asked_gbps: float
    """Demand between the two, the larger direction."""
    training_gbps: float
    """Of it, classes of synchronous and DiLoCo training."""
    planned_asked_gbps: float
    """Demand times planned power over power now, of the two together; NaN without power now."""
    today_gbps: float
    """What can be moved between the two today."""
    today_by: Literal["ip-links", "lit fibre"]
    """Whether that is IP links, or C-band light over pairs lit already."""
    plants: tuple[PlantGrowth, ...]


class CampusPower(Struct, frozen=True, kw_only=True):
    """A campus: power beside traffic."""

    name: str
    mw: float
    mw_planned: float
    dci_gbps: float
    """To or from other campuses, the larger direction."""
    backbone_gbps: float
    """The same to and from everywhere."""
    gbps_per_mw: float
    """``dci_gbps`` over MW now; NaN without power now."""
    gbps_per_mw_planned: float
    terabytes_per_day: float
    """At ``dci_gbps``."""
    fibre_bound_gbps: float
    """What its fibres carry at most in the largest plant (scope ``network``)."""


class Grown(Struct, frozen=True, kw_only=True):
    """The whole answer."""

    network: str
    of: Literal["plan", "network"]
    load: str
    verdict: Verdict
    """The worst of the pairs shown."""
    growth_per_year: float
    from_year: int
    horizon: int
    with_candidates: bool
    pairs_in_all: int
    pairs: tuple[PairGrowth, ...]
    """Those with training traffic first, then by traffic."""
    campuses: tuple[CampusPower, ...]
    notes: tuple[str, ...]
    """What was assumed, and what is left out."""
