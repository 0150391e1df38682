"""A whole point bettered piece by piece: most of what is bought and of what flows stays as it is.

Programs of a whole network hardly end; those of a few links, and of the flows that ride them most,
do in a second. How many links and sources are let go follows from whether such programs end.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.spread import spread
from arterial.design.capacity.written import flow_count, written
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.jobs.threads import in_threads
from arterial.solve.highs import Option, Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows, Solution

__all__ = ["Piecemeal"]

FLOWS, SMALL = 12_000, 1_500
"""Flows at most of a problem that is served, and of one whose whole program is worth its time."""
NODES = 10
"""Branch-and-bound nodes of a piece at first; twice as many after a round that finds nothing."""
PIECES, AT_ONCE = 12, 2
"""In a round, and how many begin from one point: always, so that answers are the same anywhere."""
HELD = 1e-7
"""Of a row's value: rows that are broken by no more hold."""
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
        return self._in_modules(program, parts.primal)

    def carrying(self, flows: FloatArray, rows: Rows) -> FloatArray | None:
        """The cheapest whole point (X,) whose flows are (N, E), by source and arc; None without.

        Of a problem of which one case asks. Raises LateError when time is up.
        """
        ridden = flows[self._whole.source, self._whole.arc]
        point = np.concatenate([np.zeros(self._bought), ridden])
        return self._in_modules(self._with(rows), point)

    def _in_modules(self, program: Program, point: FloatArray) -> FloatArray | None:
        """What is bought, (X,), for flows of a point as they are."""
        answer = self._solved(self._held(program, point, self._flows()))
        return program.rounded(answer.primal)[: self._bought] if len(answer.primal) else None

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
        for first in self._deadline.each(range(0, PIECES, AT_ONCE)):
            numbers = range(first, first + AT_ONCE)
            let = [self._let_go(point, random, drawn=n % DRAWN == DRAWN - 1) for n in numbers]
            tried = partial(self._piece, program, point)
            answers = [answer for _, answer in in_threads(tried, let, at_once=AT_ONCE)]
            for answer in answers:
                self._grow(STEP if answer.status == "optimal" else 1.0 / STEP)
            fresh = _together(program, point, [one.primal for one in answers if len(one.primal)])
            if program.cost @ fresh < program.cost @ point - LEAST:
                point, found = fresh, True
                yield point[: self._bought]
        if not found:
            self._nodes *= 2

    def _piece(self, program: Program, point: FloatArray, let: BoolArray) -> Solution:
        """A point with only some columns let go."""
        session = Session(self._held(program, point, ~let), seed=self._seed)
        session.set_start(point)
        answer = session.solve(
            gap=GAP, nodes=self._nodes, time_limit_s=self._deadline.left_s(), options=PLAIN
        )
        return replace(answer, primal=program.rounded(answer.primal))

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
        return replace(answer, primal=program.rounded(answer.primal)[: self._bought])

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
        chosen = self._dear(point, random) if drawn else self._around(random)
        links[chosen] = True
        program = self._problem.program
        near = np.asarray(self._gives @ links.astype(np.float64)) > 0.0
        alone = np.diff(self._gives.indptr) == 0
        columns = near | alone | ~program.integer
        rides = np.where(links[self._whole.arc >> 1], point[self._bought :], 0.0)
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

    def _around(self, random: np.random.Generator) -> list[int]:
        """Links around a site, then around those that they lead to."""
        ends = self._problem.links.ends
        return spread(
            ends, int(random.integers(self._problem.links.sites)), int(self._links), random
        )


def _together(program: Program, point: FloatArray, others: list[FloatArray]) -> FloatArray:
    """What others change in a point, all at once where that holds; else the cheapest of them."""
    every = point + sum((other - point for other in others), np.zeros(len(point)))
    if len(others) > 1 and _holds(program, every):
        return every
    return min([point, *others], key=lambda one: float(program.cost @ one))


def _holds(program: Program, point: FloatArray) -> bool:
    rows = program.rows
    shape = (len(rows), len(point))
    matrix = sparse.csr_array((rows.value, rows.column, rows.start), shape=shape)
    value = np.asarray(matrix @ point)
    slack = HELD * np.maximum(1.0, np.abs(value))
    rows_hold = (value >= rows.low - slack).all() and (value <= rows.high + slack).all()
    return bool(rows_hold and (point >= program.low).all() and (point <= program.high).all())


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
