"""Rows of one cut set: what its border must carry in its worst cases, rounded up.

A set of many links has as many cases; few of them are far from what a point has, and only these
are made into rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.cut_kernels import FULL, Thin
from arterial.design.capacity.places import Places
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, divided, length_row, rounded
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Side", "set_rows", "side_rows"]

MOST_CASES = 12
"""Cases of a side that rows are made of, those that are shortest."""
SHORT = 1e-4


@dataclass(frozen=True, kw_only=True)
class Side:
    """A border and what must take it: to leave a set, say, or to enter it."""

    border: IntArray
    """(d,) links."""
    leads: FloatArray
    """(d,) 1 where a link can be ridden this way."""
    left: FloatArray
    """(F, d) share of them that stands."""
    units: FloatArray
    """(S, U, d) at the point."""
    crosses: BoolArray
    """(K,) demands that have no other way."""
    need: FloatArray
    """(F,) Gb/s, divided by what may be filled."""


def set_rows(
    problem: Problem, places: Places, thin: Thin, inside: BoolArray, point: FloatArray
) -> list[Row]:
    """Rows of a set (N,) that a point (X,) breaks, one of each worst case and of all together."""
    rows: list[Row] = []
    for side in _sides(problem, places, thin, inside):
        rows += side_rows(problem, thin, side, point)
    return rows


def side_rows(problem: Problem, thin: Thin, side: Side, point: FloatArray) -> list[Row]:
    """Rows of one border that a point (X,) breaks, one of each worst case and of all together."""
    whole, high = problem.program.integer, problem.program.high
    rows: list[Row] = []
    for row in _asked(problem, thin, side):
        rows += rounded(row, whole=whole, high=high, point=point, most=1)
    return rows


def _sides(problem: Problem, places: Places, thin: Thin, inside: BoolArray) -> Iterator[Side]:
    border = places.border(inside)
    at = np.flatnonzero(inside[places.ends[:, 0]] != inside[places.ends[:, 1]])
    left = np.asarray(problem.cases.alive, dtype=np.float64)[:, border]
    out, back = places.crossing(inside)
    for crosses, side in ((out | back, None),) if thin.shared else ((out, inside), (back, ~inside)):
        if not crosses.any():
            continue
        starts = np.ones(len(at), np.bool_) if side is None else side[thin.ends[at, 0]]
        leads = np.where(starts, 1.0, thin.back[at])
        yield Side(
            border=border,
            leads=leads,
            left=left,
            units=thin.units[:, :, at] * leads,
            crosses=crosses,
            need=(thin.gbps @ crosses)[thin.pattern],
        )


def _asked(problem: Problem, thin: Thin, side: Side) -> Iterator[tuple[FloatArray, float]]:
    """What the border must carry in the worst cases, and in some that take all of it together.

    The latter are rounded up before they are added: where each of d cases leaves k units, and all
    is lost in one of them, together there are k d / (d - 1) or more. With k = 1 a border of single
    waves needs two.
    """
    length = np.zeros(len(problem.links.ends))
    length[side.border] = side.leads
    distance = side.crosses.astype(np.float64)
    strongest = _strongest(problem, side)
    short = _short(problem, thin, side, strongest)
    for place in np.argsort(-short, kind="stable")[:MOST_CASES].tolist():
        if short[place] > SHORT:
            yield length_row(problem, int(strongest[place]), length, distance)
    each = [
        (*length_row(problem, case, length, distance), float(problem.cases.usable[case]))
        for case in _covering(side, strongest)
    ]
    for size in thin.size_gbps.tolist() if each else ():
        yield _together(problem, each, size)


def _strongest(problem: Problem, side: Side) -> IntArray:
    """Of cases that take the same of the border the one that asks most."""
    kind = np.unique(np.column_stack([problem.cases.stage, side.left]), axis=0, return_inverse=True)
    number, need = kind[1].reshape(-1), side.need
    order = np.lexsort((-need, number))
    first = order[np.concatenate([[True], np.diff(number[order]) > 0])]
    return np.asarray(first[need[first] > FULL], dtype=np.int64)


def _short(problem: Problem, thin: Thin, side: Side, cases: IntArray) -> FloatArray:
    """(n,) units of some size that the border is short of in each of some cases."""
    short = np.full(len(cases), -np.inf)
    stage = problem.cases.stage[cases]
    for unit, size in enumerate(thin.size_gbps.tolist()):
        has = np.einsum("fl,fl->f", side.left[cases], side.units[stage, unit])
        short = np.maximum(short, np.ceil(side.need[cases] / size - FULL) - has)
    return short


def _covering(side: Side, cases: IntArray) -> list[int]:
    """Few cases that between them take all that the point has on a border; empty if none do."""
    gone = side.left[cases] <= 0.0
    taken = gone * side.units[-1, 0]
    uncovered = side.units[-1, 0] > SHORT
    chosen: list[int] = []
    while uncovered.any():
        gain: FloatArray = taken[:, uncovered].sum(axis=1)
        order = np.lexsort((side.need[cases], np.round(gain, 6)))
        if not len(order) or gain[order[-1]] <= SHORT:
            return []
        best = int(order[-1])
        chosen.append(int(cases[best]))
        uncovered &= ~gone[best]
    return chosen if len(chosen) > 1 else []


def _together(
    problem: Problem, rows: list[tuple[FloatArray, float, float]], size_gbps: float
) -> tuple[FloatArray, float]:
    """Rows, each with what may be filled, in modules rounded up, and added."""
    whole = problem.program.integer
    added, least = np.zeros(len(whole)), 0.0
    for values, low, usable in rows:
        size = size_gbps * usable
        up = divided(values, low, whole=whole, divisor=size) or (values / size, low / size)
        added += up[0]
        least += up[1]
    return added, least
