import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.goals import Latency, Prices, Throughput, Utilisation
from arterial.routing.path_lp import filled, fitted
from arterial.routing.pathset import PathSet
from arterial.solve.highs import Session, solve

ARCS, DEMANDS = 6, 3


def floats(size, most, least=0.0):
    return st.lists(
        st.floats(least, most, allow_subnormal=False), min_size=size, max_size=size
    ).map(np.array)


PATHS = st.lists(
    st.lists(st.integers(0, ARCS - 1), unique=True, min_size=1, max_size=4), min_size=3, max_size=8
).map(lambda arcs: PathSet.of((number % DEMANDS, path) for number, path in enumerate(arcs)))


@given(PATHS, floats(DEMANDS, 9.0, 0.5), floats(ARCS, 9.0, 0.5), floats(ARCS, 2.0), floats(8, 9.0))
def test_any_prices_bound_any_routing(paths, demand, room, price, wish):
    rate = fitted(paths, wish[: len(paths)], demand, room)
    cheapest = paths.cheapest(price, DEMANDS)
    most = Throughput(demand, room, np.zeros(ARCS))
    assert most.value(paths, rate) <= most.bound(Prices(price, 1.0), cheapest) + 1e-9
    full = Utilisation(demand, room, np.zeros(ARCS))
    spread = filled(paths, wish[: len(paths)], demand)
    assert full.value(paths, spread) >= full.bound(Prices(price), cheapest) - 1e-9
    quick = Latency(demand, room, np.arange(1.0, 1.0 + ARCS), float(rate.sum()))
    along = paths.cheapest(quick.weight(Prices(price)), DEMANDS)
    for credit in (0.0, 1.0, 7.0):
        assert quick.value(paths, rate) >= quick.bound(Prices(price, credit), along) - 1e-6


@given(PATHS, floats(DEMANDS, 9.0, 0.5), floats(ARCS, 9.0, 0.5))
def test_the_solver_s_prices_bound_tightly(paths, demand, room):
    most = Throughput(demand, room, np.zeros(ARCS))
    found = solve(most.program(paths))
    prices = most.prices(found.row_dual)
    bound = most.bound(prices, paths.cheapest(prices.arc, DEMANDS))
    assert bound == pytest.approx(-found.objective, abs=1e-5)
    full = Utilisation(demand, room, np.zeros(ARCS))
    found = solve(full.program(paths))
    prices = full.prices(found.row_dual)
    assert full.bound(prices, paths.cheapest(prices.arc, DEMANDS)) == pytest.approx(
        found.objective, rel=1e-5
    )


@given(PATHS, floats(DEMANDS, 9.0, 0.5), floats(ARCS, 9.0, 0.5), st.integers(1, 2))
def test_a_program_that_grew_is_the_whole_one(paths, demand, room, begun):
    first = paths.taken(np.arange(begun * DEMANDS)) if len(paths) > begun * DEMANDS else paths
    rest = paths.taken(np.arange(len(first), len(paths)))
    for goal in (
        Throughput(demand, room, np.full(ARCS, 1e-3)),
        Utilisation(demand, room, np.full(ARCS, 1e-3)),
        Latency(demand, room, np.arange(1.0, 1.0 + ARCS), 0.25),
    ):
        session = Session(goal.program(first))
        session.add_columns(goal.columns(rest))
        assert session.solve().objective == pytest.approx(
            solve(goal.program(paths)).objective, abs=1e-6
        )


def test_a_path_over_an_arc_without_room_is_worth_nothing():
    goal = Throughput(np.array([2.0]), np.array([0.0, 1.0]), np.zeros(2))
    paths = PathSet.of([(0, (0,)), (0, (1,))])
    assert goal.cost(paths).tolist() == [1.0, -1.0]
    assert goal.weight(Prices(np.zeros(2))).tolist() == [np.inf, 0.0]
