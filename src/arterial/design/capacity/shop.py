"""Whole points made without a program: bought case by case, then bettered module by module.

Where the program of whole points is slow or not yet worth its time: a point is known early, so that
cost and gap are finite. For problems of one stage; what a link's modules cost besides, in rows of
the program (ports, pairs), is asked for at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from arterial.design.capacity.bought import Shop, bought
from arterial.design.capacity.flow import Flows, Short
from arterial.design.capacity.moved import Ground, Net, Routes
from arterial.design.capacity.needs import Needs
from arterial.design.capacity.pressed import pressed
from arterial.design.capacity.problem import FIXED, Problem
from arterial.design.capacity.row import Row
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Shopper"]

NOTHING = 1e-9
PASSES = 4
"""Looks at all links for a module that can be saved."""
ENDLESS = 1e30
ASKED = 100
"""Programs of a case after which it is bought for without."""


@dataclass
class _Bought:
    """A point in the making."""

    columns: FloatArray
    """(X,)"""
    whole: FloatArray
    """(L,) Gb/s of each link, nothing failed."""
    ways: list[Routes]
    """(F,)"""
    load: FloatArray = field(repr=False)
    """(F, L) Gb/s on a link, the fuller direction."""


class Shopper:
    """Buys modules of single links, one kind a link: the cheapest by Gb/s."""

    def __init__(self, problem: Problem, deadline: Deadline = FOREVER) -> None:
        self._flows, self._deadline = Flows(problem, deadline), deadline
        links, demands, cases = problem.links, problem.demands, problem.cases
        self._problem, self._asks = problem, False
        self._net = Net(
            *Adjacency.of(Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1])),
            np.repeat(links.latency_ms, 2),
            demands.source,
            demands.target,
            demands.limit_ms,
            links.shared,
        )
        self._column, self._gbps, self._price = _kinds(problem)
        self._share = np.asarray(cases.alive, dtype=np.float64) * cases.usable[:, None]
        both = np.ones((len(links.ends), 2), dtype=np.bool_)
        if links.one_way is not None:
            both[:, 1] = ~links.one_way
        self._both = both.reshape(-1)
        self._cases = _order(problem)
        self._alone = len(self._cases) == 1  # its program is no dearer than pressing, and exact

    @staticmethod
    def serves(problem: Problem) -> bool:
        """Whether a problem is of one stage."""
        return not problem.column_stage.any() and not problem.cases.stage.any()

    @staticmethod
    def settles(problem: Problem) -> bool:
        """Whether its points carry every case, and no program need say so again.

        Nothing but whole modules of links is bought, and no row ties them.
        """
        program = problem.program
        fixed = bool((problem.demands.scaled_by == FIXED).all())
        whole = bool((program.integer & problem.links.gives).all())
        return Shopper.serves(problem) and fixed and whole and not len(program.rows)

    def point(
        self,
        start: FloatArray,
        *,
        rows: Sequence[Row] = (),
        enough: float = -np.inf,
        asks: bool = False,
    ) -> FloatArray | None:
        """Whole columns (X,) from some on that carry all cases, as far as is seen; None without.

        Parameters
        ----------
        rows
            Of the problem, that every answer holds: no module is tried that they need.
        enough
            A cost that need not be bettered.
        asks
            Where no room is found ways are pressed, then a program says what a case lacks: slower,
            and far better from a point that is nearly enough. The program alone, of one case.
        """
        self._asks = asks
        made = self._first(start)
        if made is None:
            return None
        needs = Needs(self._problem.program.cost, rows)
        for _ in range(PASSES):
            if not self._bettered(made, needs, enough):
                break
        return made.columns

    def _first(self, start: FloatArray) -> _Bought | None:
        problem = self._problem
        count = len(problem.cases.names)
        nothing = Routes.none()
        made = _Bought(
            start.copy(),
            problem.links.base_gbps + problem.links.supply @ start,
            [nothing] * count,
            np.zeros(self._share.shape),
        )
        recent: Routes | None = nothing
        for case in self._cases:
            if self._asks:
                done, found, _ = self._carried(made, case, recent, NOTHING)
                recent = found if done else self._asked(made, case)
            else:
                recent = self._fetched(made, case, recent)
            if recent is None:
                return None
            self._note(made, case, recent)
        return made

    def _fetched(self, made: _Bought, case: int, ways: Routes) -> Routes | None:
        """Buy for a case on the cheapest ways, until it is carried; None if that fails."""
        done, found, units = self._carried(made, case, ways, ENDLESS)
        self._buy(made, units)
        return found if done else None

    def _asked(self, made: _Bought, case: int) -> Routes | None:
        """Buy for a case by what its program says, until it is carried; None if that fails."""
        for _ in range(ASKED):
            short = self._flows.short(made.columns, case)
            if short is None:
                return self._flows.routes()
            units = self._worth(made, short)
            if not units.any():
                break
            self._buy(made, units)
        return self._fetched(made, case, Routes.none())

    def _worth(self, made: _Bought, short: Short) -> FloatArray:
        """Modules (L,) of what a case's program adds: what is half of one at least, or the most."""
        column, high = np.maximum(self._column, 0), self._problem.program.high
        each = self._gbps * self._share[short.case]
        part = np.where(each > NOTHING, short.added_gbps / np.maximum(each, NOTHING), 0.0)
        part = np.where(
            self._column < 0, 0.0, np.minimum(part, high[column] - made.columns[column])
        )
        units = np.floor(part + 0.5)
        if not units.any() and part.max() > NOTHING:
            units[int(np.argmax(part))] = 1.0
        return units

    def _carried(
        self, made: _Bought, case: int, ways: Routes, budget: float, banned: int = -1
    ) -> tuple[bool, Routes, FloatArray]:
        share = self._share[case]
        price = self._price
        if banned >= 0:
            price = price.copy()
            price[banned] = np.inf
        high = self._problem.program.high
        most = np.where(self._column >= 0, (high - made.columns)[np.maximum(self._column, 0)], 0.0)
        ground = Ground(
            np.repeat(share > 0.0, 2) & self._both,
            made.whole * share,
            self._problem.asked_gbps(made.columns, case),
        )
        shop = Shop(self._gbps * share, price, most)
        budget = max(budget, NOTHING)
        if not self._asks:
            return bought(self._net, ground, shop, ways, budget)
        done, found, units = bought(self._net, ground, shop, ways, NOTHING)
        if done:
            return True, found, units
        if self._alone:
            done = self._flows.short(made.columns, case) is None
            found = self._flows.routes() if done else ways
        else:
            done, found = pressed(self._net, ground, ways)
        if done:
            return True, found, np.zeros(len(share))
        return bought(self._net, ground, shop, ways, budget)

    def _buy(self, made: _Bought, units: FloatArray) -> None:
        links = np.flatnonzero(units != 0.0)
        made.columns[self._column[links]] += units[links]
        made.whole[links] += units[links] * self._gbps[links]

    def _note(self, made: _Bought, case: int, ways: Routes) -> None:
        made.ways[case] = ways
        arcs = np.bincount(
            ways.arcs,
            weights=np.repeat(ways.gbps, np.diff(ways.first)),
            minlength=2 * self._share.shape[1],
        ).reshape(-1, 2)
        made.load[case] = arcs.sum(axis=1) if self._net.shared else arcs.max(axis=1)

    def _bettered(self, made: _Bought, needs: Needs, enough: float) -> int:
        """Take a module off each link in turn where less than its price is bought for it."""
        saved, program = 0, self._problem.program
        for link in self._deadline.each(np.argsort(-self._price, kind="stable").tolist()):
            column = int(self._column[link])
            while column >= 0 and made.columns[column] >= program.low[column] + 1.0:
                if float(program.cost @ made.columns) <= enough:
                    return 0
                if needs.kept(made.columns, column) or not self._without(made, link):
                    break
                saved += 1
        return saved

    def _without(self, made: _Bought, link: int) -> bool:
        """Whether less of a link, and others for less money, carry all; then so be it."""
        less = np.zeros(len(made.whole))
        less[link] = -1.0
        tried = _Bought(made.columns.copy(), made.whole.copy(), made.ways, made.load)
        self._buy(tried, less)
        over = made.load[:, link] - tried.whole[link] * self._share[:, link]
        hit = np.flatnonzero(over > NOTHING)
        budget = float(self._price[link]) - NOTHING
        fresh: list[tuple[int, Routes]] = []
        order: list[int] = hit[np.argsort(-over[hit], kind="stable")].tolist()
        for case in order:
            done, ways, units = self._carried(tried, case, made.ways[case], budget, link)
            if not done:
                return False
            budget -= float(self._price[units > 0.0] @ units[units > 0.0])
            self._buy(tried, units)
            fresh.append((case, ways))
        made.columns, made.whole = tried.columns, tried.whole
        for case, ways in fresh:
            self._note(made, case, ways)
        return True


def _kinds(problem: Problem) -> tuple[IntArray, FloatArray, FloatArray]:
    """Column, Gb/s and price of the module of each link that is cheapest by Gb/s; -1 without one.

    Columns that give several links capacity, are of parts, or scale a demand are left alone.
    """
    program, supply = problem.program, problem.links.supply.tocsc()
    count = len(problem.links.ends)
    column = np.full(count, -1, dtype=np.int64)
    gbps, price = np.zeros(count), np.full(count, np.inf)
    scales = set(problem.demands.scaled_by.tolist()) - {FIXED}
    for x in np.flatnonzero(np.diff(supply.indptr) == 1).tolist():
        link, size = int(supply.indices[supply.indptr[x]]), float(supply.data[supply.indptr[x]])
        cost = max(float(program.cost[x]), 0.0)
        better = column[link] < 0 or cost / size < price[link] / gbps[link]
        if x not in scales and size > 0.0 and better and program.integer[x]:
            column[link], gbps[link], price[link] = x, size, cost
    return column, gbps, price


def _order(problem: Problem) -> list[int]:
    """Cases that ask for something, each kind once, as they stand."""
    return np.flatnonzero((problem.cases.gbps > NOTHING).any(axis=1)).tolist()
