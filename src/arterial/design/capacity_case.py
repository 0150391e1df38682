"""One case of a capacity problem routed by itself: what its links carry, and what finds no room.

Least lack first, then least traffic times links, over paths that are searched as prices ask for
them. It shares nothing with the engine: what is found here is a check of what the engine returns.
"""

from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.errors import SolverError
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Pricer, Ways
from arterial.solve.highs import Session
from arterial.solve.program import Columns, FloatArray, IntArray, Program, Rows

__all__ = ["CaseRouted", "arcs_standing", "routed_case", "ways_in_case"]

HOP_COST = 1e-4
"""Of a Gb/s on a link, where one that is not carried costs 1: room counts first."""
SLACK_MS = 1e-9
TOLERANCE = 1e-9
ROUNDS = 500


@dataclass(frozen=True, kw_only=True)
class CaseRouted:
    """What came of a case."""

    load_gbps: FloatArray
    """(2 L,) on each arc."""
    lack_gbps: FloatArray
    """(K,) not carried."""
    price: FloatArray
    """(2 L,) lack that one more Gb/s of an arc would end, 0 to 1."""


def arcs_standing(problem: Problem, case: int) -> FloatArray:
    """1 for each arc (2 L,) that a case has, inf for others."""
    links = problem.links
    there = np.repeat(problem.cases.alive[case], 2)
    if links.one_way is not None:
        there[1::2] &= ~links.one_way
    return np.where(there, 1.0, np.inf)


def ways_in_case(problem: Problem, demands: IntArray, *, limited: bool = True) -> Ways:
    """Some demands as a search asks for them."""
    ends, known = problem.links.ends, problem.demands
    graph = Graph.of(problem.links.sites, ends[:, 0], ends[:, 1])
    limit = known.limit_ms[demands] + SLACK_MS if limited else np.full(len(demands), np.inf)
    delay_ms = np.repeat(problem.links.latency_ms, 2)
    return Ways(
        adjacency=Adjacency.of(graph),
        source=known.source[demands],
        target=known.target[demands],
        delay_ms=delay_ms,
        budget_ms=limit,
        tie=np.where(np.isfinite(delay_ms), delay_ms, 1.0),
    )


def routed_case(
    problem: Problem, room_gbps: FloatArray, asked_gbps: FloatArray, case: int
) -> CaseRouted:
    """Route what a case asks within what each link has, (L,).

    Raises
    ------
    SolverError
        A program was not solved.
    """
    demands = np.flatnonzero(asked_gbps > 0.0)
    arcs = 2 * len(problem.links.ends)
    lack = np.zeros(len(asked_gbps))
    if not len(demands):
        return CaseRouted(load_gbps=np.zeros(arcs), lack_gbps=lack, price=np.zeros(arcs))
    routing = _Routing(problem, room_gbps, asked_gbps[demands], demands, case)
    load, lacking, price = routing.settled()
    lack[demands] = lacking
    return CaseRouted(load_gbps=load, lack_gbps=lack, price=price)


class _Routing:
    """Rows: a demand each, then an arc each, or a link each where its directions share."""

    def __init__(
        self,
        problem: Problem,
        room_gbps: FloatArray,
        asked_gbps: FloatArray,
        demands: IntArray,
        case: int,
    ) -> None:
        self._standing = arcs_standing(problem, case)
        self._pricer = Pricer(ways_in_case(problem, demands))
        self._demands = len(demands)
        shared = problem.links.shared
        arc = np.arange(2 * len(problem.links.ends))
        self._row = self._demands + (arc // 2 if shared else arc)
        room = room_gbps if shared else np.repeat(room_gbps, 2)
        self._paths: list[PathSet] = []
        count = np.arange(self._demands)
        self._session = Session(
            Program(
                cost=np.ones(self._demands),
                low=np.zeros(self._demands),
                high=np.full(self._demands, np.inf),
                integer=np.zeros(self._demands, dtype=np.bool_),
                rows=Rows.gathered(
                    count,
                    count,
                    np.ones(self._demands),
                    low=np.concatenate([asked_gbps, np.full(len(room), -np.inf)]),
                    high=np.concatenate([asked_gbps, np.maximum(room, 0.0)]),
                ),
            )
        )

    def settled(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Load of each arc, what each demand lacks, price of each arc."""
        for _ in range(ROUNDS):
            found = self._session.solve()
            if found.status != "optimal":
                raise SolverError("HiGHS", found.detail)
            price = np.maximum(-found.row_dual[self._row], 0.0)
            limit = found.row_dual[: self._demands] - TOLERANCE
            weight = (price + HOP_COST) * self._standing
            further = self._pricer.cheapest(weight, limit).paths
            if not len(further):
                lack, rate = np.split(found.primal, [self._demands])
                return self._load(rate), lack, price
            self._add(further)
        raise SolverError("the search for paths", f"{ROUNDS} rounds")

    def _add(self, paths: PathSet) -> None:
        self._paths.append(paths)
        hops = np.diff(paths.start)
        # A path's own demand first, then what it rides.
        row = np.insert(self._row[paths.arc], paths.start[:-1], paths.demand)
        self._session.add_columns(
            Columns(
                start=paths.start + np.arange(len(paths.start)),
                row=row,
                value=np.ones(len(row)),
                cost=HOP_COST * hops,
                low=np.zeros(len(paths)),
                high=np.full(len(paths), np.inf),
            )
        )

    def _load(self, rate: FloatArray) -> FloatArray:
        load = np.zeros(len(self._standing))
        if self._paths:
            paths = PathSet.joined(self._paths)
            np.add.at(load, paths.arc, np.repeat(rate, np.diff(paths.start)))
        return load
