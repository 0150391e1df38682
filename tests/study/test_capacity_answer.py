import math

import pytest

from arterial.study.capacity_answer import gap_of


@pytest.mark.parametrize(
    ("cost", "bound", "gap"),
    [(100.0, 90.0, 0.1), (100.0, 100.0, 0.0), (100.0, 100.1, 0.0), (0.0, 0.0, 0.0)],
)
def test_a_gap_is_a_share_of_the_cost(cost, bound, gap):
    assert gap_of(cost, bound) == pytest.approx(gap)


def test_without_a_point_or_a_bound_it_is_unknown():
    assert math.isnan(gap_of(math.inf, 3.0))
    assert math.isnan(gap_of(3.0, -math.inf))
