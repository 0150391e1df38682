"""Max-min fair shares: level by level, as water rises until arcs are full.

A level lifts the share of all open demands as far as it goes. Those that then pay for a full arc
cannot rise further, whatever routing is chosen, for prices say so; they are settled at that share,
and the rest goes on. What a level's bound holds beside are the shares settled before it, not the
paths on which they were carried.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from arterial.routing.goals import WHOLE, Prices, Rooms, arc_prices, hop_prices
from arterial.routing.growth import SHARP, Asked, Grown, grow
from arterial.routing.most import TIGHT, Status
from arterial.routing.path_lp import fitted, path_columns, path_program
from arterial.routing.pathset import PathSet
from arterial.routing.supply import Pricing
from arterial.solve.program import BoolArray, Columns, FloatArray, Program

__all__ = ["Fair", "Share", "fair_shares"]

PAYS = 1e-7
"""Share of what all open demands pay, below which one is taken to pay nothing."""

LEVELS = 200


@dataclass(frozen=True)
class Share(Rooms):
    """Most theta with offered >= theta d_k where open, >= s_k d_k where settled; room <= r_e."""

    settled: FloatArray
    """float (K,) share that each settled demand keeps."""
    open: BoolArray
    """bool (K,)."""
    most = True
    own = 1

    def opening(self) -> Prices:
        """Prices that prove something before anything is solved."""
        return Prices(hop_prices(self.room), np.inf)

    def program(self, paths: PathSet) -> Program:
        """The program over some paths."""
        rows = np.flatnonzero(self.open).astype(np.int64)
        least = np.where(self.open, 0.0, self.settled * self.demand * (1.0 - WHOLE))
        return path_program(
            paths,
            cost=np.zeros(len(paths)),
            offered=(least, np.full(len(least), np.inf)),
            room=self.room,
            own=(rows, -self.demand[rows], -1.0),
            own_most=1.0,
        )

    def columns(self, paths: PathSet) -> Columns:
        """Further paths."""
        return path_columns(paths, np.zeros(len(paths)), len(self.demand))

    def prices(self, dual: FloatArray) -> Prices:
        """From row duals, (R,)."""
        return Prices(arc_prices(dual, len(self.demand), self.room), np.inf)

    def rates(self, paths: PathSet, primal: FloatArray) -> FloatArray:
        """Rates that overload nothing; no open demand gets more than the others."""
        theta = float(np.clip(primal[0], 0.0, 1.0))
        asked = np.where(self.open, theta, self.settled) * self.demand
        return fitted(paths, primal[1:], asked, self.room)

    def mended(self, paths: PathSet, rate: FloatArray) -> FloatArray:
        """Rates of another program made good for this one."""
        return fitted(paths, rate, self.demand, self.room)

    def value(self, paths: PathSet, rate: FloatArray) -> float:
        """Share of the open demand that is worst off."""
        share = paths.by_demand(rate, len(self.demand)) / self.demand
        return float(share[self.open].min(initial=1.0))

    def bound(self, prices: Prices, cheapest: FloatArray) -> float:
        """What arcs are worth, less what settled demands pay, is all that open ones can pay."""
        kept = float((self.settled * self.demand * cheapest)[~self.open].sum()) * (1.0 - WHOLE)
        pay = float(self.demand[self.open] @ cheapest[self.open])
        left = float(prices.arc @ self.room) - kept
        return min(1.0, max(0.0, left / pay)) if pay > 0.0 else 1.0

    def decided(self, value: float, bound: float) -> bool:
        """All have everything, or cannot."""
        return value >= 1.0 - WHOLE or bound < 1.0 - WHOLE


@dataclass(frozen=True, kw_only=True)
class Fair:
    """Shares, the rates that give them, and the bound on the least."""

    paths: PathSet
    rate: FloatArray
    share: FloatArray
    """float (K,)"""
    value: float
    """The least share."""
    bound: float
    gap: float
    """Of the level furthest from its bound."""
    status: Status
    rounds: int


def fair_shares(
    demand: FloatArray, room: FloatArray, pricer: Pricing, paths: PathSet, asked: Asked
) -> Fair:
    """Lift the least share first, then the next: every demand has a path to begin with."""
    goal = Share(demand, room, np.zeros(len(demand)), np.ones(len(demand), dtype=np.bool_))
    wanted = asked.gap
    if asked.solver == SHARP:
        asked = replace(asked, gap=TIGHT)  # a share that is off by the gap would settle too early
    rising = list(_levels(goal, pricer, paths, asked, wanted))
    levels = [grown for _, grown in rising]
    goal, last = rising[-1]
    ended = not goal.open.any() or last.value >= 1.0 - TIGHT
    share = last.paths.by_demand(last.rate, len(demand)) / demand
    gap = max(level.gap for level in levels)
    stopped: Status = "gap" if ended and gap <= wanted else "limit"
    return Fair(
        paths=last.paths,
        rate=last.rate,
        share=share,
        value=float(share.min(initial=1.0)),
        bound=levels[0].bound,
        gap=gap,
        status="optimal" if ended and gap <= TIGHT else stopped,
        rounds=sum(level.rounds for level in levels),
    )


def _levels(
    goal: Share, pricer: Pricing, paths: PathSet, asked: Asked, wanted: float
) -> Iterator[tuple[Share, Grown]]:
    """Each level with what is settled after it."""
    for _ in range(LEVELS):
        grown = grow(goal, pricer, paths, asked)
        paths = grown.paths
        if grown.value >= 1.0 - TIGHT or grown.gap > wanted:
            yield goal, grown
            return
        prices = grown.warm.prices
        paid = goal.demand * pricer.cheapest(goal.weight(prices), goal.demand * np.inf).price
        full = goal.open & (paid > PAYS * paid[goal.open].sum())
        goal = replace(
            goal,
            settled=np.where(full, grown.value, goal.settled),
            open=goal.open & ~full,
        )
        yield goal, grown
        if not goal.open.any() or not full.any():
            return
