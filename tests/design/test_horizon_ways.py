import numpy as np
import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import Way, forecast, rolling, whole, yearly

EXACT = solver(gap=0.0, rounds=300, seed=0)


@pytest.fixture(scope="module")
def horizon(years):
    outlook = years(0)
    return horizon_of(outlook, loads_asked(outlook))


@pytest.fixture(scope="module")
def ways(horizon):
    others = (yearly(horizon, EXACT), rolling(horizon, EXACT, 0, 0))
    return (whole(horizon, EXACT, others), *others)


def test_the_whole_horizon_is_never_dearer(ways):
    best, *others = ways
    assert best.bound <= best.cost + 1e-6
    for way in others:
        assert way.cost >= best.cost - 1e-6
        assert way.cost >= best.bound - 1e-6


def test_a_cheaper_way_than_the_engine_s_is_taken(horizon, ways):
    other = Way("a gift", ways[0].cost - 5.0, -np.inf, ways[0].columns)
    assert whole(horizon, EXACT, (other,)).cost == other.cost


def test_every_way_keeps_every_row_of_the_whole(horizon, ways):
    rows = horizon.problem.program.rows
    owner = np.repeat(np.arange(len(rows)), np.diff(rows.start))
    for way in ways:
        value = np.bincount(
            owner, weights=rows.value * way.columns[rows.column], minlength=len(rows)
        )
        assert (value >= rows.low - 1e-6).all()
        assert (value <= rows.high + 1e-6).all()


def test_the_first_phase_year_by_year_is_the_cheapest_alone(horizon, ways):
    assert (horizon.spent(ways[1].columns)[0] <= horizon.spent(ways[0].columns)[0] + 1e-6).all()


def test_a_forecast_knows_its_own_year_and_keeps_within_its_error(horizon):
    cases, years = horizon.problem.cases, horizon.years
    error = horizon.outlook.network.horizon.forecast_error
    most = (1.0 + error) ** (years[1] - years[0])
    for draw in range(20):
        gbps = forecast(horizon, 0, np.random.default_rng(draw))
        assert (gbps[cases.stage == 0] == cases.gbps[cases.stage == 0]).all()
        here, there = gbps[cases.stage == 1], cases.gbps[cases.stage == 1]
        assert (here <= there * most * (1 + 1e-12)).all()
        assert (here >= there / most * (1 - 1e-12)).all()
    assert (forecast(horizon, 1, np.random.default_rng(0)) == cases.gbps).all()


def test_the_same_draw_is_the_same_way(horizon, ways):
    again = rolling(horizon, EXACT, 0, 0)
    assert again.cost == ways[2].cost
    assert (again.columns == ways[2].columns).all()
