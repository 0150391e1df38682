"""Without what is fixed a step of a horizon is smaller, and the same."""

from dataclasses import replace

import numpy as np
import pytest

from arterial.design.capacity.engine import capacity
from arterial.design.folded import folded
from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import step, yearly
from arterial.solve.program import Program


@pytest.fixture(scope="module")
def seen(years):
    outlook = years(1)
    return horizon_of(outlook, loads_asked(outlook))


@pytest.fixture(scope="module")
def later(seen):
    """The last phase on top of what the first bought alone."""
    columns = yearly(seen, solver(gap=0.0, rounds=300, seed=0)).columns
    return step(seen, columns, 1, 1, seen.problem.cases.stage == 1)


def test_every_case_has_the_capacity_that_it_had(later):
    fold = folded(later)
    assert fold is not None
    assert not fold.problem.column_stage.any()
    random = np.random.default_rng(0)
    smaller = random.integers(0, 3, len(fold.problem.program.cost)).astype(float)
    smaller[-1] = 1.0
    columns = fold.columns(smaller)
    for case in range(len(later.cases.names)):
        np.testing.assert_allclose(
            fold.problem.capacity_gbps(smaller, case), later.capacity_gbps(columns, case)
        )
    cost = fold.problem.program.cost @ smaller
    assert cost == pytest.approx(later.program.cost @ columns)


def test_the_engine_finds_the_same_cost(later):
    fold = folded(later)
    *_, there = capacity(later, gap=0.0, rounds=300, seed=0)
    *_, here = capacity(fold.problem, gap=0.0, rounds=300, seed=0)
    assert here.cost == pytest.approx(there.cost, abs=1e-6)
    assert later.program.cost @ fold.columns(here.columns) == pytest.approx(there.cost, abs=1e-6)


def test_what_has_nothing_fixed_is_left_as_it_is(seen):
    assert folded(seen.problem) is None


def test_rows_of_fixed_columns_that_are_broken_are_not_hidden(seen):
    program = seen.problem.program
    some = np.zeros(len(program.cost), dtype=bool)
    some[program.rows.column[: program.rows.start[1]]] = True
    high = np.where(some, 50.0, program.high)
    low = np.where(some, 50.0, program.low)
    broken = Program(
        cost=program.cost, low=low, high=high, integer=program.integer, rows=program.rows
    )
    assert folded(replace(seen.problem, program=broken)) is None
