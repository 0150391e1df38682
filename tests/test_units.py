import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.units import db, fibre_delay_ms, gbps, great_circle_km, ratio

LAT = st.floats(-90.0, 90.0)
LON = st.floats(-180.0, 180.0)
HALF_ROUND_KM = 20015.1


@given(st.floats(-60.0, 60.0))
def test_decibels_and_ratios_undo_each_other(decibels):
    assert db(ratio(decibels)) == pytest.approx(decibels, abs=1e-9)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_decibels_add_where_ratios_multiply(one, other):
    assert db(one * other) == pytest.approx(db(one) + db(other), abs=1e-9)


@given(LAT, LON, LAT, LON)
def test_great_circles_are_symmetric_and_at_most_half_round(lat_a, lon_a, lat_z, lon_z):
    there = great_circle_km(lat_a, lon_a, lat_z, lon_z)
    assert there == pytest.approx(great_circle_km(lat_z, lon_z, lat_a, lon_a), abs=1e-6)
    assert 0.0 <= there <= HALF_ROUND_KM + 0.1


@given(LAT, LON, LAT, LON, LAT, LON)
def test_a_detour_is_no_shortcut(lat_a, lon_a, lat_b, lon_b, lat_c, lon_c):
    direct = great_circle_km(lat_a, lon_a, lat_c, lon_c)
    by_way = great_circle_km(lat_a, lon_a, lat_b, lon_b)
    assert direct <= by_way + great_circle_km(lat_b, lon_b, lat_c, lon_c) + 1e-3


def test_a_degree_of_latitude_is_as_long_as_geodesy_says():
    # A degree on a sphere of the IUGG mean radius: 6371.0088 km x pi / 180.
    assert great_circle_km(40.0, -100.0, 41.0, -100.0) == pytest.approx(111.195, abs=1e-3)


def test_antipodes_are_half_a_round_apart():
    assert great_circle_km(0.0, 0.0, 0.0, 180.0) == pytest.approx(HALF_ROUND_KM, abs=0.1)


def test_light_in_fibre_takes_the_group_index_of_g652():
    # ITU-T G.652 fibre: group index 1.4682 at 1550 nm; c = 299 792.458 km/s.
    assert fibre_delay_ms(1000.0) == pytest.approx(1.4682 / 299.792458 * 1000.0, rel=1e-3)


def test_a_gigabyte_in_a_second_is_eight_gigabits_a_second():
    assert gbps(1.0, 1.0) == 8.0
