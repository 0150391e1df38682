"""Prices of policies and regret, from designs that are made up."""

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.design.relaxed import Variant
from arterial.model.network import Network
from arterial.study.tradeoff_grid import Cell
from arterial.study.tradeoff_known import Changed, Plan, Pool, Priced
from arterial.study.tradeoff_price import prices_of, sensitivities_of
from arterial.study.tradeoff_runs import Made

NETWORK = Network(name="none", sites=())
CELL = Cell("base", NETWORK, None, nan)


def made(cost, bound, name="base"):
    return Made(name=name, cost=cost, bound=bound, spent={"edges": cost}, slowest_ms=12.0)


def pool(*plans):
    return Pool(tuple(Plan(plan, 1.0) for plan in plans), plans[0], CELL)


def priced(other, known, **told):
    one = Priced("other", Variant("a policy", NETWORK, **told))
    return prices_of(known, [one], {"other": other})[0]


@given(cost=st.floats(1.0, 1e4), gap=st.floats(0.0, 0.9), stricter=st.booleans())
def test_a_policy_that_changes_nothing_may_cost_nothing(cost, gap, stricter):
    one = made(cost, cost * (1.0 - gap))
    found = priced(one, pool(one), stricter=stricter)
    assert found.at_least <= 0.0 == found.cost <= found.at_most


@given(
    costs=st.tuples(st.floats(1.0, 1e4), st.floats(1.0, 1e4)),
    gaps=st.tuples(st.floats(0.0, 0.9), st.floats(0.0, 0.9)),
    stricter=st.booleans(),
)
def test_no_policy_saves_money_and_its_range_holds_what_was_found(costs, gaps, stricter):
    base, other = (made(c, c * (1.0 - g)) for c, g in zip(costs, gaps, strict=True))
    found = priced(other, pool(base), stricter=stricter)
    if not stricter:
        assert found.cost >= 0.0
    assert found.at_least <= found.cost <= found.at_most


def test_a_plan_that_happens_to_be_fast_enough_prices_the_last_millisecond():
    found = priced(made(110.0, 90.0), pool(made(100.0, 95.0)), stricter=True, rtt_ms=15.0)
    assert (found.with_cost, found.cost) == (100.0, 0.0)


def test_a_policy_that_no_plan_holds_has_no_price():
    other = Made(name="other", refused="a market has no way", infeasible=True)
    found = priced(other, pool(made(100.0, 95.0)), stricter=True)
    assert isnan(found.cost)
    assert isnan(found.at_least)
    assert isnan(found.at_most)


def test_regret_is_what_the_old_plan_costs_above_the_cheapest_known():
    old = Made(name="base", cost=100.0, bound=90.0, spent={"edges": 80.0, "power": 20.0})
    new = Made(name="new", cost=110.0, bound=80.0, spent={"edges": 30.0, "power": 80.0})
    change = Changed("edges", 1.5)
    found = sensitivities_of(pool(old, new), [change], {change.folder: made(125.0, 120.0)})[0]
    assert (found.kept_cost, found.cost, found.regret) == (140.0, 125.0, 15.0)
    assert found.regret_at_most == pytest.approx(20.0)
