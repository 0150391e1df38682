"""Replicas in the program of all placements: what each of them pays at least, and finds room for.

To the columns of a placement come one ``first`` for each answer, the share of the market that asks
there first, and one ``count`` an edge and model. Both may be parts. Rows say what holds for every
placement: what an edge is left to answer after a loss elsewhere is in them one market at a time,
and over all edges together, not edge by edge; what routes ask for besides is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.cuts import Row
from arterial.placement.serving import WHOLE, Serving, whole
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Replicas", "replica_columns"]


@dataclass(frozen=True, kw_only=True)
class Replicas:
    """Columns that come after those of a placement, and rows that tie them."""

    cost: FloatArray
    high: FloatArray
    rows: list[Row]


@dataclass(frozen=True)
class _Answers:
    """Where a placement stands in the program."""

    serving: Serving
    opens: int
    """Of the E ``open`` columns, the first."""
    market: IntArray
    """(Y,) of each ``answers`` column."""
    edge: IntArray
    """(Y,)"""

    @property
    def answers(self) -> IntArray:
        """(Y,) columns."""
        return self.opens + len(self.serving.edges) + np.arange(len(self.market), dtype=np.int64)

    @property
    def first(self) -> IntArray:
        """(Y,) columns."""
        return self.answers + len(self.market)

    def count(self, edge: int, model: int) -> int:
        """Column of the replicas of a model at an edge."""
        start = self.opens + len(self.serving.edges) + 2 * len(self.market)
        return start + edge * len(self.serving.models) + model


def replica_columns(serving: Serving, opens: int, market: IntArray, edge: IntArray) -> Replicas:
    """What replicas add to the program of all placements.

    Parameters
    ----------
    opens
        The first of the columns that open an edge; after these come those of answers.
    market, edge : int (Y,)
        Of each column of an answer.
    """
    at = _Answers(serving, opens, market, edge)
    most = np.tile(whole(serving.by_model(serving.busy)).astype(np.float64), len(serving.edges))
    return Replicas(
        cost=np.concatenate([np.zeros(len(market)), serving.price.reshape(-1)]),
        high=np.concatenate([np.ones(len(market)), most]),
        rows=[*_first(at), *_own(at), *_each(at), *_together(at), *_rooms(at)],
    )


def _first(at: _Answers) -> Iterator[Row]:
    """Each market asks once first, and only where it is answered: sum = 1, first <= answers."""
    for market in range(at.serving.busy.shape[1]):
        mine = at.first[at.market == market].tolist()
        yield mine, [1.0] * len(mine), 1.0, 1.0
    for answer, first in zip(at.answers.tolist(), at.first.tolist(), strict=True):
        yield [answer, first], [1.0, -1.0], 0.0, np.inf


def _own(at: _Answers) -> Iterator[Row]:
    """A count >= what those who ask there first keep busy; <= one more than all it answers."""
    for edge in range(len(at.serving.edges)):
        here = at.edge == edge
        for model in range(len(at.serving.models)):
            busy = at.serving.busy_of(model)[at.market[here]]
            count = at.count(edge, model)
            slack = WHOLE * max(1.0, float(busy.sum()))  # what rounding up may leave out
            yield [count, *at.first[here].tolist()], [1.0, *(-busy).tolist()], -slack, np.inf
            columns = [count, at.opens + edge, *at.answers[here].tolist()]
            yield columns, [-1.0, 1.0, *busy.tolist()], 0.0, np.inf


def _each(at: _Answers) -> Iterator[Row]:
    """A count >= the whole replicas that any one market needs there when its other edge is lost."""
    kept = at.serving.keep.get("edge")
    for model in range(len(at.serving.models)):
        if kept is None:
            return
        share = np.where(at.serving.model == model, kept, 0.0)
        alone = whole(share @ at.serving.busy)
        for market, edge, answer in zip(
            at.market.tolist(), at.edge.tolist(), at.answers.tolist(), strict=True
        ):
            if alone[market]:
                columns = [at.count(edge, model), answer]
                yield columns, [1.0, -float(alone[market])], 0.0, np.inf


def _together(at: _Answers) -> Iterator[Row]:
    """Counts of all edges hold everybody; those of all but one hold whom its loss leaves asking."""
    serving, edges = at.serving, range(len(at.serving.edges))
    kept = serving.keep.get("edge")
    for model in range(len(serving.models)):
        less = WHOLE * len(edges)  # what rounding up may leave out at each
        every = float(whole(serving.busy_of(model).sum() - less))
        columns = [at.count(edge, model) for edge in edges]
        yield columns, [1.0] * len(columns), every, np.inf
        if kept is not None:
            share = np.where(serving.model == model, kept, 0.0)
            left = float(whole((share @ serving.busy).sum() - less))
            for lost in edges:
                others = [column for edge, column in enumerate(columns) if edge != lost]
                yield others, [1.0] * len(others), left, np.inf


def _rooms(at: _Answers) -> Iterator[Row]:
    """Accelerators and power of an edge's replicas <= what it holds, if it is open."""
    serving = at.serving
    for _, limit, each in serving.limits:
        for edge in np.flatnonzero(np.isfinite(limit)).tolist():
            counts = [at.count(edge, model) for model in range(len(serving.models))]
            yield [*counts, at.opens + edge], [*(-each).tolist(), float(limit[edge])], 0.0, np.inf
