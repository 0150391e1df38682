"""Shortest paths by Dijkstra, and the k shortest by Yen: exact, loop-free, always in one order.

Weights are per arc and not negative; an infinite weight closes an arc.
"""

from collections.abc import Collection, Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice
from math import inf

from arterial.paths.graph import Graph, Path, reverse

__all__ = ["distances", "k_shortest", "path_weight", "paths_by_weight", "shortest_path"]


def distances(graph: Graph, weight: Sequence[float], source: int) -> list[float]:
    """Distance from ``source`` to every site, (N,), in the weight's unit; inf where cut off."""
    return _search(graph, weight, source, None, frozenset())[0]


def shortest_path(
    graph: Graph,
    weight: Sequence[float],
    source: int,
    target: int,
    closed_sites: Collection[int] = frozenset(),
) -> Path | None:
    """The lightest path, or None. Closed sites are not passed; source and target may be closed."""
    if source == target:
        return ()
    distance, arrival = _search(graph, weight, source, target, closed_sites)
    if distance[target] == inf:
        return None
    arcs: list[int] = []
    site = target
    while site != source:
        arcs.append(arrival[site])
        site = graph.arc_target[reverse(arrival[site])]
    return tuple(reversed(arcs))


def path_weight(weight: Sequence[float], path: Path) -> float:
    """Sum of the weights along a path."""
    return sum(weight[arc] for arc in path)


def k_shortest(
    graph: Graph,
    weight: Sequence[float],
    source: int,
    target: int,
    k: int,
    limit: float = inf,
) -> list[Path]:
    """At most k loop-free paths, lightest first, none heavier than ``limit``."""
    return list(islice(paths_by_weight(graph, weight, source, target, limit), max(0, k)))


def paths_by_weight(
    graph: Graph, weight: Sequence[float], source: int, target: int, limit: float = inf
) -> Iterator[Path]:
    """Loop-free paths, lightest first, none heavier than ``limit``, one by one (Yen 1971).

    A path leaves the one it was found from at some site; before that site nothing new can come of
    it, so its own deviations are searched from there on only (Lawler 1972).
    """
    first = shortest_path(graph, weight, source, target)
    if first is None or path_weight(weight, first) > limit:
        return
    found: list[Path] = []
    waiting: list[tuple[float, Path, int]] = [(path_weight(weight, first), first, 0)]
    seen = {first}
    while waiting:
        _, path, left_at = heappop(waiting)
        yield path
        found.append(path)
        for spur, other in _deviations(graph, weight, target, found, left_at):
            total = path_weight(weight, other)
            if other not in seen and total <= limit:
                seen.add(other)
                heappush(waiting, (total, other, spur))


def _deviations(
    graph: Graph, weight: Sequence[float], target: int, found: list[Path], left_at: int
) -> Iterator[tuple[int, Path]]:
    """Best paths that leave the last found path by another arc, from its hop ``left_at`` on."""
    last = found[-1]
    visited = graph.sites_of(last)
    bent = list(weight)
    for spur in range(left_at, len(last)):
        root = last[:spur]
        shut = {path[spur] for path in found if path[:spur] == root and len(path) > spur}
        for arc in shut:
            bent[arc] = inf
        tail = shortest_path(graph, bent, visited[spur], target, visited[:spur])
        for arc in shut:
            bent[arc] = weight[arc]
        if tail is not None:
            yield spur, root + tail


def _search(
    graph: Graph,
    weight: Sequence[float],
    source: int,
    target: int | None,
    closed_sites: Collection[int],
) -> tuple[list[float], list[int]]:
    """Distances and arrival arcs; with a target, what lies beyond it is left out."""
    distance = [inf] * graph.sites
    arrival = [-1] * graph.sites
    for site in closed_sites:
        if site != target and site < graph.sites:
            distance[site] = -inf  # nothing is nearer: never entered
    distance[source] = 0.0
    arc_target, leaving = graph.arc_target, graph.leaving
    queue: list[tuple[float, int]] = [(0.0, source)]
    farthest = inf
    while queue:
        so_far, site = heappop(queue)
        if so_far > distance[site]:
            continue
        if site == target:
            break
        for arc in leaving[site]:
            reached = so_far + weight[arc]
            if reached < farthest:
                there = arc_target[arc]
                if reached < distance[there]:
                    distance[there] = reached
                    arrival[there] = arc
                    heappush(queue, (reached, there))
                    if there == target:
                        farthest = reached
    return distance, arrival
