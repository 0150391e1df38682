"""Rows of cut sets cut off the point they were asked for, and no point that carries all."""

import numpy as np
import pytest
from draws import drawn
from monolith import monolith

from arterial.design.capacity.cut_sets import CutSets


@pytest.mark.parametrize("seed", range(20))
def test_rows_cut_the_point_and_not_the_best_answer(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    random = np.random.default_rng(seed)
    sets = CutSets(problem)
    for _ in range(3):
        point = random.uniform(0.0, 1.0, len(best)) * np.maximum(best, 1.0) * 0.6
        for row in sets.rows(point):
            assert row.broken(point) > 0.0
            assert row.broken(best) <= 1e-6


def test_nothing_bought_leaves_every_asked_site_cut_off():
    problem = drawn(1)
    rows = CutSets(problem).rows(np.zeros(len(problem.program.cost)))
    assert rows
    assert all(row.low > 0.0 for row in rows)
