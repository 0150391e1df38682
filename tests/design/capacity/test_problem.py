"""A problem counts what is bought where, when and while it stands.

The last laws here are those of the oracle that engines are held against.
"""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from draws import drawn
from monolith import arcs_of, carried, carried_share, monolith, sound
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.solve.program import Program, Rows


def _problem():
    """A link of two modules, one a stage later, and a demand that a third column scales."""
    columns = 3
    return Problem(
        program=Program(
            cost=np.ones(columns),
            low=np.zeros(columns),
            high=np.full(columns, 9.0),
            integer=np.ones(columns, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        links=Links(
            sites=2,
            ends=np.array([[0, 1]]),
            base_gbps=np.array([50.0]),
            supply=sparse.csr_array(np.array([[100.0, 400.0, 0.0]])),
            latency_ms=np.ones(1),
        ),
        demands=Demands(
            source=np.array([0, 1]),
            target=np.array([1, 0]),
            limit_ms=np.full(2, np.inf),
            scaled_by=np.array([FIXED, 2]),
        ),
        cases=Cases(
            names=("none", "cut", "later"),
            alive=np.array([[True], [False], [True]]),
            usable=np.array([0.5, 1.0, 1.0]),
            gbps=np.array([[10.0, 20.0], [10.0, 0.0], [30.0, 40.0]]),
            stage=np.array([0, 0, 1]),
        ),
        stage=np.array([0, 1, 0]),
    )


def test_a_case_counts_what_stands_in_it_and_was_bought_by_then():
    problem, bought = _problem(), np.array([1.0, 2.0, 3.0])
    assert problem.capacity_gbps(bought, 0).tolist() == [0.5 * 150.0]
    assert problem.capacity_gbps(bought, 1).tolist() == [0.0]
    assert problem.capacity_gbps(bought, 2).tolist() == [50.0 + 100.0 + 800.0]


def test_a_demand_is_asked_as_often_as_its_column_says():
    problem, bought = _problem(), np.array([1.0, 2.0, 3.0])
    assert problem.asked_gbps(bought, 0).tolist() == [10.0, 60.0]
    assert problem.asked_gbps(bought, 1).tolist() == [10.0, 0.0]
    assert problem.asked_gbps(bought, 2).tolist() == [30.0, 120.0]


@pytest.mark.parametrize("seed", [0, 2, 3, 5, 9])
def test_the_oracle_s_point_holds_and_none_of_it_can_be_spared(seed):
    problem = drawn(seed)
    found = monolith(problem)
    cases = range(len(problem.cases.names))
    assert found.status == "optimal"
    assert sound(problem, found.columns)
    assert all(carried(problem, found.columns, case) for case in cases)
    assert found.cost == pytest.approx(problem.program.cost @ found.columns)
    for column in np.flatnonzero((found.columns > 0.5) & (problem.program.cost > 0.0)):
        less = found.columns.copy()
        less[column] -= 0.5 if not problem.program.integer[column] else 1.0
        assert not (
            sound(problem, less, tolerance=1e-9)
            and all(carried(problem, less, case, tolerance=1e-9) for case in cases)
        )


@pytest.mark.parametrize("seed", range(20, 32))
def test_the_oracle_carries_a_lone_demand_as_far_as_its_cut_lets_it(seed):
    problem = drawn(seed)
    columns = np.ones(len(problem.program.cost))
    gbps = np.zeros_like(problem.cases.gbps)
    gbps[0, 0] = 10.0
    free = replace(problem.demands, limit_ms=np.full(len(problem.demands.source), np.inf))
    alone = replace(problem, cases=replace(problem.cases, gbps=gbps), demands=free)
    room = alone.capacity_gbps(columns, 0)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(problem.links.sites))
    for arc, a, z in arcs_of(alone, 0):
        there = graph.get_edge_data(a, z, {"capacity": 0.0})["capacity"]
        graph.add_edge(a, z, capacity=there + room[arc // 2])
    source, target = problem.demands.source[0], problem.demands.target[0]
    most = nx.maximum_flow_value(graph, int(source), int(target))
    assert carried_share(alone, columns, 0) * gbps[0, 0] == pytest.approx(most)
