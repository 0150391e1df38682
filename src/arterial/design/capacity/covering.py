"""The cheapest whole modules for what each link must have: by curve, link by link, or exactly.

The curves know a link's own modules alone, priced with what the program's rows add for the next one
(ports, say: the rows' prices in the relaxed program). The program knows all, and has the last word.
"""

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.errors import SolverError
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Covering", "Curves"]

ROUNDING = 1e-9
"""Share of a need: capacity that misses so little of it is enough."""
GAP = 1e-5
NODES = 5000
MOST_POINTS = 2000
"""Of a curve; beyond, capacity is counted in steps so large that no more are needed."""


class Curves:
    """Least cost by capacity of every link, as steps; and its slope where they are smoothed."""

    def __init__(self, problem: Problem, most_gbps: float) -> None:
        links = problem.links
        supply = links.supply.tocsr()
        price = _with_rows(problem, most_gbps)
        steps = [_steps(problem, supply, price, link, most_gbps) for link in range(len(links.ends))]
        size = [len(gbps) for gbps, _ in steps]
        self._first = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        self._gbps = np.concatenate([gbps for gbps, _ in steps])
        self._cost = np.concatenate([cost for _, cost in steps])
        self._slope = np.array([_slope(*each) for each in steps])

    def cost(self, gbps: FloatArray) -> FloatArray:
        """(L,) cost of the modules that needs (L,) ask; inf beyond what can be bought."""
        return _read(self._first, self._gbps, self._cost, gbps * (1.0 - ROUNDING))

    def smooth(self, gbps: FloatArray) -> FloatArray:
        """(L,) the same with parts of modules, at the best price by capacity of each link."""
        over = np.maximum(gbps - self._gbps[self._first[:-1]], 0.0)
        finite = np.where(over > 0.0, over, 0.0)
        return np.multiply(finite, self._slope, out=np.zeros_like(finite), where=finite > 0.0)


@dataclass(frozen=True)
class Covering:
    """A problem's program, asked for the cheapest columns that meet needs."""

    problem: Problem
    seed: int = 0

    def columns(self, gbps: FloatArray) -> FloatArray | None:
        """(X,) whole columns at least cost (within ``GAP``) that give each link its need (L,).

        None where nothing that can be bought does. Raises SolverError when HiGHS stops before.
        """
        if not np.isfinite(gbps).all():
            return None
        problem = self.problem
        program = problem.program
        asked = gbps * (1.0 - ROUNDING) - problem.links.base_gbps
        answer = solve(_covered(problem, asked), gap=GAP, nodes=NODES, seed=self.seed)
        if answer.status == "infeasible":
            return None
        if not len(answer.primal):
            raise SolverError("HiGHS (capacity, modules for needs)", answer.detail)
        point = program.rounded(answer.primal)
        short = asked - problem.links.supply @ point
        return point if (short <= 1e-6 * np.maximum(gbps, 1.0)).all() else None


def _covered(problem: Problem, asked: FloatArray) -> Program:
    """The program with a row for each link that must have more than nothing."""
    supply = problem.links.supply.tocsr()
    rows = Rows.of(
        [
            (
                supply.indices[supply.indptr[link] : supply.indptr[link + 1]].tolist(),
                supply.data[supply.indptr[link] : supply.indptr[link + 1]].tolist(),
                float(asked[link]),
                np.inf,
            )
            for link in np.flatnonzero(asked > 0.0).tolist()
        ]
    )
    return replace(problem.program, rows=Rows.joined([problem.program.rows, rows]))


def _with_rows(problem: Problem, most_gbps: float) -> FloatArray:
    """(X,) cost of one more of each column, with what the program's own rows ask for it."""
    program = problem.program
    own = len(program.rows)
    if not own:
        return program.cost
    # Any needs will do to price the rows: some for all links, so that each row is used.
    can = np.asarray(problem.links.supply @ np.minimum(program.high, most_gbps)).reshape(-1)
    asked = np.minimum(most_gbps / len(can), can / 2.0)
    whole = np.zeros(len(program.cost), dtype=np.bool_)
    answer = solve(replace(_covered(problem, asked), integer=whole))
    if answer.status != "optimal":
        return program.cost
    rows = program.rows
    of = np.repeat(np.arange(own), np.diff(rows.start))
    added = np.bincount(
        rows.column, weights=rows.value * answer.row_dual[of], minlength=len(program.cost)
    )
    return np.maximum(program.cost - added, 0.0)


def _steps(
    problem: Problem, supply: sparse.csr_array, price: FloatArray, link: int, most_gbps: float
) -> tuple[FloatArray, FloatArray]:
    """Capacities and least costs of one link, both rising, from what it has at least."""
    program = problem.program
    span = slice(supply.indptr[link], supply.indptr[link + 1])
    own, sizes = supply.indices[span], supply.data[span]
    start = problem.links.base_gbps[link] + float(sizes @ program.low[own])
    gbps, cost = np.array([start]), np.zeros(1)
    for column, size in zip(own.tolist(), sizes.tolist(), strict=True):
        wanted = np.ceil(max(most_gbps - start, 0.0) / size)
        count = int(min(program.high[column] - program.low[column], wanted, MOST_POINTS))
        each = np.arange(count + 1.0)
        gbps, cost = _best(
            (gbps[:, np.newaxis] + size * each).reshape(-1),
            (cost[:, np.newaxis] + price[column] * each).reshape(-1),
            most_gbps,
        )
    return gbps, cost


def _best(gbps: FloatArray, cost: FloatArray, most_gbps: float) -> tuple[FloatArray, FloatArray]:
    """Points that no other beats in both, of what is beyond all needs the cheapest alone."""
    held = np.minimum(gbps, max(most_gbps, float(gbps.min())))
    order = np.lexsort((-held, cost))
    held, cost = held[order], cost[order]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(held)[:-1]])
    kept = np.flatnonzero(held > before)
    if len(kept) > MOST_POINTS:
        kept = kept[np.unique(np.linspace(0, len(kept) - 1, MOST_POINTS).astype(np.int64))]
    return held[kept], cost[kept]


def _slope(gbps: FloatArray, cost: FloatArray) -> float:
    """Least cost of a Gb/s beyond the start; inf where none can be had."""
    more = gbps > gbps[0]
    each = (cost[more] - cost[0]) / (gbps[more] - gbps[0])
    return float(each.min(initial=np.inf))


@njit(cache=True, nogil=True)
def _read(first: IntArray, gbps: FloatArray, cost: FloatArray, need: FloatArray) -> FloatArray:
    found = np.full(len(need), np.inf)
    for link in range(len(need)):
        low, high = first[link], first[link + 1]
        while low < high:
            middle = (low + high) // 2
            if gbps[middle] < need[link]:
                low = middle + 1
            else:
                high = middle
        if low < first[link + 1]:
            found[link] = cost[low]
    return found
