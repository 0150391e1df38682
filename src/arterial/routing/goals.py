"""What a path LP seeks: as a program that can grow by paths, and as a bound that prices prove.

Each goal also says, for any prices y >= 0 of arcs, what no routing beats: by weak duality, from the
price of each demand's cheapest way, whatever the solver returned. The ways looked at are the scope
of the bound.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from arterial.routing.path_lp import (
    dual_bound_of,
    filled,
    fitted,
    path_columns,
    path_program,
    topped,
    utilisation,
)
from arterial.routing.pathset import PathSet
from arterial.solve.program import Columns, FloatArray, Program

__all__ = [
    "WHOLE",
    "Goal",
    "Latency",
    "Prices",
    "Rooms",
    "Throughput",
    "Utilisation",
    "arc_prices",
    "hop_prices",
]

WHOLE = 1e-9
"""Share of what is asked that rounding may take."""

NEARLY = 1e-6
"""Share of a total that a solver's tolerance may take."""


class Prices(NamedTuple):
    """Dual values: what a Gb/s pays."""

    arc: FloatArray
    """float (E,), not negative: for each arc it rides."""
    credit: float = 0.0
    """What it earns for being carried at all."""

    def mixed(self, other: "Prices", share: float) -> "Prices":
        """With a share of another one's."""
        return Prices(
            (1.0 - share) * self.arc + share * other.arc,
            (1.0 - share) * self.credit + share * other.credit,
        )


class Goal(Protocol):
    """What a program that grows by paths has to know."""

    @property
    def demand(self) -> FloatArray:
        """Float (K,)."""
        ...

    @property
    def most(self) -> bool:
        """Whether more is better; bounds are then above, else below."""
        ...

    @property
    def room(self) -> FloatArray:
        """Float (E,)."""
        ...

    @property
    def own(self) -> int:
        """Columns before those of paths."""
        ...

    def opening(self) -> Prices:
        """Prices that prove something before anything is solved."""
        ...

    def program(self, paths: PathSet) -> Program:
        """The program over some paths."""
        ...

    def columns(self, paths: PathSet) -> Columns:
        """Further paths."""
        ...

    def prices(self, dual: FloatArray) -> Prices:
        """From row duals, (R,)."""
        ...

    def rates(self, paths: PathSet, primal: FloatArray) -> FloatArray:
        """Rates that keep every row for sure, float (P,)."""
        ...

    def mended(self, paths: PathSet, rate: FloatArray) -> FloatArray:
        """Rates of another program made good for this one, float (P,)."""
        ...

    def value(self, paths: PathSet, rate: FloatArray) -> float:
        """What the rates reach."""
        ...

    def weight(self, prices: Prices) -> FloatArray:
        """What a way pays for each arc, inf where there is no room: float (E,)."""
        ...

    def limit(self, prices: Prices) -> float:
        """What a way may cost and still be worth its while."""
        ...

    def bound(self, prices: Prices, cheapest: FloatArray) -> float:
        """What no routing beats, from the price of each demand's cheapest way, (K,)."""
        ...

    def decided(self, value: float, bound: float) -> bool:
        """Whether it is known if everything can be carried."""
        ...


@dataclass(frozen=True)
class Rooms:
    """What all goals have."""

    demand: FloatArray
    """float (K,)"""
    room: FloatArray
    """float (E,)"""

    def weight(self, prices: Prices) -> FloatArray:
        """Prices of arcs."""
        return np.where(self.room > 0.0, prices.arc, np.inf)

    def limit(self, prices: Prices) -> float:
        """What a Gb/s earns for being carried; any price where it must be."""
        return prices.credit


@dataclass(frozen=True)
class Throughput(Rooms):
    """Most traffic carried: most ``sum((1 - l_p) x_p)`` with offered <= d_k and room <= r_e.

    The toll l is far below 1: of all routings that carry as much it picks a direct one. A path over
    an arc without room costs more than it brings, so that closing an arc leaves a point feasible.
    """

    toll: FloatArray
    """float (E,) not negative."""
    most = True
    own = 0

    def opening(self) -> Prices:
        """Prices that prove something before anything is solved."""
        return Prices(np.zeros(len(self.room)), 1.0)

    def program(self, paths: PathSet) -> Program:
        """The program over some paths."""
        return path_program(
            paths,
            cost=self.cost(paths),
            offered=(np.full(len(self.demand), -np.inf), self.demand),
            room=self.room,
        )

    def cost(self, paths: PathSet) -> FloatArray:
        """What a Gb/s on each path costs, less what it brings, (P,)."""
        dead = paths.along(np.where(self.room > 0.0, 0.0, 1.0)) > 0.0
        return np.where(dead, 1.0, paths.along(self.toll) - 1.0)

    def most_of_rows(self) -> FloatArray:
        """High ends of the program's rows, (K + E,)."""
        return np.concatenate([self.demand, self.room])

    def columns(self, paths: PathSet) -> Columns:
        """Further paths."""
        return path_columns(paths, self.cost(paths), len(self.demand))

    def prices(self, dual: FloatArray) -> Prices:
        """From row duals, (R,)."""
        return Prices(self.toll + arc_prices(dual, len(self.demand), self.room), 1.0)

    def rates(self, paths: PathSet, primal: FloatArray) -> FloatArray:
        """Rates that keep every row for sure."""
        return fitted(paths, primal, self.demand, self.room)

    def mended(self, paths: PathSet, rate: FloatArray) -> FloatArray:
        """Rates of another program made good for this one."""
        return topped(paths, self.rates(paths, rate), self.demand, self.room)

    def value(self, paths: PathSet, rate: FloatArray) -> float:
        """Gb/s carried."""
        assert len(rate) == len(paths)
        return float(rate.sum())

    def bound(self, prices: Prices, cheapest: FloatArray) -> float:
        """Gb/s; see ``dual_bound``."""
        return dual_bound_of(cheapest, prices.arc, self.demand, self.room)

    def decided(self, value: float, bound: float) -> bool:
        """All is carried, or cannot be."""
        asked = float(self.demand.sum()) * (1.0 - WHOLE)
        return value >= asked or bound < asked


