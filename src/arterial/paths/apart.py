"""The lightest two paths that share no risk: exact when it ends by its bound, and told when not.

Finding two risk-disjoint paths is NP-hard in general, so paths are taken by increasing weight and
each is completed with the lightest path that shares no risk with it. No pair is lighter than twice
its lighter path: once that passes the best pair found, the best is proved.
"""

from collections.abc import Sequence
from itertools import islice
from math import inf
from typing import NamedTuple

from arterial.paths.diverse import Risks
from arterial.paths.graph import Graph, Path, arc_link
from arterial.paths.shortest import k_shortest, path_weight, shortest_path

__all__ = ["Pair", "risk_disjoint_pair"]

_BATCH = 8
"""Paths asked for at first; the number doubles while the bound is open."""


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
    best: tuple[float, Path, Path] | None = None
    taken, asked = 0, _BATCH
    while taken < tries:
        paths = k_shortest(graph, weight, source, target, min(asked, tries))
        for path in islice(paths, taken, None):
            length = path_weight(weight, path)
            if best is not None and 2 * length >= best[0]:
                return Pair(best[1], best[2], exact=True)
            other = _apart_from(graph, weight, risks, path, source, target)
            if other is not None:
                total = length + path_weight(weight, other)
                if best is None or total < best[0]:
                    best = total, path, other
        if len(paths) < min(asked, tries):
            return None if best is None else Pair(best[1], best[2], exact=True)
        taken, asked = len(paths), 2 * asked
    return None if best is None else Pair(best[1], best[2], exact=False)


def _apart_from(
    graph: Graph,
    weight: Sequence[float],
    risks: Risks,
    path: Path,
    source: int,
    target: int,
) -> Path | None:
    """The lightest path that shares no risk with another."""
    shared = {risk for arc in path for risk in risks[arc_link(arc)]}
    left = [
        inf if not shared.isdisjoint(risks[arc_link(arc)]) else w for arc, w in enumerate(weight)
    ]
    return shortest_path(graph, left, source, target)
