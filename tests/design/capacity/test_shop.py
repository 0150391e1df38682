"""Whole points made without a program: they carry every case, and cost no less than the best."""

import numpy as np
import pytest
from draws import drawn
from monolith import monolith, sound

from arterial.design.capacity.shop import Shopper


def bare(problem) -> bool:
    """Single modules alone: no rows, no choices, nothing in parts, nothing there is less of."""
    program = problem.program
    return (
        Shopper.serves(problem)
        and not len(program.rows)
        and bool(program.integer.all())
        and bool((problem.demands.scaled_by < 0).all())
    )


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_a_point_that_was_bought_carries_every_case(seed, asks):
    problem = drawn(seed)
    if not bare(problem):
        return
    found = Shopper(problem).point(problem.program.low, asks=asks)
    if found is None:
        return
    assert sound(problem, found)
    best = monolith(problem).cost
    assert float(problem.program.cost @ found) >= best - 1e-6 * max(1.0, best)


def test_the_same_point_comes_from_the_same_start():
    problem = next(p for p in map(drawn, range(60)) if bare(p) and len(p.links.ends))
    one, other = (Shopper(problem).point(problem.program.low) for _ in range(2))
    assert (one is None and other is None) or np.array_equal(one, other)


def test_a_point_that_is_cheap_enough_is_not_bettered():
    problem = next(p for p in map(drawn, range(60)) if bare(p) and len(p.links.ends))
    cost, shopper = problem.program.cost, Shopper(problem)
    first = shopper.point(problem.program.low, enough=np.inf)
    best = shopper.point(problem.program.low)
    assert (first is None) == (best is None)
    assert first is None or best is None or float(cost @ best) <= float(cost @ first)
