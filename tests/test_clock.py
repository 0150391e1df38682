from itertools import pairwise

from arterial.clock import seconds


def test_time_does_not_go_back():
    told = [seconds() for _ in range(1000)]
    assert all(before <= after for before, after in pairwise(told))
