"""Candidates for flows that have no two ways among those there are: ways of fibre that fail apart.

Neighbours are joined over short routes alone, and their lightpaths may share risks however they are
put together. Where the fibre has two ways that fail apart, a flow gets them: as one lightpath each,
and in pieces from router site to router site on the way, which others can share.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import numpy as np

from arterial.design.candidates import Route
from arterial.design.flows import Flow
from arterial.design.ground import Ground
from arterial.design.instance import Instance
from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.graph import Graph, Path, arc_link, reverse

__all__ = ["routes_apart"]

PAIR_TRIES = 200
"""Shortest ways tried as the lighter of two that fail apart."""


def routes_apart(
    instance: Instance, flows: Sequence[Flow], router_sites: Collection[int]
) -> tuple[Route, ...]:
    """Routes, each once, over which flows have two ways that fail apart, where fibre has them."""
    found: dict[Path, Route] = {}
    asked: dict[tuple[int, int, int], Flow] = {}
    for flow in flows:
        asked.setdefault((flow.near, flow.far, flow.backup_far), flow)
    for flow in asked.values():
        for way in _ways(instance, flow):
            for route in (
                _route(instance.ground, way),
                *_pieces(instance.ground, way, router_sites),
            ):
                found.setdefault(route.arcs, route)
    return tuple(found.values())


def _ways(instance: Instance, flow: Flow) -> Iterator[Path]:
    """Two ways from a flow's near end that share no risk, one to each of its far ends.

    Both far ends lead to one more site, over arcs that cost nothing and fail alone.
    """
    ground = instance.ground
    graph, fibres = ground.graph, len(ground.risks)
    ends = [flow.far, flow.far if flow.halves else flow.backup_far]
    if flow.near in ends:
        return
    a = [graph.arc_target[2 * m + 1] for m in range(fibres)] + ends
    z = [graph.arc_target[2 * m] for m in range(fibres)] + [graph.sites] * len(ends)
    risks = [frozenset(own) for own in _risks(instance, flow)] + [
        frozenset((-1 - number,)) for number in range(len(ends))
    ]
    pair = risk_disjoint_pair(
        Graph.of(graph.sites + 1, a, z),
        [*ground.length_km, *(0.0 for _ in range(2 * len(ends)))],
        risks,
        flow.near,
        graph.sites,
        PAIR_TRIES,
    )
    for way in pair[:2] if pair is not None else ():
        yield way[:-1]


def _risks(instance: Instance, flow: Flow) -> list[set[int]]:
    """By fibre: its risks, and the sites at its ends whose loss the flow must outlive."""
    ground = instance.ground
    risks = [set(own) for own in ground.risks]
    first = len(ground.risks) + len(ground.risk_names)
    same = flow.halves or flow.far == flow.backup_far
    spared = {flow.near, flow.far} if same else {flow.near}
    for case in np.flatnonzero(flow.must).tolist():
        failure = instance.failures[case]
        site = ground.site_index[failure.site] if failure.kind == "site" else -1
        if site >= 0 and site not in spared:
            for arc in ground.graph.leaving[site]:
                risks[arc_link(arc)].add(first + site)
    return risks


def _route(ground: Ground, way: Path) -> Route:
    """A way as one lightpath, from its lower site on as candidates are."""
    start, *_, end = ground.graph.sites_of(way)
    if start <= end:
        return Route(start, end, way)
    return Route(end, start, tuple(reverse(arc) for arc in reversed(way)))


def _pieces(ground: Ground, way: Path, router_sites: Collection[int]) -> Iterator[Route]:
    """The same from router site to router site."""
    sites = ground.graph.sites_of(way)
    stops = [place for place, site in enumerate(sites) if site in router_sites]
    for first, last in pairwise(sorted({0, *stops, len(way)})):
        yield _route(ground, way[first:last])
