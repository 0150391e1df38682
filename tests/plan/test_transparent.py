"""Segments are all hops between regenerators, in order, each up to where one stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.plan.rows import LightpathHop
from arterial.plan.transparent import transparent_parts


def hops_over(count):
    """Site 0 to site ``count``, odd fibres ridden against their direction."""
    return [
        LightpathHop(
            lightpath="w", hop=n, fibre=str(n), forward=n % 2 == 0, pair=1, centre_ghz=193_100.0
        )
        for n in range(count)
    ]


def ends_of(count):
    return {
        str(n): (str(n), str(n + 1)) if n % 2 == 0 else (str(n + 1), str(n)) for n in range(count)
    }


@given(count=st.integers(1, 8), stops=st.sets(st.integers(1, 7)))
def test_parts_end_at_the_regenerators_and_are_the_whole_way(count, stops):
    inside = sorted(stop for stop in stops if stop < count)
    hops = hops_over(count)
    parts = list(transparent_parts(ends_of(count), [str(stop) for stop in inside], hops))
    assert [hop for part in parts for hop in part] == hops
    assert [part[-1].hop + 1 for part in parts] == [*inside, count]


@pytest.mark.parametrize("site", ["3", "nowhere"])
def test_a_regenerator_that_is_not_passed_ends_nothing(site):
    assert len(list(transparent_parts(ends_of(3), [site], hops_over(3)))) == 1


def test_a_wave_that_rides_nothing_has_no_part():
    assert list(transparent_parts({}, ["a"], list[LightpathHop]())) == []
