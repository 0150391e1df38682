"""The mixed-integer program of the latency frontier: which edges open for a share of people.

Columns: ``open`` an edge (binary); ``serve`` a pair of market and edge; ``near`` a market; with
survival ``twice`` a market (two open edges are near) and ``lost`` a pair of market and edge within
bound (no other is); last the share reached. With whole edges the others are at their best at whole
values: a market is served by its cheapest open edges, and is near as soon as one is.
"""

from dataclasses import dataclass

import numpy as np

from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["SLACK", "Ground", "frontier_program"]

Row = tuple[list[int], list[float], float, float]

SLACK = 1e-9
"""Share of people that rounding may cost; a person of a thousand million."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Markets, edges, who is near whom, and prices."""

    people: FloatArray
    """float (M,), above 0."""
    within: BoolArray
    """bool (M, E): the edge is within the bound of the market."""
    allowed: BoolArray
    """bool (M, E): the edge may serve the market."""
    need: IntArray
    """int (M,): edges that must serve a market, at most as many as it is allowed."""
    open_cost: FloatArray
    """float (E,)."""
    pair_cost: FloatArray
    """float (M, E)."""
    kept: BoolArray
    """bool (E,): edges that must stay open."""
    survive: bool
    """The share must hold after the loss of any one edge."""


def frontier_program(ground: Ground, share: float) -> Program:
    """Least cost so that ``share`` of people are within the bound; the last column is their share.

    Parameters
    ----------
    share
        0 to 1, no more than all edges together reach.
    """
    edges, markets = len(ground.open_cost), len(ground.people)
    serve = np.argwhere(ground.allowed)  # (X, 2)
    lost = np.argwhere(ground.within) if ground.survive else np.zeros((0, 2), dtype=np.int64)
    near = edges + len(serve)
    twice = near + markets
    first = twice + (markets if ground.survive else 0)
    last = first + len(lost)
    cost = np.zeros(last + 1)
    cost[:edges] = ground.open_cost
    cost[edges:near] = ground.pair_cost[serve[:, 0], serve[:, 1]]
    low, high = np.zeros(last + 1), np.ones(last + 1)
    low[:edges] = ground.kept
    low[last] = max(0.0, share - SLACK)
    integer = np.zeros(last + 1, dtype=np.bool_)
    integer[:edges] = True
    rows = [*_served(ground, serve, edges), *_near(ground, near)]
    rows += _lost(lost, twice, first) if ground.survive else []
    rows += _share(ground, lost, near, last)
    return Program(cost=cost, low=low, high=high, integer=integer, rows=Rows.of(rows))


def _served(ground: Ground, serve: IntArray, first: int) -> list[Row]:
    """Sum of a market's ``serve`` = need; serve <= open."""
    rows: list[Row] = []
    for market, need in enumerate(ground.need.tolist()):
        mine = (first + np.flatnonzero(serve[:, 0] == market)).tolist()
        if need:
            rows.append((mine, [1.0] * len(mine), float(need), float(need)))
    for place, edge in enumerate(serve[:, 1].tolist()):
        rows.append(([first + place, edge], [1.0, -1.0], -np.inf, 0.0))
    return rows


def _near(ground: Ground, first: int) -> list[Row]:
    """Rows near, and twice beside it, <= sum of open edges within bound; twice <= near."""
    rows: list[Row] = []
    markets = len(ground.people)
    for market, own in enumerate(ground.within):
        edges: list[int] = np.flatnonzero(own).tolist()
        mine = [first + market, *([first + markets + market] if ground.survive else [])]
        entries = [1.0] * len(mine) + [-1.0] * len(edges)
        rows.append(([*mine, *edges], entries, -np.inf, 0.0))
        if ground.survive:
            rows.append((mine[::-1], [1.0, -1.0], -np.inf, 0.0))
    return rows


def _lost(lost: IntArray, twice: int, first: int) -> list[Row]:
    """Rows open <= twice + lost: an edge that alone is near takes its market out."""
    rows: list[Row] = []
    for place, (market, edge) in enumerate(lost.tolist()):
        columns = [edge, twice + market, first + place]
        rows.append((columns, [1.0, -1.0, -1.0], -np.inf, 0.0))
    return rows


def _share(ground: Ground, lost: IntArray, near: int, last: int) -> list[Row]:
    """The share <= people near, without failure and without each edge, over all people."""
    part = ground.people / ground.people.sum()
    markets = len(part)
    columns = [near + market for market in range(markets)]
    rows: list[Row] = [([*columns, last], [*part.tolist(), -1.0], 0.0, np.inf)]
    for edge in range(len(ground.open_cost)) if ground.survive else ():
        own = np.flatnonzero(lost[:, 1] == edge)
        mine = (near + 2 * markets + own).tolist()
        entries = [*part.tolist(), *(-part[lost[own, 0]]).tolist(), -1.0]
        if len(own):
            rows.append(([*columns, *mine, last], entries, 0.0, np.inf))
    return rows
