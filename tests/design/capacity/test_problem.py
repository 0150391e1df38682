"""A problem counts what is bought where, when and while it stands."""

import numpy as np
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
