"""Points bettered by kicks: each carries all, costs less than the one before and not too little."""

from dataclasses import replace

import numpy as np
import pytest
from draws import SMALL_GBPS, drawn
from explicit import explicit
from monolith import carried, monolith, sound

from arterial.design.capacity.kicked import Kicked
from arterial.jobs.deadline import Deadline, LateError

SEEDS = [seed for seed in range(60) if Kicked.serves(drawn(seed))][:4]


def simple(seed):
    """A drawn problem of one size of module."""
    problem = drawn(seed)
    big = problem.links.supply.max(axis=0).toarray() > SMALL_GBPS
    return replace(problem, program=replace(problem.program, high=big * problem.program.high))


def dear(problem):
    """A point that carries all for more than need be."""
    program = problem.program
    return np.where(program.integer, np.minimum(program.high, 12.0), 0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_kicks_come_near_the_optimum_and_never_below(seed):
    problem = simple(seed)
    kicked, cost, point = Kicked(problem, seed=0), problem.program.cost, dear(problem)
    least = monolith(problem).cost
    for better in kicked.bettered(point, [], number=0):
        assert cost @ better < cost @ point
        assert sound(problem, better)
        assert all(carried(problem, better, case) for case in range(len(problem.cases.names)))
        point = better
    assert least - 1e-6 <= cost @ point <= 1.25 * least


def test_the_same_round_is_the_same_twice():
    problem = simple(SEEDS[0])
    once, again = (
        list(Kicked(problem, seed=1).bettered(dear(problem), [], number=2)) for _ in range(2)
    )
    assert once
    assert all(np.array_equal(*pair) for pair in zip(once, again, strict=True))


def test_without_time_nothing_is_kicked():
    problem = simple(SEEDS[0])
    late = Kicked(problem, seed=0, deadline=Deadline(lambda: 0.0))
    with pytest.raises(LateError):
        list(late.bettered(dear(problem), [], number=0))


def test_rows_and_parts_of_modules_are_left_to_programs():
    assert not Kicked.serves(explicit(0))
    problem = simple(SEEDS[0])
    parts = replace(problem.program, integer=np.zeros_like(problem.program.integer))
    assert not Kicked.serves(replace(problem, program=parts))
