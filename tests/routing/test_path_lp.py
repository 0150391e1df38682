import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.path_lp import dual_bound, filled, fitted, topped
from arterial.routing.pathset import PathSet

ARCS, DEMANDS = 6, 4


def floats(size, most):
    return st.lists(st.floats(0.0, most, allow_subnormal=False), min_size=size, max_size=size).map(
        np.array
    )


PATHS = st.lists(
    st.tuples(
        st.integers(0, DEMANDS - 1),
        st.lists(st.integers(0, ARCS - 1), unique=True, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=8,
).map(PathSet.of)


@given(PATHS, floats(8, 50.0), floats(DEMANDS, 9.0), floats(ARCS, 9.0))
def test_fitted_rates_exceed_nothing_and_grow_nowhere(paths, wished, demand, room):
    rate = fitted(paths, wished[: len(paths)], demand, room)
    assert (rate >= 0.0).all()
    assert (rate <= wished[: len(paths)]).all()
    assert (paths.load(rate, ARCS) <= room * (1.0 + 1e-12)).all()
    assert (paths.by_demand(rate, DEMANDS) <= demand * (1.0 + 1e-12)).all()


@given(PATHS, floats(8, 1.0), floats(DEMANDS, 1e3), floats(ARCS, 1e3))
def test_rates_that_fit_are_left_alone(paths, wished, demand, room):
    rate = wished[: len(paths)]
    demand = demand + paths.by_demand(rate, DEMANDS)
    room = room + paths.load(rate, ARCS)
    assert fitted(paths, rate, demand, room).tolist() == rate.tolist()


@given(PATHS, floats(8, 50.0), floats(DEMANDS, 9.0), floats(ARCS, 9.0), floats(ARCS, 2.0))
def test_any_prices_bound_any_routing(paths, wished, demand, room, price):
    carried = fitted(paths, wished[: len(paths)], demand, room).sum()
    assert carried <= dual_bound(paths, price - 0.5, demand, room) + 1e-9


@given(PATHS, floats(8, 50.0), floats(DEMANDS, 9.0), floats(ARCS, 9.0))
def test_topped_rates_lose_nothing_fit_and_leave_no_path_that_could_take_more(
    paths, wished, demand, room
):
    before = fitted(paths, wished[: len(paths)], demand, room)
    rate = topped(paths, before, demand, room)
    assert (rate >= before).all()
    assert (paths.load(rate, ARCS) <= room * (1.0 + 1e-9) + 1e-12).all()
    assert (paths.by_demand(rate, DEMANDS) <= demand * (1.0 + 1e-9) + 1e-12).all()
    left = demand - paths.by_demand(rate, DEMANDS)
    more = np.minimum(left[paths.demand], paths.least(room - paths.load(rate, ARCS)))
    assert (more <= 1e-9).all()


@given(PATHS, floats(8, 50.0), floats(DEMANDS, 9.0))
def test_filled_rates_carry_each_demand_that_has_a_path(paths, wished, demand):
    rate = filled(paths, wished[: len(paths)], demand)
    served = np.bincount(paths.demand, minlength=DEMANDS) > 0
    assert paths.by_demand(rate, DEMANDS) == pytest.approx(np.where(served, demand, 0.0))
