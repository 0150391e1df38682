"""The mixed-integer program of placement: which edges open, and who serves whom.

Columns are one ``open`` an edge, then one ``primary`` and one ``failover`` a pair of market and
edge within bound. Names are left to ``arterial.placement.replicas``; arrays in, arrays out.
"""

from dataclasses import dataclass, replace

import numpy as np

from arterial.errors import SolverError
from arterial.placement.serving import Serving
from arterial.placement.serving_rows import beside, point_of
from arterial.placement.serving_search import Prices, improved
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["LARGE", "Choice", "Quota", "answers_program", "choose"]

Row = tuple[list[int], list[float], float, float]

TIE_GAP = 1e-6
"""Relative gap of the tie-break: its optimum orders equals, and bears no bound."""

FAILOVER_WEIGHT = 1e-3
"""Of a fail-over's round trip beside a primary's in the tie-break: it counts only among equals."""

BUDGET_SLACK = 1e-7
"""Relative room for rounding in the tie-break's budget, far below what a reader would see."""


LARGE = 600
"""Columns from which on replicas are placed by moves, and their program gives a bound alone."""
NEAR_GAP = 5e-3
"""At which that bound is near enough."""
ROOM_NODES = 20
"""Branch-and-bound nodes where moves find no room."""

QUOTA_SLACK = 1e-9
"""Of the people asked for: a share that was told in few digits must not miss its own placement."""


@dataclass(frozen=True, kw_only=True)
class Quota:
    """People whose primary must be near."""

    near: BoolArray
    """(M, E) True where the edge is near enough to the market to count."""
    people: FloatArray
    """(M,)"""
    least: float
    """People, of all markets together."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """By market: its edge and its fail-over, as columns; and what no choice beats."""

    primary: tuple[int, ...]
    failover: tuple[int, ...]
    bound: float


def choose(
    *,
    within: BoolArray,
    apart: BoolArray,
    open_cost: FloatArray,
    pair_cost: FloatArray,
    tie: FloatArray,
    gap: float,
    quota: Quota | None = None,
    serving: Serving | None = None,
) -> Choice:
    """Least-cost edges, then among those of that cost the least ``tie``.

    Parameters
    ----------
    within : bool (M, E)
        True where an edge may serve a market.
    apart : bool (M, E, E)
        True where the second edge may take over from the first; nowhere on the diagonal.
    open_cost : float (E,)
    pair_cost : float (M, E)
        Cost of serving a market from an edge, as primary or as fail-over.
    tie : float (M, E)
        What to have little of among choices of equal cost; finite wherever ``within``.
    gap
        Relative gap at which the cost is good enough.
    quota
        People who must be near their primary; the bound then holds for such choices.
    serving
        Replicas to pay for, and the room that edges have for them.

    Raises
    ------
    SolverError
        No choice was found: where edges have too little room there is none.
    """
    pairs = np.argwhere(within)  # (X, 2)
    program = answers_program(within, apart, open_cost, pair_cost, quota, serving)
    market, edge = pairs.T
    order = np.zeros(len(program.cost))
    order[len(open_cost) :][: len(pairs)] = tie[market, edge]
    order[len(open_cost) + len(pairs) :][: len(pairs)] = FAILOVER_WEIGHT * tie[market, edge]
    cost = program.cost
    if serving is not None and quota is None and len(cost) > LARGE:
        prices = Prices(serving=serving, open_cost=open_cost, pair_cost=pair_cost, tie=tie)
        return _near(program, within, apart, prices)
    cheapest, bound = _solved(program, gap)
    budget = float(cost @ cheapest)
    budget_row = (
        list(range(len(cost))),
        cost.tolist(),
        -np.inf,
        budget + BUDGET_SLACK * max(1.0, abs(budget)),
    )
    rows = Rows.joined([program.rows, Rows.of([budget_row])])
    best, _ = _solved(replace(program, cost=order, rows=rows), TIE_GAP, cheapest)
    return _choice(best, pairs, len(open_cost), bound)


def _choice(point: FloatArray, pairs: IntArray, edges: int, bound: float) -> Choice:
    serves = point[edges:][: 2 * len(pairs)].reshape(2, len(pairs)) > 0.5  # noqa: PLR2004 - binary
    primary, failover = ([int(column) for column in pairs[role, 1]] for role in serves)
    return Choice(primary=tuple(primary), failover=tuple(failover), bound=bound)


def _near(program: Program, within: BoolArray, apart: BoolArray, prices: Prices) -> Choice:
    """A choice found by moves from the cheapest without replicas, and the program's bound."""
    bare = choose(
        within=within,
        apart=apart,
        open_cost=prices.open_cost,
        pair_cost=prices.pair_cost,
        tie=prices.tie,
        gap=NEAR_GAP,
    )
    allowed = apart & within[:, :, None] & within[:, None, :]
    found = improved(
        prices,
        [tuple((one, other) for one, other in np.argwhere(own).tolist()) for own in allowed],
        tuple(zip(bare.primary, bare.failover, strict=True)),
    )
    first, second = ([pair[role] for pair in found] for role in (0, 1))
    serving = prices.serving
    if not serving.over(serving.counts(first, second)).any():
        parts = Session(replace(program, integer=np.zeros(len(program.cost), dtype=np.bool_)))
        return Choice(primary=tuple(first), failover=tuple(second), bound=parts.solve().bound)
    pairs = np.argwhere(within)
    session = Session(program)
    session.set_start(point_of(serving, pairs, np.argwhere(allowed), found))
    solution = session.solve(gap=NEAR_GAP, nodes=ROOM_NODES)
    if not len(solution.primal):
        raise SolverError("placement", solution.detail)
    return _choice(np.rint(solution.primal), pairs, len(prices.open_cost), solution.bound)


