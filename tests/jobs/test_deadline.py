"""A deadline is asked, and looks at no clock of its own."""

import math

import pytest

from arterial.jobs.deadline import FOREVER, Deadline, LateError


def test_there_is_always_time_without_one():
    assert not FOREVER.late
    assert FOREVER.left_s() == math.inf
    assert list(FOREVER.each("abc")) == ["a", "b", "c"]


def test_items_end_when_time_does():
    left = iter([2.0, 1.0, 0.0])
    items = Deadline(lambda: next(left)).each("abc")
    assert [next(items), next(items)] == ["a", "b"]
    with pytest.raises(LateError) as told:
        next(items)
    assert told.value.bound == -math.inf
