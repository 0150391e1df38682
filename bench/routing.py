"""The path LP of one overloaded class, beside the same two programs through scipy."""

from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from arterial.paths.graph import arc_link
from arterial.paths.shortest import k_shortest
from arterial.routing.classes import Task, route_classes
from arterial.routing.pathset import PathSet
from arterial.routing.supply import Listed
from arterial.solve.program import FloatArray
from bench.paths import reference_graph
from bench.row import Row, median_s

__all__ = ["run"]

SITES = 30
PATHS = 4
CAPACITY_GBPS = 400.0


def run() -> list[Row]:
    """Every pair of thirty sites asks for more than the network holds."""
    graph, length_km = reference_graph()
    weight = [length_km[arc_link(arc)] for arc in range(2 * len(length_km))]
    latency = np.array(weight) * 4.9e-3
    draw = np.random.default_rng(0)
    ends = list(combinations(sorted(draw.choice(graph.sites, SITES, replace=False).tolist()), 2))
    paths = PathSet.of(
        (demand, path)
        for demand, (a, z) in enumerate(ends)
        for path in k_shortest(graph, weight, a, z, PATHS)
    )
    capacity = np.full(len(weight), CAPACITY_GBPS)
    demand = draw.integers(10, 100, len(ends)).astype(np.float64)
    level = np.zeros(len(ends), dtype=np.int64)
    task = Task(
        supply=Listed(paths, len(ends)),
        demand_gbps=demand,
        priority=level,
        room_gbps=capacity,
        latency_ms=latency,
    )
    ours = route_classes(task)
    theirs = _peer(paths, capacity, demand, latency)
    assert np.isclose(ours.carried_gbps.sum(), theirs, rtol=1e-3), "both carry as much"
    return [
        Row(
            name="path LP, carried then direct",
            own_s=median_s(lambda: route_classes(task)),
            peer_s=median_s(lambda: _peer(paths, capacity, demand, latency)),
            note=f"{len(ends)} demands, {len(paths)} paths; peer: scipy linprog twice, HiGHS too",
        )
    ]


def _peer(paths: PathSet, capacity: FloatArray, demand: FloatArray, latency: FloatArray) -> float:
    """Carried Gb/s, after a second program for the latency."""
    columns = np.concatenate([paths.rider, np.arange(len(paths))])
    rows = np.concatenate([paths.arc, len(capacity) + paths.demand])
    shape = (len(capacity) + len(demand), len(paths))
    matrix = csr_array(coo_array((np.ones(len(rows)), (rows, columns)), shape=shape))
    limits = np.concatenate([capacity, demand])
    total = -np.ones(len(paths))
    most = linprog(total, A_ub=matrix, b_ub=limits, method="highs")
    held = vstack([matrix, csr_array(total[np.newaxis, :])])
    direct = linprog(
        paths.along(latency), A_ub=held, b_ub=np.append(limits, most.fun), method="highs"
    )
    return -float(total @ direct.x)
