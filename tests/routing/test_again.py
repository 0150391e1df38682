import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.errors import SolverError
from arterial.routing.again import Again
from arterial.routing.pathset import PathSet

ARCS, DEMANDS = 6, 4
NEAR = 1e-5


def drawn(seed):
    random = np.random.default_rng(seed)
    paths = PathSet.of(
        (int(random.integers(0, DEMANDS)), random.permutation(ARCS)[: random.integers(1, 4)])
        for _ in range(int(random.integers(0, 9)))
    )
    return {
        "paths": paths,
        "demand_gbps": random.integers(0, 10, DEMANDS).astype(float),
        "demand_priority": random.integers(0, 3, DEMANDS),
        "capacity_gbps": random.integers(0, 10, ARCS).astype(float),
        "arc_latency_ms": random.choice([1.0, 2.0, 7.0, np.nan], ARCS),
    }, random


def most_of_first(net, room, open_paths):
    """Most that the first priority carries, by scipy."""
    paths, priority = net["paths"], net["demand_priority"]
    if not len(paths):
        return 0.0
    a = np.zeros((ARCS + DEMANDS, len(paths)))
    a[paths.arc, paths.rider] = 1.0
    a[ARCS + paths.demand, np.arange(len(paths))] = 1.0
    most = np.concatenate([room, net["demand_gbps"]])
    ours = open_paths & (priority[paths.demand] == priority.min())
    bounds = [(0.0, None if flag else 0.0) for flag in ours]
    return -linprog(-np.ones(len(paths)), A_ub=a, b_ub=most, bounds=bounds).fun


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_each_case_carries_what_routing_it_alone_carries(seed):
    net, random = drawn(seed)
    again = Again(**net)
    for _ in range(5):
        room = np.where(random.random(ARCS) < 0.3, 0.0, net["capacity_gbps"])
        open_paths = random.random(len(net["paths"])) < 0.8
        found = again.routed(room, open_paths)
        first = net["demand_priority"] == again.priorities[0]
        best = most_of_first(net, room, open_paths)
        assert found.carried_gbps[first].sum() == pytest.approx(best, abs=NEAR)
        assert (found.load_gbps <= room * (1.0 + 1e-9)).all()
        assert (found.carried_gbps <= net["demand_gbps"] * (1.0 + 1e-9)).all()
        for priority, bound in zip(again.priorities, found.bound_gbps, strict=True):
            ours = net["demand_priority"] == priority
            assert found.carried_gbps[ours].sum() == pytest.approx(bound, abs=NEAR)
            assert found.carried_gbps[ours].sum() <= bound + 1e-9


def test_a_solver_that_stops_is_told():
    net, _ = drawn(3)
    again = Again(**net, time_limit_s=0.0)
    with pytest.raises(SolverError):
        again.routed(net["capacity_gbps"], np.ones(len(net["paths"]), dtype=bool))
