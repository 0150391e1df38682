"""A design that the capacity problem leads is no dearer, and no plan is below its bound."""

import numpy as np
import pytest

from arterial.design.engine import Ask, design
from arterial.design.guided import Guided, bettered, led, slanted_by
from arterial.design.opening import opened
from arterial.design.run import Run
from arterial.design.search import built_cost, restored, search
from arterial.jobs.progress import silent


@pytest.mark.parametrize("load", ["base", "heavy"])
def test_it_is_no_dearer_and_no_bound_is_above_it(drill, load):
    start = opened(drill, load, Run())
    *_, found = search(start.chooser, start.flows, rounds=3, start=start.first)
    asked = Guided(rounds=3, core_rounds=15, bound_rounds=1, seed=0, enough=lambda *_: False)
    best, bound = bettered(start, found, asked, report=silent)
    assert best.cost <= found.cost
    assert 0.0 < bound <= best.bill + 1e-6


def test_leads_are_priced_as_any_design_is(drill):
    start = opened(drill, "base", Run())
    links = start.instance.rate_gbps.size
    rest = start.instance.link_fibre.shape[1] + start.instance.graph.sites
    slanted = slanted_by(start.instance, np.zeros(links + rest), 0.1)
    lead = led(start.chooser, slanted, start.flows, start.first)
    assert set(lead.placements) == {flow.name for flow in start.flows}
    assert lead.bill == restored_bill(start, lead)


def restored_bill(start, found):
    return built_cost(restored(start.instance, start.flows, found.placements))


def test_a_design_may_ask_for_it(drill):
    plain = design(drill, Ask(load="base", gap=0.0, rounds=2))
    lead = design(drill, Ask(load="base", gap=0.0, rounds=2, core_rounds=15))
    assert lead.cost <= plain.cost + 1e-6
    assert lead.bound >= plain.bound - 1e-6
    assert lead.input_hash != plain.input_hash


def test_what_is_good_enough_is_not_bettered(drill):
    start = opened(drill, "base", Run())
    told = []
    asked = Guided(rounds=3, core_rounds=15, bound_rounds=1, seed=0, enough=lambda *_: True)
    best, bound = bettered(start, start.first, asked, report=lambda what, *_: told.append(what))
    assert best is start.first
    assert 0.0 < bound <= best.bill
    assert told == ["capacity"]
