"""Whether what is bought carries what a case asks, and what is missing where it does not.

One program a case: demands over paths, at the least cost of capacity that would have to be added.
Its prices are lengths of links; with shortest distances for its demands they give a row that the
point breaks by as much as the case is short of money. Paths are made as prices ask for them, and
the program of one case goes on from that of the case before. So that few of its many answers are
alike, a path has a cost as well, very little and by its delay: five times as fast, and where it
might have decided the case is asked again without.
"""

from dataclasses import dataclass, replace

import numpy as np

from arterial.design.capacity.moved import Ground, Routes, moved
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.trees import tree_path, trees
from arterial.design.capacity.within import limited_path
from arterial.errors import SolverError
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.paths.graph import Graph, Path
from arterial.paths.tree import Adjacency
from arterial.solve.highs import Option, Session
from arterial.solve.program import BoolArray, Columns, FloatArray, IntArray, Program, Rows

__all__ = ["Flow", "Flows", "Short"]

TOLERANCE = 1e-7
"""A case holds when no more than this share of what it asks is missing, in money of full price."""
ENOUGH = 0.98
"""Prices are as good as final where their row is broken by this share of the program's value."""
SLANT = 2e-5
"""What a Gb/s costs on an arc of the middling delay, as a share of what capacity costs."""
MOST_PATHS = 12000
"""Paths in the program beyond which it begins anew with those that were used last."""
KEPT_PATHS = 4000
OPTIONS: dict[str, Option] = {"presolve": "off", "solver": "simplex"}
DEAR = 1e30
"""More than any way weighs."""
NEVER = 1e3
"""Times the dearest link's price: what capacity costs where none can be bought."""


@dataclass(frozen=True)
class Short:
    """A case that is not carried."""

    case: int
    missing: float
    """Cost, at least, of what is missing: parts of modules at their price."""
    length: FloatArray
    """(L,) prices by Gb/s, both directions added; of links that stand in the case."""
    distance: FloatArray
    """(K,) shortest within limits under these prices; 0 where nothing is asked."""
    added_gbps: FloatArray
    """(L,) one way to add what is missing, counted as filled."""
    homeless: IntArray
    """Demands that have no way at all."""


@dataclass(frozen=True)
class Flow:
    """Paths that carry a case."""

    demand: IntArray
    """(P,)"""
    paths: tuple[Path, ...]
    gbps: FloatArray
    """(P,)"""


