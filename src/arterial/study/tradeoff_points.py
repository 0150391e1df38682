"""The points of a trade-off: each cell with the cheapest plan known for it, and how it stands."""

from collections.abc import Mapping, Sequence
from math import isnan, nan
from typing import Literal

import numpy as np

from arterial.demand.throughput import step_share
from arterial.design.pareto import Standing, standings
from arterial.solve.program import FloatArray
from arterial.study.tradeoff_answer import Point
from arterial.study.tradeoff_grid import Cell
from arterial.study.tradeoff_known import Plan, Pool
from arterial.study.tradeoff_runs import Made

__all__ = ["points_of"]


def points_of(
    load: str, cells: Sequence[Cell], known: Pool, done: Mapping[str, Made], overlap: float
) -> tuple[Point, ...]:
    """The cells with their figures, each judged among those that have a plan."""
    plans = [known.known(cell, done[cell.name]) for cell in cells]
    floors = [cell.floor(load) for cell in cells]
    training = [
        nan if isnan(cell.pace) else step_share(plan.pace, overlap)
        for cell, plan in zip(cells, plans, strict=True)
    ]
    there = [place for place, plan in enumerate(plans) if not plan.made.refused]

    def of(values: Sequence[float]) -> FloatArray:
        return np.nan_to_num(np.array([values[place] for place in there], dtype=np.float64))

    judged = standings(
        cost=of([plan.made.cost for plan in plans]),
        bound=of([plan.made.bound for plan in plans]),
        floor=of(floors),
        people=of([plan.made.people for plan in plans]),
        training=of(training),
    )
    standing = dict(zip(there, judged, strict=True))
    return tuple(
        _point(cell, plan, floors[place], training[place], standing.get(place, "none"))
        for place, (cell, plan) in enumerate(zip(cells, plans, strict=True))
    )


def _point(
    cell: Cell, plan: Plan, floor: float, training: float, standing: Standing | Literal["none"]
) -> Point:
    one = plan.made
    return Point(
        name=cell.name,
        plan="" if one.refused else one.name,
        asked_people=cell.cover.share if cell.cover else 0.0,
        people=one.people,
        asked_pace=cell.pace,
        pace=nan if isnan(cell.pace) else plan.pace,
        training=training,
        cost=one.cost,
        bound=one.bound,
        floor=floor,
        gap=one.gap,
        standing=standing,
        edges=len(one.edges),
        waves=one.waves,
        new_pairs=one.new_pairs,
        plan_hash=one.plan_hash,
        refused=one.refused,
    )
