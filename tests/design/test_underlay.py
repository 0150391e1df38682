"""A design's capacity problem asks no more than the search's own plans give."""

import numpy as np
import pytest

from arterial.design.capacity.flow import Flows
from arterial.design.opening import opened
from arterial.design.search import restored
from arterial.design.state import chassis_count, link_cost, new_pairs
from arterial.design.underlay import underlay
from arterial.jobs.progress import silent


@pytest.mark.parametrize("load", ["base", "heavy"])
def test_a_searched_design_carries_every_case_of_its_problem(drill, load):
    start = opened(drill, load, silent)
    instance = start.instance
    problem = underlay(instance, start.flows)
    state = restored(instance, start.flows, start.first.placements)
    _, option, waves = link_cost(instance, state.required_gbps())
    table = np.zeros(instance.rate_gbps.shape)
    table[np.arange(len(option)), option] = waves
    pairs, chassis = new_pairs(instance, waves, option), chassis_count(instance, waves)
    point = np.concatenate([table.reshape(-1), pairs, chassis]).astype(np.float64)
    assert problem.program.cost @ point == pytest.approx(start.first.bill)
    flows = Flows(problem)
    short = [flows.short(point, case) for case in range(len(problem.cases.names))]
    assert [one.case for one in short if one is not None] == []


def test_what_any_edge_may_answer_ends_at_a_site_that_stands_for_them(drill):
    start = opened(drill, "base", silent)
    problem = underlay(start.instance, start.flows)
    sites = start.instance.graph.sites
    ends = problem.links.ends
    further = (ends >= sites).any(axis=1)
    assert further.any()
    assert problem.links.one_way is not None
    assert problem.links.one_way[further].all()
    assert not problem.links.one_way[~further].any()
    assert (problem.cases.alive[:, further] == 1.0).all()
