"""How points stand, against the definition read out loud."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.design.pareto import difference, standings


@st.composite
def points(draw):
    count = draw(st.integers(1, 9))
    whole = st.lists(st.integers(0, 4), min_size=count, max_size=count)
    cost = np.array(draw(whole), dtype=float) + 1.0
    bound = np.minimum(cost, np.array(draw(whole), dtype=float))
    floor = np.minimum(bound, np.array(draw(whole), dtype=float))
    people, training = np.array(draw(whole), dtype=float), np.array(draw(whole), dtype=float)
    return {"cost": cost, "bound": bound, "floor": floor, "people": people, "training": training}


def triple(told, point):
    return told["cost"][point], -told["people"][point], -told["training"][point]


@given(points())
def test_what_stands_is_the_frontier_of_a_naive_check_each_of_its_points_once(told):
    count = len(told["cost"])
    triples = [triple(told, point) for point in range(count)]
    frontier = {
        one
        for one in triples
        if not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True))
            for other in triples
        )
    }
    standing = standings(**told)
    stands = [triples[point] for point in range(count) if standing[point] != "dominated"]
    assert sorted(stands) == sorted(frontier)


@given(points())
def test_sure_points_stand_however_cheap_the_others_become(told):
    standing = standings(**told)
    for name in ("floor", "bound"):
        words = {"sure"} if name == "floor" else {"sure", "restricted"}
        for point, word in enumerate(standing):
            if word in words:
                cheap = told[name].copy()
                cheap[point] = told["cost"][point]
                again = standings(**{**told, "cost": cheap})
                assert again[point] != "dominated"


@given(cost=st.floats(1.0, 1e4), gap=st.floats(0.0, 1.0))
def test_where_nothing_changes_the_range_holds_zero(cost, gap):
    one = (cost, cost * (1.0 - gap))
    found, least, most = difference(one, one)
    assert least <= found == 0.0 <= most
