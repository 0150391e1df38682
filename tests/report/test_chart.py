import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.report.chart import columns, delay_bars, meter, named_bars


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=12))
def test_bars_are_as_long_as_their_values(values):
    svg = named_bars([(f"n{i}", value, "") for i, value in enumerate(values)])
    wide = [float(width) for width in re.findall(r'class="bar"[^>]* width="([\d.e+]+)"', svg)]
    most = max(values)
    for value, width in zip(values, wide, strict=True):
        assert width == pytest.approx(max(1.0, 260.0 * value / most if most else 0.0), abs=0.06)


@given(st.floats(0.0, 3.0))
def test_a_meter_beyond_one_is_full_and_notched(share):
    svg = meter(share, "fill-u0")
    assert ("notch" in svg) == (share > 1)
    assert meter(float("nan"), "fill-u0") == ""


def test_an_unknown_delay_draws_no_bar():
    svg = delay_bars([(None, float("nan")), (2.0, 4.0)], most_ms=20.0, marks_ms=[10.0])
    assert svg.count("<rect") == 2


def test_a_column_of_nothing_has_no_figure():
    assert columns([("a", 0.0, "bar"), ("b", 3.0, "bar")]).count('class="value"') == 1


def test_names_below_columns_never_run_into_each_other():
    names = [f"{step / 2:.1f}" for step in range(4, 30)]
    svg = columns([(name, 1.0, "bar") for name in names])
    at = [float(x) for x in re.findall(r'<text[^>]*class="label"[^>]* x="([\d.]+)"', svg)]
    assert len(at) > 5
    assert min(z - a for a, z in pairwise(at)) >= 7 * 4
