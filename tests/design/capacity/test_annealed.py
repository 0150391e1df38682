"""Flows without a program: they carry what is asked, and come near to the cheapest."""

from dataclasses import replace

import numpy as np
import pytest
from explicit import explicit
from monolith import carried, monolith, sound

from arterial.design.capacity import annealed
from arterial.design.capacity.annealed import Annealed
from arterial.design.capacity.few import Few
from arterial.design.capacity.master import Master
from arterial.jobs.deadline import FOREVER, Deadline


@pytest.fixture(autouse=True)
def little_work(monkeypatch):
    monkeypatch.setattr(annealed, "WORK", 2e5)


@pytest.mark.parametrize("seed", range(4))
def test_flows_leave_where_they_begin_and_end_where_they_are_asked(seed):
    problem = explicit(seed)
    flows = Annealed.of(problem, seed=0).flows()
    demands, ends = problem.demands, problem.links.ends
    for source in range(problem.links.sites):
        net = np.zeros(problem.links.sites)
        np.add.at(net, ends[:, 1], flows[source, 0::2] - flows[source, 1::2])
        np.add.at(net, ends[:, 0], flows[source, 1::2] - flows[source, 0::2])
        asked = np.zeros(problem.links.sites)
        own = demands.source == source
        np.add.at(asked, demands.target[own], problem.cases.gbps[0, own])
        asked[source] -= asked.sum()
        assert net == pytest.approx(asked, abs=1e-6)


@pytest.mark.parametrize("flow_cost", [0.0, 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_points_carry_all_and_cost_little_more_than_the_cheapest(seed, flow_cost):
    problem = explicit(seed, flow_cost=flow_cost)
    few = Few.of(problem, Master(problem, seed=0), seed=0, deadline=FOREVER)
    point, least = few.annealed(), monolith(problem).cost
    assert sound(problem, point)
    assert carried(problem, point, 0)
    cost = float(problem.program.cost @ point)
    assert least - 1e-6 <= cost <= 1.15 * least


def test_the_same_search_is_the_same_twice():
    once, again = (Annealed.of(explicit(5), seed=2).flows() for _ in range(2))
    assert np.array_equal(once, again)


def test_without_time_parts_stay_where_they_were_laid_first():
    late = Annealed.of(explicit(5), seed=2, deadline=Deadline(lambda: 0.0))
    assert late.flows().sum() > 0.0


def test_problems_of_another_kind_are_not_searched():
    problem = explicit(0)
    limited = replace(problem.demands, limit_ms=np.full(8, 5.0))
    assert Annealed.of(replace(problem, demands=limited), seed=0) is None
    apart = replace(problem.links, shared=False)
    assert Annealed.of(replace(problem, links=apart), seed=0) is None
