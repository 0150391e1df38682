"""What a link costs by what it carries: whole modules in every way that rows allow, the cheap ones.

For problems where that is all there is to buy: each column serves one link, and rows tie columns of
one link alone. Explicit modules of which one may be chosen, charges for a link that is used, flow
that costs something beside its modules.
"""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from arterial.design.capacity.problem import Problem
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Ladder", "ladder_of"]

WAYS = 4096
"""To choose whole columns of one link, at most."""
HOLDS = 1e-9


class Ladder(NamedTuple):
    """Steps of each link from the cheapest on; what is missing has no end and costs nothing."""

    gbps: FloatArray
    """(L, M) that a step carries, rising; inf after the last one."""
    cost: FloatArray
    """(L, M) rising."""
    each: FloatArray
    """(L,) what a Gb/s costs besides."""
    last: IntArray
    """(L,) the last step."""


def ladder_of(problem: Problem, case: int) -> Ladder | None:
    """The ladder of all links in a case; None where what a link costs is no matter of its load."""
    blocks = _blocks(problem)
    ways = [_ways(problem.program, block) for block in blocks]
    if not ways or not all(map(len, ways)):
        return None
    steps: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for number in range(max(map(len, ways))):
        program = _fixed(problem.program, blocks, ways, number)
        step = _measured(problem, case, program, blocks)
        if step is None:
            return None
        steps.append(step)
    gbps, cost, each = (np.array([step[part] for step in steps]).T for part in range(3))
    return _climbing(gbps, cost, each.max(axis=1))


def _blocks(problem: Problem) -> list[IntArray]:
    """Columns of each link; none at all where columns of several links hang together."""
    rows, (links, columns) = problem.program.rows, problem.links.supply.shape
    shape = (len(rows), columns)
    ties = sparse.csr_array((np.ones(len(rows.column)), rows.column, rows.start), shape=shape)
    joint = sparse.vstack([problem.links.supply, ties]).tocoo()
    above, column = joint.coords
    size = links + len(rows) + columns
    graph = sparse.coo_array(
        (np.ones(len(above)), (above, links + len(rows) + column)), shape=(size, size)
    )
    part = connected_components(graph, directed=False)[1]
    if len(np.unique(part[:links])) < links:
        return []
    own = part[links + len(rows) :]
    return [np.flatnonzero(own == one) for one in part[:links].tolist()]


def _ways(program: Program, block: IntArray) -> FloatArray:
    """(W, whole columns of a block) ways to choose them; none where there are too many."""
    whole = block[program.integer[block]]
    count = np.floor(program.high[whole]) - np.ceil(program.low[whole]) + 1.0
    if float(np.prod(count)) > WAYS:
        return np.zeros((0, len(whole)))
    ranges: list[FloatArray] = [
        np.ceil(low) + np.arange(n) for low, n in zip(program.low[whole], count, strict=True)
    ]
    listed: list[tuple[float, ...]] = list(product(*(one.tolist() for one in ranges)))
    ways = np.array(listed, dtype=np.float64).reshape(len(listed), len(whole))
    rows, holds = program.rows, np.ones(len(ways), dtype=np.bool_)
    at = np.full(len(program.cost), -1)
    at[whole] = np.arange(len(whole))
    for row in range(len(rows)):
        span = slice(rows.start[row], rows.start[row + 1])
        place = at[rows.column[span]]
        if len(place) and (place >= 0).all():
            value = ways[:, place] @ rows.value[span]
            holds &= (value >= rows.low[row] - HOLDS) & (value <= rows.high[row] + HOLDS)
    return ways[holds]


def _fixed(
    program: Program, blocks: list[IntArray], ways: list[FloatArray], number: int
) -> Program:
    """The program with whole columns of every link chosen in one way, the last where no more."""
    low, high = program.low.copy(), program.high.copy()
    for block, way in zip(blocks, ways, strict=True):
        whole = block[program.integer[block]]
        low[whole] = high[whole] = way[min(number, len(way) - 1)]
    return replace(program, low=low, high=high, integer=np.zeros_like(program.integer))


def _measured(
    problem: Problem, case: int, program: Program, blocks: list[IntArray]
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Gb/s of each link, its cost with nothing on it and of each Gb/s, whole columns as they are.

    (L,) each; None where rows hold for no load, or for any.
    """
    none = solve(program)
    counted = problem.column_stage <= problem.cases.stage[case]
    gives = np.where(counted, problem.links.supply.sum(axis=0), 0.0)
    most = solve(replace(program, cost=-gives))
    if none.status != "optimal" or most.status != "optimal":
        return None
    stage = sparse.diags_array(counted.astype(np.float64))
    supply: sparse.csr_array = (problem.links.supply @ stage).tocsr()
    full = Rows(
        start=supply.indptr.astype(np.int64),
        column=supply.indices.astype(np.int64),
        value=supply.data,
        low=supply @ most.primal - HOLDS,
        high=np.full(supply.shape[0], np.inf),
    )
    filled = solve(replace(program, rows=Rows.joined([program.rows, full])))
    if filled.status != "optimal":
        return None
    gbps = problem.capacity_gbps(most.primal, case)
    empty, spent = (
        np.array([program.cost[block] @ answer.primal[block] for block in blocks])
        for answer in (none, filled)
    )
    return gbps, empty, (spent - empty) / np.maximum(gbps, HOLDS)


def _climbing(gbps: FloatArray, cost: FloatArray, each: FloatArray) -> Ladder:
    """Steps (L, W) without those that another carries as much as for less."""
    links, most = gbps.shape
    last = np.zeros(links, dtype=np.int64)
    steps, price = np.full((links, most + 1), np.inf), np.zeros((links, most + 1))
    for link in range(links):
        order, count = np.lexsort((-gbps[link], cost[link])), 0
        for step in order.tolist():
            if count == 0 or gbps[link, step] > steps[link, count - 1] + HOLDS:
                steps[link, count], price[link, count] = gbps[link, step], cost[link, step]
                count += 1
        last[link] = count - 1
    return Ladder(steps, price, each, last)
