"""Traffic classes in strict order: a lower class takes what a higher one left.

Each class is carried as far as its ways allow, then as directly as can be, and is fixed before the
next is looked at. Its bound holds beside any routing that carries as much of the classes above
(scope ``network``), or, where that is too far off, beside the one that was chosen (``restricted``).
``mlu`` looks at all classes at once, because it places everything. Which of several demands of one
class gives way is not fair but for ``fair``, only repeatable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from arterial.routing.growth import Asked
from arterial.routing.levels import (
    Level,
    Placed,
    Task,
    Upper,
    carried,
    direct,
    network_bound,
    shared,
    spread,
)
from arterial.routing.most import TIGHT, Status
from arterial.routing.path_lp import fitted, utilisation
from arterial.routing.pathset import PathSet
from arterial.routing.supply import Scope
from arterial.solve.program import FloatArray

__all__ = ["Level", "Objective", "Routing", "Task", "passing", "reached", "route_classes"]

Objective = Literal["throughput", "mlu", "fair", "latency"]
"""``throughput``: the most traffic. ``mlu``: all placed, the fullest arc as empty as can be.
``fair``: no demand's share can grow but at the cost of one that is no larger. ``latency``: as much
as ``throughput``, with the least latency, each path counted by its rate."""


DUST = 1e-6
"""Share of an arc that is no room: solvers would not tell it from none."""


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Rates on paths; but for ``mlu`` above 1, no arc carries more than its room."""

    paths: PathSet
    """Those that carry something."""
    rate_gbps: FloatArray
    """float (P,)."""
    carried_gbps: FloatArray
    """float (K,) what of each demand passes: less than is placed only where ``mlu`` is above 1."""
    load_gbps: FloatArray
    """float (E,) of what is placed."""
    levels: tuple[Level, ...]
    """First served first; one for ``mlu``."""
    value: float
    """Gb/s carried, utilisation, the least share, or the mean latency in ms of what is carried."""
    bound: float
    """What nothing on ``scope`` beats, in the same unit."""
    gap: float
    """Share of the larger of both that lies between them; of the worst level for ``fair``."""
    scope: Scope
    status: Status
    known: PathSet
    """All that were looked at, the idle ones too."""
    unit_gbps: float
    """What rates were divided by before they went to a solver."""

    @property
    def rounds(self) -> int:
        """Programs solved."""
        return sum(level.rounds for level in self.levels)


def route_classes(
    task: Task,
    objective: Objective = "throughput",
    asked: Asked | None = None,
    previous: Routing | None = None,
) -> Routing:
    """Route a task.

    Parameters
    ----------
    previous
        An earlier answer for as many demands, in the same order: its paths, prices and bases are
        used again where only rates and rooms differ (``throughput``).

    Raises
    ------
    SolverError
        A solver failed.
    """
    assert (task.room_gbps >= 0.0).all(), "room is not negative"
    assert (task.demand_gbps > 0.0).all(), "a demand asks for something"
    demands = len(task.demand_gbps)
    unit = float(task.demand_gbps.mean()) if demands else 1.0
    unit = previous.unit_gbps if previous else unit
    small = replace(task, demand_gbps=task.demand_gbps / unit, room_gbps=task.room_gbps / unit)
    placed = list(_levels(small, objective, asked or Asked(), previous))
    paths = PathSet.joined([one.paths for one in placed])
    rate = np.concatenate([np.zeros(0), *(one.rate for one in placed)])
    used = np.flatnonzero(rate > 0.0).astype(np.int64)
    known, paths, rate = paths, paths.taken(used), rate[used]
    levels = [one.level for one in placed]
    value, bound, gap = _figures(objective, levels, unit)
    return Routing(
        paths=paths,
        rate_gbps=rate * unit,
        carried_gbps=paths.by_demand(passing(small, paths, rate), demands) * unit,
        load_gbps=paths.load(rate, len(task.room_gbps)) * unit,
        levels=tuple(_scaled(level, objective, unit) for level in levels),
        value=value,
        bound=bound,
        gap=gap,
        scope=_widest([level.scope for level in levels]),
        status=_worst([level.status for level in levels]),
        known=known,
        unit_gbps=unit,
    )


def passing(task: Task, paths: PathSet, rate: FloatArray) -> FloatArray:
    """What of the placed rates passes, higher classes first."""
    left, passing = task.room_gbps, np.zeros(len(paths))
    for priority in np.unique(task.priority).tolist():
        ours = np.flatnonzero(task.priority[paths.demand] == priority).astype(np.int64)
        some = paths.taken(ours)
        passing[ours] = fitted(some, rate[ours], task.demand_gbps, left)
        left = np.maximum(0.0, left - some.load(passing[ours], len(left)))
    return passing


