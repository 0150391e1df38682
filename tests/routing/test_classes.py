from dataclasses import astuple

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.routing.classes import route_classes
from arterial.routing.pathset import PathSet

ARCS, DEMANDS = 6, 4
NEAR = 1e-6


def whole(size, most):
    return st.lists(st.integers(0, most), min_size=size, max_size=size)


@st.composite
def loads(draw):
    """Whole Gb/s on made-up paths: the routing never asks whether a path hangs together."""
    hops = st.lists(st.integers(0, ARCS - 1), unique=True, max_size=4)
    paths = draw(st.lists(st.tuples(st.integers(0, DEMANDS - 1), hops), max_size=8))
    return {
        "capacity_gbps": np.array(draw(whole(ARCS, 9)), float),
        "paths": PathSet.of(paths),
        "demand_gbps": np.array(draw(whole(DEMANDS, 9)), float),
        "demand_priority": np.array(draw(whole(DEMANDS, 2)), np.int64),
        "arc_latency_ms": np.array(draw(whole(ARCS, 9)), float),
    }


def one_class(load):
    return load | {"demand_priority": np.zeros(DEMANDS, dtype=np.int64)}


def constraints(load):
    """Matrix and right-hand side of the path LP, written down densely."""
    paths = load["paths"]
    a = np.zeros((ARCS + DEMANDS, len(paths)))
    for path, demand in enumerate(paths.demand):
        a[paths.arc[paths.start[path] : paths.start[path + 1]], path] = 1.0
        a[ARCS + demand, path] = 1.0
    return a, np.concatenate([load["capacity_gbps"], load["demand_gbps"]])


@given(loads(), st.sampled_from(["throughput", "mlu"]))
def test_nothing_is_overloaded_and_sums_are_those_of_the_rates(load, objective):
    found = route_classes(**load, objective=objective)
    a, most = constraints(load)
    assert (found.rate_gbps >= 0.0).all()
    sums = np.concatenate([found.load_gbps, found.carried_gbps])
    assert (a @ found.rate_gbps <= most * (1.0 + 1e-9)).all()
    assert a @ found.rate_gbps == pytest.approx(sums, abs=1e-9)


@given(loads(), st.sampled_from(["throughput", "mlu"]))
def test_carried_traffic_stays_below_its_bound_and_close_to_it(load, objective):
    found = route_classes(**load, objective=objective)
    for level in found.levels:
        ours = load["demand_priority"] == level.priority
        assert level.carried_gbps == pytest.approx(found.carried_gbps[ours].sum())
        assert level.carried_gbps <= level.bound_gbps + 1e-9
    assert found.gap == pytest.approx(0.0, abs=NEAR)


@given(loads(), st.sampled_from(["throughput", "mlu"]))
def test_one_class_carries_what_scipy_carries(load, objective):
    load = one_class(load)
    a, most = constraints(load)
    found = route_classes(**load, objective=objective)
    if len(load["paths"]):
        best = -linprog(-np.ones(a.shape[1]), A_ub=a, b_ub=most, method="highs-ipm").fun
        assert found.carried_gbps.sum() == pytest.approx(best, abs=NEAR)
        assert found.levels[0].bound_gbps >= best - NEAR


@given(loads())
def test_of_all_that_carry_as_much_the_most_direct_is_taken(load):
    load = one_class(load)
    a, most = constraints(load)
    if not a.shape[1]:
        return
    found = route_classes(**load)
    latency = load["paths"].along(load["arc_latency_ms"])
    total = linprog(-np.ones(a.shape[1]), A_ub=a, b_ub=most).fun
    direct = linprog(
        latency,
        A_ub=np.vstack([a, -np.ones(a.shape[1])]),
        b_ub=np.append(most, total + 1e-9),
        method="highs-ipm",
    )
    assert latency @ found.rate_gbps == pytest.approx(direct.fun, abs=1e-4)


@given(loads())
def test_of_all_that_carry_as_much_the_least_full_is_taken(load):
    load = one_class(load)
    paths = load["paths"]
    a, most = constraints(load)
    if not len(paths):
        return
    found = route_classes(**load, objective="mlu")
    total = linprog(-np.ones(len(paths)), A_ub=a, b_ub=most).fun
    spread = np.vstack(
        [
            np.column_stack([a[:ARCS], -load["capacity_gbps"]]),
            np.column_stack([a[ARCS:], np.zeros(DEMANDS)]),
            np.append(-np.ones(len(paths)), 0.0),
        ]
    )
    limits = np.concatenate([np.zeros(ARCS), load["demand_gbps"], [total + 1e-9]])
    least = linprog(np.append(np.zeros(len(paths)), 1.0), A_ub=spread, b_ub=limits)
    level = found.levels[0]
    assert level.utilisation == pytest.approx(least.fun, abs=NEAR)
    assert level.utilisation_bound <= level.utilisation + NEAR


