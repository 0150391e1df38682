"""Points bettered by kicks: each carries all, costs less than the one before and not too little."""

from dataclasses import replace

import numpy as np
import pytest
from draws import drawn, of_one_size
from explicit import explicit
from monolith import carried, monolith, sound

from arterial.design.capacity.kicked import Kicked
from arterial.design.capacity.shop import Shopper
from arterial.jobs.deadline import Deadline, LateError

SEEDS = [seed for seed in range(60) if Shopper.settles(drawn(seed))][:4]


def dear(problem):
    """A point that carries all for more than need be."""
    program = problem.program
    return np.where(program.integer, np.minimum(program.high, 12.0), 0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_kicks_come_near_the_optimum_and_never_below(seed):
    problem = of_one_size(drawn(seed))
    kicked, cost, point = Kicked(problem, seed=0), problem.program.cost, dear(problem)
    least = monolith(problem).cost
    for better in kicked.bettered(point, [], number=0):
        assert cost @ better < cost @ point
        assert sound(problem, better)
        assert all(carried(problem, better, case) for case in range(len(problem.cases.names)))
        point = better
    assert least - 1e-6 <= cost @ point <= 1.25 * least


def test_the_same_round_is_the_same_twice():
    problem = of_one_size(drawn(SEEDS[0]))
    once, again = (
        list(Kicked(problem, seed=1).bettered(dear(problem), [], number=2)) for _ in range(2)
    )
    assert once
    assert all(np.array_equal(*pair) for pair in zip(once, again, strict=True))


def test_without_time_nothing_is_kicked():
    problem = of_one_size(drawn(SEEDS[0]))
    late = Kicked(problem, seed=0, deadline=Deadline(lambda: 0.0))
    with pytest.raises(LateError):
        list(late.bettered(dear(problem), [], number=0))


def test_rows_parts_of_modules_and_several_sizes_are_left_to_programs():
    assert not Kicked.serves(explicit(0))
    assert not Kicked.serves(drawn(SEEDS[0]))  # two sizes of module
    problem = of_one_size(drawn(SEEDS[0]))
    assert Kicked.serves(problem)
    parts = replace(problem.program, integer=np.zeros_like(problem.program.integer))
    assert not Kicked.serves(replace(problem, program=parts))