@dataclass(frozen=True)
class Utilisation(Rooms):
    """Least ``t + sum(l_p x_p)`` with offered = d_k and room <= t c_e.

    All is placed; t is above 1 where that does not fit. The toll l only settles ties.
    """

    toll: FloatArray
    """float (E,) not negative."""
    most = False
    own = 1

    def opening(self) -> Prices:
        """Prices that prove something before anything is solved."""
        return Prices(hop_prices(self.room), np.inf)

    def program(self, paths: PathSet) -> Program:
        """The program over some paths."""
        arcs, demands = len(self.room), len(self.demand)
        rows = np.arange(arcs, dtype=np.int64) + demands
        return path_program(
            paths,
            cost=paths.along(self.toll),
            offered=(self.demand, self.demand),
            room=np.zeros(arcs),
            own=(rows, -self.room, 1.0),
        )

    def columns(self, paths: PathSet) -> Columns:
        """Further paths."""
        return path_columns(paths, paths.along(self.toll), len(self.demand))

    def prices(self, dual: FloatArray) -> Prices:
        """From row duals, (R,)."""
        return Prices(self.toll + arc_prices(dual, len(self.demand), self.room), np.inf)

    def rates(self, paths: PathSet, primal: FloatArray) -> FloatArray:
        """All of each demand is placed."""
        return filled(paths, primal[1:], self.demand)

    def mended(self, paths: PathSet, rate: FloatArray) -> FloatArray:
        """Rates of another program made good for this one."""
        return filled(paths, rate, self.demand)

    def value(self, paths: PathSet, rate: FloatArray) -> float:
        """Load over capacity of the fullest arc."""
        return utilisation(paths.load(rate, len(self.room)), self.room)

    def bound(self, prices: Prices, cheapest: FloatArray) -> float:
        """All demands pay at least this, and all arcs filled to t are worth t times theirs."""
        worth = float(prices.arc @ self.room)
        return float(self.demand @ cheapest) / worth if worth > 0.0 else 0.0

    def decided(self, value: float, bound: float) -> bool:
        """It fits, or cannot."""
        return value <= 1.0 + WHOLE or bound > 1.0 + WHOLE


@dataclass(frozen=True)
class Latency(Rooms):
    """Least ``sum(l_p x_p)`` with offered <= d_k, room <= r_e and total >= what must be carried."""

    latency_ms: FloatArray
    """float (E,), known."""
    total_gbps: float
    most = False
    own = 0

    def opening(self) -> Prices:
        """Prices that prove something before anything is solved."""
        return Prices(np.zeros(len(self.room)))

    def program(self, paths: PathSet) -> Program:
        """The program over some paths."""
        return path_program(
            paths,
            cost=paths.along(self.latency_ms),
            offered=(np.full(len(self.demand), -np.inf), self.demand),
            room=self.room,
            total=self.total_gbps,
        )

    def columns(self, paths: PathSet) -> Columns:
        """Further paths."""
        total = len(self.demand) + len(self.room)
        return path_columns(paths, paths.along(self.latency_ms), len(self.demand), total_row=total)

    def prices(self, dual: FloatArray) -> Prices:
        """From row duals, (R,)."""
        arc = arc_prices(dual, len(self.demand), self.room)
        return Prices(arc, max(0.0, float(dual[-1])))

    def rates(self, paths: PathSet, primal: FloatArray) -> FloatArray:
        """Rates that keep every row but the total for sure; that one to the solver's tolerance."""
        return fitted(paths, primal, self.demand, self.room)

    def mended(self, paths: PathSet, rate: FloatArray) -> FloatArray:
        """Rates of another program made good for this one."""
        return self.rates(paths, rate)

    def value(self, paths: PathSet, rate: FloatArray) -> float:
        """Gb/s times ms; inf where too little is carried."""
        if rate.sum() < self.total_gbps * (1.0 - NEARLY):
            return np.inf
        return float(paths.along(self.latency_ms) @ rate)

    def weight(self, prices: Prices) -> FloatArray:
        """Latency and price of arcs."""
        return np.where(self.room > 0.0, self.latency_ms + prices.arc, np.inf)

    def bound(self, prices: Prices, cheapest: FloatArray) -> float:
        """Whatever carries the total costs at least this."""
        gain = np.maximum(0.0, prices.credit - cheapest) @ self.demand
        return float(prices.credit * self.total_gbps - prices.arc @ self.room - gain)

    def decided(self, value: float, bound: float) -> bool:
        """It was, before latency was looked at."""
        assert value >= 0.0
        return bound < np.inf


def hop_prices(room: FloatArray) -> FloatArray:
    """Every arc's room is worth the same."""
    return np.divide(1.0, room, out=np.zeros_like(room), where=room > 0.0)


def arc_prices(dual: FloatArray, demands: int, room: FloatArray) -> FloatArray:
    """What room on arcs is worth, from row duals, (E,)."""
    return np.maximum(0.0, -dual[demands : demands + len(room)])
