import math

from hypothesis import given
from hypothesis import strategies as st

from arterial.report.sheet import scale_bar_km, sheet_for

PLACES = st.lists(
    st.tuples(st.floats(-60.0, 70.0), st.floats(-180.0, 180.0)), min_size=1, max_size=20
)


@given(PLACES)
def test_every_place_lies_on_the_sheet(places):
    sheet = sheet_for(places)
    for x, y in (sheet.at(lat, lon) for lat, lon in places):
        assert -1e-6 <= x <= sheet.width + 1e-6
        assert -1e-6 <= y <= sheet.height + 1e-6


@given(PLACES)
def test_the_scale_bar_is_a_round_number_that_fits(places):
    sheet = sheet_for(places)
    length = scale_bar_km(sheet)
    assert length * sheet.px_per_km <= sheet.width / 6 + 1e-9
    assert round(length / 10 ** math.floor(math.log10(length) + 1e-9), 6) in (1, 2, 5)


def test_a_network_with_no_place_has_a_sheet_all_the_same():
    assert sheet_for([]).height > 0
