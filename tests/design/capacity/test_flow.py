"""A case is short exactly where no routing carries it, and its prices say so."""

import numpy as np
import pytest
from draws import drawn
from monolith import carried_share

from arterial.design.capacity.flow import Flows
from arterial.design.capacity.row import length_row


@pytest.mark.parametrize("seed", range(30))
def test_a_case_is_short_exactly_where_the_oracle_routes_less_than_all(seed):
    problem = drawn(seed)
    random = np.random.default_rng(seed)
    flows = Flows(problem)
    for _ in range(3):
        point = np.round(random.uniform(0.0, 3.0, len(problem.program.cost)))
        for case in range(len(problem.cases.names)):
            short = flows.short(point, case)
            share = carried_share(problem, point, case)
            assert (short is None) == (share >= 1.0 - 1e-6)
            if short is not None:
                values, low = length_row(problem, case, short.length, short.distance)
                assert values @ point < low


@pytest.mark.parametrize("seed", range(10))
def test_paths_that_carry_a_case_fit_and_add_up_to_what_is_asked(seed):
    problem = drawn(seed)
    point = np.full(len(problem.program.cost), 9.0)
    flows = Flows(problem)
    for case in range(len(problem.cases.names)):
        flow = flows.flow(point, case)
        if flow is None:
            continue
        asked = problem.asked_gbps(point, case)
        carried = np.bincount(flow.demand, weights=flow.gbps, minlength=len(asked))
        assert (carried >= asked - 1e-6).all()
        booked = np.zeros(2 * len(problem.links.ends))
        for path, gbps in zip(flow.paths, flow.gbps, strict=True):
            booked[list(path)] += gbps
        room = problem.capacity_gbps(point, case)
        ways = booked[0::2], booked[1::2]
        used = ways[0] + ways[1] if problem.links.shared else np.maximum(*ways)
        assert (used <= room + 1e-6).all()


@pytest.mark.parametrize("seed", range(10))
def test_paths_keep_the_demands_limits(seed):
    problem = drawn(seed)
    flow = Flows(problem).flow(np.full(len(problem.program.cost), 9.0), 0)
    if flow is not None:
        delay = np.repeat(problem.links.latency_ms, 2)
        for k, path in zip(flow.demand.tolist(), flow.paths, strict=True):
            assert delay[list(path)].sum() <= problem.demands.limit_ms[k] + 1e-6
