import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.matrices import series_of
from arterial.model.series import MatrixRow

SITES = ("A", "B", "C")
rows = st.builds(
    MatrixRow,
    time_h=st.sampled_from([0.0, 0.5, 3.0]),
    source=st.sampled_from(SITES),
    target=st.sampled_from(SITES),
    gbps=st.integers(0, 9).map(float),
)


@given(st.lists(rows, min_size=1, max_size=15))
def test_every_rate_stands_at_its_time_and_pair(table):
    series = series_of([table], SITES, 1.0, 10**6)
    assert series.time_h.tolist() == sorted({row.time_h for row in table})
    assert series.inside == sum(row.source == row.target for row in table)
    expected = {}
    for row in table:
        if row.source != row.target:
            key = row.time_h, row.source, row.target
            expected[key] = expected.get(key, 0.0) + row.gbps
    found = {
        (time_h, SITES[source], SITES[target]): series.gbps[t, k]
        for t, time_h in enumerate(series.time_h)
        for k, (source, target) in enumerate(zip(series.source, series.target, strict=True))
    }
    assert {key: rate for key, rate in found.items() if rate} == {
        key: rate for key, rate in expected.items() if rate
    }


def test_files_of_a_folder_are_a_step_apart_even_empty_ones():
    row = MatrixRow(source="A", target="B", gbps=2.0)
    series = series_of([[row], [], [row, row]], SITES, 0.25, 100)
    assert series.time_h.tolist() == [0.0, 0.25, 0.5]
    np.testing.assert_array_equal(series.gbps, [[2.0], [0.0], [4.0]])


def test_too_many_cells_are_refused_before_they_are_made():
    table = [MatrixRow(time_h=t, source="A", target="B", gbps=1.0) for t in range(5)]
    with pytest.raises(ValueError, match="5 steps of 1 demands"):
        series_of([table], SITES, 1.0, 4)
