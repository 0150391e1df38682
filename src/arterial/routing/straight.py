"""Of all rates that reach as much, the most direct: the way out of a tie.

Nothing is looked for: the paths are those that are known. First-order and interior solvers have no
basis to go on from, and their rates are left as they are.
"""

import numpy as np

from arterial.routing.goals import Throughput, Utilisation
from arterial.routing.growth import Grown
from arterial.routing.path_lp import fitted
from arterial.routing.pathset import PathSet
from arterial.solve.program import FloatArray, Rows

__all__ = ["direct_spread", "direct_total", "shortest"]

# A point that stays feasible under another cost goes on by primal simplex: half the time of the
# dual one, which is the default, at 435 demands and 1,740 paths.
_PRIMAL = {"simplex_strategy": 4}

SLACK = 1e-9
"""Share that a tie may cost."""


def shortest(paths: PathSet, demand: FloatArray, latency_ms: FloatArray) -> FloatArray:
    """All of each demand on its path of least latency, float (P,)."""
    order = np.lexsort((paths.along(latency_ms), paths.demand))
    _, first = np.unique(paths.demand[order], return_index=True)
    best = order[first]
    rate = np.zeros(len(paths))
    rate[best] = demand[paths.demand[best]]
    return rate


def direct_total(goal: Throughput, grown: Grown, latency_ms: FloatArray) -> FloatArray:
    """Rates that carry as much by less latency."""
    paths, session = grown.paths, grown.warm.session
    if session is None:
        return grown.rate
    count = len(paths)
    whole = Rows.of([(list(range(count)), [1.0] * count, grown.value * (1.0 - SLACK), np.inf)])
    with session.aside():
        session.add_rows(whole)
        session.set_cost(paths.along(latency_ms))
        found = session.solve(options=_PRIMAL)
    session.set_cost(np.full(count, -1.0))
    if found.status != "optimal":
        return grown.rate
    rate = fitted(paths, found.primal, goal.demand, goal.room)
    return rate if rate.sum() >= grown.value * (1.0 - 3.0 * SLACK) else grown.rate


def direct_spread(goal: Utilisation, grown: Grown, latency_ms: FloatArray) -> FloatArray:
    """Rates that fill no arc further by less latency."""
    paths, session = grown.paths, grown.warm.session
    if session is None:
        return grown.rate
    with session.aside():
        session.set_bounds(0, 0.0, grown.value)
        session.set_cost(np.append(0.0, paths.along(latency_ms)))
        found = session.solve(options=_PRIMAL)
    session.set_bounds(0, 0.0, np.inf)
    session.set_cost(np.append(1.0, np.zeros(len(paths))))
    if found.status != "optimal":
        return grown.rate
    rate = goal.rates(paths, found.primal)
    return rate if goal.value(paths, rate) <= grown.value * (1.0 + 3.0 * SLACK) else grown.rate
