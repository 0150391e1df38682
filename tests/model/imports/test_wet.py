import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.imports.wet import crosses_sea

PLACES = {
    "Amsterdam": (52.37, 4.89),
    "Beijing": (39.93, 116.4),
    "Cairo": (30.04, 31.24),
    "Delhi": (28.67, 77.21),
    "Dublin": (53.35, -6.26),
    "Hong Kong": (22.27, 114.14),
    "Honolulu": (21.32, -157.8),
    "Istanbul": (41.1, 29.0),
    "Jerusalem": (31.78, 35.22),
    "London": (51.52, -0.1),
    "Los Angeles": (34.05, -118.24),
    "Madrid": (40.42, -3.71),
    "Malaga": (36.72, -4.42),
    "Manila": (14.6, 120.98),
    "Marseille": (43.3, 5.37),
    "Miami": (25.76, -80.19),
    "Mumbai": (18.96, 72.82),
    "New York": (40.71, -74.01),
    "Paris": (48.86, 2.34),
    "Rabat": (34.02, -6.84),
    "Rio de Janeiro": (-22.91, -43.17),
    "Sao Paulo": (-23.55, -46.63),
    "Seoul": (37.56, 126.99),
    "Shanghai": (31.23, 121.47),
    "Singapore": (1.3, 103.85),
    "Sydney": (-33.87, 151.21),
    "Perth": (-31.95, 115.86),
    "Taipei": (25.02, 121.45),
    "Tokyo": (35.67, 139.77),
    "Tunis": (36.81, 10.18),
}


@pytest.mark.parametrize(
    ("a", "z"),
    [
        ("Amsterdam", "New York"),
        ("Dublin", "London"),
        ("Hong Kong", "Taipei"),
        ("Honolulu", "Los Angeles"),
        ("London", "Paris"),
        ("Malaga", "Rabat"),
        ("Marseille", "Tunis"),
        ("Miami", "Rio de Janeiro"),
        ("Manila", "Hong Kong"),
        ("Mumbai", "Singapore"),
        ("Seoul", "Tokyo"),
        ("Singapore", "Sydney"),
        ("Istanbul", "Cairo"),
    ],
)
def test_spans_that_only_a_ship_could_lay_are_wet(a, z):
    assert crosses_sea(PLACES[a], PLACES[z])


@pytest.mark.parametrize(
    ("a", "z"),
    [
        ("Amsterdam", "Istanbul"),
        ("Beijing", "Shanghai"),
        ("Cairo", "Jerusalem"),
        ("Delhi", "Istanbul"),
        ("Los Angeles", "New York"),
        ("Madrid", "Malaga"),
        ("Miami", "Los Angeles"),
        ("Perth", "Sydney"),
        ("Rio de Janeiro", "Sao Paulo"),
    ],
)
def test_spans_with_a_way_on_land_are_dry(a, z):
    assert not crosses_sea(PLACES[a], PLACES[z])


PLACE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(a=PLACE, z=PLACE)
def test_a_span_is_as_wet_in_one_direction_as_in_the_other(a, z):
    assert crosses_sea(a, z) == crosses_sea(z, a)


@given(a=PLACE)
def test_a_span_to_the_same_place_is_dry(a):
    assert not crosses_sea(a, a)
