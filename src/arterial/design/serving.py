"""Replicas that the routes of a design ask for: the most that each edge answers, case by case.

A market is answered by its edge while the way there stands, else by its fail-over: after a cut as
after the loss of the edge. An edge holds whole replicas for the worst of all cases after which the
policy keeps something of the class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arterial.demand.serving import answers_name
from arterial.design.build import Build, routers_lost
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.state import Placement, State, links_dead
from arterial.errors import SolverError
from arterial.paths.graph import Path, arc_link
from arterial.placement.serving import Meet, Serving, whole
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Rooms"]

NOWHERE = -1


@dataclass(frozen=True)
class _Served:
    """A market's flow: who answers it, and what that keeps busy, without failure and by case."""

    workload: int
    market: int
    at: IntArray
    """(1 + F + R,) the edge that answers, -1 where none does."""
    busy: FloatArray
    """(1 + F + R,) replicas, parts of one kept."""


class Rooms:
    """What edges hold, asked of routings of one instance."""

    def __init__(self, instance: Instance, serving: Serving) -> None:
        self.serving = serving
        self._instance = instance
        index, failures = instance.ground.site_index, instance.failures
        nothing = np.zeros(len(serving.workloads))
        self._keep = np.array([serving.keep.get(case.kind, nothing) for case in failures])
        """(F, A) share of each workload that a case keeps."""
        self._lost = np.array(
            [index[case.site] if case.kind == "site" else NOWHERE for case in failures]
        )
        """(F,) the site that a case takes."""
        self._edge = np.full(instance.graph.sites, NOWHERE, dtype=np.int64)
        """(N,) number of the edge at a site."""
        self._edge[[index[name] for name in serving.edges]] = np.arange(len(serving.edges))
        self._asks = {
            answers_name(name, market): (workload, row)
            for workload, name in enumerate(serving.workloads)
            for market, row in serving.markets.items()
        }

    def needed(self, state: State, flows: Sequence[Flow], build: Build | None = None) -> IntArray:
        """(E, K) whole replicas that the worst case asks for.

        Parameters
        ----------
        build
            Waves with their routers: losses of routers then count too.
        """
        return whole(self.serving.at_edges(self._by_case(self._served(state, flows, build))).max(0))

    def meets(self, state: State, flows: Sequence[Flow], build: Build | None = None) -> list[Meet]:
        """Of each edge without room, the markets of the case that asks for most there."""
        served = self._served(state, flows, build)
        by_case = self._by_case(served)
        over = self.serving.over(whole(self.serving.at_edges(by_case).max(axis=0)))
        found: list[Meet] = []
        for edge in np.flatnonzero(over).tolist():
            each = self.serving.gpus_each + self.serving.kw_each
            case = int((self.serving.at_edges(by_case[:, edge]) @ each).argmax())
            parts = np.zeros((2, *self.serving.busy.shape))
            for one in served:
                if one.at[case] == edge:
                    parts[int(one.at[0] != edge), one.workload, one.market] += one.busy[case]
            found.append(Meet(edge=edge, own=parts[0], handed=parts[1]))
        return found

    def check(self, needed: IntArray) -> None:
        """Raise SolverError where (E, K) replicas find no room: other routes may need fewer."""
        over = np.flatnonzero(self.serving.over(needed)).tolist()
        if over:
            names = ", ".join(self.serving.edges[edge] for edge in over)
            raise SolverError(
                "design search",
                f"no routes found that leave {names} room for what it answers after every failure;"
                " more gpus or gpu_kw there may give some",
            )

    def _served(self, state: State, flows: Sequence[Flow], build: Build | None) -> list["_Served"]:
        routers = (
            _no_routers(self._instance) if build is None else _routers_dead(self._instance, build)
        )
        nothing = np.zeros(len(self.serving.workloads))
        router = np.tile(self.serving.keep.get("router", nothing), (routers.shape[1], 1))
        keep = np.vstack([np.ones(len(nothing)), self._keep, router])  # first without failure
        total = self._gbps(flows)
        return [
            _Served(
                workload=workload,
                market=market,
                at=np.append(self._edge[flow.far], self._answers(state, flow, routers)),
                busy=keep[:, workload]
                * float(self.serving.busy[workload, market])
                * (flow.down.gbps / total[flow.down.name]),
            )
            for flow in flows
            if flow.down is not None and flow.down.name in self._asks
            for workload, market in [self._asks[flow.down.name]]
        ]

    def _by_case(self, served: Sequence["_Served"]) -> FloatArray:
        """(1 + F + R, E, A) replicas kept busy."""
        cases = 1 + len(self._instance.failures) if not served else len(served[0].at)
        found = np.zeros((cases, len(self.serving.edges), len(self.serving.workloads)))
        for one in served:
            there = np.flatnonzero(one.at != NOWHERE)
            found[there, one.at[there], one.workload] += one.busy[there]
        return found

    def _gbps(self, flows: Sequence[Flow]) -> dict[str, float]:
        """Of each demand of answers, its parts added up."""
        found: dict[str, float] = {}
        for flow in flows:
            if flow.down is not None and flow.market:
                found[flow.down.name] = found.get(flow.down.name, 0.0) + flow.down.gbps
        return found

    def _answers(self, state: State, flow: Flow, routers: BoolArray) -> IntArray:
        """(F + R,) the edge that answers, -1 where none does or nobody is left to ask."""
        placement = state.placements[flow.name]
        failures = len(self._instance.failures)
        at = np.full(failures + routers.shape[1], NOWHERE, dtype=np.int64)
        waiting = np.ones(len(at), dtype=np.bool_)
        waiting[:failures] = self._lost != flow.near
        for place, (path, far) in enumerate(_ways(flow, placement)):
            dead = np.concatenate([self._dead(state, flow, path, place), _hit(routers, path)])
            at[waiting & ~dead] = self._edge[far]
            waiting &= dead
        return at

    def _dead(self, state: State, flow: Flow, path: Path, place: int) -> BoolArray:
        """(F,) cases that take a way: of the first all, of its backup two cuts at most."""
        if place == 0:
            return state.path_dead(flow, path)
        doubles = self._instance.double
        if place > 1 or doubles.any():
            dead = links_dead(self._instance, path)
            return dead if place > 1 else dead & doubles
        return doubles


def _ways(flow: Flow, placement: Placement) -> list[tuple[Path, int]]:
    """In the order in which they are tried, with where they end."""
    ways = [(placement.paths[0], flow.far)]
    if placement.backup is not None:
        ways.append((placement.backup, flow.backup_far))
    return [*ways, *((way.path, way.far) for way in placement.further)]


def _hit(routers: BoolArray, path: Path) -> BoolArray:
    """(R,) cases that take some link of a path."""
    links = [arc_link(arc) for arc in path]
    return np.asarray(routers[links].any(axis=0), dtype=np.bool_)


def _no_routers(instance: Instance) -> BoolArray:
    return np.zeros((len(instance.routes), 0), dtype=np.bool_)


def _routers_dead(instance: Instance, build: Build) -> BoolArray:
    """(L, R) links that the loss of a router takes whole."""
    left = list(routers_lost(instance, build))
    return np.array(left).T <= 0.0 if left else _no_routers(instance)
