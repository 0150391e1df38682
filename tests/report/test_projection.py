import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.report.projection import Albers, Equirectangular, in_backdrop, projection
from arterial.units import EARTH_RADIUS_KM, great_circle_km

LAT = st.floats(23.0, 51.0)
LON = st.floats(-127.0, -63.0)


def test_albers_agrees_with_snyder_s_worked_example():
    # USGS Professional Paper 1395, page 291: sphere of radius 1, parallels 29.5 and 45.5, origin
    # 23 N 96 W; 35 N 75 W lies at x = 0.2952720, y = 0.2416774.
    x, y = Albers(lat_deg=23.0).xy_km(35.0, -75.0)
    assert x / EARTH_RADIUS_KM == pytest.approx(0.2952720, abs=5e-8)
    assert y / EARTH_RADIUS_KM == pytest.approx(0.2416774, abs=5e-8)


@given(LAT, LON)
def test_albers_keeps_the_area_of_every_small_cell(lat, lon):
    step = 1e-3
    west, east = Albers().xy_km(lat, lon), Albers().xy_km(lat, lon + step)
    north = Albers().xy_km(lat + step, lon)
    drawn = (east[0] - west[0]) * (north[1] - west[1]) - (east[1] - west[1]) * (north[0] - west[0])
    side = EARTH_RADIUS_KM * math.radians(step)
    assert drawn == pytest.approx(side * side * math.cos(math.radians(lat)), rel=1e-3)


@pytest.mark.parametrize("lat", [29.5, 45.5])
def test_albers_is_true_to_scale_on_its_standard_parallels(lat):
    drawn = math.dist(Albers().xy_km(lat, -96.0), Albers().xy_km(lat, -95.9))
    assert drawn == pytest.approx(great_circle_km(lat, -96.0, lat, -95.9), rel=1e-5)


@given(st.floats(-70.0, 70.0), st.floats(-179.0, 179.0))
def test_equirectangular_measures_rightly_around_its_centre(lat, lon):
    sheet = Equirectangular(lat_deg=lat, lon_deg=lon)
    assert sheet.xy_km(lat, lon) == (0.0, 0.0)
    drawn = math.hypot(*sheet.xy_km(lat + 0.01, lon + 0.01))
    assert drawn == pytest.approx(great_circle_km(lat, lon, lat + 0.01, lon + 0.01), rel=1e-3)


def test_a_network_across_the_date_line_is_not_torn():
    tokyo, honolulu = (35.68, 139.69), (21.31, -157.86)
    sheet = projection([tokyo, honolulu])
    assert math.dist(sheet.xy_km(*tokyo), sheet.xy_km(*honolulu)) < 8000


@given(st.lists(st.tuples(st.floats(-60.0, 70.0), st.floats(-180.0, 180.0)), min_size=1))
def test_no_place_lies_further_off_than_half_the_world(places):
    sheet = projection(places)
    if isinstance(sheet, Equirectangular):
        half = math.pi * EARTH_RADIUS_KM * 1.000001
        assert all(abs(sheet.xy_km(*place)[0]) <= half for place in places)
    else:
        assert in_backdrop(places)
