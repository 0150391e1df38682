"""The program behind ``cvar``: rates, losses by pattern, and the tail of the losses of all cases.

Columns: x_p >= 0 reserved, u_s the share that a demand loses under the pattern s of its dead paths,
the loss U without dead paths, the threshold alpha, an excess v_f a case. Minimised is
``alpha + sum of p_f v_f / (1 - beta)``. One function a family of rows:

    room      sum of x_p over the paths on arc e  <=  c_e
    lost      d_k u_s + sum of x_p over the paths outside pattern s  >=  d_k
    base      U  >=  sum of u_k over demands, each by its share of all traffic  (``total``)
              U  >=  u_k,  alpha + v_f  >=  U                                   (``worst``)
    total     alpha + v_f  >=  U + sum of (u_s - u_k) over the demands hit, by share
    worst     alpha + v_f  >=  u_s  for a demand hit
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from arterial.routing.path_lp import room_rows
from arterial.routing.pathset import PathSet
from arterial.routing.patterns import Patterns, place_of, survivors
from arterial.routing.rescale import standing
from arterial.routing.scenarios import uncovered
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = [
    "Columns",
    "Level",
    "Loss",
    "level_of",
    "losses",
    "lost_share",
    "tail_program",
    "total_rows",
    "worst_base_rows",
    "worst_rows",
]

Loss = Literal["total", "worst"]


@dataclass(frozen=True)
class Level:
    """One priority's demands, numbered from 0. Of the patterns the first K have no dead path."""

    chosen: IntArray
    """(P,) its paths among all."""
    paths: PathSet
    demand_gbps: FloatArray
    room_gbps: FloatArray
    patterns: Patterns
    case: IntArray
    """Case of each hit: a demand with dead paths."""
    hit: IntArray
    """Pattern of each hit; by case."""
    pattern: IntArray
    survivor: IntArray
    """Path that outlives ``pattern``."""


def lost_share(level: Level, rate: FloatArray) -> FloatArray:
    """Share of its demand that is lost under each pattern, (S,)."""
    held = np.bincount(level.pattern, weights=rate[level.survivor], minlength=len(level.patterns))
    return np.maximum(0.0, 1.0 - held / level.demand_gbps[level.patterns.demand])


def losses(level: Level, rate: FloatArray, cases: int, loss: Loss) -> FloatArray:
    """Loss of each case, (F,)."""
    lost = lost_share(level, rate)
    whole = lost[: len(level.demand_gbps)]
    if loss == "worst":
        worst = np.full(cases, whole.max())
        np.maximum.at(worst, level.case, lost[level.hit])
        return worst
    share = level.demand_gbps / level.demand_gbps.sum()
    owner = level.patterns.demand[level.hit]
    more = (lost[level.hit] - lost[owner]) * share[owner]
    total = float(share @ whole) + np.bincount(level.case, weights=more, minlength=cases)
    return total.astype(np.float64)


def level_of(
    paths: PathSet, ours: IntArray, demand_gbps: FloatArray, left: FloatArray, down: BoolArray
) -> Level:
    """The demands ``ours`` by themselves, with the room (E,) that is left to them."""
    taken, chosen = paths.only(ours)
    place = place_of(taken, len(ours))
    case, path = np.nonzero(~standing(taken, down))
    key, back = np.unique(case * len(ours) + taken.demand[path], return_inverse=True)
    dead = np.zeros(len(key), dtype=np.int64)
    np.bitwise_or.at(dead, back, np.int64(1) << place[path])
    pair = np.column_stack([key % len(ours), dead])
    distinct, hit = np.unique(pair, axis=0, return_inverse=True)
    whole = np.arange(len(ours), dtype=np.int64)
    patterns = Patterns(
        demand=np.concatenate([whole, distinct[:, 0]]),
        dead=np.concatenate([np.zeros_like(whole), distinct[:, 1]]),
        loose=np.zeros(len(ours), dtype=np.bool_),
    )
    pattern, survivor = survivors(taken, patterns, len(ours))
    return Level(
        chosen,
        taken,
        demand_gbps[ours],
        left,
        patterns,
        key // len(ours),
        hit.reshape(-1).astype(np.int64) + len(ours),
        pattern,
        survivor,
    )


class Columns:
    """Where the columns of each kind begin."""

    def __init__(self, level: Level, cases: int) -> None:
        self.lost = len(level.paths)
        self.base = self.lost + len(level.patterns)
        self.alpha = self.base + 1
        self.excess = self.alpha + 1
        self.unseen = self.excess + cases
        self.count = self.unseen + 1


