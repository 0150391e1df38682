"""The shapes that are set beside a free design, and what finding them proved."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from arterial.demand.offers import market_offers
from arterial.design.answering import answered
from arterial.design.ground import Ground
from arterial.design.rings import Rings, rings, too_long
from arterial.design.roads import pair_links
from arterial.design.shape import Shape
from arterial.design.spokes import Hubs, Weigh, hub_and_spoke, hubs_of

__all__ = ["OWN", "HubFigures", "RingFigures", "ShapeSet", "hub_figures", "ring_figures"]

OWN = "own"


class HubFigures(Struct, frozen=True, kw_only=True):
    """Where the hubs stand."""

    sites: tuple[str, ...]
    weigh: Weigh
    value: float
    """People, or Gb/s, times km of fibre to their hubs."""
    bound: float
    """No choice of as many hubs has less."""
    gap: float


class RingFigures(Struct, frozen=True, kw_only=True):
    """How long the rings are."""

    rings: int
    tour_km: float
    """Of the tours found, over the shortest fibre between sites that follow each other."""
    bound_km: float
    """No tours through the same sites are shorter."""
    gap: float
    km: float
    """Of fibre, detours around shared risks included."""
    shared: tuple[str, ...]
    """Fibres and shared risks that take down more than one link of a ring."""
    half_lap_ms: float
    """Round trip half way round one ring through all, planning value of the fibre."""


class ShapeSet:
    """Makes the shapes of one load, hubs found once."""

    def __init__(self, ground: Ground, load: str, edges: Sequence[int]) -> None:
        """``edges``: sites that answer on rings and own links."""
        self._ground = ground
        self._load = load
        self._edges = list(edges)

    def hubs(self, count: int, weigh: Weigh) -> Hubs:
        """Where hubs stand."""
        return hubs_of(self._ground, self._load, count, weigh)

    def spokes(self, hubs: Hubs) -> Iterator[tuple[str, Callable[[], Shape]]]:
        """Homed once and homed twice."""
        ground, load = self._ground, self._load
        yield "hub-and-spoke", lambda: hub_and_spoke(ground, load, hubs, 1).shape
        yield "dual-homed", lambda: hub_and_spoke(ground, load, hubs, 2).shape

    def rings(self, count: int, regions: int) -> tuple[Rings, Rings]:
        """One ring, and what is compared: ``count`` of them, or as many as delay asks for.

        With ``count`` 0 one ring is kept unless half way round takes longer than the strictest
        class may take; there are ``regions`` and one through their medians then.
        """
        one = rings(self._ground, self._load, self._edges, 1)
        if count == 1 or (not count and not too_long(self._ground, one)):
            return one, one
        return one, rings(self._ground, self._load, self._edges, count or max(regions, 2))

    def own(self, pairs: Sequence[tuple[str, str]]) -> Shape:
        """The user's links, each over the shortest route or two that fail apart."""
        index = self._ground.site_index
        links = [link for a, z in pairs for link in pair_links(self._ground, index[a], index[z])]
        offers = market_offers(self._ground.network, self._load)
        replicas = answered(self._ground, links, self._edges, offers)
        return Shape(name=OWN, links=tuple(links), replicas=replicas)


def hub_figures(ground: Ground, hubs: Hubs, weigh: Weigh) -> HubFigures:
    """By name."""
    return HubFigures(
        sites=tuple(ground.network.sites[site].name for site in hubs.sites),
        weigh=weigh,
        value=hubs.median.value,
        bound=hubs.median.bound,
        gap=hubs.median.gap,
    )


def ring_figures(found: Rings, half_lap_ms: float) -> RingFigures:
    """Tours added up."""
    long = found.tour_km
    return RingFigures(
        rings=len(found.tours),
        tour_km=long,
        bound_km=found.bound_km,
        gap=(long - found.bound_km) / long if long > 0.0 else 0.0,
        km=found.km,
        shared=found.shared,
        half_lap_ms=half_lap_ms,
    )
