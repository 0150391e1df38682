"""Paths found as they are needed: a path LP that grows until nothing in its scope is better.

Each round solves the LP over the paths so far, asks the pricer for ways that its prices make worth
while, and adds them. A bound comes of every pricing, for any prices: those of the LP swing, so ways
are looked for between them and the prices of the best bound (Wentges 1997), and at the LP's own
where that finds nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.routing.goals import Goal, Prices, Throughput, Utilisation
from arterial.routing.most import TIGHT, Left, Solver, Status, forever, most, options_of
from arterial.routing.own import least_utilised
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Priced
from arterial.routing.supply import Pricing
from arterial.routing.trie import trie_of
from arterial.routing.walk import Start
from arterial.solve.highs import Option, Session
from arterial.solve.program import FloatArray

__all__ = ["SHARP", "Asked", "Grown", "Warm", "grow"]

UintArray = NDArray[np.uint64]

SHARP: Solver = "highs-simplex"
"""Ends what another solver leaves open."""

PRIMAL: dict[str, Option] = {"simplex_strategy": 4}
"""New columns leave the basis feasible: the primal simplex method goes on from there."""

ROUNDS = 500
SMOOTH = 0.6
"""Share of the best bound's prices in those that are asked; 0.6 needed the fewest rounds of 0, 0.3,
0.6, 0.8 at 1,000 demands."""
CHEAPER = 1e-7
"""Share by which a way must be cheaper than those known."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How to solve, and when to stop."""

    solver: Solver = "highs-simplex"
    gap: float = 1e-3
    left_s: Left = forever
    report: Report = silent


@dataclass
class Warm:
    """What a further solve of nearly the same program starts from.

    It lives on: a solve that starts from it leaves its own paths, prices and basis in it.
    """

    paths: PathSet
    prices: Prices
    session: Session | None
    rate: FloatArray
    """float (P,) of the last solve."""
    most: FloatArray | None = None
    """High ends of the session's rows, where they may change."""
    start: Start | None = None
    """Where the own solver ended."""

    def turned_to(self, goal: Throughput) -> bool:
        """Change the session's program to that of a goal; whether its last point is feasible there.

        The row of a closed arc stays as it is: what rode the arc has to leave by its cost.
        """
        if self.session is None or self.most is None:
            return True
        most = goal.most_of_rows()
        most = np.where(most > 0.0, most, self.most)
        changed = np.flatnonzero(most != self.most)
        for row in changed.tolist():
            self.session.set_row_bounds(row, -np.inf, float(most[row]))
        self.session.set_cost(goal.cost(self.paths))
        self.most = most
        return not len(changed)


@dataclass(frozen=True, kw_only=True)
class Grown:
    """The best found, and what nothing in the pricer's scope beats."""

    paths: PathSet
    rate: FloatArray
    """float (P,)"""
    value: float
    bound: float
    gap: float
    status: Status
    rounds: int
    warm: Warm


def grow(
    goal: Goal,
    pricer: Pricing,
    paths: PathSet,
    asked: Asked,
    warm: Warm | None = None,
    *,
    feasible: bool = False,
    rate: FloatArray | None = None,
) -> Grown:
    """Solve a path LP and let it grow.

    Parameters
    ----------
    paths
        To begin with; every demand has one.
    warm
        Of an earlier solve over ``paths``, its program changed to that of ``goal``.
    feasible
        Whether its last point is feasible there.
    rate
        Rates on ``paths``, (P,), that need not fit: the answer is no worse than what fits of them.

    Raises
    ------
    SolverError
        The solver failed, or found a program infeasible that is not.
    """
    growth = _Growth(goal, pricer, paths, asked, warm.session if warm else None)
    growth.feasible = feasible
    if rate is not None:
        growth.begin(rate)
    growth.start = warm.start if warm else None
    status = growth.run(warm)
    if warm is None:
        warm = Warm(growth.paths, growth.best, growth.session, growth.rate)
        warm.most = goal.most_of_rows() if isinstance(goal, Throughput) else None
    warm.paths, warm.prices = growth.paths, growth.best
    warm.session, warm.rate, warm.start = growth.session, growth.rate, growth.start
    return Grown(
        paths=growth.paths,
        rate=growth.rate,
        value=growth.value,
        bound=growth.bound,
        gap=growth.gap,
        status="optimal" if growth.gap <= TIGHT else status,
        rounds=growth.rounds,
        warm=warm,
    )


