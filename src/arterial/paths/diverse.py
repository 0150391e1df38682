"""Paths that do not fail together: k paths of one pair that share as few risks as can be.

Each further path pays a penalty for every risk that an earlier one rides, so disjoint paths come
first where they exist, and where they do not, the overlap is the least harmful found. The heuristic
is greedy: ``disjoint_pair`` is tried where one detour would block all (the trap topology).
"""

from collections.abc import Collection, Sequence
from math import inf

from arterial.paths.graph import Graph, Path, arc_link, reverse
from arterial.paths.shortest import path_weight, shortest_path

__all__ = ["disjoint_pair", "diverse_paths", "shared_risks"]

Risks = Sequence[Collection[int]]
"""By link: the risks that take it down, its own cut included (numbers of the caller's choice)."""


def diverse_paths(
    graph: Graph,
    weight: Sequence[float],
    risks: Risks,
    source: int,
    target: int,
    k: int,
) -> list[Path]:
    """At most k different paths, lightest first, each as free of earlier paths' risks as possible.

    Parameters
    ----------
    weight : float (E,)
        By arc; inf closes an arc.
    risks
        By link (E / 2).
    """
    first = shortest_path(graph, weight, source, target)
    if first is None:
        return []
    found = [first]
    if k >= 2:
        pair = disjoint_pair(graph, weight, source, target)
        if pair is not None and not shared_risks(risks, *pair):
            found = [path for path in (first, *pair) if path]
    found = list(dict.fromkeys(found))
    penalty = 2.0 * sum(w for w in weight if w < inf) + 1.0
    used: dict[int, int] = {}
    for path in found:
        _count(used, risks, path)
    while len(found) < k:
        bent = [
            w + penalty * sum(used.get(risk, 0) for risk in risks[arc_link(arc)])
            for arc, w in enumerate(weight)
        ]
        path = shortest_path(graph, bent, source, target)
        if path is None or path in found:
            break
        found.append(path)
        _count(used, risks, path)
    return sorted(found[:k], key=lambda path: (path_weight(weight, path), path))


def disjoint_pair(
    graph: Graph, weight: Sequence[float], source: int, target: int
) -> tuple[Path, Path] | None:
    """Two link-disjoint paths of least total weight (Bhandari), or None; they may share sites."""
    first = shortest_path(graph, weight, source, target)
    if not first:
        return None
    bent = list(weight)
    for arc in first:
        bent[arc], bent[reverse(arc)] = inf, -weight[arc]
    second = _bellman_ford(graph, bent, source, target)
    if second is None:
        return None
    cancelled = {arc for arc in first if reverse(arc) in second}
    arcs = [arc for arc in first if arc not in cancelled]
    arcs += [arc for arc in second if reverse(arc) not in cancelled]
    pair = _walk(graph, arcs, source, target), _walk(graph, arcs, source, target)
    ordered = sorted(pair, key=lambda path: (path_weight(weight, path), path))
    return ordered[0], ordered[1]


def shared_risks(risks: Risks, one: Path, other: Path) -> set[int]:
    """Risks that take both paths down."""
    return {r for arc in one for r in risks[arc_link(arc)]} & {
        r for arc in other for r in risks[arc_link(arc)]
    }


def _count(used: dict[int, int], risks: Risks, path: Path) -> None:
    for arc in path:
        for risk in risks[arc_link(arc)]:
            used[risk] = used.get(risk, 0) + 1


def _bellman_ford(
    graph: Graph, weight: Sequence[float], source: int, target: int
) -> Path | None:
    """Shortest path with negative arcs but no negative cycle."""
    distance = [inf] * graph.sites
    arrival = [-1] * graph.sites
    distance[source] = 0.0
    changed = {source}
    while changed:
        coming: set[int] = set()
        for site in sorted(changed):
            for arc in graph.leaving[site]:
                there = graph.arc_target[arc]
                if distance[site] + weight[arc] < distance[there] - 1e-12:
                    distance[there] = distance[site] + weight[arc]
                    arrival[there] = arc
                    coming.add(there)
        changed = coming
    if distance[target] == inf:
        return None
    arcs: list[int] = []
    site = target
    while site != source:
        arcs.append(arrival[site])
        site = graph.arc_target[reverse(arrival[site])]
    return tuple(reversed(arcs))


def _walk(graph: Graph, arcs: list[int], source: int, target: int) -> Path:
    """Take one path out of a pool of arcs that holds two."""
    path: list[int] = []
    site = source
    while site != target:
        arc = next(arc for arc in arcs if graph.arc_target[reverse(arc)] == site)
        arcs.remove(arc)
        path.append(arc)
        site = graph.arc_target[arc]
    return _without_loops(graph, tuple(path))


def _without_loops(graph: Graph, path: Path) -> Path:
    """The path with every detour back to a visited site taken out."""
    kept: list[int] = []
    sites = [graph.arc_target[reverse(path[0])]]
    for arc in path:
        there = graph.arc_target[arc]
        if there in sites:
            cut = sites.index(there)
            kept, sites = kept[:cut], sites[: cut + 1]
        else:
            kept.append(arc)
            sites.append(there)
    return tuple(kept)