def answers_program(
    within: BoolArray,
    apart: BoolArray,
    open_cost: FloatArray,
    pair_cost: FloatArray,
    quota: Quota | None = None,
    serving: Serving | None = None,
    *,
    rooms: bool = True,
) -> Program:
    """Who answers whom at least cost, as ``choose`` asks it; without rooms edges hold anything."""
    pairs = np.argwhere(within)
    rows = _rows(pairs, within, apart)
    if quota is not None:
        rows += _enough_near(quota, pairs, len(open_cost))
    market, edge = pairs.T
    cost = np.concatenate([open_cost, pair_cost[market, edge], pair_cost[market, edge]])
    high, integer = np.ones(len(cost)), np.ones(len(cost), dtype=np.bool_)
    if serving is not None:
        more = beside(serving, pairs, within, apart)
        cost = np.concatenate([cost, more.cost])
        high = np.concatenate([high, more.high])
        integer = np.concatenate([integer, more.integer])
        rows += more.rows + ([row for _, _, row in more.rooms] if rooms else [])
    return Program(
        cost=cost, low=np.zeros(len(cost)), high=high, integer=integer, rows=Rows.of(rows)
    )


def _solved(
    program: Program, gap: float, start: FloatArray | None = None
) -> tuple[FloatArray, float]:
    """A point of whole numbers and the bound on its cost."""
    session = Session(program)
    if start is not None:
        session.set_start(start)
    solution = session.solve(gap=gap)
    if solution.status != "optimal":
        raise SolverError("placement", solution.detail)
    return np.rint(solution.primal), solution.bound


def _rows(pairs: IntArray, within: BoolArray, apart: BoolArray) -> list[Row]:
    column = np.full(within.shape, -1, dtype=np.int64)
    edges = within.shape[1]
    column[pairs[:, 0], pairs[:, 1]] = edges + np.arange(len(pairs))
    return [
        *_served_once(column, within, len(pairs)),
        *_served_from_open(column, pairs, len(pairs)),
        *_served_apart(column, pairs, within, apart),
    ]


def _served_once(column: IntArray, within: BoolArray, failover: int) -> list[Row]:
    """Each market has one primary and one fail-over: sum of its pairs = 1."""
    rows: list[Row] = []
    for market in range(len(within)):
        mine = column[market, within[market]]
        ones = [1.0] * len(mine)
        rows.append((mine.tolist(), ones, 1.0, 1.0))
        rows.append(((mine + failover).tolist(), ones, 1.0, 1.0))
    return rows


def _served_from_open(column: IntArray, pairs: IntArray, failover: int) -> list[Row]:
    """An edge serves a market in one role at most, and only when open: x + z <= open."""
    rows: list[Row] = []
    for market, edge in pairs.tolist():
        mine = int(column[market, edge])
        rows.append(([mine, mine + failover, edge], [1.0, 1.0, -1.0], -np.inf, 0.0))
    return rows


def _served_apart(
    column: IntArray, pairs: IntArray, within: BoolArray, apart: BoolArray
) -> list[Row]:
    """No fail-over that is lost with the primary: x(e) + sum of z over those not apart <= 1."""
    rows: list[Row] = []
    for market, edge in pairs.tolist():
        lost = np.flatnonzero(within[market] & ~apart[market, edge])
        if len(lost) > 1:  # the edge itself is barred by `_served_from_open`
            columns = [int(column[market, edge]), *(column[market, lost] + len(pairs)).tolist()]
            rows.append((columns, [1.0] * len(columns), -np.inf, 1.0))
    return rows


def _enough_near(quota: Quota, pairs: IntArray, edges: int) -> list[Row]:
    """People near their primary: sum of people x over near pairs >= least."""
    market, edge = pairs.T
    near = np.flatnonzero(quota.near[market, edge])
    people = quota.people[market[near]]
    return [((edges + near).tolist(), people.tolist(), quota.least * (1.0 - QUOTA_SLACK), np.inf)]
