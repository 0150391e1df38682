"""What designs lean on is what was bought, in words that every phase understands."""

import numpy as np
import pytest

from arterial.design.ahead import light_key
from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.horizon_lead import ahead_of, ahead_of_plan
from arterial.plan.store import read_plan


@pytest.fixture(scope="module")
def horizon(years):
    outlook = years(0)
    return horizon_of(outlook, loads_asked(outlook))


def test_what_is_bought_in_any_phase_is_leant_on(horizon):
    bought, instance = horizon.bought, horizon.outlook.instance
    columns = np.zeros(len(bought.stage))
    wave = np.flatnonzero((bought.link >= 0) & (bought.stage == 1))[0]
    pair = np.flatnonzero((bought.fibre >= 0) & (bought.stage == 0))[0]
    chassis = np.flatnonzero(bought.site >= 0)[0]
    columns[[wave, pair, chassis]] = 2.0
    found = ahead_of(horizon, columns, surcharge=0.1)
    assert found.light == (light_key(instance, int(bought.link[wave]), int(bought.option[wave])),)
    assert found.pairs == (instance.ground.network.fibres[int(bought.fibre[pair])].name,)
    assert found.surcharge == 0.1


def test_nothing_bought_is_nothing_to_lean_on(horizon):
    found = ahead_of(horizon, np.zeros(len(horizon.bought.stage)), surcharge=0.1)
    assert found.light == found.pairs == ()


def test_a_plan_is_leant_on_by_its_waves_and_new_pairs(drill_plan):
    plan = read_plan(drill_plan)
    found = ahead_of_plan(plan, surcharge=0.3)
    assert set(found.pairs) == {row.fibre for row in plan.lit_fibres if row.new_pairs}
    modes = {row.mode for row in plan.lightpaths}
    assert {mode for _, mode in found.light} == modes
    assert len(found.light) <= len(plan.lightpaths)
