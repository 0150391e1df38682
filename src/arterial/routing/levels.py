"""One class (or, for ``mlu``, all of them) routed in the room that is left to it."""

from dataclasses import dataclass, replace

import numpy as np

from arterial.routing.fair import fair_shares
from arterial.routing.goals import Latency, Throughput, Utilisation
from arterial.routing.growth import SHARP, Asked, Grown, Warm, grow
from arterial.routing.most import TIGHT, Status
from arterial.routing.path_lp import dual_bound_of
from arterial.routing.pathset import PathSet
from arterial.routing.straight import shortest, toll_of
from arterial.routing.supply import Pricing, Scope, Supply
from arterial.solve.program import FloatArray, IntArray

__all__ = [
    "Level",
    "Placed",
    "Task",
    "Upper",
    "carried",
    "direct",
    "network_bound",
    "shared",
    "spread",
]


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is asked of which network."""

    supply: Supply
    demand_gbps: FloatArray
    """float (K,) above 0."""
    priority: IntArray
    """int (K,) lower numbers are served first."""
    room_gbps: FloatArray
    """float (E,) what traffic may take of each arc, not negative."""
    latency_ms: FloatArray
    """float (E,) one way, known or assumed."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One priority (all of them for ``mlu``): what it reaches, and what nothing beats."""

    priority: int
    offered_gbps: float
    carried_gbps: float
    value: float
    """Carried Gb/s, utilisation, least share, or Gb/s times ms, by the objective."""
    bound: float
    gap: float
    scope: Scope
    status: Status
    rounds: int
    warm: Warm | None = None


@dataclass(frozen=True)
class Placed:
    """A level, and its rates on paths by the task's own numbers of demands."""

    paths: PathSet
    rate: FloatArray
    level: Level


@dataclass(frozen=True)
class Upper:
    """A class above: its demands, and what they carry."""

    chosen: IntArray
    carried_gbps: float


def carried(
    task: Task, chosen: IntArray, asked: Asked, warm: Warm | None, whole_room: FloatArray
) -> tuple[Placed, FloatArray]:
    """As much as can be, then as directly as the paths found allow; and prices of arcs, (E,)."""
    demand, room = task.demand_gbps[chosen], task.room_gbps
    pricer = task.supply.of(chosen)
    if warm is None:
        first = task.supply.first(chosen, room <= 0.0)
        straight = shortest(first, demand, task.latency_ms)
        if (first.load(straight, len(room)) <= room).all():
            return _whole(task, chosen, first, straight), np.zeros(len(room))
        goal = Throughput(demand, room, _toll(first, task, asked))
        grown = grow(goal, pricer, first, asked, rate=straight)
    else:
        goal = Throughput(demand, room, _toll(warm.paths, task, asked))
        feasible = warm.turned_to(goal)
        grown = grow(goal, pricer, warm.paths, asked, warm, feasible=feasible)
    if grown.status == "limit" and asked.left_s() > 0.0:
        grown = _untolled(goal, pricer, grown, asked)
    price = np.where(room > 0.0, grown.warm.prices.arc, 1.0)
    placed = _placed(task, chosen, grown, grown.rate)
    return placed, np.where(whole_room > 0.0, price, 0.0)


def _untolled(goal: Throughput, pricer: Pricing, grown: Grown, asked: Asked) -> Grown:
    """The last bit, which the toll had kept from being carried."""
    warm, exact = grown.warm, replace(goal, toll=np.zeros(len(goal.room)))
    warm.turned_to(exact)
    last = grow(exact, pricer, warm.paths, asked, warm, feasible=True)
    return replace(last, rounds=last.rounds + grown.rounds)


def network_bound(
    task: Task, chosen: IntArray, price: FloatArray, upper: list[Upper], room: FloatArray
) -> float:
    """What a class cannot beat beside any routing that carries as much of those above, Gb/s.

    Prices of arcs pay for all room. What the classes above carry pays at least for its cheapest
    ways, and that is not there for this class.
    """
    weight = np.where(room > 0.0, price, np.inf)
    cheapest = _cheapest(task, chosen, weight)
    bound = dual_bound_of(cheapest, price, task.demand_gbps[chosen], room)
    for one in upper:
        paid = _cheapest(task, one.chosen, weight)
        order = np.argsort(paid, kind="stable")
        asked = task.demand_gbps[one.chosen][order]
        before = np.cumsum(asked) - asked
        taken = np.clip(one.carried_gbps - before, 0.0, asked)
        sent = (taken > 0.0) & np.isfinite(paid[order])
        bound -= float(taken[sent] @ paid[order][sent])
    return min(bound, float(task.demand_gbps[chosen].sum()))


