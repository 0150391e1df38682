"""Designed together, a plan is no dearer than placement first, and its bound is for all."""

from arterial.design.engine import Ask, design


def test_it_is_no_dearer_and_tells_both(small):
    told = []
    apart = design(small, Ask(load="base", gap=0.0, rounds=1, bound_rounds=0))
    ask = Ask(load="base", gap=0.0, rounds=1, bound_rounds=0, joint_rounds=1)
    plan = design(small, ask, heard=told.append)
    assert told[0].apart_cost == apart.cost
    assert told[0].apart_bound == apart.bound
    assert told[0].cost == plan.cost - plan.spares_cost <= apart.cost
    assert told[0].bound == plan.bound <= plan.cost
    assert told[0].saving == (apart.cost - told[0].cost) / apart.cost
    assert "replicas and network together" in plan.bound_note
    assert plan.input_hash != apart.input_hash


def test_a_load_without_markets_has_nothing_to_move(drill):
    told = []
    plan = design(drill, Ask(load="given", rounds=1, joint_rounds=1), heard=told.append)
    assert told[0].saving == 0.0
    assert told[0].bound == told[0].apart_bound
    assert not plan.replicas
