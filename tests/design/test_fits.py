import numpy as np
import pytest

from arterial.design.fits import carried_share
from arterial.paths.graph import Graph

SQUARE = Graph.of(4, [0, 1, 2, 3], [1, 2, 3, 0])


def matrix(**gbps):
    asked = np.zeros((4, 4))
    for ends, rate in gbps.items():
        asked[int(ends[1]), int(ends[2])] = rate
    return asked


def test_a_ring_carries_both_ways_round():
    fit = carried_share(SQUARE, np.full(8, 10.0), matrix(d02=10.0))
    assert fit.share == pytest.approx(2.0)


def test_prices_say_what_stops_it():
    capacity = np.full(8, 10.0)
    capacity[0] = 1.0
    fit = carried_share(SQUARE, capacity, matrix(d01=22.0))
    assert fit.share == pytest.approx(0.5)
    assert fit.price @ capacity == pytest.approx(fit.share)


def test_nothing_asked_for_is_carried():
    assert carried_share(SQUARE, np.zeros(8), np.zeros((4, 4))).share == np.inf


def test_what_has_no_way_is_not_carried():
    assert carried_share(SQUARE, np.zeros(8), matrix(d02=1.0)).share == pytest.approx(0.0)
