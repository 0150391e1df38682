"""A plan with its restoration is the same plan, with its cost and its bound in order."""

import pytest

from arterial.design.restoration import restorable, without_spares
from arterial.optics.sections import load_sections
from arterial.plan.store import read_plan
from arterial.prove.bill import bill_gate


@pytest.fixture(scope="module")
def plan(sparse_plan):
    return read_plan(sparse_plan)


@pytest.fixture(scope="module")
def sections(plan):
    return load_sections(plan.network)


def test_a_design_holds_its_restoration_with_what_stands(plan, sections):
    assert plan.restored_waves
    assert restorable(plan, sections) == plan


def test_spares_add_to_the_cost_and_leave_the_bound(plan, sections):
    bought = restorable(plan, sections, spares="auto")
    spent = sum(item.cost for item in bought.bill if item.item == "spare regenerator")
    assert spent > 0.0
    assert bought.cost == pytest.approx(plan.cost + spent)
    assert bought.bound == plan.bound
    assert bought.gap == pytest.approx(1.0 - plan.bound / bought.cost)
    assert bill_gate(bought).verdict == "proved"
    back = [sum(row.rate_gbps for row in one.restored_waves) for one in (plan, bought)]
    assert back[1] > back[0]
    bare = without_spares(bought)
    assert (bare.cost, bare.spares) == (pytest.approx(plan.cost), ())


def test_without_spares_nothing_more_comes_back_than_with_those_that_stand(plan, sections):
    none = restorable(plan, sections, spares="none")
    assert not any(
        set(row.regenerators) - set(wave.regenerators)
        for row in none.restored_waves
        for wave in plan.lightpaths
        if wave.name == row.lightpath
    )
