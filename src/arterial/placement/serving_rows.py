"""Replicas in the program of placement: columns beside who answers whom, and rows that tie them.

To ``open``, ``primary`` and ``failover`` come one ``pair`` for each market and two edges of which
the second may take over from the first, and one ``count`` an edge and model. Pairs need not be
asked to be whole: with whole answers they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.placement.serving import WHOLE, Serving, whole
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Beside", "beside", "point_of"]

Row = tuple[list[int], list[float], float, float]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Columns that stand after those of who answers whom, with their rows."""

    cost: FloatArray
    high: FloatArray
    integer: BoolArray
    rows: list[Row]
    rooms: list[tuple[int, str, Row]]
    """(edge, what, row) of limits: accelerators, then power."""


@dataclass(frozen=True)
class _Columns:
    """Where everything stands: X pairs of market and edge, P of market and two edges."""

    serving: Serving
    market: IntArray
    """(X,)."""
    edge: IntArray
    """(X,)."""
    pairs: IntArray
    """(P, 3) market, edge, fail-over."""

    @property
    def primary(self) -> IntArray:
        """(X,)."""
        return len(self.serving.edges) + np.arange(len(self.market), dtype=np.int64)

    @property
    def failover(self) -> IntArray:
        """(X,)."""
        return self.primary + len(self.market)

    @property
    def pair(self) -> IntArray:
        """(P,)."""
        first = len(self.serving.edges) + 2 * len(self.market)
        return first + np.arange(len(self.pairs), dtype=np.int64)

    def count(self, edge: int, model: int) -> int:
        """Column of the replicas of a model at an edge."""
        first = len(self.serving.edges) + 2 * len(self.market) + len(self.pairs)
        return first + edge * len(self.serving.models) + model


def beside(serving: Serving, pairs: IntArray, within: BoolArray, apart: BoolArray) -> Beside:
    """What replicas add to the program.

    Parameters
    ----------
    pairs : int (X, 2)
        Market and edge of the columns that are there.
    within : bool (M, E)
    apart : bool (M, E, E)
    """
    allowed = np.argwhere(apart & within[:, :, None] & within[:, None, :])
    columns = _Columns(serving, pairs[:, 0], pairs[:, 1], allowed)
    count, models = len(serving.edges), len(serving.models)
    most = np.tile(whole(serving.by_model(serving.busy)).astype(np.float64), count)
    return Beside(
        cost=np.concatenate([np.zeros(len(allowed)), serving.price.reshape(-1)]),
        high=np.concatenate([np.ones(len(allowed)), most]),
        integer=np.concatenate([np.zeros(len(allowed), bool), np.ones(count * models, bool)]),
        rows=[*_paired(columns), *_own(columns), *_handed(columns), *_met(columns)],
        rooms=list(_rooms(columns)),
    )


def point_of(
    serving: Serving, pairs: IntArray, allowed: IntArray, found: Sequence[tuple[int, int]]
) -> FloatArray:
    """A placement as a point of the program.

    Parameters
    ----------
    pairs : int (X, 2)
        Market and edge of each column.
    allowed : int (P, 3)
        Market, edge and fail-over of each column of a pair.
    found
        By market, its edge and its fail-over.
    """
    both = np.array(found, dtype=np.int64)
    counts = serving.counts(both[:, 0].tolist(), both[:, 1].tolist())
    opened = np.isin(np.arange(len(serving.edges)), both)
    roles = [both[pairs[:, 0], role] == pairs[:, 1] for role in (0, 1)]
    pair = (both[allowed[:, 0]] == allowed[:, 1:]).all(axis=1)
    return np.concatenate([opened, *roles, pair, counts.reshape(-1)]).astype(np.float64)


def _paired(columns: _Columns) -> Iterator[Row]:
    """A market's pairs from an edge are its primary there, those to an edge its fail-over."""
    for column, ends in ((columns.primary, (0, 1)), (columns.failover, (0, 2))):
        of: dict[tuple[int, int], list[int]] = {}
        for pair, row in zip(columns.pair.tolist(), columns.pairs[:, ends].tolist(), strict=True):
            of.setdefault((row[0], row[1]), []).append(pair)
        for own, market, edge in zip(
            column.tolist(), columns.market.tolist(), columns.edge.tolist(), strict=True
        ):
            mine = of.get((market, edge), [])
            yield [own, *mine], [-1.0, *([1.0] * len(mine))], 0.0, 0.0


def _own(columns: _Columns) -> Iterator[Row]:
    """A count >= what the edge's markets keep busy."""
    serving = columns.serving
    for edge in range(len(serving.edges)):
        here = columns.edge == edge
        for model in range(len(serving.models)):
            busy = serving.busy_of(model)[columns.market[here]]
            yield _at_least(columns.count(edge, model), columns.primary[here], busy)


def _met(columns: _Columns) -> Iterator[Row]:
    """A count >= what markets keep busy that were found to meet at its edge."""
    serving = columns.serving
    for meet in serving.meets:
        here = columns.edge == meet.edge
        markets = columns.market[here]
        ends = np.concatenate([columns.primary[here], columns.failover[here]])
        for model in range(len(serving.models)):
            own, handed = (
                part[serving.model == model].sum(axis=0)[markets]
                for part in (meet.own, meet.handed)
            )
            yield _at_least(columns.count(meet.edge, model), ends, np.concatenate([own, handed]))


def _handed(columns: _Columns) -> Iterator[Row]:
    """A count >= what is still asked of an edge when another is lost."""
    serving, pairs = columns.serving, columns.pairs
    for asked in serving.losses():
        for lost in range(len(serving.edges)):
            mine = pairs[:, 1] == lost
            for edge in np.unique(pairs[mine, 2]).tolist():
                here = columns.edge == edge
                handed = mine & (pairs[:, 2] == edge)
                for model in range(len(serving.models)):
                    busy = asked[serving.model == model, :, lost].sum(axis=0)
                    yield _at_least(
                        columns.count(edge, model),
                        np.concatenate([columns.primary[here], columns.pair[handed]]),
                        np.concatenate([busy[columns.market[here]], busy[pairs[handed, 0]]]),
                    )


def _rooms(columns: _Columns) -> Iterator[tuple[int, str, Row]]:
    """Accelerators and power of an edge's replicas <= what it holds, if it is open."""
    serving = columns.serving
    for what, limit, each in serving.limits:
        for edge in np.flatnonzero(np.isfinite(limit)).tolist():
            own = [columns.count(edge, model) for model in range(len(serving.models))]
            yield edge, what, ([*own, edge], [*each.tolist(), -float(limit[edge])], -np.inf, 0.0)


def _at_least(count: int, columns: IntArray, busy: FloatArray) -> Row:
    asked = busy > 0.0
    slack = WHOLE / 2.0  # the solver's own tolerance then stays within what counts as whole
    return [count, *columns[asked].tolist()], [1.0, *(-busy[asked]).tolist()], -slack, np.inf
