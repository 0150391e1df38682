"""The same route over another offer: fibres beside each other of which one costs something once.

A duct may be offered both ways, built once and cheap by the year or leased pair by pair: two fibres
between the same ends that share a risk. Routes that differ in them alone are as short and fall
together, so whoever looks for diverse ways finds one of them; a design must see both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from math import isfinite, prod

from arterial.design.candidates import Route
from arterial.design.ground import Ground
from arterial.paths.graph import arc_link

__all__ = ["with_offers"]

MOST_WAYS = 8
"""Of one route, three fibres that are offered twice; beyond, the first offers, the second and so
on of all its fibres together."""


def with_offers(ground: Ground, routes: Iterable[Route]) -> Iterator[Route]:
    """Each route, then the same over other offers of its fibres; routes may come twice.

    Where no fibre costs anything once there are no others.
    """
    charged = bool((ground.setup_cost > 0.0).any())
    for route in routes:
        yield route
        if charged and not route.given:
            offers = [_offers(ground, arc) for arc in route.arcs]
            yield from (replace(route, arcs=arcs) for arcs in _ways(offers) if arcs != route.arcs)


def _ways(offers: list[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    if prod(len(own) for own in offers) <= MOST_WAYS:
        yield from product(*offers)
        return
    for number in range(max(len(own) for own in offers)):
        yield tuple(own[min(number, len(own) - 1)] for own in offers)


def _offers(ground: Ground, arc: int) -> tuple[int, ...]:
    """Arcs of a duct that lead from the same site to the same, if first pairs of some are charged.

    Those that cost something once come last.
    """
    there, fibres = ground.graph.arc_target, len(ground.risks)
    here = ground.graph.leaving[there[arc ^ 1]]
    shared = {risk for risk in ground.risks[arc_link(arc)] if risk >= fibres}
    own = [
        other
        for other in here
        if there[other] == there[arc]
        and isfinite(ground.length_km[other])
        and (other == arc or shared & ground.risks[arc_link(other)])
    ]
    charge = {other: float(ground.setup_cost[arc_link(other)]) for other in own}
    if not any(charge.values()):
        return (arc,)
    return tuple(sorted(own, key=lambda other: (charge[other], other)))
