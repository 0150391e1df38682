"""A design's capacity problem asks no more than the search's own plans give."""

import numpy as np
import pytest
from msgspec import structs

from arterial.design.capacity.flow import Flows
from arterial.design.kept import with_pairs
from arterial.design.opening import opened
from arterial.design.run import Run
from arterial.design.search import restored
from arterial.design.state import chassis_count, link_cost, new_pairs
from arterial.design.underlay import layers_of
from arterial.plan.store import read_plan


@pytest.mark.parametrize("load", ["base", "heavy"])
def test_a_searched_design_carries_every_case_of_its_problem(drill, load):
    start = opened(drill, load, Run())
    problem, point = searched(start)
    assert problem.program.cost @ point == pytest.approx(start.first.bill)
    assert short(problem, point) == []
    assert short(layers_of(start.instance, start.flows).plant, point) == []


def test_what_first_pairs_cost_once_is_in_the_problem_at_its_price(drill):
    fibres = tuple(
        row if row.lit_pairs else structs.replace(row, status="candidate") for row in drill.fibres
    )
    costs = structs.replace(drill.costs, fibre_build_km=0.1)
    start = opened(structs.replace(drill, fibres=fibres, costs=costs), "base", Run())
    problem, point = searched(start)
    assert point[-start.instance.charged.sum() :].any()
    assert problem.program.cost @ point == pytest.approx(start.first.bill)
    assert short(problem, point) == []


@pytest.mark.parametrize("load", ["base", "heavy"])
def test_what_stands_is_in_the_problem_at_its_price_and_stays(drill_plan, load):
    before = read_plan(drill_plan)
    start = opened(with_pairs(before.network, before), load, Run(), before=before)
    problem, point = searched(start)
    stands = start.instance.stand_cost
    assert problem.program.cost @ point == pytest.approx(start.first.bill + stands)
    assert (point >= problem.program.low).all()
    assert (point <= problem.program.high).all()
    assert problem.program.cost @ problem.program.low >= stands - 1e-9
    assert short(problem, point) == []
    assert short(layers_of(start.instance, start.flows).plant, point) == []


def searched(start):
    """The capacity problem of an opening, and its first plan as a point of it."""
    instance = start.instance
    state = restored(instance, start.flows, start.first.placements)
    _, option, waves = link_cost(instance, state.required_gbps())
    waves = np.maximum(waves, instance.stand_waves)
    table = np.zeros(instance.rate_gbps.shape)
    table[np.arange(len(option)), option] = waves
    pairs, chassis = new_pairs(instance, waves, option), chassis_count(instance, waves)
    setup = pairs[instance.charged] > 0
    point = np.concatenate([table.reshape(-1), pairs, chassis, setup]).astype(np.float64)
    return layers_of(instance, start.flows).underlay, point


def short(problem, point):
    """Cases that a point does not carry."""
    flows = Flows(problem)
    found = [flows.short(point, case) for case in range(len(problem.cases.names))]
    return [one.case for one in found if one is not None]


def test_what_any_edge_may_answer_ends_at_a_site_that_stands_for_them(drill):
    start = opened(drill, "base", Run())
    problem = layers_of(start.instance, start.flows).underlay
    sites = start.instance.graph.sites
    ends = problem.links.ends
    further = (ends >= sites).any(axis=1)
    assert further.any()
    assert problem.links.one_way is not None
    assert problem.links.one_way[further].all()
    assert not problem.links.one_way[~further].any()
    assert (problem.cases.alive[:, further] == 1.0).all()