class _Growth:
    def __init__(
        self, goal: Goal, pricer: Pricing, paths: PathSet, asked: Asked, session: Session | None
    ) -> None:
        self._goal, self._pricer, self._asked = goal, pricer, asked
        self.paths, self.session = paths, session
        self._key = _keys(len(goal.room))
        self.bound: float = inf if goal.most else -inf
        self.best = goal.opening()
        self.rate = goal.rates(paths, np.zeros(goal.own + len(paths)))
        self.value = goal.value(paths, self.rate)
        self.rounds = 0
        self.feasible = False
        self.start: Start | None = None
        self._solver: Solver = asked.solver

    @cached_property
    def _known(self) -> set[int]:
        """Names of all paths so far; of no use where nothing is ever handed out."""
        return set(self._names(self.paths).tolist())

    def begin(self, rate: FloatArray) -> None:
        """Have an answer before anything is solved."""
        self._keep(self._goal.mended(self.paths, rate))

    def run(self, warm: Warm | None) -> Status:
        """Rounds until nothing is better, the gap is small, or time is up."""
        self._look(self.best)
        if warm is not None:
            self._look(warm.prices)
            self._keep(self._goal.mended(self.paths, warm.rate))
            if self._stands():
                return "gap"
        status: Status | None = None
        while status is None and self.rounds < ROUNDS:
            status = self._round()
        return status or "limit"

    def _round(self) -> Status | None:
        """Solve and grow once; None to go on."""
        now = self._solved()
        if now is None:
            return "limit"
        self.rounds += 1
        self._asked.report("routing: rounds", self.rounds, 0)
        if self._stands():
            return "gap"
        grew = self._grew(now)
        if self._stands():
            return "gap"
        if grew:
            return None
        if self.gap <= self._asked.gap or self._solver == SHARP:
            return "gap" if self.gap <= self._asked.gap else "limit"
        # A loose solver's prices may find nothing more, and still prove little.
        self._solver = SHARP
        return None

    @property
    def gap(self) -> float:
        """Share of the larger of value and bound that lies between them."""
        lost = self.bound - self.value if self._goal.most else self.value - self.bound
        if not isfinite(lost):
            return 1.0  # nothing is known on one side
        whole = max(self.bound, self.value)
        return max(0.0, lost / whole) if whole > 0.0 else 0.0

    def _stands(self) -> bool:
        enough = self.gap <= self._asked.gap and self._goal.decided(self.value, self.bound)
        return enough or self.gap <= TIGHT

    def _solved(self) -> Prices | None:
        """The best over the paths so far, and its prices; None when it is not known."""
        if self._solver == "own":
            match self._goal:
                case Throughput():
                    return self._most(self._goal)
                case Utilisation():
                    return self._least(self._goal)
                case _:
                    self._solver = SHARP
        if self.session is None:
            self.session = Session(self._goal.program(self.paths))
        options = options_of(self._solver, self._asked.gap)
        if self._solver == SHARP and (self.rounds or self.feasible):
            options |= PRIMAL
        found = self.session.solve(time_limit_s=self._asked.left_s(), options=options)
        if found.status in {"infeasible", "unbounded"}:
            raise SolverError("HiGHS", found.detail)
        # First-order solvers end without HiGHS's word for it: what they hold is made good here.
        primal, dual = self.session.held()
        if len(primal) == self._goal.own + len(self.paths) and np.isfinite(primal).all():
            self._keep(self._goal.rates(self.paths, primal))
        if found.status == "limit" or len(dual) < len(self._goal.room):
            return None
        return self._goal.prices(dual)

    def _most(self, goal: Throughput) -> Prices | None:
        asked = self._asked
        found = most(
            self.paths,
            goal.demand,
            goal.room,
            solver=self._solver,
            gap=asked.gap / 2.0,
            left_s=asked.left_s,
            start=self.start,
        )
        self.start = found.start
        self._keep(found.rate_gbps)
        return None if asked.left_s() <= 0.0 else Prices(found.price, 1.0)

    def _least(self, goal: Utilisation) -> Prices | None:
        asked = self._asked
        on = self.paths.least(goal.room) > 0.0
        kept = np.flatnonzero(on).astype(np.int64)
        found = least_utilised(
            trie_of(self.paths.taken(kept), len(goal.demand), len(goal.room)),
            goal.demand,
            goal.room,
            gap=asked.gap / 2.0,
            late=lambda: asked.left_s() <= 0.0,
        )
        rate = np.zeros(len(self.paths))
        rate[kept] = found.rate_gbps
        self._keep(rate)
        return None if asked.left_s() <= 0.0 else Prices(found.price, inf)

    def _keep(self, rate: FloatArray) -> None:
        value = self._goal.value(self.paths, rate)
        if (value >= self.value) == self._goal.most:
            self.rate, self.value = rate, value

    def _grew(self, now: Prices) -> bool:
        """Add ways that pay; False when there are none."""
        ways = self._look(now.mixed(self.best, SMOOTH)).paths, self._look(now).paths
        for found in ways:
            fresh = self._fresh(found, now)
            if len(fresh):
                self._add(fresh)
                return True
        return False

    def _look(self, prices: Prices) -> Priced:
        """Price every demand's cheapest way, and draw the bound from it."""
        limit = np.full(len(self._goal.demand), np.inf)
        found = self._pricer.cheapest(self._goal.weight(prices), limit)
        bound = self._goal.bound(prices, found.price)
        if (bound < self.bound) == self._goal.most and bound != self.bound:
            self.bound, self.best = bound, prices
        return found

    def _fresh(self, ways: PathSet, now: Prices) -> PathSet:
        """Those not known yet that pay at the LP's own prices."""
        if not len(ways):
            return ways
        weight = self._goal.weight(now)
        known = self.paths.cheapest(weight, len(self._goal.demand))
        worth = np.minimum(known, self._goal.limit(now))
        pays = ways.along(weight) < worth[ways.demand] * (1.0 - CHEAPER)
        names = self._names(ways)
        new = [name not in self._known for name in names.tolist()]
        chosen = np.flatnonzero(pays & np.array(new, dtype=np.bool_))
        self._known.update(names[chosen].tolist())
        return ways.taken(chosen.astype(np.int64))

    def _add(self, fresh: PathSet) -> None:
        if self.session is not None:
            self.session.add_columns(self._goal.columns(fresh))
        self.paths = PathSet.joined([self.paths, fresh])
        self.rate = np.concatenate([self.rate, np.zeros(len(fresh))])

    def _names(self, paths: PathSet) -> UintArray:
        """A number for each set of arcs of a demand; two are the same by a chance of 2 ** -64."""
        on = self._key[paths.arc]
        total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(on, dtype=np.uint64)])
        return (total[paths.start[1:]] - total[paths.start[:-1]]) * np.uint64(
            0x9E3779B97F4A7C15
        ) ^ (paths.demand.astype(np.uint64))


def _keys(arcs: int) -> UintArray:
    draw = np.random.default_rng(0)
    return draw.integers(0, 2**64, arcs, dtype=np.uint64)
