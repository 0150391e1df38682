"""The lightest two paths that share no risk: exact when it ends by its bound, and told when not.

Finding two risk-disjoint paths is NP-hard in general, so paths are taken by increasing weight and
each is completed with the lightest path that shares no risk with it. No pair is lighter than twice
its lighter path: once that passes the best pair found, the best is proved.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from arterial.paths.diverse import Risks
from arterial.paths.graph import Graph, Path, arc_link, reverse
from arterial.paths.shortest import path_weight, paths_by_weight, shortest_path

__all__ = ["Pair", "risk_disjoint_pair"]

_PATIENCE = 4
"""Paths tried in vain before a risk that every path rides is looked for."""


class Pair(NamedTuple):
    """Two paths that share no risk, the lighter first."""

    lighter: Path
    heavier: Path
    exact: bool
    """True where no other pair is lighter in total."""


def risk_disjoint_pair(
    graph: Graph,
    weight: Sequence[float],
    risks: Risks,
    source: int,
    target: int,
    tries: int,
) -> Pair | None:
    """The lightest risk-disjoint pair among those that ``tries`` shortest paths lead.

    Parameters
    ----------
    weight : float (E,)
        By arc; inf closes an arc.
    risks
        By link (E / 2).

    Returns
    -------
    Pair or None
        None when no such pair was found within ``tries``.
    """
    riders = _riders(risks)
    best: tuple[float, Path, Path] | None = None
    first: Path = ()
    for count, path in enumerate(paths_by_weight(graph, weight, source, target)):
        first = first if count else path
        if count == tries:
            return None if best is None else Pair(best[1], best[2], exact=False)
        length = path_weight(weight, path)
        if best is not None and 2 * length >= best[0]:
            break
        if count == _PATIENCE and best is None:
            singles = ([risk] for risk in sorted(_on(risks, first)))
            if any(_without(graph, weight, riders, one, source, target) is None for one in singles):
                return None
        other = _without(graph, weight, riders, _on(risks, path), source, target)
        if other is not None:
            total = length + path_weight(weight, other)
            if best is None or total < best[0]:
                best = total, path, other
    return None if best is None else Pair(best[1], best[2], exact=True)


def _on(risks: Risks, path: Path) -> set[int]:
    return {risk for arc in path for risk in risks[arc_link(arc)]}


def _riders(risks: Risks) -> dict[int, list[int]]:
    """By risk: arcs that it closes."""
    riders: dict[int, list[int]] = {}
    for link, held in enumerate(risks):
        for risk in held:
            riders.setdefault(risk, []).extend((2 * link, reverse(2 * link)))
    return riders


def _without(
    graph: Graph,
    weight: Sequence[float],
    riders: dict[int, list[int]],
    lost: Iterable[int],
    source: int,
    target: int,
) -> Path | None:
    """The lightest path that rides none of the risks lost."""
    left = list(weight)
    for risk in lost:
        for arc in riders[risk]:
            left[arc] = inf
    return shortest_path(graph, left, source, target)
