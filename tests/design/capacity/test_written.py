"""The program with all flows written out, against the oracle's own of the same problem."""

import numpy as np
import pytest
from draws import drawn
from monolith import carried, monolith, sound

from arterial.design.capacity.written import flow_count, written
from arterial.solve.highs import solve

FREE = [seed for seed in range(40) if np.isfinite(flow_count(drawn(seed)))]


def test_draws_are_of_both_kinds():
    assert 10 < len(FREE) < 40


@pytest.mark.parametrize("seed", FREE[::2])
def test_its_optimum_is_the_oracles(seed):
    problem = drawn(seed)
    found, oracle = solve(written(problem).program, gap=1e-9), monolith(problem)
    assert (len(found.primal) > 0) == np.isfinite(oracle.cost)
    if len(found.primal):
        assert found.objective == pytest.approx(oracle.cost, rel=1e-6, abs=1e-6)
        columns = found.primal[: len(problem.program.cost)]
        assert sound(problem, columns)
        assert all(carried(problem, columns, case) for case in range(len(problem.cases.names)))


@pytest.mark.parametrize("seed", FREE[1:9:2])
def test_flows_are_told_by_where_they_begin_and_what_they_ride(seed):
    problem = drawn(seed)
    whole = written(problem)
    count = flow_count(problem)
    assert len(whole.source) == len(whole.arc) == count
    assert len(whole.program.cost) == len(problem.program.cost) + count
    assert set(whole.source.tolist()) <= set(problem.demands.source.tolist())
    assert set((whole.arc >> 1).tolist()) <= set(range(len(problem.links.ends)))


def test_a_limit_on_delay_cannot_be_written():
    limited = next(seed for seed in range(40) if seed not in FREE)
    assert flow_count(drawn(limited)) == np.inf
