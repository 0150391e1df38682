"""Shortest paths by Dijkstra, and the k shortest by Yen: exact, loop-free, always in one order.

Weights are per arc and not negative; an infinite weight closes an arc.
"""

from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from math import inf

from arterial.paths.graph import Graph, Path, reverse

__all__ = ["distances", "k_shortest", "path_weight", "shortest_path"]


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
    """At most k loop-free paths, lightest first, none heavier than ``limit`` (Yen 1971)."""
    first = shortest_path(graph, weight, source, target)
    if first is None or k < 1 or path_weight(weight, first) > limit:
        return []
    found = [first]
    waiting: list[tuple[float, Path]] = []
    seen = {first}
    while len(found) < k:
        for path in _deviations(graph, weight, target, found):
            total = path_weight(weight, path)
            if path not in seen and total <= limit:
                seen.add(path)
                heappush(waiting, (total, path))
        if not waiting:
            break
        found.append(heappop(waiting)[1])
    return found


def _deviations(
    graph: Graph, weight: Sequence[float], target: int, found: list[Path]
) -> list[Path]:
    """Best paths that leave the last found path at each of its sites by another arc."""
    last = found[-1]
    visited = graph.sites_of(last)
    result: list[Path] = []
    for spur in range(len(last)):
        root = last[:spur]
        shut = {path[spur] for path in found if path[:spur] == root and len(path) > spur}
        bent = list(weight)
        for arc in shut:
            bent[arc] = inf
        tail = shortest_path(graph, bent, visited[spur], target, visited[:spur])
        if tail is not None:
            result.append(root + tail)
    return result


def _search(
    graph: Graph,
    weight: Sequence[float],
    source: int,
    target: int | None,
    closed_sites: Collection[int],
) -> tuple[list[float], list[int]]:
    distance = [inf] * graph.sites
    arrival = [-1] * graph.sites
    settled = [False] * graph.sites
    distance[source] = 0.0
    queue: list[tuple[float, int]] = [(0.0, source)]
    while queue:
        so_far, site = heappop(queue)
        if settled[site]:
            continue
        settled[site] = True
        if site == target:
            break
        for arc in graph.leaving[site]:
            there = graph.arc_target[arc]
            reached = so_far + weight[arc]
            if reached < distance[there] and (there == target or there not in closed_sites):
                distance[there] = reached
                arrival[there] = arc
                heappush(queue, (reached, there))
    return distance, arrival
