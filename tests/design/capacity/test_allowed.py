"""Points are whole and break few of the rows known; the bound is above no answer."""

from itertools import islice

import numpy as np
import pytest
from draws import drawn
from monolith import monolith

from arterial.design.capacity.allowed import Allowed
from arterial.design.capacity.engine import capacity
from arterial.design.capacity.row import broken_by
from arterial.jobs.deadline import Deadline


def _allowed(problem, **more):
    *_, step = capacity(problem, rounds=4, whole=False)
    return step, Allowed(problem, list(step.rows), seed=0, **more)


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_costs_less_than_the_bound(seed):
    problem = drawn(seed)
    step, allowed = _allowed(problem)
    best = monolith(problem).cost
    assert step.bound - 1e-6 <= allowed.bound() <= best + 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_points_are_whole_and_break_few_of_the_rows_known(seed):
    problem = drawn(seed)
    step, allowed = _allowed(problem)
    whole = problem.program.integer
    for point in islice(allowed.points(), 1):
        assert (point[whole] == np.round(point[whole])).all()
        assert (problem.program.low <= point + 1e-6).all()
        assert (broken_by(list(step.rows), point) <= 1e-5).mean() > 0.9


def test_without_time_nothing_is_known():
    problem = drawn(3)
    _, allowed = _allowed(problem, deadline=Deadline(lambda: 0.0))
    assert not list(allowed.points())
    assert allowed.bound() == -np.inf
