"""An undirected multigraph as integers: link m joins ``a[m]`` and ``z[m]``.

Arc ``2 m`` rides link m from a to z, arc ``2 m + 1`` from z to a: a path is a list of arcs, so that
parallel links stay apart and a reader knows which way each is ridden.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Graph", "Path", "arc_link", "reverse"]

Path = tuple[int, ...]
"""Arcs in order from source to target; empty where source and target are one."""


@dataclass(frozen=True)
class Graph:
    """Adjacency as tuples, for searches in Python; ``arc_target[e]`` is where arc e leads."""

    sites: int
    arc_target: tuple[int, ...]
    leaving: tuple[tuple[int, ...], ...]
    """Arcs that leave each site, by increasing number."""

    @staticmethod
    def of(
        sites: int, a: Sequence[int] | NDArray[np.int64], z: Sequence[int] | NDArray[np.int64]
    ) -> "Graph":
        """Graph of ``sites`` sites whose link m joins ``a[m]`` and ``z[m]``."""
        leaving: list[list[int]] = [[] for _ in range(sites)]
        target: list[int] = []
        for link, (start, end) in enumerate(zip(a, z, strict=True)):
            target += [int(end), int(start)]
            leaving[int(start)].append(2 * link)
            leaving[int(end)].append(2 * link + 1)
        return Graph(sites, tuple(target), tuple(tuple(arcs) for arcs in leaving))

    def sites_of(self, path: Path) -> tuple[int, ...]:
        """Sites that a path visits, source and target included.

        >>> Graph.of(3, [0, 1], [1, 2]).sites_of((0, 2))
        (0, 1, 2)
        """
        if not path:
            return ()
        return (self.arc_target[reverse(path[0])], *(self.arc_target[arc] for arc in path))


def arc_link(arc: int) -> int:
    """The link that an arc rides."""
    return arc >> 1


def reverse(arc: int) -> int:
    """The arc the other way."""
    return arc ^ 1
