"""What opens what: no stronger row cuts off a whole point that the program and the row allow."""

from itertools import product

import numpy as np
import pytest

from arterial.design.capacity.opened import Opened
from arterial.design.capacity.row import Row, broken_by
from arterial.solve.program import Program, Rows

WAVES, PAIRS = 3, 2


def _program(random):
    """Waves that ride pairs of which each holds a few."""
    rows = []
    for pair in range(PAIRS):
        riders = [wave for wave in range(WAVES) if random.random() < 0.7]
        if riders:
            rows.append(
                (
                    [*riders, WAVES + pair],
                    [1.0] * len(riders) + [-random.integers(2, 5)],
                    -np.inf,
                    0,
                )
            )
    count = WAVES + PAIRS
    return Program(
        cost=np.ones(count),
        low=np.zeros(count),
        high=np.full(count, 2.0),
        integer=np.ones(count, dtype=np.bool_),
        rows=Rows.of(
            [(c, [float(v) for v in values], low, float(h)) for c, values, low, h in rows]
        ),
    )


@pytest.mark.parametrize("seed", range(60))
def test_every_whole_point_that_a_row_allows_its_stronger_ones_allow(seed):
    random = np.random.default_rng(seed)
    program = _program(random)
    used = np.flatnonzero(random.random(WAVES + PAIRS) < 0.8)
    values = np.round(random.uniform(-0.5, 2.0, len(used)), 1)
    rows = [Row(used[values != 0.0], values[values != 0.0], float(random.uniform(0.1, 3.0)))]
    points = random.uniform(0.0, 1.5, (20, WAVES + PAIRS))
    found = [row for point in points for row in Opened(program).rows(rows, point)]
    matrix = np.zeros((len(program.rows), WAVES + PAIRS))
    for number in range(len(program.rows)):
        part = slice(program.rows.start[number], program.rows.start[number + 1])
        matrix[number, program.rows.column[part]] = program.rows.value[part]
    for whole in product(range(3), repeat=WAVES + PAIRS):
        x = np.array(whole, dtype=float)
        if (matrix @ x <= program.rows.high).all() and (broken_by(rows, x) <= 0.0).all():
            assert (broken_by(found, x) <= 1e-9).all()


def test_a_pair_lit_by_a_sixteenth_does_not_hold_a_wave():
    program = Program(
        cost=np.array([2.0, 20.0]),
        low=np.zeros(2),
        high=np.full(2, np.inf),
        integer=np.ones(2, dtype=np.bool_),
        rows=Rows.of([([0, 1], [1.0, -16.0], -np.inf, 0.0)]),
    )
    one_wave = Row(np.array([0]), np.array([1.0]), 1.0)
    (row,) = Opened(program).rows([one_wave], np.array([1.0, 1.0 / 16.0]))
    assert row.columns.tolist() == [1]
    assert row.low == 1.0
    assert Opened(program).rows([one_wave], np.array([1.0, 1.0])) == []


def test_what_stands_opens_nothing():
    program = Program(
        cost=np.array([2.0, 20.0]),
        low=np.array([0.0, 1.0]),
        high=np.full(2, np.inf),
        integer=np.ones(2, dtype=np.bool_),
        rows=Rows.of([([0, 1], [1.0, -16.0], -np.inf, 0.0)]),
    )
    one_wave = Row(np.array([0]), np.array([1.0]), 1.0)
    assert Opened(program).rows([one_wave], np.array([1.0, 0.1])) == []
