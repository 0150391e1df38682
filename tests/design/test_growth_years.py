import math

import pytest

from arterial.design.growth_years import asked_in_gbps, growth_to, runs_out_year


@pytest.mark.parametrize("growth", [0.01, 0.25, 0.4, 2.0])
@pytest.mark.parametrize("carried", [100.0, 150.0, 1e4, 1e6])
def test_the_year_that_it_runs_out_is_the_first_whose_demand_is_more(growth, carried):
    year = runs_out_year(100.0, carried, growth, 2026)
    assert asked_in_gbps(100.0, growth, year - 2026) > carried
    assert asked_in_gbps(100.0, growth, year - 2027) <= carried


def test_what_does_not_grow_or_is_not_asked_never_runs_out():
    assert runs_out_year(100.0, 200.0, 0.0, 2026) is None
    assert runs_out_year(100.0, 200.0, -0.5, 2026) is None
    assert runs_out_year(0.0, 200.0, 0.4, 2026) is None
    assert runs_out_year(math.nan, 200.0, 0.4, 2026) is None
    assert runs_out_year(100.0, 200.0, 1e-9, 2026) is None


def test_the_growth_that_is_sustained_meets_capacity_at_the_horizon():
    growth = growth_to(100.0, 4000.0, 14)
    assert asked_in_gbps(100.0, growth, 14) == pytest.approx(4000.0)
    assert growth_to(100.0, 0.0, 14) == -1.0
    assert math.isnan(growth_to(0.0, 10.0, 14))
    assert math.isnan(growth_to(10.0, 10.0, 0))
