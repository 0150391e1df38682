"""Random networks, traffic and failure cases; small, so that naive oracles keep up."""

from dataclasses import dataclass, replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import linprog

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CaseSet, Listed
from arterial.fabric.ip_elements import elements_of
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.routing.classes import Task
from arterial.routing.ecmp import ip_of
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Ways
from arterial.routing.segments import igp_of
from arterial.routing.supply import Listed as ListedPaths
from arterial.routing.supply import Network


def drawn_fabric(random):
    """Parallel links, ties, metrics and capacities that differ by direction, several routers."""
    sites = int(random.integers(2, 9))
    ends = random.integers(0, sites, (int(random.integers(2, 18)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ends = ends if len(ends) else np.array([[0, 1]])
    names = tuple(f"l{number}" for number in range(len(ends)))
    return IpFabric(
        sites=tuple(f"s{number}" for number in range(sites)),
        links=names,
        ends=ends,
        capacity_gbps=random.choice([5.0, 10.0, 40.0], 2 * len(ends)),
        metric=random.integers(1, 4, 2 * len(ends)).astype(float),
        latency_ms=random.integers(1, 9, 2 * len(ends)).astype(float),
        routers=random.integers(1, 4, sites),
        fibres=tuple((name, (number,)) for number, name in enumerate(names)),
        risks=(("duct", tuple(range(0, len(ends), 2))),),
    )


def drawn_traffic(random, sites):
    """Three classes, of which two have one priority."""
    count = int(random.integers(0, 12))
    ends = random.integers(0, sites, (count, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    return Traffic(
        classes=("gold", "silver", "tin"),
        priority=np.array([0, 2, 2]),
        rtt_ms=np.full(3, np.inf),
        source=ends[:, 0],
        target=ends[:, 1],
        of_class=random.integers(0, 3, len(ends)),
        gbps=random.integers(1, 20, len(ends)).astype(float),
        access_ms=np.zeros(len(ends)),
    )


def drawn_cases(random, ip, count=6):
    """Cases of one to four elements of any kind."""
    elements = elements_of(ip)
    cases = [
        np.sort(random.choice(len(elements), int(random.integers(1, 5)), replace=False))
        for _ in range(count)
    ]
    first = np.cumsum([0, *map(len, cases)]).astype(np.int64)
    part = Listed(first, np.concatenate(cases).astype(np.int64))
    return CaseSet(ip=ip, elements=elements, parts=(part,))


def standing(ip, chunk, case):
    """Capacity by arc of what stands, 0 where it does not; and the sites that do."""
    room = ip.capacity_gbps.copy()
    for place in range(chunk.weak_first[case], chunk.weak_first[case + 1]):
        room[2 * chunk.weak[place] : 2 * chunk.weak[place] + 2] *= chunk.weak_share[place]
    for link in chunk.links[chunk.first[case] : chunk.first[case + 1]]:
        room[2 * link : 2 * link + 2] = 0.0
    return room, ~chunk.sites[case]


@pytest.fixture(scope="session")
def drawn():
    """By seed: a network, its traffic and cases."""

    def draw(seed):
        random = np.random.default_rng(seed)
        ip = drawn_fabric(random)
        return ip, drawn_traffic(random, len(ip.sites)), drawn_cases(random, ip)

    return draw


@pytest.fixture(scope="session")
def left():
    return standing


@dataclass(frozen=True)
class World:
    """A drawn network with demands; parallel links and dead ones among its links."""

    sites: int
    ends: np.ndarray
    room: np.ndarray
    delay: np.ndarray
    metric: np.ndarray
    source: np.ndarray
    target: np.ndarray
    demand: np.ndarray
    priority: np.ndarray
    budget: np.ndarray

    @property
    def ways(self):
        graph = Graph.of(self.sites, self.ends[:, 0], self.ends[:, 1])
        known = np.where(np.isinf(self.delay), 9.0, self.delay)
        adjacency = Adjacency.of(graph)
        return Ways(adjacency, self.source, self.target, self.delay, self.budget, known)

    @property
    def task(self):
        return self.over(Network(self.ways))

    def over(self, supply):
        return Task(
            supply=supply,
            demand_gbps=self.demand,
            priority=self.priority,
            room_gbps=self.room,
            latency_ms=self.ways.tie,
        )

    def listed(self, paths):
        return self.over(ListedPaths(paths, len(self.demand)))

    @property
    def igp(self):
        return igp_of(ip_of(self.ends, self.sites, self.metric, np.ones(len(self.metric))))

    @property
    def arc_ends(self):
        return [tuple(pair) for a, z in self.ends.tolist() for pair in ((a, z), (z, a))]

    def simple_paths(self, k, *, dead=False):
        """All loop-free paths of a demand within its delay, as arcs."""
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(range(self.sites))
        for arc, (a, z) in enumerate(self.arc_ends):
            if dead or self.room[arc] > 0.0:
                graph.add_edge(a, z, key=arc)
        found = nx.all_simple_edge_paths(graph, int(self.source[k]), int(self.target[k]))
        arcs = [[key for _, _, key in path] for path in found]
        if np.isinf(self.budget[k]):
            return arcs
        return [path for path in arcs if self.delay[path].sum() <= self.budget[k]]

    @property
    def every_path(self):
        return PathSet.of(
            (k, path) for k in range(len(self.demand)) for path in self.simple_paths(k)
        )

    def with_one_class(self):
        return replace(self, priority=np.zeros(len(self.demand), dtype=np.int64))


def drawn_world(seed, *, sites=6, links=9, demands=6, classes=1, bounded=0.0):
    draw = np.random.default_rng(seed)
    ring = [(n, (n + 1) % sites) for n in range(sites - 1)]
    more = [tuple(draw.choice(sites, 2, replace=False)) for _ in range(links - len(ring))]
    ends = np.array(ring + more, dtype=np.int64)
    room = np.repeat(draw.integers(0, 10, links), 2).astype(float)
    room[draw.random(2 * links) < 0.1] = 0.0
    pairs = [draw.choice(sites, 2, replace=False) for _ in range(demands)]
    delay = np.repeat(draw.integers(1, 9, links), 2).astype(float)
    bound = np.where(draw.random(demands) < bounded, draw.integers(4, 16, demands), np.inf)
    return World(
        sites=sites,
        ends=ends,
        room=room,
        delay=delay,
        metric=np.repeat(draw.integers(1, 5, links), 2).astype(float),
        source=np.array([a for a, _ in pairs], dtype=np.int64),
        target=np.array([z for _, z in pairs], dtype=np.int64),
        demand=draw.integers(1, 12, demands).astype(float),
        priority=draw.integers(0, classes, demands).astype(np.int64),
        budget=bound,
    )


@dataclass(frozen=True)
class ArcFlow:
    """Multicommodity flow by arc, dense: flows f[k, e], then carried c[k], then t."""

    world: World

    def solve(self, cost, low=None, high=None, *, room=True, extra=()):
        world = self.world
        arcs, count = len(world.room), len(world.demand)
        width = count * arcs + count + 1
        balance, right = [], []
        for k in range(count):
            for site in range(world.sites):
                row = np.zeros(width)
                for arc, (a, z) in enumerate(world.arc_ends):
                    row[k * arcs + arc] += (z == site) - (a == site)
                row[count * arcs + k] = (site == world.source[k]) * 1.0 - (site == world.target[k])
                balance.append(row)
                right.append(0.0)
        rows, most = [], []
        for arc in range(arcs):
            row = np.zeros(width)
            row[arc : count * arcs : arcs] = 1.0
            row[-1] = 0.0 if room else -world.room[arc]
            rows.append(row)
            most.append(world.room[arc] if room else 0.0)
        for row, limit in extra:
            rows.append(row)
            most.append(limit)
        low = np.zeros(count) if low is None else low
        high = world.demand if high is None else high
        bounds = [(0, None)] * (count * arcs) + list(zip(low, high, strict=True)) + [(0, None)]
        return linprog(
            cost, A_ub=np.array(rows), b_ub=most, A_eq=np.array(balance), b_eq=right, bounds=bounds
        )

    def columns(self, arc=0.0, carried=0.0, t=0.0):
        """A row or a cost by kind of column; ``arc`` by arc, ``carried`` by demand."""
        arcs, count = len(self.world.room), len(self.world.demand)
        return np.concatenate(
            [np.tile(np.broadcast_to(arc, arcs), count), np.broadcast_to(carried, count), [t]]
        )

    def throughput(self):
        return -self.solve(self.columns(carried=-1.0)).fun

    def utilisation(self, served):
        asked = np.where(served, self.world.demand, 0.0)
        return self.solve(self.columns(t=1.0), asked, asked, room=False).fun

    def latency(self, total):
        extra = [(self.columns(carried=-1.0), -total)]
        return self.solve(self.columns(arc=self.world.ways.tie), extra=extra).fun

    def shares(self, served):
        """Max-min fair shares by the book: who can rise beyond a level is tried one by one."""
        demand, count = self.world.demand, len(self.world.demand)
        share = np.zeros(count)
        rising = served.copy()
        while rising.any():
            extra = [
                (self.columns(carried=-1.0 * (np.arange(count) == k), t=demand[k]), 0.0)
                for k in np.flatnonzero(rising)
            ]
            low = np.where(rising, 0.0, share * demand * (1 - 1e-9))
            level = min(1.0, -self.solve(self.columns(t=-1.0), low, extra=extra).fun)
            share[rising] = level
            if level >= 1.0 - 1e-9:
                return share
            for k in np.flatnonzero(rising):
                floor = share * demand * (1 - 1e-9)
                alone = self.solve(self.columns(carried=-1.0 * (np.arange(count) == k)), floor)
                if -alone.fun <= level * demand[k] + 1e-6:
                    rising[k] = False
        return share


def checked(world, paths, rate, *, room=True):
    """What holds for every routing: ends, conservation, dead arcs, offers, room."""
    assert (rate >= 0.0).all()
    ends = world.arc_ends
    for path, k in enumerate(paths.demand.tolist()):
        arcs = paths.arc[paths.start[path] : paths.start[path + 1]].tolist()
        assert len(set(arcs)) == len(arcs)
        assert ends[arcs[0]][0] == world.source[k]
        assert ends[arcs[-1]][1] == world.target[k]
        assert all(ends[one][1] == ends[other][0] for one, other in pairwise(arcs))
        assert np.isinf(world.budget[k]) or world.delay[arcs].sum() <= world.budget[k] + 1e-9
    assert (paths.by_demand(rate, len(world.demand)) <= world.demand * (1 + 1e-9)).all()
    if room:
        assert (paths.load(rate, len(world.room)) <= world.room * (1 + 1e-9)).all()


@pytest.fixture(scope="session")
def world_of():
    """Draws a network with demands from a seed."""
    return drawn_world


@pytest.fixture(scope="session")
def arc_flow():
    """The oracle: multicommodity flow by arc."""
    return ArcFlow


@pytest.fixture(scope="session", name="checked")
def checked_fixture():
    """Asserts what holds for every routing."""
    return checked
