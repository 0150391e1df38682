"""Cases are told short as long as any is, the last ones first, and alike cases once."""

import numpy as np
import pytest
from draws import drawn
from monolith import carried, monolith

from arterial.design.capacity.checker import Checker


@pytest.mark.parametrize("seed", range(12))
def test_it_finds_nothing_short_exactly_where_the_oracle_carries_all(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    checker = Checker(problem)
    for point in (best, np.floor(best * 0.7)):
        checked = checker.check(point, most=99)
        every = all(carried(problem, point, case) for case in range(len(problem.cases.names)))
        assert checked.whole
        assert (not checked.short) == every
        assert all(row.broken(point) > 0.0 for row in checker.rows(checked, point))


def test_it_stops_at_enough_and_begins_with_those_that_were_short():
    problem = drawn(4)
    nothing = np.zeros(len(problem.program.cost))
    checker = Checker(problem)
    one = checker.check(nothing, most=1)
    assert len(one.short) == 1
    assert checker.check(nothing, most=1).short[0].case == one.short[0].case
