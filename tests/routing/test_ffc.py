from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.routing.ffc import guaranteed
from arterial.routing.pathset import PathSet

NEAR = 1e-5


def drawn(seed):
    """Made-up paths of a few demands, whole capacities and elements that fall."""
    random = np.random.default_rng(seed)
    links, demands = int(random.integers(2, 7)), int(random.integers(1, 5))
    paths = [
        (demand, (2 * random.permutation(links)[: random.integers(1, 4)]).tolist())
        for demand in range(demands)
        for _ in range(int(random.integers(0, 5)))
    ]
    groups = random.random((int(random.integers(0, 3)), links)) < 0.4
    return {
        "paths": PathSet.of(paths),
        "demand_gbps": random.integers(0, 20, demands).astype(float),
        "demand_priority": np.zeros(demands, dtype=np.int64),
        "capacity_gbps": random.integers(0, 12, 2 * links).astype(float),
        "elements": np.vstack([np.eye(links, dtype=bool), groups]),
    }


def states(net, k):
    """Links down in every set of at most k elements."""
    elements = net["elements"]
    for many in range(k + 1):
        for chosen in combinations(range(len(elements)), many):
            yield elements[list(chosen)].any(axis=0)


def standing(net, down):
    paths = net["paths"]
    return np.array(
        [
            not down[paths.arc[paths.start[p] : paths.start[p + 1]] >> 1].any()
            for p in range(len(paths))
        ],
        dtype=bool,
    )


def most_by_enumeration(net, k):
    """The program with a row for every demand and every set of failures, by scipy."""
    paths, count = net["paths"], len(net["demand_gbps"])
    columns = len(paths) + count
    rows, limits = [], []
    for arc, room in enumerate(net["capacity_gbps"]):
        row = np.zeros(columns)
        row[np.unique(paths.rider[paths.arc == arc])] = 1.0
        rows.append(row)
        limits.append(room)
    for down in states(net, k):
        alive = standing(net, down)
        for demand in range(count):
            row = np.zeros(columns)
            row[: len(paths)] = -(alive & (paths.demand == demand)).astype(float)
            row[len(paths) + demand] = 1.0
            rows.append(row)
            limits.append(0.0)
    cost = np.append(np.zeros(len(paths)), -np.ones(count))
    bounds = [(0, None)] * len(paths) + [(0, d) for d in net["demand_gbps"]]
    return -linprog(cost, A_ub=np.array(rows), b_ub=np.array(limits), bounds=bounds).fun


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
@settings(max_examples=80)
def test_no_set_of_k_failures_overloads_a_link_or_loses_what_was_admitted(seed, k):
    net = drawn(seed)
    paths = net["paths"]
    found = guaranteed(**net, k=k)
    for down in states(net, k):
        alive = np.where(standing(net, down), found.rate_gbps, 0.0)
        left = paths.by_demand(alive, len(found.admitted_gbps))
        assert (left >= found.admitted_gbps * (1.0 - 1e-9)).all()
        scale = np.divide(found.admitted_gbps, left, out=np.zeros_like(left), where=left > 0.0)
        load = paths.load(alive * scale[paths.demand], len(net["capacity_gbps"]))
        assert (load <= net["capacity_gbps"] * (1.0 + 1e-9)).all()
    assert (found.admitted_gbps <= net["demand_gbps"]).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
@settings(max_examples=60)
def test_as_much_is_admitted_as_with_every_failure_written_down(seed, k):
    net = drawn(seed)
    found = guaranteed(**net, k=k)
    best = most_by_enumeration(net, k)
    assert found.admitted_gbps.sum() == pytest.approx(best, abs=NEAR)
    assert found.promises[0].bound_gbps >= best - NEAR
    assert found.gap == pytest.approx(0.0, abs=NEAR)
    assert (found.scope, found.status) == ("paths", "optimal")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_loose_row_promises_too_little_and_its_bound_stays_above(seed):
    net = drawn(seed)
    found = guaranteed(**net, k=2, most=0)
    best = most_by_enumeration(net, 2)
    assert found.admitted_gbps.sum() <= best + NEAR
    assert found.promises[0].bound_gbps >= best - NEAR
    for down in states(net, 2):
        alive = np.where(standing(net, down), found.rate_gbps, 0.0)
        left = net["paths"].by_demand(alive, len(found.admitted_gbps))
        assert (left >= found.admitted_gbps * (1.0 - 1e-9)).all()


def test_the_loose_row_is_exact_where_paths_fail_apart():
    net = {
        "paths": PathSet.of([(0, (2 * link,)) for link in range(8)]),
        "demand_gbps": np.array([100.0]),
        "demand_priority": np.array([0]),
        "capacity_gbps": np.repeat(np.arange(1.0, 9.0), 2),
        "elements": np.eye(8, dtype=bool),
    }
    tight, loose = guaranteed(**net, k=3, most=99), guaranteed(**net, k=3, most=5)
    assert loose.admitted_gbps == pytest.approx(tight.admitted_gbps)
    assert loose.admitted_gbps[0] == pytest.approx(sum(range(1, 6)))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_a_lower_class_never_takes_from_a_higher_one(seed):
    net = drawn(seed)
    random = np.random.default_rng(seed + 1)
    priority = random.integers(0, 3, len(net["demand_gbps"]))
    both = guaranteed(**net | {"demand_priority": priority})
    first = priority == priority.min()
    alone = guaranteed(**net | {"demand_gbps": np.where(first, net["demand_gbps"], 0.0)})
    assert both.admitted_gbps[first].sum() == pytest.approx(alone.admitted_gbps.sum(), abs=NEAR)
    load = net["paths"].load(both.rate_gbps, len(net["capacity_gbps"]))
    assert (load <= net["capacity_gbps"] * (1.0 + 1e-9)).all()
    assert both.scope == ("paths" if len(np.unique(priority)) == 1 else "restricted")


@given(st.integers(0, 2**32 - 1))
def test_more_failures_admit_no_more(seed):
    net = drawn(seed)
    total = [guaranteed(**net, k=k).admitted_gbps.sum() for k in range(4)]
    assert (np.diff(total) <= NEAR).all()


def test_a_solver_that_is_given_no_time_promises_nothing_and_says_so():
    net = drawn(12)
    found = guaranteed(**net, time_limit_s=0.0)
    assert found.status == "limit"
    assert found.admitted_gbps.tolist() == [0.0] * len(net["demand_gbps"])
    assert found.promises[0].bound_gbps == net["demand_gbps"].sum()


def test_a_demand_on_one_way_or_none_is_exposed():
    net = {
        "paths": PathSet.of([(0, (0,)), (0, (2,)), (1, (0,))]),
        "demand_gbps": np.array([4.0, 4.0, 4.0]),
        "demand_priority": np.zeros(3, dtype=np.int64),
        "capacity_gbps": np.full(4, 10.0),
        "elements": np.eye(2, dtype=bool),
    }
    found = guaranteed(**net)
    assert found.exposed.tolist() == [False, True, True]
    assert found.admitted_gbps.tolist() == [4.0, 0.0, 0.0]
