"""Rows that every answer obeys: what lengths of links ask of what is bought, and rounded up.

A metric inequality: capacity times length is at least demand times shortest distance, whatever the
routing (Onaga and Kakusho 1971; Iri 1971). Any lengths give a valid one. Where columns are whole it
is made stronger by mixed-integer rounding (Marchand and Wolsey 2001), which is what closes most of
the gap between parts of modules and whole ones.
"""

from typing import NamedTuple

import numpy as np

from arterial.design.capacity.problem import FIXED, Problem
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Row", "broken_by", "divided", "length_row", "rounded"]

SMALL = 1e-9
WHOLE = 1e-7
"""A number so near to a whole one is whole: it must not be rounded up to the next."""
HALF = 0.5
DIVISORS = 24
"""Divisors tried a row."""


class Row(NamedTuple):
    """``values @ x[columns] >= low``."""

    columns: IntArray
    """(n,) rising."""
    values: FloatArray
    """(n,) the largest in size is 1."""
    low: float

    def broken(self, point: FloatArray) -> float:
        """How far the point is on the wrong side: a distance."""
        norm = float(np.linalg.norm(self.values))
        return (self.low - float(self.values @ point[self.columns])) / norm if norm else self.low


def length_row(
    problem: Problem, case: int, length: FloatArray, distance: FloatArray
) -> tuple[FloatArray, float]:
    """What lengths ask in one case, as (values (X,), low), not scaled.

    Parameters
    ----------
    length : float (L,)
        Of a link, both directions added (or the one where they share capacity); not negative.
    distance : float (K,)
        Of each demand, no more than its shortest within its limit.
    """
    links, cases = problem.links, problem.cases
    weight = length * cases.alive[case] * cases.usable[case]
    values = links.supply.T @ weight
    values = np.where(problem.column_stage <= cases.stage[case], values, 0.0)
    asked = cases.gbps[case] * distance
    chosen = problem.demands.scaled_by
    fixed = chosen == FIXED
    np.subtract.at(values, chosen[~fixed], asked[~fixed])
    return values, float(asked[fixed].sum() - weight @ links.base_gbps)


def rounded(
    row: tuple[FloatArray, float],
    *,
    whole: BoolArray,
    high: FloatArray,
    point: FloatArray,
    most: int = 2,
) -> list[Row]:
    """The row itself and its roundings, those that a point breaks, worst first.

    Parameters
    ----------
    row
        Values (X,) and low end.
    whole : bool (X,)
        Columns that take whole values only. All columns are from 0 on.
    high : float (X,)
        Upper ends; a choice (0 or 1) that the point takes is counted from its upper end.
    """
    values, low = row
    used = np.flatnonzero(np.abs(values) > SMALL)
    if not len(used):
        return [_never(low)] if low > SMALL else []
    part, at, own = values[used], point[used], whole[used]
    turned = own & (high[used] == 1.0) & (at > HALF)
    sign = np.where(turned, -1.0, 1.0)
    left = low - float(part[turned].sum())
    tried = [(part, low)]
    for up, up_low in _mixed(part * sign, left, own, np.where(turned, 1.0 - at, at)):
        tried.append((up * sign, up_low - float(up[turned].sum())))
    rows = [_scaled(used, *each) for each in tried]
    broken = [(row.broken(point), row) for row in rows if row is not None]
    broken.sort(key=lambda pair: -pair[0])
    return [row for far, row in broken[:most] if far > SMALL]


def _never(low: float) -> Row:
    """A row that nothing fulfils."""
    return Row(np.zeros(0, dtype=np.int64), np.zeros(0), low)


def _mixed(
    values: FloatArray, low: float, whole: BoolArray, point: FloatArray
) -> list[tuple[FloatArray, float]]:
    """Mixed-integer roundings of ``values @ x >= low``, x >= 0, by several divisors."""
    own = values[whole & (values > SMALL)]
    if not len(own) or low <= SMALL:
        return []
    weight = (values * np.maximum(point, 1e-6))[whole & (values > SMALL)]
    sizes, first = np.unique(np.round(own, 9), return_inverse=True)
    order = np.argsort(-np.bincount(first, weights=weight), kind="stable")[:DIVISORS]
    tried = (divided(values, low, whole=whole, divisor=size) for size in sizes[order].tolist())
    return [row for row in tried if row is not None]


def divided(
    values: FloatArray, low: float, *, whole: BoolArray, divisor: float
) -> tuple[FloatArray, float] | None:
    """``values @ x >= low`` divided and rounded up; None where that gains nothing.

    >>> whole = np.ones(2, dtype=np.bool_)
    >>> divided(np.array([400.0, 800.0]), 500.0, whole=whole, divisor=400.0)
    (array([1., 2.]), 2.0)
    """
    share, target = values / divisor, low / divisor
    over = target - np.floor(target + WHOLE)
    if over < WHOLE * 10:
        return None
    down = np.floor(share + WHOLE)
    rest = np.minimum(np.maximum(share - down, 0.0) / over, 1.0)
    parts = np.where(share > 0.0, share / over, 0.0)
    return np.where(whole, down + rest, parts), float(np.floor(target + WHOLE) + 1.0)


def _scaled(columns: IntArray, values: FloatArray, low: float) -> Row | None:
    kept = np.abs(values) > SMALL
    if not kept.any():
        return None
    size = float(np.abs(values).max())
    return Row(columns[kept], values[kept] / size, low / size)


def broken_by(rows: list[Row], point: FloatArray) -> FloatArray:
    """(R,) how far a point breaks each of some rows."""
    if not rows:
        return np.zeros(0)
    size = [len(row.columns) for row in rows]
    of = np.repeat(np.arange(len(rows)), size)
    values = np.concatenate([row.values for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    left = np.bincount(of, weights=values * point[columns], minlength=len(rows))
    norm = np.sqrt(np.bincount(of, weights=values**2, minlength=len(rows)))
    return (np.array([row.low for row in rows]) - left) / np.where(norm > 0.0, norm, 1.0)
