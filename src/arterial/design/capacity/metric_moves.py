"""Changes of metrics to try: to where a way becomes as short as another, a little, or to closed.

Where a link's two ends are as far from a site as the link is long, traffic to that site splits; a
step further and it goes over, or is gone. Those numbers, without failure or in the case that binds,
are the only ones at which anything changes for traffic that passes an end of the link.
"""

import numpy as np

from arterial.design.capacity.ecmp_loads import CLOSED, Need
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.trees import trees
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Moves"]

PAIRED = 0.35
"""Share of moves that change two links."""
TO_CLOSED, A_LITTLE = 0.15, 0.25
"""Shares of changes of an open link that close it, and that go one or two up or down."""
AROUND = 0.3
"""Share of breakpoints that are the way around the link itself."""
IN_CASE = 0.6
"""Share of breakpoints that are those of the case that binds."""


class Moves:
    """A problem's links and cases, for changes of metrics from 1 to ``most``."""

    def __init__(self, problem: Problem, most: int) -> None:
        links = problem.links
        self._ends, self._most = links.ends, most
        self._adjacency = Adjacency.of(Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1]))
        self._dead = np.asarray(problem.cases.alive, dtype=np.float64) <= 0.0
        self._back = np.zeros(len(links.ends), dtype=np.bool_)
        if links.one_way is not None:
            self._back = links.one_way
        self._neighbours = _neighbours(links.ends)

    def changed(
        self, metrics: IntArray, need: Need, weight: FloatArray, random: np.random.Generator
    ) -> IntArray:
        """Metrics with one link changed, now and then two that meet.

        Parameters
        ----------
        weight : float (L,)
            How much a link is worth a look; not negative, not all 0.
        """
        link = int(random.choice(len(metrics), p=weight / weight.sum()))
        tried = metrics.copy()
        tried[link] = self._other(tried, need, link, random)
        near = self._neighbours[link]
        if len(near) and random.random() < PAIRED:
            other = int(near[random.integers(len(near))])
            tried[other] = self._other(tried, need, other, random)
        return tried

    def kicked(self, metrics: IntArray, need: Need, random: np.random.Generator) -> IntArray:
        """Metrics with some links changed at once: to leave where no small change helps."""
        tried = metrics.copy()
        count = min(int(random.integers(1, 4 + len(metrics) // 20)), len(metrics))
        for link in random.choice(len(metrics), count, replace=False).tolist():
            tried[link] = self._other(tried, need, link, random)
        return tried

    def _other(self, metrics: IntArray, need: Need, link: int, random: np.random.Generator) -> int:
        now, kind = int(metrics[link]), random.random()
        if now != CLOSED and kind < TO_CLOSED:
            return CLOSED
        if now != CLOSED and kind < TO_CLOSED + A_LITTLE:
            near = now + int(random.choice([-2, -1, 1, 2]))
        else:
            near = self._breakpoint(metrics, need, link, random)
        return int(np.clip(near, 1, self._most))

    def _breakpoint(
        self, metrics: IntArray, need: Need, link: int, random: np.random.Generator
    ) -> int:
        """A metric at which the link is as short as another way, or one beside it."""
        weight = np.repeat(np.where(metrics == CLOSED, np.inf, metrics.astype(np.float64)), 2)
        weight[1::2][self._back] = np.inf
        weight[2 * link : 2 * link + 2] = np.inf
        case = int(need.case[link]) if random.random() < IN_CASE else 0
        if case >= 0:
            weight[np.repeat(self._dead[case], 2)] = np.inf
        ends = self._ends[link]
        far, _, _ = trees(self._adjacency, weight, np.zeros(len(weight)), ends)
        reached = np.isfinite(far).all(axis=0)
        ties = np.unique(np.abs(far[0, reached] - far[1, reached]))
        if not len(ties):
            return int(random.integers(1, self._most + 1))
        # The last is the way around the link itself: beyond it nothing passes the link.
        at = len(ties) - 1 if random.random() < AROUND else int(random.integers(len(ties)))
        return int(ties[at]) + int(random.integers(-1, 2))


def _neighbours(ends: IntArray) -> list[IntArray]:
    """By link: links that share a site with it."""
    meets = (ends[:, np.newaxis, :, np.newaxis] == ends[np.newaxis, :, np.newaxis, :]).any((2, 3))
    np.fill_diagonal(meets, val=False)
    return [np.flatnonzero(row) for row in meets]
