"""The most that flows between two sites of a graph, and the links that stop it.

Shortest augmenting paths (Edmonds and Karp 1972) over capacities that hold for both directions of a
link together: what the max-flow min-cut theorem calls an undirected network. Whole capacities give
whole flows, and sums of whole numbers are exact.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from arterial.paths.graph import Graph, Path, arc_link, reverse

__all__ = ["MaxFlow", "max_flow"]


@dataclass(frozen=True)
class MaxFlow:
    """A flow that no other exceeds."""

    value: float
    """Also the capacity of ``cut``; inf where source and target are one."""
    routes: tuple[tuple[Path, float], ...]
    """Paths from source to target and what each carries; together they are the flow."""
    cut: tuple[int, ...]
    """Links that part source from target and are full, the cut nearest to the source."""


def max_flow(graph: Graph, capacity: Sequence[float], source: int, target: int) -> MaxFlow:
    """The largest flow from ``source`` to ``target``.

    Parameters
    ----------
    capacity
        By link, not negative; 0 closes one.

    Examples
    --------
    >>> square = Graph.of(4, [0, 1, 0, 2], [1, 3, 2, 3])
    >>> max_flow(square, [5.0, 3.0, 2.0, 9.0], 0, 3)
    MaxFlow(value=5.0, routes=(((0, 2), 3.0), ((4, 6), 2.0)), cut=(1, 2))
    """
    if source == target:
        return MaxFlow(inf, (), ())
    left = [float(capacity[arc_link(arc)]) for arc in range(len(graph.arc_target))]
    value = 0.0
    while path := _open_path(graph, left, source, target):
        pushed = min(left[arc] for arc in path)
        for arc in path:
            left[arc] -= pushed
            left[reverse(arc)] += pushed
        value += pushed
    flow = [capacity[arc_link(arc)] - room for arc, room in enumerate(left)]
    near = _reached(graph, left, source)
    cut = {
        arc_link(arc)
        for arc, there in enumerate(graph.arc_target)
        if there not in near
        and graph.arc_target[reverse(arc)] in near
        and capacity[arc_link(arc)] > 0
    }
    return MaxFlow(value, tuple(_routes(graph, flow, source, target)), tuple(sorted(cut)))


def _routes(graph: Graph, flow: list[float], source: int, target: int) -> list[tuple[Path, float]]:
    """A flow taken apart into paths; what circulates is left out."""
    routes: list[tuple[Path, float]] = []
    while path := _open_path(graph, flow, source, target):
        carried = min(flow[arc] for arc in path)
        for arc in path:
            flow[arc] -= carried
        routes.append((path, carried))
    return routes


def _open_path(graph: Graph, room: Sequence[float], source: int, target: int) -> Path:
    """A path of fewest arcs that all have room; empty where there is none."""
    arrival: dict[int, int] = {source: -1}
    queue = deque([source])
    while queue and target not in arrival:
        for arc in graph.leaving[queue.popleft()]:
            there = graph.arc_target[arc]
            if room[arc] > 0.0 and there not in arrival:
                arrival[there] = arc
                queue.append(there)
    arcs: list[int] = []
    site = target if target in arrival else source
    while site != source:
        arcs.append(arrival[site])
        site = graph.arc_target[reverse(arrival[site])]
    return tuple(reversed(arcs))


def _reached(graph: Graph, room: Sequence[float], source: int) -> set[int]:
    """Sites that arcs with room lead to."""
    reached = {source}
    queue = [source]
    while queue:
        for arc in graph.leaving[queue.pop()]:
            there = graph.arc_target[arc]
            if room[arc] > 0.0 and there not in reached:
                reached.add(there)
                queue.append(there)
    return reached
