"""Cuts that part the fibre network as such, whatever runs on it: one fibre, or two at a time.

The graph is that of the fibres that exist and of ready-made links. Two cuts are told where neither
of them parts it alone.
"""

from collections.abc import Iterator

from arterial.model.network import Network
from arterial.paths.bridges import bridges, double_bridges, side
from arterial.paths.graph import Graph
from arterial.plan.verdict import Parting

__all__ = ["partings"]


def partings(network: Network) -> Iterator[Parting]:
    """Single cuts that part the graph, then double ones, each in the order of the tables."""
    fibres = [fibre for fibre in network.fibres if fibre.status == "existing"]
    routes = [*fibres, *network.standing_links]
    site = {row.name: number for number, row in enumerate(network.sites)}
    graph = Graph.of(
        len(site), [site[route.a] for route in routes], [site[route.z] for route in routes]
    )
    names = [route.name for route in routes]
    for lost in [*((link,) for link in bridges(graph)), *double_bridges(graph)]:
        halves = [side(graph, lost, graph.arc_target[2 * lost[-1] + way]) for way in (0, 1)]
        yield _parting(network, tuple(names[link] for link in lost), halves)


def _parting(network: Network, fibres: tuple[str, ...], halves: list[frozenset[int]]) -> Parting:
    """The smaller half, and the markets of a half that is left without an edge."""
    edges = {n for n, row in enumerate(network.sites) if "edge" in row.roles}
    names = [row.name for row in network.sites]
    bare = {names[n] for half in halves if not half & edges for n in half}
    served = any(half & edges for half in halves)
    return Parting(
        fibres=fibres,
        sites=tuple(names[n] for n in sorted(min(halves, key=lambda half: (len(half), min(half))))),
        markets=tuple(row.name for row in network.markets if served and row.site in bare),
    )
