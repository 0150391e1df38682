import pytest

from arterial.model.imports.places import places_of
from arterial.units import great_circle_km

OSLO, PISA = (10.7, 59.9), (10.4, 43.7)
APART_KM = great_circle_km(59.9, 10.7, 43.7, 10.4)


def test_x_is_east_and_y_is_north():
    places = places_of({"Oslo": OSLO, "Pisa": PISA})
    assert places.of("Oslo") == (59.9, 10.7)
    assert places.direct_km("Oslo", "Pisa") == pytest.approx(APART_KM)
    assert places.note == ""


@pytest.mark.parametrize("unknown", [None, (0.0, 0.0)])
def test_a_place_that_is_not_known_takes_nothing_from_the_others(unknown):
    places = places_of({"Oslo": OSLO, "Pisa": PISA, "X": unknown})
    assert places.of("X") == (None, None)
    assert places.of("Oslo") == (59.9, 10.7)
    assert places.direct_km("Oslo", "X") is None
    assert "1 sites" in places.note


@pytest.mark.parametrize(
    "points",
    [
        {"a": (180.5, 1.0), "b": (1.0, 1.0)},
        {"a": (1.0, -91.0), "b": (1.0, 1.0)},
        {"a": (5.0, 5.0), "b": (5.0, 5.0)},
        {"a": None},
    ],
)
def test_what_cannot_be_degrees_is_left_out_and_told(points):
    places = places_of(points)
    assert set(places.lat_lon.values()) == {None}
    assert places.note


def test_degrees_that_contradict_many_lengths_are_none():
    points = {"Oslo": OSLO, "Pisa": PISA}
    short, long = ("Oslo", "Pisa", APART_KM * 0.9), ("Pisa", "Oslo", APART_KM)
    assert "1 lengths" in places_of(points, [short, long]).note
    few = places_of(points, [short] + [long] * 30)
    assert few.note == ""
    assert few.falls_short(*short)
    assert not few.falls_short(*long)