def tail_program(level: Level, columns: Columns, probability: FloatArray, beta: float) -> Program:
    """All rows but those of the cases."""
    high = np.ones(columns.count)
    least = level.paths.least(level.room_gbps)
    high[: columns.lost] = np.minimum(level.demand_gbps[level.paths.demand], least)
    cost = np.zeros(columns.count)
    cost[columns.alpha] = 1.0
    cost[columns.excess : columns.unseen] = probability / (1.0 - beta)
    cost[columns.unseen] = uncovered(probability) / (1.0 - beta)
    unseen = ([columns.alpha, columns.unseen], [1.0, 1.0], 1.0, np.inf)
    return Program(
        cost=cost,
        low=np.zeros(columns.count),
        high=high,
        integer=np.zeros(columns.count, dtype=np.bool_),
        rows=Rows.joined(
            [
                room_rows(level.paths, level.room_gbps),
                _lost_rows(level, columns),
                _base_row(level, columns),
                Rows.of([unseen]),
            ]
        ),
    )


def _lost_rows(level: Level, columns: Columns) -> Rows:
    """d_k u_s + sum of x_p that stand >= d_k."""
    sets = np.arange(len(level.patterns), dtype=np.int64)
    asked = level.demand_gbps[level.patterns.demand]
    return Rows.gathered(
        np.concatenate([level.pattern, sets]),
        np.concatenate([level.survivor, columns.lost + sets]),
        np.concatenate([np.ones(len(level.pattern)), asked]),
        low=asked,
        high=np.full(len(sets), np.inf),
    )


def _base_row(level: Level, columns: Columns) -> Rows:
    share = level.demand_gbps / level.demand_gbps.sum()
    own = list(range(columns.lost, columns.lost + len(share)))
    return Rows.of([([*own, columns.base], [*(-share).tolist(), 1.0], 0.0, np.inf)])


def total_rows(level: Level, columns: Columns, cases: IntArray) -> Rows:
    """Alpha + v_f - U - sum over hits of (u_s - u_k) by share >= 0, for cases in order."""
    share = level.demand_gbps / level.demand_gbps.sum()
    order = np.full(int(level.case.max(initial=-1)) + 2, -1, dtype=np.int64)
    inside = cases[cases < len(order)]
    order[inside] = np.searchsorted(cases, inside)
    mine = np.flatnonzero(order[level.case] >= 0)
    row, hit = order[level.case[mine]], level.hit[mine]
    owner = level.patterns.demand[hit]
    every = np.arange(len(cases), dtype=np.int64)
    ones = np.ones(len(cases))
    return Rows.gathered(
        np.concatenate([row, row, every, every, every]),
        np.concatenate(
            [
                columns.lost + hit,
                columns.lost + owner,
                columns.excess + cases,
                np.full(len(cases), columns.alpha),
                np.full(len(cases), columns.base),
            ]
        ),
        np.concatenate([-share[owner], share[owner], ones, ones, -ones]),
        low=np.zeros(len(cases)),
        high=np.full(len(cases), np.inf),
    )


def worst_base_rows(level: Level, columns: Columns, cases: int) -> Rows:
    """U - u_k >= 0 for each demand without dead paths, and alpha + v_f - U >= 0 for each case."""
    many = len(level.demand_gbps)
    base = [([columns.base, columns.lost + k], [1.0, -1.0], 0.0, np.inf) for k in range(many)]
    tied = [
        ([columns.base, columns.alpha, columns.excess + f], [-1.0, 1.0, 1.0], 0.0, np.inf)
        for f in range(cases)
    ]
    return Rows.of([*base, *tied])


def worst_rows(level: Level, columns: Columns, hits: IntArray) -> Rows:
    """Alpha + v_f - u_s >= 0 for each hit."""
    ones = np.ones(len(hits))
    every = np.arange(len(hits), dtype=np.int64)
    return Rows.gathered(
        np.concatenate([every, every, every]),
        np.concatenate(
            [
                columns.lost + level.hit[hits],
                np.full(len(hits), columns.alpha),
                columns.excess + level.case[hits],
            ]
        ),
        np.concatenate([-ones, ones, ones]),
        low=np.zeros(len(hits)),
        high=np.full(len(hits), np.inf),
    )
