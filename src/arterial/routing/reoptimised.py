"""Failure cases with traffic engineering: each is routed anew, as well as its paths allow.

Every pair of sites has a few diverse paths beforehand. A case uses those that survive, and the
lightest that is left where none does. Classes take the network in strict order (``route_classes``).
"""

from dataclasses import dataclass, field

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import Chunk
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Graph, Path
from arterial.paths.shortest import shortest_path
from arterial.paths.tree import Adjacency
from arterial.routing.classes import Routing, Task, route_classes
from arterial.routing.growth import Asked
from arterial.routing.pathset import PathSet
from arterial.routing.straight import told
from arterial.routing.supply import Listed
from arterial.routing.sweep import Outcome, joined, pieces
from arterial.routing.tally import parted
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Reoptimised", "reoptimised"]

GAP = 1e-9
"""A case is routed as well as its paths allow."""

NOTHING = 1e-7
"""Share of what is offered: less is what the solver calls equal."""


@dataclass(frozen=True, kw_only=True)
class Reoptimised:
    """A network and its candidate paths, ready to be broken; call it with cases."""

    graph: Graph
    metric: FloatArray
    """(E,)"""
    capacity_gbps: FloatArray
    """(E,)"""
    delay_ms: FloatArray
    """(E,)"""
    traffic: Traffic
    paths: PathSet
    """Demands with the same ends have the same paths."""
    piece: IntArray
    """(N,) what holds together without failure."""
    adjacency: Adjacency = field(repr=False)

    def __call__(self, chunk: Chunk) -> Outcome:
        """Route each case anew."""
        rows = [self._case(chunk, case) for case in range(len(chunk.sites))]
        lost = chunk.first, chunk.links, chunk.sites
        return joined(rows)._replace(cut_off=parted(*self.adjacency, self.piece, lost))

    def _case(self, chunk: Chunk, case: int) -> Outcome:
        room = self.capacity_gbps.copy()
        weak = slice(chunk.weak_first[case], chunk.weak_first[case + 1])
        links = chunk.links[chunk.first[case] : chunk.first[case + 1]]
        for side in (0, 1):
            room[2 * chunk.weak[weak] + side] *= chunk.weak_share[weak]
            room[2 * links + side] = 0.0
        traffic, gone = self.traffic, chunk.sites[case]
        ended = gone[traffic.source] | gone[traffic.target]
        paths = self._surviving(room, ended)
        way = np.zeros(len(traffic), dtype=np.bool_)
        way[paths.demand] = True
        task = Task(
            supply=Listed(paths, len(traffic)),
            demand_gbps=traffic.gbps,
            priority=traffic.priority[traffic.of_class],
            room_gbps=room,
            latency_ms=told(self.delay_ms, 1.0),
        )
        found = route_classes(task, "throughput", Asked(gap=GAP))
        return self._summed(chunk.start + case, room, (ended, way), found)

    def _surviving(self, room: FloatArray, ended: BoolArray) -> PathSet:
        """Paths over standing arcs, and for demands that have none the lightest way left."""
        standing = (self.paths.least(room) > 0.0) & ~ended[self.paths.demand]
        kept = self.paths.taken(np.flatnonzero(standing))
        missing = ~ended
        missing[kept.demand] = False
        if not missing.any():
            return kept
        weight = np.where(room > 0.0, self.metric, np.inf).tolist()
        found: dict[tuple[int, int], Path | None] = {}
        ways: list[tuple[int, Path]] = []
        for demand in np.flatnonzero(missing).tolist():
            ends = int(self.traffic.source[demand]), int(self.traffic.target[demand])
            if ends not in found:
                found[ends] = shortest_path(self.graph, weight, *ends)
            way = found[ends]
            if way is not None:
                ways.append((demand, way))
        return PathSet.joined([kept, PathSet.of(ways)])

    def _summed(
        self,
        number: int,
        room: FloatArray,
        state: tuple[BoolArray, BoolArray],
        found: Routing,
    ) -> Outcome:
        ended, way = state
        traffic, rate, paths = self.traffic, found.rate_gbps, found.paths
        of_path = traffic.of_class[paths.demand]
        carried = self._by_class(found.carried_gbps)
        overload = self._by_class(np.where(way, traffic.gbps, 0.0)) - carried
        overload[overload <= NOTHING * self._by_class(traffic.gbps)] = 0.0
        used = rate > 0.0
        travel = np.bincount(
            of_path[used],
            weights=rate[used] * paths.along(self.delay_ms)[used],
            minlength=len(carried),
        )
        full = np.divide(found.load_gbps, room, out=np.zeros_like(room), where=room > 0.0)
        by_link = full.reshape(-1, 2).max(axis=1)
        fullest = float(full.max(initial=0.0))
        return Outcome(
            carried=carried[np.newaxis],
            dropped=self._by_class(np.where(way | ended, 0.0, traffic.gbps))[np.newaxis],
            ended=self._by_class(np.where(ended, traffic.gbps, 0.0))[np.newaxis],
            overload=overload[np.newaxis],
            latency_ms=np.divide(
                travel, carried, out=np.full(len(carried), np.nan), where=carried > 0.0
            )[np.newaxis],
            utilisation=np.array([fullest]),
            arc=np.array([int(full.argmax()) if fullest > 0.0 else -1]),
            cut_off=np.zeros(1, dtype=np.int64),
            gap=np.array([found.gap]),
            peak=by_link,
            peak_case=np.where(by_link > 0.0, number, -1),
        )

    def _by_class(self, by_demand: FloatArray) -> FloatArray:
        """Sums by class, (K,) to (C,)."""
        size = max(1, len(self.traffic.classes))
        sums = np.bincount(self.traffic.of_class, weights=by_demand, minlength=size)
        return sums.astype(np.float64)


def reoptimised(ip: IpFabric, traffic: Traffic, router_ms: float, paths: int) -> Reoptimised:
    """Find at most ``paths`` diverse paths for every pair of sites that exchange traffic."""
    sites = len(ip.sites)
    graph = Graph.of(sites, ip.ends[:, 0], ip.ends[:, 1])
    weight, risks = ip.metric.tolist(), _risks(ip)
    between: dict[tuple[int, int], list[Path]] = {}
    ways: list[tuple[int, Path]] = []
    ends = zip(traffic.source.tolist(), traffic.target.tolist(), strict=True)
    for demand, pair in enumerate(ends):
        if pair not in between:
            between[pair] = diverse_paths(graph, weight, risks, *pair, paths)
        ways += [(demand, path) for path in between[pair]]
    return Reoptimised(
        graph=graph,
        metric=ip.metric,
        capacity_gbps=ip.capacity_gbps,
        delay_ms=ip.latency_ms + router_ms,
        traffic=traffic,
        paths=PathSet.of(ways),
        piece=pieces(sites, ip.ends),
        adjacency=Adjacency.of(graph),
    )


def _risks(ip: IpFabric) -> list[set[int]]:
    """By link: what takes it down, numbered."""
    risks: list[set[int]] = [set() for _ in ip.links]
    for number, (_, links) in enumerate((*ip.fibres, *ip.risks)):
        for link in links:
            risks[link].add(number)
    return risks
