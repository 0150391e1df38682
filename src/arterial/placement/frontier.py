"""The least cost of edges that bring a share of people within a bound: the frontier.

M markets, E edges. A set of edges is priced with the transport of every market to the nearest edge
of it, and where the loss of an edge is to be outlived also to the second nearest, for both must
have room. With whole sites everything else is settled: only they are integer.

A point is the least cost for a share, and the largest share for that cost. Levels that the point
before reaches already cost no more, and are skipped.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.errors import SolverError
from arterial.placement.frontier_program import SLACK, Ground, frontier_program
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, Rows

__all__ = ["Ground", "Point", "cost_of", "frontier", "levels", "share_of"]

NODES = 20_000
"""Branch-and-bound nodes of a point; what is left open then is told as its gap."""
BUDGET_SLACK = 1e-7
"""Relative room for rounding in the budget of the second question."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """Edges in service for a share of people."""

    asked: float
    share: float
    """That these edges reach, worked out from them."""
    opened: BoolArray
    """bool (E,)."""
    cost: float
    edge_cost: float
    bound: float
    """No set of edges that reaches ``asked`` costs less."""

    @property
    def gap(self) -> float:
        """(cost - bound) / cost; 0 when cost is 0."""
        return (self.cost - self.bound) / self.cost if self.cost > 0.0 else 0.0


def share_of(ground: Ground, opened: BoolArray) -> float:
    """Share of people within the bound of an edge; after the worst loss of one, if so asked."""
    near = (ground.within & opened).sum(axis=1)  # (M,)
    if not ground.survive:
        return float(ground.people[near > 0].sum() / ground.people.sum())
    left = near[:, np.newaxis] - (ground.within & opened)  # (M, E) that are left without each
    kept = (left > 0).T @ ground.people
    return float(kept.min(initial=ground.people.sum()) / ground.people.sum())


def cost_of(ground: Ground, opened: BoolArray) -> tuple[float, float]:
    """Cost of edges with transport, and of the edges alone; infinite where a market is unserved."""
    edge_cost = float(ground.open_cost[opened].sum())
    transport = 0.0
    for row, need in enumerate(ground.need.tolist()):
        mine = np.sort(ground.pair_cost[row, ground.allowed[row] & opened])
        if len(mine) < need:
            return np.inf, edge_cost
        transport += float(mine[:need].sum())
    return edge_cost + transport, edge_cost


def levels(first: float, most: float, step: float) -> tuple[float, ...]:
    """Shares from the first to the most, at whole multiples of ``step`` between.

    >>> levels(0.33, 0.6, 0.1)
    (0.33, 0.4, 0.5, 0.6)
    """
    assert step > 0.0
    whole = range(math.floor(first / step) + 1, math.ceil(most / step))
    between = [round(place * step, 12) for place in whole]
    between = [share for share in between if first < share < most]
    return (first, *between, most) if most > first else (first,)


def frontier(ground: Ground, asked: Sequence[float], *, gap: float = 0.0) -> tuple[Point, ...]:
    """Least-cost edges for rising shares of people.

    Parameters
    ----------
    asked
        Shares, rising, none above what all edges together reach.
    gap
        Relative gap at which the cost of a point is good enough.

    Returns
    -------
    tuple of Point
        Cost and share never fall from one to the next.

    Raises
    ------
    SolverError
        HiGHS stopped without an answer.
    """
    points = list(_points(ground, asked, gap))
    for place in range(len(points) - 2, -1, -1):  # what reaches more reaches this too
        if points[place + 1].cost < points[place].cost:
            better = points[place + 1]
            points[place] = replace(better, asked=points[place].asked, bound=points[place].bound)
    least = -np.inf
    for place, point in enumerate(points):
        least = max(least, point.bound)
        points[place] = replace(point, bound=min(least, point.cost))
    return tuple(points)


def _points(ground: Ground, asked: Sequence[float], gap: float) -> Iterator[Point]:
    reached = -1.0
    for share in asked:
        if share > reached + SLACK:
            point = _point(ground, share, gap)
            reached = point.share
            yield point


def _point(ground: Ground, asked: float, gap: float) -> Point:
    program = frontier_program(ground, asked)
    session = Session(program)
    found = session.solve(gap=gap, nodes=NODES)
    if not len(found.primal):
        raise SolverError("latency frontier", found.detail)
    edges = len(ground.open_cost)
    opened = found.primal[:edges] > 0.5  # noqa: PLR2004 - binary
    cost, _ = cost_of(ground, opened)
    more = _most_for(session, program.cost, cost, found.primal)
    if more is not None:
        better = more[:edges] > 0.5  # noqa: PLR2004 - binary
        dearer = cost_of(ground, better)[0] > cost * (1.0 + 2.0 * BUDGET_SLACK)
        if not dearer and share_of(ground, better) > share_of(ground, opened):
            opened = better
    cost, edge_cost = cost_of(ground, opened)
    return Point(
        asked=asked,
        share=share_of(ground, opened),
        opened=opened,
        cost=cost,
        edge_cost=edge_cost,
        bound=min(found.bound, cost),
    )


def _most_for(
    session: Session, price: FloatArray, budget: float, start: FloatArray
) -> FloatArray | None:
    """The largest share for the cost found; the share is the last column."""
    paid = np.flatnonzero(price)
    limit = budget + BUDGET_SLACK * max(1.0, abs(budget))
    session.add_rows(Rows.of([(paid.tolist(), price[paid].tolist(), -np.inf, limit)]))
    wanted = np.zeros(len(price))
    wanted[-1] = -1.0
    session.set_cost(wanted)
    session.set_start(start)
    found = session.solve(gap=0.0, nodes=NODES)
    return found.primal if len(found.primal) else None
