"""Parts on ways while they are annealed: loads are what ways add up to, and the best is kept."""

import numpy as np
import pytest
from explicit import explicit

from arterial.design.capacity.anneal_kernels import Heat, annealed, begun, cost_of
from arterial.design.capacity.annealed import web_of
from arterial.design.capacity.ladder import ladder_of

MOST = 20_000


def loads(web, laid):
    """What ways add up to."""
    load = np.zeros(len(laid.load))
    for part, count in enumerate(laid.length.tolist()):
        for arc in laid.way[part, :count].tolist():
            load[arc >> 1] += web.gbps[part]
    return load


@pytest.mark.parametrize("flow_cost", [0.0, 0.3])
def test_the_best_is_kept_with_the_loads_and_the_cost_of_its_ways(flow_cost):
    problem = explicit(4, flow_cost=flow_cost)
    web = web_of(problem, 0, ladder_of(problem, 0))
    start = begun(web)
    now, best = start.copy(), start.copy()
    random = np.random.default_rng(0)
    done, least = annealed(web, now, best, Heat(20.0, 0.2, MOST), (0, MOST), random)
    assert done >= MOST
    assert cost_of(web, best) == pytest.approx(least)
    assert least < cost_of(web, start)
    for laid in (start, now, best):
        assert laid.load == pytest.approx(loads(web, laid), abs=1e-6)


def test_every_way_leads_from_target_back_to_source():
    problem = explicit(6)
    web = web_of(problem, 0, ladder_of(problem, 0))
    laid = begun(web)
    for part, count in enumerate(laid.length.tolist()):
        site = web.target[part]
        for arc in laid.way[part, :count].tolist():
            assert web.to[arc] == site
            site = web.to[arc ^ 1]
        assert site == web.source[part]
