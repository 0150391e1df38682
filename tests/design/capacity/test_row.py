"""No rounding cuts a whole point off that the row before it allows."""

from itertools import product

import numpy as np
import pytest
from draws import drawn
from monolith import monolith

from arterial.design.capacity.flow import Flows
from arterial.design.capacity.row import broken_by, divided, length_row, rounded


@pytest.mark.parametrize("seed", range(60))
def test_every_whole_point_that_a_row_allows_its_roundings_allow(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 4))
    values = np.round(random.uniform(-3.0, 9.0, count), 1)
    low = float(np.round(random.uniform(-2.0, 20.0), 1))
    whole = random.random(count) < 0.7
    high = np.where(random.random(count) < 0.4, 1.0, 5.0)
    point = random.uniform(0.0, 1.0, count) * high
    rows = rounded((values, low), whole=whole, high=high, point=point, most=99)
    grids = [
        np.arange(int(top) + 1) if flag else np.linspace(0.0, top, 11)
        for top, flag in zip(high, whole, strict=True)
    ]
    for x in product(*grids):
        if values @ np.array(x) >= low:
            assert (broken_by(rows, np.array(x, dtype=float)) <= 1e-7).all()


def test_three_halves_of_a_module_are_two_modules():
    up = divided(np.array([400.0, 400.0]), 600.0, whole=np.ones(2, dtype=np.bool_), divisor=400.0)
    assert up is not None
    assert up[0].tolist() == [1.0, 1.0]
    assert up[1] == 2.0
    even = divided(np.array([400.0]), 800.0, whole=np.ones(1, dtype=np.bool_), divisor=400.0)
    assert even is None


@pytest.mark.parametrize("seed", range(12))
def test_any_lengths_give_a_row_that_the_best_point_fulfils(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    random = np.random.default_rng(seed)
    flows = Flows(problem)
    for case in range(len(problem.cases.names)):
        short = flows.short(random.uniform(0.0, 0.5, len(best)), case)
        if short is not None:
            values, low = length_row(problem, case, short.length, short.distance)
            assert values @ best >= low - 1e-6 * max(1.0, abs(low))