def direct(task: Task, chosen: IntArray, asked: Asked, placed: Placed) -> Placed:
    """What is carried, carried with the least latency."""
    demand, room = task.demand_gbps[chosen], task.room_gbps
    total = placed.level.carried_gbps
    if total <= 0.0:
        level = replace(placed.level, value=0.0, bound=0.0)
        return replace(placed, level=level)
    paths = _numbered(placed.paths, chosen, len(task.demand_gbps))
    goal = Latency(demand, room, task.latency_ms, total * (1.0 - TIGHT))
    grown = grow(goal, task.supply.of(chosen), paths, asked)
    if grown.value == np.inf:  # stopped before the first answer
        value = goal.value(paths, placed.rate)
        lost = max(0.0, value - grown.bound) / value if value > 0.0 else 0.0
        level = replace(
            placed.level, value=value, bound=grown.bound, gap=lost, status="limit", warm=None
        )
        return replace(placed, level=level)
    found = _placed(task, chosen, grown, grown.rate)
    rounds = placed.level.rounds + grown.rounds
    least: Status = placed.level.status if placed.level.status == "limit" else grown.status
    level = replace(found.level, rounds=rounds, status=least)
    return replace(found, level=level)


def shared(task: Task, chosen: IntArray, asked: Asked) -> Placed:
    """Max-min fair shares of those that have a way."""
    first = task.supply.first(chosen, task.room_gbps <= 0.0)
    served = np.unique(first.demand)
    ours = chosen[served]
    if not len(ours):
        none = _whole(task, chosen, first, np.zeros(len(first)))
        return replace(none, level=replace(none.level, value=1.0, bound=1.0))
    demand = task.demand_gbps[ours]
    paths = _numbered(_renumbered(first, chosen), ours, len(task.demand_gbps))
    found = fair_shares(demand, task.room_gbps, task.supply.of(ours), paths, asked)
    return Placed(
        _renumbered(found.paths, ours),
        found.rate,
        Level(
            priority=0,
            offered_gbps=float(task.demand_gbps[chosen].sum()),
            carried_gbps=float(found.rate.sum()),
            value=found.value,
            bound=found.bound,
            gap=found.gap,
            scope=task.supply.scope,
            status=found.status,
            rounds=found.rounds,
        ),
    )


def spread(task: Task, asked: Asked) -> Placed:
    """All demands that have a way, the fullest arc as empty as can be."""
    every = np.arange(len(task.demand_gbps), dtype=np.int64)
    first = task.supply.first(every, task.room_gbps <= 0.0)
    chosen = np.unique(first.demand)
    if not len(chosen):
        return _whole(task, chosen, first, np.zeros(len(first)))
    demand, pricer = task.demand_gbps[chosen], task.supply.of(chosen)
    paths = _numbered(first, chosen, len(every))
    toll = _toll(paths, task, asked) / demand.sum()
    goal = Utilisation(demand, task.room_gbps, toll)
    grown = grow(goal, pricer, paths, asked)
    if grown.status == "limit" and asked.left_s() > 0.0:
        goal = replace(goal, toll=np.zeros(len(toll)))
        grown = grow(goal, pricer, grown.paths, asked)
    return _placed(task, chosen, grown, grown.rate)


def _toll(paths: PathSet, task: Task, asked: Asked) -> FloatArray:
    """What settles ties; looser solvers do not see it, and take the longer for it."""
    return toll_of(paths, task.latency_ms) * float(asked.solver == SHARP)


def _whole(task: Task, chosen: IntArray, paths: PathSet, rate: FloatArray) -> Placed:
    """All that has a way fits on its shortest: nothing carries more."""
    offered, total = float(task.demand_gbps[chosen].sum()), float(rate.sum())
    level = Level(
        priority=0,
        offered_gbps=offered,
        carried_gbps=total,
        value=total,
        bound=total,
        gap=0.0,
        scope="network" if total >= offered * (1.0 - TIGHT) else task.supply.scope,
        status="optimal",
        rounds=0,
    )
    return Placed(_renumbered(paths, chosen), rate, level)


def _placed(task: Task, chosen: IntArray, grown: Grown, rate: FloatArray) -> Placed:
    level = Level(
        priority=0,
        offered_gbps=float(task.demand_gbps[chosen].sum()),
        carried_gbps=float(rate.sum()),
        value=grown.value,
        bound=grown.bound,
        gap=grown.gap,
        scope=task.supply.scope,
        status=grown.status,
        rounds=grown.rounds,
        warm=grown.warm,
    )
    return Placed(_renumbered(grown.paths, chosen), rate, level)


def _cheapest(task: Task, chosen: IntArray, weight: FloatArray) -> FloatArray:
    limit = np.full(len(chosen), -np.inf)
    return task.supply.of(chosen).cheapest(weight, limit).price


def _renumbered(paths: PathSet, chosen: IntArray) -> PathSet:
    """Paths of chosen demands by the numbers that all demands have."""
    return replace(paths, demand=chosen[paths.demand])


def _numbered(paths: PathSet, chosen: IntArray, demands: int) -> PathSet:
    """The other way round."""
    number = np.full(demands, -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    return replace(paths, demand=number[paths.demand])
