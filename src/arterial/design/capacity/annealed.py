"""Flows of the only case that asks, annealed: where what a link costs follows from what it carries.

Charges and explicit modules make whole points that lie far from any with parts; searches that hold
most of a point still do not leave where they began. Here no program is solved, and nothing proved.
"""

from functools import partial

import numpy as np

from arterial.design.capacity.anneal_kernels import Heat, Laid, Web, annealed, begun, cost_of
from arterial.design.capacity.ladder import Ladder, ladder_of
from arterial.design.capacity.problem import FIXED, Problem
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.jobs.threads import in_threads
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.solve.program import FloatArray

__all__ = ["Annealed", "web_of"]

WORK = 3e8
"""Arcs looked at, about, by the ways that one search lays."""
SEARCHES, AT_ONCE = 4, 2
"""Of which the best counts, and how many at once."""
CHUNKS, SPARE_S = 50, 1.0
"""In which a search asks how much time is left, and what it leaves to make modules of flows."""
PARTS = 4.0
"""A part takes at most the middle of all links' smallest steps by this."""
FIRST, LAST = 0.5, 0.003
"""Of the mean cost of a link: what more may be spent, at the beginning and at the end."""
OVER = 10.0
"""Times the dearest Gb/s: what one costs that no step carries."""
NOTHING = 1e-9


class Annealed:
    """Searches one problem's flows."""

    @staticmethod
    def of(problem: Problem, *, seed: int, deadline: Deadline = FOREVER) -> "Annealed | None":
        """A search for a problem; None where it is not of the kind."""
        asks = np.flatnonzero((problem.cases.gbps > NOTHING).any(axis=1))
        fixed = bool((problem.demands.scaled_by == FIXED).all())
        both = problem.links.shared and problem.links.one_way is None
        if len(asks) != 1 or not fixed or not both:
            return None
        case = int(asks[0])
        wanted = problem.cases.gbps[case] > NOTHING
        if np.isfinite(problem.demands.limit_ms[wanted]).any():
            return None
        ladder = ladder_of(problem, case)
        if ladder is None or not (ladder.last > 0).any():
            return None
        return Annealed(problem, case, ladder, seed=seed, deadline=deadline)

    def __init__(
        self, problem: Problem, case: int, ladder: Ladder, *, seed: int, deadline: Deadline
    ) -> None:
        self._problem, self._seed, self._deadline = problem, seed, deadline
        self._web = web_of(problem, case, ladder)

    def flows(self) -> FloatArray:
        """(N, E) Gb/s from each source on each arc, of the best that was found in its time."""
        search, numbers = partial(self._search, begun(self._web)), range(SEARCHES)
        found = [one for _, one in in_threads(search, numbers, at_once=AT_ONCE)]
        _, best = min(found, key=lambda one: one[0])
        web, flows = self._web, np.zeros((self._problem.links.sites, 2 * len(best.load)))
        for part, count in enumerate(best.length.tolist()):
            np.add.at(flows[web.source[part]], best.way[part, :count], web.gbps[part])
        return flows

    def _search(self, start: Laid, number: int) -> tuple[float, Laid]:
        now, best = start.copy(), start.copy()
        most = int(WORK / len(self._web.arcs))
        mean = cost_of(self._web, start) / len(start.load)
        heat, done, cost = Heat(mean * FIRST, mean * LAST, most), 0, np.inf
        random = np.random.default_rng((self._seed, number))
        for chunk in range(CHUNKS):
            if self._deadline.left_s() < SPARE_S or not start.load.any():
                break
            span = done, (chunk + 1) * most // CHUNKS
            done, cost = annealed(self._web, now, best, heat, span, random)
        return cost, best


def web_of(problem: Problem, case: int, ladder: Ladder) -> Web:
    """Demands of a case in parts, and links at what they cost."""
    links, demands, asked = problem.links, problem.demands, problem.cases.gbps[case]
    steps = np.diff(np.where(np.isfinite(ladder.gbps), ladder.gbps, np.nan), axis=1)
    smallest = np.nan_to_num(steps, nan=np.inf).min(axis=1)
    most = float(np.median(smallest[np.isfinite(smallest)])) / PARTS
    count = np.where(asked > NOTHING, np.maximum(1.0, np.ceil(asked / most - NOTHING)), 0.0)
    part = np.repeat(np.arange(len(asked)), count.astype(np.int64))
    per = np.where(ladder.gbps > NOTHING, ladder.cost / np.maximum(ladder.gbps, NOTHING), np.inf)
    per = np.where(np.isfinite(ladder.gbps), per, np.inf)
    slope = per.min(axis=1)
    slope = np.where(np.isfinite(slope), slope, 0.0)
    return Web(
        *Adjacency.of(Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1])),
        demands.source[part],
        demands.target[part],
        (asked / np.maximum(count, 1.0))[part],
        ladder,
        slope,
        OVER * float((slope + ladder.each).max()),
    )
