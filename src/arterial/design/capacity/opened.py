"""Rows made stronger by what opens others: a pair its waves, a site its ports.

Where columns may be used only if another, whole one is, these do a row's work while that one is not
bought; and one of it does all that the row asks. With parts of everything a pair that is lit by a
sixteenth holds a wave; in such a row it does not. Of the family of flow covers (Padberg, Van Roy
and Wolsey 1985).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import sparse

from arterial.design.capacity.row import Row
from arterial.solve.program import FloatArray, IntArray, Program

__all__ = ["Opened"]

BROKEN = 1e-3
"""A distance: a stronger row that the point breaks by less is left."""
GAIN = 1e-4
SMALL = 1e-9


class _Opener(NamedTuple):
    """A whole column without which others are 0."""

    column: int
    others: IntArray


class Opened:
    """What opens what in a program, and rows that say so."""

    def __init__(self, program: Program) -> None:
        self._high = program.high
        self._openers = list(_openers(program))
        of = [(x, n) for n, opener in enumerate(self._openers) for x in opener.others.tolist()]
        others, number = np.array(of, dtype=np.int64).reshape(-1, 2).T
        shape = (len(program.cost), len(self._openers))
        self._of = sparse.csr_array((np.ones(len(of)), (others, number)), shape=shape)

    def rows(self, rows: list[Row], point: FloatArray) -> list[Row]:
        """Of some rows the stronger ones that a point (X,) breaks."""
        if not rows or not self._openers:
            return []
        first = np.concatenate([[0], np.cumsum([len(row.columns) for row in rows])])
        columns = np.concatenate([row.columns for row in rows])
        weight = np.concatenate([row.values for row in rows]) * point[columns]
        shape = (len(rows), len(point))
        done = sparse.csr_array((weight, columns, first), shape=shape) @ self._of
        opened = point[[opener.column for opener in self._openers]]
        low = np.array([row.low for row in rows])
        tried = (done.toarray() > low[:, None] * opened + GAIN).any(axis=1) & (low > SMALL)
        raised = [self._raised(rows[number], point) for number in np.flatnonzero(tried).tolist()]
        return [row for row in raised if row is not None and row.broken(point) > BROKEN]

    def _raised(self, row: Row, point: FloatArray) -> Row | None:
        """One opener after the other takes the place of what it opens, where the point has more."""
        full = np.zeros(len(point))
        full[row.columns] = row.values
        below = full < 0.0
        need = row.low - float(full[below] @ self._high[below])
        if not np.isfinite(need):
            return None
        changed = False
        for column, others in self._openers:
            gain = float(full[others] @ point[others])
            if gain > (need - full[column]) * point[column] + GAIN and (full[others] >= 0.0).all():
                full[others], full[column] = 0.0, max(need, float(full[column]))
                changed = True
        used = np.flatnonzero(np.abs(full) > SMALL)
        if not changed or not len(used):
            return None
        size = float(np.abs(full).max())
        return Row(used.astype(np.int64), full[used] / size, row.low / size)


def _openers(program: Program) -> Iterator[_Opener]:
    """Rows ``use @ others <= most * column``: without the column nothing of the others."""
    rows = program.rows
    for number in np.flatnonzero((rows.high == 0.0) & np.isneginf(rows.low)).tolist():
        part = slice(int(rows.start[number]), int(rows.start[number + 1]))
        columns, values = rows.column[part], rows.value[part]
        column = columns[values < 0.0]
        if len(column) == 1 and program.integer[column[0]] and program.low[column[0]] <= 0.0:
            yield _Opener(int(column[0]), columns[values > 0.0].astype(np.int64))
