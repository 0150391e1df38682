"""The most traffic over given paths, by whichever solver is asked: one door, one kind of answer.

Rates are fitted, so that no arc and no demand takes more than it has, and the bound comes from the
prices by arithmetic: neither hangs on a solver's tolerance.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

import numpy as np

from arterial.routing.goals import Throughput
from arterial.routing.own import most_carried
from arterial.routing.path_lp import dual_bound, fitted
from arterial.routing.pathset import PathSet
from arterial.routing.trie import trie_of
from arterial.routing.walk import Start
from arterial.solve.highs import Option, Session
from arterial.solve.program import FloatArray

__all__ = ["SOLVERS", "Left", "Most", "Solver", "Status", "forever", "most", "options_of"]

Solver = Literal["own", "highs-pdlp", "highs-ipx", "highs-simplex"]
SOLVERS: tuple[Solver, ...] = ("own", "highs-pdlp", "highs-ipx", "highs-simplex")

Status = Literal["optimal", "gap", "limit"]
"""``optimal``: nothing better exists on the scope. ``gap``: within the gap asked for. ``limit``:
stopped before, by time or by the solver; value and bound are what was reached."""

Left = Callable[[], float]
"""Seconds left, by whoever holds the clock."""

TIGHT = 1e-9
"""A gap below it is none."""


def forever() -> float:
    """No limit."""
    return inf


@dataclass(frozen=True, kw_only=True)
class Most:
    """Rates, prices, and how far from the best over these paths."""

    rate_gbps: FloatArray
    """float (P,)"""
    price: FloatArray
    """float (E,) what a further Gb/s of room is worth, not negative."""
    bound_gbps: float
    gap: float
    """(bound - carried) / bound."""
    status: Status
    rounds: int
    """Iterations of a first-order solver; 1 of HiGHS."""
    start: Start | None = None
    """Where the own solver ended."""


def most(
    paths: PathSet,
    demand_gbps: FloatArray,
    room_gbps: FloatArray,
    *,
    solver: Solver,
    gap: float = 1e-3,
    left_s: Left = forever,
    start: Start | None = None,
) -> Most:
    """Carry as much as possible.

    Parameters
    ----------
    paths
        Of P paths; demands without one carry nothing.
    demand_gbps, room_gbps : float (K,), float (E,)
        Not negative.
    gap
        Where a first-order solver may stop.
    start
        Where the own solver ended, over the first of these paths.
    """
    goal = Throughput(demand_gbps, room_gbps, np.zeros(len(room_gbps)))
    if not len(paths):
        return _most(np.zeros(0), np.zeros(len(room_gbps)), 0.0, gap)
    if solver == "own":
        own = most_carried(
            trie_of(paths, len(demand_gbps), len(room_gbps)),
            demand_gbps,
            room_gbps,
            gap=gap,
            start=longer(start, len(paths)),
            late=lambda: left_s() <= 0.0,
        )
        found = _most(own.rate_gbps, own.price, own.bound_gbps, gap)
        return replace(found, rounds=own.rounds, start=own.start)
    session = Session(goal.program(paths))
    session.solve(time_limit_s=left_s(), options=options_of(solver, gap))
    # Made feasible, and its prices taken for a bound, whatever HiGHS says of them.
    primal, dual = session.held()
    if len(primal) != len(paths) or not np.isfinite(primal).all():
        primal = np.zeros(len(paths))
    if len(dual) < len(demand_gbps) + len(room_gbps) or not np.isfinite(dual).all():
        dual = np.zeros(len(demand_gbps) + len(room_gbps))
    rate = fitted(paths, primal, demand_gbps, room_gbps)
    price = goal.prices(dual).arc
    return _most(rate, price, dual_bound(paths, price, demand_gbps, room_gbps), gap)


def longer(start: Start | None, paths: int) -> Start | None:
    """A start with further paths, idle so far; its scales know nothing of these."""
    if start is None or len(start.rate_gbps) == paths:
        return start
    idle = np.zeros(paths - len(start.rate_gbps))
    rate = np.concatenate([start.rate_gbps, idle])
    return replace(start, rate_gbps=rate, offered_gbps=np.zeros(0))


def options_of(solver: Solver, gap: float) -> dict[str, Option]:
    """What HiGHS is told.

    Without a basis, its presolve may hand back prices that prove nothing; it saves little here.
    """
    match solver:
        case "highs-ipx":
            return {"solver": "ipx", "run_crossover": "off", "presolve": "off"}
        case "highs-pdlp":
            tolerance = max(1e-7, min(1e-4, gap / 10.0))
            return {
                "solver": "pdlp",
                "presolve": "off",
                "pdlp_optimality_tolerance": tolerance,
            }
        case _:
            return {"solver": "simplex"}


def _most(rate: FloatArray, price: FloatArray, bound: float, gap: float) -> Most:
    lost = max(0.0, bound - float(rate.sum()))
    share = lost / bound if bound > 0.0 else 0.0
    ended: Status = "gap" if share <= gap else "limit"
    return Most(
        rate_gbps=rate,
        price=price,
        bound_gbps=bound,
        gap=share,
        status="optimal" if share <= TIGHT else ended,
        rounds=1,
    )
