"""Paths that do not fail together: k paths of one pair that share as few risks as can be.

Each further path pays a penalty for every risk that an earlier one rides, so disjoint paths come
first where they exist, and where they do not, the overlap is the least harmful found. The search
is greedy: where the shortest path blocks every path beside it (the trap topology), the lightest
link-disjoint pair joins it. It does not search for the risk-disjoint pair of least weight.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from math import inf

from arterial.paths.graph import Graph, Path, arc_link, reverse
from arterial.paths.shortest import distances, path_weight, shortest_path

__all__ = ["disjoint_pair", "diverse_paths", "shared_risks"]

Risks = Sequence[Collection[int]]
"""By link: the risks that take it down, its own cut included (numbers of the caller's choice)."""

_ROUNDS = 3
"""Searches a path that is asked for: enough to price out a path that keeps coming back."""


def diverse_paths(
    graph: Graph,
    weight: Sequence[float],
    risks: Risks,
    source: int,
    target: int,
    k: int,
) -> list[Path]:
    """At most k different paths, lightest first, each as free of earlier paths' risks as possible.

    The shortest path is always among them. For k >= 2 two of them share no risk if some path shares
    none with the shortest; for k >= 3 also if the lightest link-disjoint pair shares none.

    Parameters
    ----------
    weight : float (E,)
        By arc; inf closes an arc.
    risks
        By link (E / 2).
    """
    first = shortest_path(graph, weight, source, target)
    if first is None or k < 1:
        return []
    found = [first]
    pair = disjoint_pair(graph, weight, source, target)
    if pair is not None and not shared_risks(risks, *pair):
        distinct = list(dict.fromkeys((first, *pair)))
        found = distinct if len(distinct) <= k else found
    penalty = 2.0 * sum(w for w in weight if w < inf) + 1.0
    used: Counter[int] = Counter(risk for path in found for risk in _risks_of(risks, path))
    worn: Counter[int] = Counter()
    for _ in range(_ROUNDS * k):
        if len(found) == k:
            break
        shared = [worn[link] + sum(map(used.__getitem__, held)) for link, held in enumerate(risks)]
        bent = [w + penalty * shared[arc_link(arc)] for arc, w in enumerate(weight)]
        path = shortest_path(graph, bent, source, target) or first
        if path in found:
            worn.update(arc_link(arc) for arc in path)  # dearer, until another one is lighter
        else:
            found.append(path)
            used.update(_risks_of(risks, path))
    return sorted(found, key=lambda path: (path_weight(weight, path), path))


def disjoint_pair(
    graph: Graph, weight: Sequence[float], source: int, target: int
) -> tuple[Path, Path] | None:
    """Two link-disjoint paths of least total weight, or None; they may share sites.

    Suurballe's form of the search: over reduced weights no arc is negative, so that rounding cannot
    make a negative cycle of ties.
    """
    first = shortest_path(graph, weight, source, target)
    if not first:
        return None
    bent = _reduced(graph, weight, distances(graph, weight, source))
    for arc in first:
        bent[arc], bent[reverse(arc)] = inf, 0.0
    second = shortest_path(graph, bent, source, target)
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
    return set(_risks_of(risks, one)) & set(_risks_of(risks, other))


def _risks_of(risks: Risks, path: Path) -> Iterator[int]:
    """Every risk on the way, as often as it is met."""
    return (risk for arc in path for risk in risks[arc_link(arc)])


def _reduced(graph: Graph, weight: Sequence[float], distance: Sequence[float]) -> list[float]:
    """By how much each arc is worse than the shortest way to where it leads; not negative."""
    bent = [inf] * len(weight)
    for arc, w in enumerate(weight):
        here = distance[graph.arc_target[reverse(arc)]]
        if here < inf and w < inf:
            bent[arc] = max(0.0, here + w - distance[graph.arc_target[arc]])
    return bent


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
