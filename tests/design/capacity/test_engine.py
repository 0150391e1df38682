"""The engine finds what one program with every case written out finds, to the last unit of cost."""

import numpy as np
import pytest
from draws import drawn
from monolith import monolith, sound

from arterial.design.capacity.engine import capacity

EXACT = 1e-7


@pytest.mark.parametrize("seed", range(40))
def test_the_least_cost_is_the_oracles_and_no_bound_is_above_it(seed):
    problem = drawn(seed)
    least = monolith(problem).cost
    steps = list(capacity(problem, gap=EXACT, rounds=200))
    assert all(step.bound <= least * (1 + 1e-6) + 1e-6 for step in steps)
    assert steps[-1].cost == pytest.approx(least, rel=1e-5)
    assert sound(problem, steps[-1].columns)


@pytest.mark.parametrize("seed", range(40, 48))
def test_bounds_rise_costs_fall_and_every_point_on_the_way_carries_all(seed):
    problem = drawn(seed)
    steps = list(capacity(problem, gap=EXACT, rounds=200))
    assert np.all(np.diff([step.bound for step in steps]) >= -1e-9)
    known = [step for step in steps if np.isfinite(step.cost)]
    assert np.all(np.diff([step.cost for step in known]) <= 0.0)
    assert all(sound(problem, step.columns) for step in known)


@pytest.mark.parametrize("seed", [0, 3])
def test_a_run_goes_on_from_any_step_to_the_same_cost(seed):
    problem = drawn(seed)
    steps = list(capacity(problem, gap=EXACT, rounds=200))
    for stop in steps[:-1:2]:
        *_, last = capacity(problem, gap=EXACT, rounds=400, start=stop)
        assert last.cost == pytest.approx(steps[-1].cost, rel=1e-6)


def test_the_same_problem_gives_the_same_steps():
    one, other = (list(capacity(drawn(5), gap=EXACT, rounds=200)) for _ in range(2))
    assert [(s.bound, s.cost, s.short, len(s.rows)) for s in one] == [
        (s.bound, s.cost, s.short, len(s.rows)) for s in other
    ]


def test_what_cannot_be_bought_is_infeasible():
    problem = drawn(2, high=0.0)
    *_, last = capacity(problem, gap=EXACT, rounds=50)
    assert last.infeasible
    assert np.isinf(last.cost)
    assert np.isinf(last.gap)
