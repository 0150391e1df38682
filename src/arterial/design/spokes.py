"""Hub and spoke: a few hubs joined each to each, every other site homed on one of them, or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from arterial.demand.offers import market_offers
from arterial.design.answering import answered
from arterial.design.ground import Ground
from arterial.design.median import Median, p_median
from arterial.design.roads import apart_from, pair_links, shape_link
from arterial.design.shape import Shape, ShapeLink
from arterial.design.terminals import Terminals, fibre_km, terminals
from arterial.errors import InfeasibleError
from arterial.paths.shortest import shortest_path
from arterial.placement.edges import edge_sites
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Homes", "Hubs", "Spokes", "Weigh", "hub_and_spoke", "hubs_of"]

Homes = Literal[1, 2]
"""Hubs that a spoke has links to."""

Weigh = Literal["people", "traffic"]
"""What hubs are near to: people who ask (who alone are answered at hubs), or all that is carried.
A load without people is weighed by traffic."""


@dataclass(frozen=True, kw_only=True)
class Hubs:
    """Where the hubs of a load stand."""

    sites: tuple[int, ...]
    spokes: IntArray
    """int (T,): every site where traffic ends, hubs among them."""
    km: FloatArray
    """float (T, k): from each to each hub over the shortest fibre."""
    median: Median


@dataclass(frozen=True, kw_only=True)
class Spokes:
    """A hub-and-spoke shape and how its hubs were found."""

    shape: Shape
    hubs: Hubs


def hubs_of(ground: Ground, load: str, count: int, weigh: Weigh = "people") -> Hubs:
    """So many hubs among sites that may hold replicas: people, or Gb/s, times km of fibre least.

    Raises
    ------
    InfeasibleError
        The network has fewer such sites.
    """
    places = [ground.site_index[site.name] for site in edge_sites(ground.network)]
    if count > len(places):
        raise InfeasibleError(
            f"{count} hubs",
            f"{len(places)} sites may hold replicas, and only such a site can be a hub",
            ("fewer hubs", "more sites of role edge or candidate-edge"),
        )
    sites = terminals(ground, load)
    spokes, may = np.array(list(sites)), np.array(places)
    km = fibre_km(ground, spokes, may)
    median = p_median(np.array(list(_weights(ground, load, sites, weigh))), km, count)
    chosen = list(median.hubs)
    return Hubs(
        sites=tuple(places[hub] for hub in chosen), spokes=spokes, km=km[:, chosen], median=median
    )


def hub_and_spoke(ground: Ground, load: str, hubs: Hubs, homes: Homes) -> Spokes:
    """The links of a hub and spoke, and replicas at its hubs alone.

    Hubs are joined each to each; a link may ride the shortest route or two that fail apart. A spoke
    of one home has such links to its nearest hub. A spoke of two has links to its two nearest, the
    second over a route that shares nothing with the first where there is one.
    """
    links = [
        link for a, z in combinations(sorted(hubs.sites), 2) for link in pair_links(ground, a, z)
    ]
    for row, spoke in enumerate(hubs.spokes.tolist()):
        if spoke not in hubs.sites:
            order: list[int] = np.argsort(hubs.km[row], kind="stable").tolist()
            links += _homed(ground, spoke, [hubs.sites[hub] for hub in order[:homes]])
    offers = market_offers(ground.network, load)
    name = "hub-and-spoke" if homes == 1 else "dual-homed"
    shape = Shape(
        name=name,
        links=tuple(dict.fromkeys(links)),
        replicas=answered(ground, links, sorted(hubs.sites), offers),
    )
    return Spokes(shape=shape, hubs=hubs)


def _weights(ground: Ground, load: str, sites: Terminals, weigh: Weigh) -> Iterator[float]:
    people: dict[int, float] = {}
    for offer in market_offers(ground.network, load):
        site = ground.site_index[offer.site]
        people[site] = people.get(site, 0.0) + offer.people
    for site, gbps in sites.items():
        yield people.get(site, 0.0) if people and weigh == "people" else gbps


def _homed(ground: Ground, spoke: int, homes: Sequence[int]) -> Iterator[ShapeLink]:
    for home in homes:
        yield from pair_links(ground, spoke, home)
    for first, second in ((homes[0], home) for home in homes[1:]):
        way = shortest_path(ground.graph, ground.length_km, spoke, first)
        other = None if way is None else apart_from(ground, way, spoke, second, first)
        if other is not None:
            yield shape_link(ground, spoke, second, other)
