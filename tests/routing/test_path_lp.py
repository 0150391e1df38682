import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.path_lp import dual_bound, fitted, path_program
from arterial.routing.pathset import PathSet
from arterial.solve.highs import solve

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


@given(PATHS, floats(DEMANDS, 9.0), floats(ARCS, 9.0))
def test_the_solver_s_prices_bound_tightly(paths, demand, capacity):
    found = solve(path_program(paths, demand, capacity, np.zeros(ARCS)))
    bound = dual_bound(paths, -found.row_dual[DEMANDS:], demand, capacity)
    assert bound == pytest.approx(-found.objective, abs=1e-5)
