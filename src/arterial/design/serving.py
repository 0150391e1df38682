"""Replicas that the routes of a design ask for: the most that each edge answers, case by case.

A market is answered by its edge while the way there stands, else by its fail-over: after a cut as
after the loss of the edge. An edge holds whole replicas for the worst of all cases after which the
policy keeps something of the class.
"""

from collections.abc import Sequence

import numpy as np

from arterial.demand.serving import answers_name
from arterial.design.build import Build, routers_lost
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.state import Placement, State, links_dead
from arterial.errors import SolverError
from arterial.paths.graph import Path, arc_link
from arterial.placement.serving import Serving, whole
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Rooms"]

NOWHERE = -1


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
        markets = {row: market for market, row in serving.markets.items()}
        self._asks = {
            answers_name(name, markets[row]): (workload, float(busy))
            for workload, name in enumerate(serving.workloads)
            for row, busy in enumerate(serving.busy[workload])
        }

    def needed(self, state: State, flows: Sequence[Flow], build: Build | None = None) -> IntArray:
        """(E, K) whole replicas that the worst case asks for.

        Parameters
        ----------
        build
            Waves with their routers: losses of routers then count too.
        """
        routers = _no_routers(self._instance) if build is None else _dead(self._instance, build)
        keep = np.vstack([self._keep, np.tile(self._router_keep, (routers.shape[1], 1))])
        shape = (len(keep), len(self.serving.edges), len(self.serving.workloads))
        most, after = np.zeros(shape[1:]), np.zeros(shape)
        total = self._gbps(flows)
        for flow in flows:
            demand = flow.down
            if demand is None or demand.name not in self._asks:
                continue
            workload, busy = self._asks[demand.name]
            busy *= demand.gbps / total[demand.name]
            most[self._edge[flow.far], workload] += busy
            at = self._answers(state, flow, routers)
            cases = np.flatnonzero(at != NOWHERE)
            after[cases, at[cases], workload] += busy * keep[cases, workload]
        by_model = self.serving.at_edges(np.concatenate([most[None], after]))
        return whole(by_model.max(axis=0))

    def crowded(self, state: State, flows: Sequence[Flow], build: Build | None = None) -> BoolArray:
        """(E,) edges whose replicas find no room there."""
        return self.serving.over(self.needed(state, flows, build))

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

    @property
    def _router_keep(self) -> FloatArray:
        nothing = np.zeros(len(self.serving.workloads))
        return self.serving.keep.get("router", nothing)

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
            first = place == 0
            own = state.path_dead(flow, path) if first else links_dead(self._instance, path)
            if place == 1:
                own = own & self._instance.double  # apart from the first, so alive when that is not
            dead = np.concatenate([own, _hit(routers, path)])
            at[waiting & ~dead] = self._edge[far]
            waiting &= dead
        return at


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


def _dead(instance: Instance, build: Build) -> BoolArray:
    """(L, R) links that the loss of a router takes whole."""
    left = list(routers_lost(instance, build))
    return np.array(left).T <= 0.0 if left else _no_routers(instance)