def reached(task: Task, objective: Objective, paths: PathSet, rate_gbps: FloatArray) -> float:
    """What rates reach, in the unit of ``Routing.value``; demands without a path count in none."""
    if objective == "mlu":
        return utilisation(paths.load(rate_gbps, len(task.room_gbps)), task.room_gbps)
    total = float(rate_gbps.sum())
    if objective == "latency":
        return float(paths.along(task.latency_ms) @ rate_gbps) / total if total > 0.0 else 0.0
    if objective == "fair":
        share = paths.by_demand(rate_gbps, len(task.demand_gbps)) / task.demand_gbps
        return float(share[np.unique(paths.demand)].min(initial=1.0))
    return total


def _levels(
    task: Task, objective: Objective, asked: Asked, previous: Routing | None
) -> Iterator[Placed]:
    if objective == "mlu":
        yield spread(task, asked)
        return
    upper: list[Upper] = []
    left = task.room_gbps
    for number, priority in enumerate(np.unique(task.priority).tolist()):
        chosen = np.flatnonzero(task.priority == priority).astype(np.int64)
        beside = replace(task, room_gbps=left)
        if objective == "fair":
            placed = shared(beside, chosen, asked)
        else:
            warm = previous.levels[number].warm if previous else None
            placed, price = carried(beside, chosen, asked, warm, task.room_gbps)
            level = placed.level
            whole = level.carried_gbps >= level.offered_gbps * (1.0 - TIGHT)
            if upper and objective == "throughput" and not whole:
                bound = network_bound(task, chosen, price, upper, task.room_gbps)
                placed = replace(placed, level=_proved(level, bound, asked.gap, task.supply.scope))
        if objective == "latency":
            placed = direct(beside, chosen, asked, placed)
        # A share of 1 is the most there is, whatever the classes above do.
        whole = objective == "fair" and placed.level.value >= 1.0 - TIGHT
        if upper and objective != "throughput" and not whole:
            placed = replace(placed, level=replace(placed.level, scope="restricted"))
        yield replace(placed, level=replace(placed.level, priority=priority))
        upper.append(Upper(chosen, float(placed.rate.sum())))
        left = _left(task.room_gbps, left - placed.paths.load(placed.rate, len(left)))


def _left(room: FloatArray, left: FloatArray) -> FloatArray:
    """What rounding leaves of a full arc is nothing."""
    return np.where(left > DUST * room, left, 0.0)


def _proved(level: Level, bound: float, gap: float, scope: Scope) -> Level:
    """The bound that holds beside any routing of the classes above, if it is near enough."""
    lost = max(0.0, bound - level.value) / bound if bound > 0.0 else 0.0
    if lost > max(gap, TIGHT):
        return replace(level, scope="restricted")
    return replace(level, bound=bound, gap=lost, scope=scope)


def _figures(
    objective: Objective, levels: Sequence[Level], unit: float
) -> tuple[float, float, float]:
    """Value, bound and gap of the whole."""
    values, bounds = [one.value for one in levels], [one.bound for one in levels]
    if objective == "mlu":
        return values[0], bounds[0], levels[0].gap
    if objective == "fair":
        gap = max((one.gap for one in levels), default=0.0)
        return min(values, default=1.0), min(bounds, default=1.0), gap
    value, bound = sum(values), sum(bounds)
    lost = bound - value if objective == "throughput" else value - bound
    gap = max(0.0, lost) / max(value, bound) if max(value, bound) > 0.0 else 0.0
    if objective == "throughput":
        return value * unit, bound * unit, gap
    total = sum(one.carried_gbps for one in levels)
    return (value / total, bound / total, gap) if total > 0.0 else (0.0, 0.0, gap)


def _scaled(level: Level, objective: Objective, unit: float) -> Level:
    """A level in Gb/s."""
    times = unit if objective in {"throughput", "latency"} else 1.0
    return replace(
        level,
        offered_gbps=level.offered_gbps * unit,
        carried_gbps=level.carried_gbps * unit,
        value=level.value * times,
        bound=level.bound * times,
    )


def _widest(scopes: Sequence[Scope]) -> Scope:
    """What all of them hold for: the narrowest word."""
    if "restricted" in scopes:
        return "restricted"
    return "paths" if "paths" in scopes else "network"


def _worst(statuses: Sequence[Status]) -> Status:
    if "limit" in statuses:
        return "limit"
    return "gap" if "gap" in statuses else "optimal"
