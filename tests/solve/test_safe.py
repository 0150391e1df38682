import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows
from arterial.solve.safe import safe_bound


def drawn(seed):
    """A feasible program in a box, and its rows as a dense matrix."""
    random = np.random.default_rng(seed)
    columns, rows = (int(n) for n in random.integers(1, 6, 2))
    matrix = random.integers(-3, 4, (rows, columns)).astype(float)
    point = random.integers(0, 5, columns).astype(float)
    at = matrix @ point
    low = np.where(random.random(rows) < 0.5, at - random.integers(0, 3, rows), -np.inf)
    high = np.where(random.random(rows) < 0.5, at + random.integers(0, 3, rows), np.inf)
    entries = [
        (list(range(columns)), row.tolist(), float(a), float(b))
        for row, a, b in zip(matrix, low, high, strict=True)
    ]
    program = Program(
        cost=random.integers(-4, 5, columns).astype(float),
        low=np.zeros(columns),
        high=np.full(columns, 5.0),
        integer=np.zeros(columns, dtype=np.bool_),
        rows=Rows.of(entries),
    )
    return program, matrix, random


def least(program, matrix):
    rows = program.rows
    upper, lower = np.isfinite(rows.high), np.isfinite(rows.low)
    a = np.vstack([matrix[upper], -matrix[lower]])
    b = np.concatenate([rows.high[upper], -rows.low[lower]])
    return linprog(program.cost, A_ub=a, b_ub=b, bounds=(0.0, 5.0)).fun


@given(st.integers(0, 2**32 - 1))
def test_any_multipliers_give_a_bound(seed):
    program, matrix, random = drawn(seed)
    best = least(program, matrix)
    for scale in (0.0, 0.3, 10.0):
        assert safe_bound(program, scale * random.normal(size=len(program.rows))) <= best + 1e-6


@given(st.integers(0, 2**32 - 1))
def test_the_solver_s_multipliers_give_a_tight_one(seed):
    program, matrix, _ = drawn(seed)
    found = solve(program)
    assert safe_bound(program, found.row_dual) == pytest.approx(least(program, matrix), abs=1e-5)


def test_a_multiplier_that_is_no_number_is_left_out():
    program, matrix, _ = drawn(1)
    assert safe_bound(program, np.full(len(program.rows), np.nan)) <= least(program, matrix)