class Flows:
    """Cases of one problem, asked one after the other; paths found for one serve the next."""

    def __init__(self, problem: Problem, deadline: Deadline = FOREVER) -> None:
        self._deadline = deadline
        links, demands = problem.links, problem.demands
        self._problem = problem
        self._adjacency = Adjacency.of(Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1]))
        self._delay = np.repeat(links.latency_ms, 2)
        self._sources, self._source_of = np.unique(demands.source, return_inverse=True)
        self._price = _price(problem)
        self._limited = np.isfinite(demands.limit_ms)
        self._rest = self._least_delays()
        self._arcs = len(links.ends) if links.shared else 2 * len(links.ends)
        middling = float(np.median(self._delay)) or 1.0
        self._slant = SLANT * float(np.median(self._price)) * (self._delay / middling + 1.0)
        self._tilt = 1.0
        self._paths: list[tuple[int, Path]] = []
        self._last: dict[tuple[int, Path], int] = {}
        self._session = self._opened()
        self.asked = 0
        """Programs solved so far."""

    def ground(self, point: FloatArray, case: int) -> Ground:
        """What a case may fill and asks for, at a point (X,)."""
        room = self._problem.capacity_gbps(point, case)
        return Ground(self._open(case), room, self._problem.asked_gbps(point, case))

    def moved(self, ground: Ground, routes: Routes) -> Routes | None:
        """Routes that carry a case, made without a program from others; None if that fails."""
        demands = self._problem.demands
        return moved(
            (self._adjacency, self._delay),
            (demands.source, demands.target, demands.limit_ms),
            ground,
            routes,
            shared=self._problem.links.shared,
        )

    def short(self, point: FloatArray, case: int) -> Short | None:
        """What is missing in a case, or None where it is carried.

        Raises SolverError when HiGHS stops without an answer, LateError when time is up.
        """
        problem, ground = self._problem, self.ground(point, case)
        self._tidy()
        homeless = self._begin(ground)
        if len(homeless):
            return _cut_off(problem, case, homeless)
        self._set(ground)
        worth = TOLERANCE * float(ground.asked.sum() * np.median(self._price))
        found = self._searched(ground, worth)
        if found is not None and found.missing <= worth:
            self._tilted(0.0)
            found = self._searched(ground, worth)
            self._tilted(1.0)
        return None if found is None or found.missing <= worth else replace(found, case=case)

    def _searched(self, ground: Ground, worth: float) -> Short | None:
        """None where no more than ``worth`` is missing; else the prices that tell most."""
        best: Short | None = None
        while True:
            value, added, ask = self._solved()
            if value <= worth:
                self._note()
                return None
            fresh = self._priced(ask, ground)
            distance, length = self._distances(ground)
            room = np.where(ground.open_arc[::2] | ground.open_arc[1::2], ground.room, 0.0)
            broken = float(distance @ ground.asked - length @ room)
            if best is None or broken > best.missing:
                best = Short(
                    case=0,
                    missing=broken,
                    length=length,
                    distance=distance,
                    added_gbps=added,
                    homeless=np.zeros(0, dtype=np.int64),
                )
            if not fresh or best.missing >= max(ENOUGH * value, worth):
                self._note()
                return best

    def routes(self) -> Routes:
        """Ways of the case asked last, which was carried."""
        primal, _ = self._session.held()
        carried = primal[len(self._price) :]
        used = np.flatnonzero(carried > 0.0)
        paths = [self._paths[p] for p in used.tolist()]
        return Routes(
            demand=np.array([k for k, _ in paths], dtype=np.int64),
            first=np.cumsum([0, *(len(path) for _, path in paths)]).astype(np.int64),
            arcs=np.array([arc for _, path in paths for arc in path], dtype=np.int64),
            gbps=carried[used],
        )

    def flow(self, point: FloatArray, case: int) -> Flow | None:
        """Paths that carry a case; None where none do."""
        if self.short(point, case) is not None:
            return None
        routes = self.routes()
        asked = self._problem.asked_gbps(point, case)
        used = np.flatnonzero(routes.gbps > TOLERANCE * max(float(asked.max(initial=0.0)), 1.0))
        return Flow(
            demand=routes.demand[used],
            paths=tuple(routes.path(p) for p in used.tolist()),
            gbps=routes.gbps[used],
        )

    def _opened(self) -> Session:
        """Rows: demands, then capacity by arc (by link where shared); columns: capacity to add."""
        links, demands = self._problem.links, len(self._problem.demands.source)
        count = len(links.ends)
        each = 1 if links.shared else 2
        entry = np.repeat(np.arange(count), each)
        row = demands + np.arange(self._arcs)
        return Session(
            Program(
                cost=self._price,
                low=np.zeros(count),
                high=np.full(count, np.inf),
                integer=np.zeros(count, dtype=np.bool_),
                rows=Rows.gathered(
                    row,
                    entry,
                    np.full(self._arcs, -1.0),
                    low=np.concatenate([np.zeros(demands), np.full(self._arcs, -np.inf)]),
                    high=np.concatenate([np.full(demands, np.inf), np.zeros(self._arcs)]),
                ),
            )
        )

    def _open(self, case: int) -> BoolArray:
        """(E,) arcs that can be ridden."""
        links = self._problem.links
        stands = np.repeat(np.asarray(self._problem.cases.alive[case]) > 0.0, 2)
        if links.one_way is not None:
            stands[1::2] &= ~links.one_way
        return stands

    def _tidy(self) -> None:
        """Begin anew, where paths have become many, with those that were used last."""
        if len(self._paths) <= MOST_PATHS:
            return
        order = sorted(range(len(self._paths)), key=lambda p: (-self._last[self._paths[p]], p))
        kept = [self._paths[p] for p in sorted(order[:KEPT_PATHS])]
        last = self._last
        self._session, self._paths, self._last = self._opened(), [], {}
        self._add(kept)
        self._last = {way: last[way] for way in kept}

    def _note(self) -> None:
        """Remember which paths the last answer used."""
        primal, _ = self._session.held()
        for p in np.flatnonzero(primal[len(self._price) :] > 0.0).tolist():
            self._last[self._paths[p]] = self.asked

    def _tilted(self, tilt: float) -> None:
        """Paths cost so many times what they cost else."""
        self._tilt = tilt
        costs = [self._cost(path) for _, path in self._paths]
        self._session.set_cost(np.concatenate([self._price, np.array(costs)]))

    def _cost(self, path: Path) -> float:
        return self._tilt * float(self._slant[list(path)].sum())

    def _begin(self, ground: Ground) -> IntArray:
        """Every demand has a way in this case; those that have none are returned."""
        asked = ground.asked
        weight = np.where(ground.open_arc, np.repeat(self._price, 2), np.inf)
        distance, fresh = self._ways(weight, np.full(len(asked), DEAR), asked)
        self._add(fresh)
        return np.flatnonzero((asked > 0.0) & np.isinf(distance))

    def _set(self, ground: Ground) -> None:
        demands, links = len(ground.asked), len(self._price)
        shared = self._problem.links.shared
        each = ground.room if shared else np.repeat(ground.room, 2)
        rows = np.arange(demands + self._arcs)
        low = np.concatenate([ground.asked, np.full(self._arcs, -np.inf)])
        high = np.concatenate([np.full(demands, np.inf), each])
        self._session.set_many_row_bounds(rows, low, high)
        grows = np.where(ground.open_arc[0::2] | ground.open_arc[1::2], np.inf, 0.0)
        self._session.set_many_bounds(np.arange(links), np.zeros(links), grows)

    def _solved(self) -> tuple[float, FloatArray, FloatArray]:
        """What is missing in money, capacity added (L,), and what each demand pays (K,)."""
        left_s = self._deadline.left_s()
        answer = self._session.solve(options=OPTIONS, time_limit_s=left_s)
        self.asked += 1
        if answer.status == "limit":
            raise LateError
        if answer.status != "optimal":
            raise SolverError("HiGHS (capacity, one case)", answer.detail)
        demands, links = len(self._problem.demands.source), len(self._price)
        prices = np.maximum(-answer.row_dual[demands:], 0.0)
        self._by_arc = np.repeat(prices, 2) if self._problem.links.shared else prices
        added = answer.primal[:links]
        return float(self._price @ added), added, answer.row_dual[:demands]

    def _priced(self, ask: FloatArray, ground: Ground) -> int:
        """How many ways were added that cost less than demands pay under the last prices."""
        weight = np.where(ground.open_arc, self._by_arc + self._tilt * self._slant, np.inf)
        _, fresh = self._ways(weight, ask, ground.asked)
        self._add(fresh)
        return len(fresh)

    def _distances(self, ground: Ground) -> tuple[FloatArray, FloatArray]:
        """Distances (K,) under the last prices, and lengths of links (L,)."""
        prices = self._by_arc
        weight = np.where(ground.open_arc, prices, np.inf)
        distance, _ = self._ways(weight, np.full(len(ground.asked), DEAR), ground.asked, new=False)
        length = prices[0::2] if self._problem.links.shared else prices[0::2] + prices[1::2]
        return np.where(ground.asked > 0.0, distance, 0.0), length

    def _ways(
        self, weight: FloatArray, ask: FloatArray, asked: FloatArray, *, new: bool = True
    ) -> tuple[FloatArray, list[tuple[int, Path]]]:
        """Distance of every demand (K,), and new ways lighter than what the demand pays."""
        demands = self._problem.demands
        far, late, arrival = trees(self._adjacency, weight, self._delay, self._sources)
        distance = far[self._source_of, demands.target]
        when = late[self._source_of, demands.target]
        fresh: list[tuple[int, Path]] = []
        slow = self._limited & (when > demands.limit_ms + 1e-9)
        for k in np.flatnonzero((asked > 0.0) & (distance < ask - 1e-9 * (1.0 + distance))):
            source, target = int(demands.source[k]), int(demands.target[k])
            if slow[k]:
                distance[k], path = limited_path(
                    self._adjacency,
                    weight,
                    self._delay,
                    (source, target),
                    limit=float(demands.limit_ms[k]) + 1e-9,
                    rest=self._rest[target],
                )
                if np.isinf(distance[k]) or distance[k] >= ask[k] - 1e-9 * (1.0 + distance[k]):
                    continue
            elif not new:
                continue
            else:
                path = tree_path(self._adjacency, arrival[self._source_of[k]], source, target)
            if new and (int(k), path) not in self._last:
                fresh.append((int(k), path))
        return distance, fresh

    def _add(self, fresh: list[tuple[int, Path]]) -> None:
        if not fresh:
            return
        demands, shared = len(self._problem.demands.source), self._problem.links.shared
        self._last.update(dict.fromkeys(fresh, self.asked))
        self._paths += fresh
        rows = [
            [k, *(demands + (arc >> 1 if shared else arc) for arc in path)] for k, path in fresh
        ]
        size = [len(each) for each in rows]
        self._session.add_columns(
            Columns(
                start=np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
                row=np.array([row for each in rows for row in each], dtype=np.int64),
                value=np.ones(sum(size)),
                cost=np.array([self._cost(path) for _, path in fresh]),
                low=np.zeros(len(fresh)),
                high=np.full(len(fresh), np.inf),
            )
        )

    def _least_delays(self) -> dict[int, FloatArray]:
        """By target of a limited demand: least delay of every site to it (links both ways)."""
        targets = np.unique(self._problem.demands.target[self._limited])
        if not len(targets):
            return {}
        near, _, _ = trees(self._adjacency, self._delay, self._delay, targets)
        return dict(zip(targets.tolist(), near, strict=True))


def _price(problem: Problem) -> FloatArray:
    """(L,) least cost of a Gb/s on each link; dear where nothing can be bought."""
    supply = problem.links.supply.tocoo()
    price = np.full(len(problem.links.ends), np.inf)
    each = problem.program.cost[supply.col] / np.maximum(supply.data, 1e-12)
    np.minimum.at(price, supply.row, np.maximum(each, 0.0))
    known = price[np.isfinite(price)]
    dearest = float(known.max(initial=0.0)) or 1.0
    return np.where(np.isfinite(price), np.maximum(price, 1e-4 * dearest), NEVER * dearest)


def _cut_off(problem: Problem, case: int, homeless: IntArray) -> Short:
    """A case in which demands have no way: no capacity helps; lengths 0 say so."""
    distance = np.zeros(len(problem.demands.source))
    distance[homeless] = 1.0
    links = len(problem.links.ends)
    return Short(
        case=case,
        missing=np.inf,
        length=np.zeros(links),
        distance=distance,
        added_gbps=np.zeros(links),
        homeless=homeless,
    )
