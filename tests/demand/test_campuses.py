"""Large campuses are told apart, and stand in the order in which one turns past them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.campuses import by_bearing, distance_km, planned_from
from arterial.errors import ModelError
from arterial.model.network import Network
from arterial.model.site import Campus, Site


def network(places):
    """One campus a place (lat, lon)."""
    return Network(
        name="campuses",
        sites=tuple(
            Site(name=f"S{number}", lat=lat, lon=lon) for number, (lat, lon) in enumerate(places)
        ),
        campuses=tuple(
            Campus(name=f"C{number}", site=f"S{number}", mw=1.0, mw_planned=100.0 * number)
            for number in range(len(places))
        ),
    )


def test_planned_power_counts_from_the_threshold_on():
    here = network([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)])
    assert [campus.name for campus in planned_from(here, 100.0)] == ["C1", "C2"]


@given(st.integers(3, 9), st.integers(-180, 179), st.randoms(use_true_random=False))
def test_a_ring_turns_once_around_its_centre_wherever_the_date_line_lies(count, lon, random):
    """Places on a circle, shuffled: the ring is the circle again, up to where it starts."""
    turns = [2 * math.pi * number / count for number in range(count)]
    places = [
        (10.0 + 5.0 * math.sin(turn), (lon + 5.0 * math.cos(turn) + 180.0) % 360.0 - 180.0)
        for turn in turns
    ]
    order = list(range(count))
    random.shuffle(order)
    here = network([places[number] for number in order])
    ring = [order[int(campus.name[1:])] for campus in by_bearing(here, here.campuses)]
    first = ring.index(0)
    assert ring[first:] + ring[:first] == list(range(count))


def test_nobody_stands_in_no_order():
    assert by_bearing(network([]), ()) == ()


def test_a_campus_without_coordinates_has_no_distance():
    here = network([(0.0, 0.0), (None, None)])
    with pytest.raises(
        ModelError, match=r"network.yaml: tables.sites: site 'S1' of campus 'C1' has no"
    ):
        distance_km(here, *here.campuses)
