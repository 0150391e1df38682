"""The master keeps every row, and hands out points that break none."""

import numpy as np
import pytest
from draws import drawn

from arterial.design.capacity.master import Master
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, broken_by
from arterial.solve.program import Program, Rows


@pytest.fixture
def problem():
    known = drawn(0)  # its links play no part here
    return Problem(
        program=Program(
            cost=np.array([2.0, 3.0]),
            low=np.zeros(2),
            high=np.full(2, 9.0),
            integer=np.ones(2, dtype=np.bool_),
            rows=Rows.of([([0, 1], [1.0, 1.0], -np.inf, 7.0)]),
        ),
        links=known.links,
        demands=known.demands,
        cases=known.cases,
    )


def _row(*values, low):
    return Row(np.arange(len(values)), np.array(values), low)


def test_parts_then_whole_and_each_row_once(problem):
    master = Master(problem)
    rows = [_row(1.0, 1.0, low=2.5), _row(0.0, 1.0, low=0.5)]
    assert master.add([*rows, *rows]) == 2
    assert master.relaxed().objective == pytest.approx(2.0 * 2.0 + 3.0 * 0.5)
    whole = master.whole(gap=0.0, nodes=100)
    assert whole.objective == pytest.approx(2.0 * 2.0 + 3.0 * 1.0)
    assert (broken_by(master.rows, whole.primal) <= 1e-9).all()


def test_a_floor_is_a_floor(problem):
    master = Master(problem)
    master.add([_row(1.0, 1.0, low=2.5)])
    master.relaxed()
    raised = master.whole(gap=0.0, nodes=100, low=np.array([0.0, 2.0]))
    assert raised.primal.tolist() == [1.0, 2.0]


def test_rows_that_nothing_fulfils_are_infeasible(problem):
    master = Master(problem)
    master.add([_row(1.0, 1.0, low=8.0)])
    assert master.relaxed().status == "infeasible"


def test_more_rows_than_it_keeps_at_once_given_before_anything_is_solved(problem):
    master = Master(problem)
    master.add([_row(1.0, 1.0, low=2.5 * number / 5000) for number in range(1, 5001)])
    assert master.relaxed().objective == pytest.approx(5.0)
    assert master.relaxed().objective == pytest.approx(5.0)


def test_a_row_that_a_whole_point_broke_takes_part_in_the_next(problem):
    master = Master(problem)
    master.add([_row(1.0, 0.0, low=0.5), _row(1.0, 1.0, low=0.1), _row(1.0, 1.0, low=1.4)])
    master.relaxed()
    assert master.whole(gap=0.0, nodes=100).objective == pytest.approx(4.0)


def test_columns_far_from_use_are_left_out_of_lean_programs(problem):
    master = Master(problem)
    master.add([_row(1.0, 1.0, low=2.5)])
    master.relaxed()
    assert master.lean().tolist() == [9.0, 0.0]
