"""Runs by shifted bits against runs counted slot by slot."""

from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.spectrum_fibre import starts


@given(free=st.integers(0, 2**50 - 1), width=st.integers(1, 20))
def test_a_start_is_a_slot_with_so_many_free_ones_from_it_on(free, width):
    expected = [slot for slot in range(50) if all(free >> slot + k & 1 for k in range(width))]
    assert starts(free, width) == sum(1 << slot for slot in expected)