@given(loads(), st.sampled_from(["throughput", "mlu"]))
def test_a_lower_class_never_changes_a_higher_one(load, objective):
    priority = load["demand_priority"]
    whole_load = route_classes(**load, objective=objective)
    for level, top in enumerate(np.unique(priority), 1):
        above = priority <= top
        kept = load | {"demand_gbps": np.where(above, load["demand_gbps"], 0.0)}
        alone = route_classes(**kept, objective=objective)
        assert alone.carried_gbps[above].tolist() == whole_load.carried_gbps[above].tolist()
        riding = above[load["paths"].demand]
        assert alone.rate_gbps[riding].tolist() == whole_load.rate_gbps[riding].tolist()
        pairs = zip(alone.levels[:level], whole_load.levels[:level], strict=True)
        assert all(
            np.array_equal(astuple(one), astuple(other), equal_nan=True) for one, other in pairs
        )


@given(loads(), st.sampled_from([0.25, 3.0, 1000.0]))
def test_more_capacity_and_demand_carry_as_much_more(load, factor):
    grown = load | {
        "capacity_gbps": factor * load["capacity_gbps"],
        "demand_gbps": factor * load["demand_gbps"],
    }
    small, large = route_classes(**one_class(load)), route_classes(**one_class(grown))
    assert large.carried_gbps.sum() == pytest.approx(factor * small.carried_gbps.sum(), abs=1e-3)
    assert large.levels[0].utilisation == pytest.approx(small.levels[0].utilisation, abs=NEAR)


@given(loads(), st.sampled_from(["throughput", "mlu"]))
def test_the_same_input_gives_the_same_bytes(load, objective):
    twice = [route_classes(**load, objective=objective) for _ in range(2)]
    assert len({found.rate_gbps.tobytes() for found in twice}) == 1
    assert len({found.carried_gbps.tobytes() for found in twice}) == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=9
    )
)
def test_over_every_path_one_demand_carries_the_maximum_flow(links):
    links = [(a, z, c) for (a, z), c in {(a, z): c for a, z, c in links}.items() if a != z]
    graph = nx.DiGraph()
    graph.add_nodes_from(range(5))
    for arc, (a, z, capacity) in enumerate(links):
        graph.add_edge(a, z, capacity=capacity, arc=arc)
    paths = [
        (0, [graph.edges[hop]["arc"] for hop in walk])
        for walk in nx.all_simple_edge_paths(graph, 0, 4)
    ]
    found = route_classes(
        np.array([c for _, _, c in links], float),
        PathSet.of(paths),
        np.array([100.0]),
        np.array([0]),
        np.ones(len(links)),
    )
    assert found.carried_gbps[0] == pytest.approx(nx.maximum_flow_value(graph, 0, 4), abs=NEAR)
    assert found.scope == "paths"


def test_an_unknown_latency_is_avoided_where_a_known_one_serves():
    found = route_classes(
        np.array([9.0, 9.0, 9.0]),
        PathSet.of([(0, (0,)), (0, (1,)), (1, (0,)), (1, (2,))]),
        np.array([4.0, 4.0]),
        np.array([0, 0]),
        np.array([np.nan, 7.0, 2.0]),
    )
    # On a par with the longest known, the first path is taken; a shorter one is preferred.
    assert found.rate_gbps.tolist() == [4.0, 0.0, 0.0, 4.0]


def test_a_demand_without_a_path_is_not_carried_and_costs_no_bound():
    found = route_classes(
        np.array([9.0]), PathSet.of([(0, (0,))]), np.array([4.0, 4.0]), np.array([0, 0]), np.ones(1)
    )
    assert found.carried_gbps.tolist() == [4.0, 0.0]
    assert (found.levels[0].bound_gbps, found.gap) == (4.0, 0.0)


def test_a_demand_that_stays_at_its_site_needs_no_arc():
    found = route_classes(
        np.zeros(1), PathSet.of([(0, ()), (0, (0,))]), np.array([4.0]), np.array([0]), np.ones(1)
    )
    assert found.rate_gbps.tolist() == [4.0, 0.0]


def test_a_dead_arc_sends_traffic_round():
    found = route_classes(
        np.array([0.0, 5.0]),
        PathSet.of([(0, (0,)), (0, (1,))]),
        np.array([4.0]),
        np.array([0]),
        np.array([1.0, 9.0]),
    )
    assert found.rate_gbps.tolist() == [0.0, 4.0]
