"""A whole point bettered piece by piece: most of what is bought and of what flows stays as it is.

Programs of a whole network hardly end; those of a few links, and of the flows that ride them most,
do in a second. How many links and sources are let go follows from whether such programs end.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.written import flow_count, written
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.highs import Option, Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows, Solution

__all__ = ["Piecemeal"]

FLOWS, SMALL = 12_000, 1_500
"""Flows at most of a problem that is served, and of one whose whole program is worth its time."""
NODES = 10
"""Branch-and-bound nodes of a piece at first; twice as many after a round that finds nothing."""
PIECES = 12
"""In a round."""
LINKS, SOURCES = 8.0, 12.0
"""Let go at first; no fewer sources later."""
FEWEST, STEP = 4.0, 1.12
"""Links, and by how much both grow or shrink."""
GAP = 5e-4
PLAIN: dict[str, Option] = {"mip_allow_restart": False, "mip_detect_symmetry": False}
"""What HiGHS does without in a piece: restarts take half the time and find nothing there."""
LEAST = 1e-6
"""Saving from which on a point is another."""
DRAWN = 3
"""Every so many pieces one is links of any place, dear ones first; the others hang together."""
FLOOR = 0.05
"""Of the dearest link's cost: what every link counts for when links are drawn."""


class Piecemeal:
    """Betters points of one problem of few cases."""

    @staticmethod
    def serves(problem: Problem) -> bool:
        """Whether a problem is of so few cases that their flows can be written out."""
        return flow_count(problem) <= FLOWS

    def __init__(self, problem: Problem, *, seed: int, deadline: Deadline = FOREVER) -> None:
        self._problem, self._whole = problem, written(problem)
        self._seed, self._deadline = seed, deadline
        self._gives = _gives(problem)
        self._sources, self._source = np.unique(self._whole.source, return_inverse=True)
        self._links, self._let, self._nodes = LINKS, SOURCES, NODES
        self.small = len(self._whole.source) <= SMALL
        """Whether the program of the whole problem is worth its time."""

    def started(self, rows: Rows) -> FloatArray | None:
        """A whole point (X,): flows of the cheapest parts, in whole modules; None without one.

        Raises LateError when time is up.
        """
        program = self._with(rows)
        parts = self._solved(replace(program, integer=np.zeros_like(program.integer)))
        if not len(parts.primal):
            return None
        answer = self._solved(self._held(program, parts.primal, self._flows()))
        return answer.primal[: self._bought] if len(answer.primal) else None

    def bettered(self, columns: FloatArray, rows: Rows, *, number: int) -> Iterator[FloatArray]:
        """Whole points (X,), each cheaper than the one before: of a round of pieces.

        Parameters
        ----------
        columns
            A whole point that carries all.
        rows
            What whole points are known to hold besides: pieces end sooner with them.
        number
            Of the round: other pieces in each.

        Raises LateError when time is up.
        """
        program = self._with(rows)
        point = self._routed(program, columns)
        if point is None:
            return
        random, found = np.random.default_rng((self._seed, number)), False
        for piece in self._deadline.each(range(PIECES)):
            let = self._let_go(point, random, drawn=piece % DRAWN == DRAWN - 1)
            session = Session(self._held(program, point, ~let), seed=self._seed)
            session.set_start(point)
            answer = session.solve(
                gap=GAP, nodes=self._nodes, time_limit_s=self._deadline.left_s(), options=PLAIN
            )
            self._grow(STEP if answer.status == "optimal" else 1.0 / STEP)
            if not len(answer.primal):
                continue
            fresh = np.where(program.integer, np.round(answer.primal), answer.primal)
            if program.cost @ fresh < program.cost @ point - LEAST:
                point, found = fresh, True
                yield point[: self._bought]
        if not found:
            self._nodes *= 2

    def whole(self, rows: Rows, *, gap: float, nodes: int, start: FloatArray) -> Solution:
        """The whole program at once, from a whole point (X,) that carries all, or empty.

        Raises LateError when time is up; it carries the bound.
        """
        program = self._with(rows)
        session = Session(program, seed=self._seed)
        point = self._routed(program, start) if len(start) else None
        if point is not None:
            session.set_start(point)
        answer = session.solve(gap=gap, nodes=nodes, time_limit_s=self._deadline.left_s())
        if answer.status == "limit" and self._deadline.late:
            raise LateError(answer.bound)
        return replace(answer, primal=answer.primal[: self._bought])

    @property
    def _bought(self) -> int:
        return len(self._problem.program.cost)

    def _with(self, rows: Rows) -> Program:
        program = self._whole.program
        return replace(program, rows=Rows.joined([program.rows, rows]))

    def _flows(self) -> BoolArray:
        """(X + Y,) True for flows."""
        return np.arange(len(self._whole.program.cost)) >= self._bought

    def _held(self, program: Program, point: FloatArray, held: BoolArray) -> Program:
        """The program with some columns as they are at a point."""
        return replace(
            program,
            low=np.where(held, np.maximum(point, program.low), program.low),
            high=np.where(held, np.maximum(point, program.low), program.high),
        )

    def _solved(self, program: Program) -> Solution:
        session = Session(program, seed=self._seed)
        return session.solve(gap=GAP, nodes=NODES, time_limit_s=self._deadline.left_s())

    def _routed(self, program: Program, columns: FloatArray) -> FloatArray | None:
        """The point with flows, (X + Y,), everything that is whole as it is."""
        point = np.concatenate([columns, np.zeros(len(self._whole.source))])
        parts = replace(
            self._held(program, point, program.integer), integer=np.zeros_like(program.integer)
        )
        answer = self._solved(parts)
        return answer.primal if answer.status == "optimal" else None

    def _grow(self, by: float) -> None:
        count = len(self._problem.links.ends)
        self._links = min(max(self._links * by, FEWEST), float(count))
        self._let = min(max(self._let * by, SOURCES), float(len(self._sources)))

    def _let_go(self, point: FloatArray, random: np.random.Generator, *, drawn: bool) -> BoolArray:
        """(X + Y,) columns of some links, and flows of the sources that ride these most."""
        links = np.zeros(len(self._problem.links.ends), dtype=np.bool_)
        chosen = self._dear(point, random) if drawn else self._together(random)
        links[chosen] = True
        program = self._problem.program
        near = np.asarray(self._gives @ links.astype(np.float64)) > 0.0
        alone = np.diff(self._gives.indptr) == 0
        columns = near | alone | ~program.integer
        rides = np.where(links[self._whole.link], point[self._bought :], 0.0)
        use = np.bincount(self._source, weights=rides, minlength=len(self._sources))
        use *= random.uniform(0.5, 1.0, len(use))
        most = np.argsort(-use, kind="stable")[: int(self._let)]
        return np.concatenate([columns, np.isin(self._source, most)])

    def _dear(self, point: FloatArray, random: np.random.Generator) -> IntArray:
        """Links drawn by what is spent on them."""
        program = self._problem.program
        spent = np.abs(program.cost) * point[: self._bought] * program.integer
        weight = np.asarray(self._gives.T @ spent) + 1e-9
        weight += FLOOR * weight.max()
        some = min(int(self._links), len(weight))
        return random.choice(len(weight), some, replace=False, p=weight / weight.sum())

    def _together(self, random: np.random.Generator) -> list[int]:
        """Links around a site, then around those that they lead to."""
        ends = self._problem.links.ends
        return _spread(
            ends, int(random.integers(self._problem.links.sites)), int(self._links), random
        )


def _spread(ends: IntArray, site: int, most: int, random: np.random.Generator) -> list[int]:
    """Links of a site, then of those that they lead to, until there are so many."""
    links: dict[int, None] = {}
    sites, at = [site], 0
    while at < len(sites) and len(links) < most:
        beside = np.flatnonzero((ends == sites[at]).any(axis=1))
        random.shuffle(beside)
        links |= dict.fromkeys(beside.tolist())
        beyond = dict.fromkeys(ends[beside].reshape(-1).tolist())
        sites += [other for other in beyond if other not in sites]
        at += 1
    return list(links)


def _gives(problem: Problem) -> sparse.csr_array:
    """(X, L) links that a column gives capacity, or helps others to that share a row with it."""
    rows, columns = problem.program.rows, len(problem.program.cost)
    direct = (problem.links.supply.T > 0.0).astype(np.float64).tocsr()
    shares = sparse.csr_array(
        (np.ones(len(rows.column)), rows.column, rows.start), shape=(len(rows), columns)
    )
    helped = (shares.T @ (shares @ direct)).tocsr()
    bare = sparse.diags_array((np.diff(direct.indptr) == 0).astype(np.float64))
    return (direct + bare @ helped).tocsr()
