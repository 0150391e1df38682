import numpy as np
import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_last import RunOut, asked_in, run_out
from arterial.design.horizon_solve import solver
from arterial.design.horizon_ways import yearly

EXACT = solver(gap=0.0, rounds=300, seed=0)


def horizon(outlook):
    return horizon_of(outlook, loads_asked(outlook))


def test_what_is_asked_grows_in_a_straight_line(years):
    seen = horizon(years(0))
    cases = seen.problem.cases
    late = cases.stage == 1
    assert (asked_in(seen, 1, 2030) == cases.gbps).all()
    peak = cases.gbps[~late].max(axis=0)
    for year, share in ((2028, 1 / 3), (2029, 2 / 3)):
        asked = asked_in(seen, 1, year)
        assert (asked[~late] == cases.gbps[~late]).all()
        wanted = (1 - share) * peak + share * cases.gbps[late].max(axis=0)
        assert asked[late].max(axis=0) == pytest.approx(wanted)


def test_a_load_that_does_not_grow_never_runs_out(years):
    seen = horizon(years(0, growth=(1.0, 1.0)))
    way = yearly(seen, EXACT)
    assert run_out(seen, way.columns, 0, EXACT) == RunOut(None, proved=True)


def test_a_myopic_phase_runs_out_when_the_next_must_buy(years):
    seen = horizon(years(0, growth=(1.0, 8.0)))
    way = yearly(seen, EXACT)
    assert seen.spent(way.columns)[1] > 0.0
    found = run_out(seen, way.columns, 0, EXACT)
    assert found.year in {2028, 2029, 2030}
    assert found.proved
    assert run_out(seen, way.columns, 1, EXACT).year is None


def test_nothing_bought_is_too_little_at_once(years):
    seen = horizon(years(0))
    assert run_out(seen, np.zeros(len(seen.bought.stage)), 0, EXACT).year == 2028
