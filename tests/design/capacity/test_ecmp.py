"""The search finds what all small metrics one by one give, and never less than the bound."""

from dataclasses import replace

import numpy as np
import pytest
from by_hand import all_metrics, need_by_hand, small
from monolith import carried, sound

from arterial.design.capacity.covering import Covering
from arterial.design.capacity.ecmp import ecmp_design
from arterial.design.capacity.ecmp_loads import EcmpLoads
from arterial.design.capacity.engine import capacity
from arterial.errors import ModelError
from arterial.solve.program import Rows

MOST = 3


def core_of(problem):
    *_, last = capacity(problem, gap=1e-6, rounds=100)
    return last


def least_by_force(problem, most):
    """Cost of the best of all metrics: needs by the sweep, which has a test of its own."""
    loads, covering = EcmpLoads(problem), Covering(problem)
    needs = {loads.need(m).gbps.tobytes() for m in all_metrics(len(problem.links.ends), most)}
    columns = [covering.columns(np.frombuffer(need)) for need in sorted(needs)]
    return min(float(problem.program.cost @ each) for each in columns if each is not None)


@pytest.mark.parametrize(
    ("seed", "sites", "shared"), [(0, 4, False), (1, 4, True), (2, 4, False), (3, 4, False)]
)
def test_the_search_finds_the_best_of_all_small_metrics(seed, sites, shared):
    problem = small(seed, sites=sites, shared=shared)
    *_, last = ecmp_design(problem, core_of(problem), rounds=8, gap=0.0, most=MOST)
    assert last.cost == pytest.approx(least_by_force(problem, MOST))


@pytest.mark.parametrize("seed", range(8))
def test_every_step_is_carried_as_networkx_routes_it_and_costs_no_less_than_its_bound(seed):
    problem = small(seed, sites=5, chords=2, routers=bool(seed % 2), shared=seed == 4)
    core = core_of(problem)
    for step in ecmp_design(problem, core, rounds=2, gap=0.0, seed=seed):
        need = need_by_hand(problem, step.metrics)
        np.testing.assert_allclose(step.need_gbps, need, rtol=1e-9, atol=1e-9)
        has = problem.links.base_gbps + problem.links.supply @ step.columns
        assert (has >= need * (1 - 1e-9)).all()
        assert sound(problem, step.columns)
        assert step.cost == pytest.approx(float(problem.program.cost @ step.columns))
        assert step.bound <= step.cost
        assert step.bound == pytest.approx(min(core.bound, step.cost))
        assert all(carried(problem, step.columns, case) for case in range(len(problem.cases.names)))
        assert step.metrics[step.need_gbps == 0.0].tolist() == [0] * int((need == 0.0).sum())


def test_costs_fall_and_the_same_seed_gives_the_same_steps_from_any_of_them():
    problem = small(7, sites=5, chords=2)
    core = core_of(problem)
    steps = list(ecmp_design(problem, core, rounds=4, gap=0.0, seed=2))
    assert np.all(np.diff([step.cost for step in steps]) <= 0.0)
    told = [(s.round, s.cost, s.metrics.tolist(), s.columns.tolist(), s.tried) for s in steps]
    again = list(ecmp_design(problem, core, rounds=4, gap=0.0, seed=2, start=steps[2]))
    assert [
        (s.round, s.cost, s.metrics.tolist(), s.columns.tolist(), s.tried) for s in again
    ] == told[2:]


def test_what_it_cannot_hold_is_refused_each_thing_by_name():
    problem = small(0)
    count = len(problem.demands.source)
    wrong = replace(
        problem,
        demands=replace(
            problem.demands,
            scaled_by=np.zeros(count, dtype=np.int64),
            limit_ms=np.full(count, 5.0),
        ),
        stage=np.ones(len(problem.program.cost), dtype=np.int64),
        program=replace(
            problem.program, integer=np.zeros(len(problem.program.cost), dtype=np.bool_)
        ),
    )
    with pytest.raises(ModelError) as refused:
        next(ecmp_design(wrong, core_of(problem), most=0))
    told = str(refused.value)
    for words in ("scaled by", "limits on delay", "stages", "modules in parts", "metric of 0"):
        assert words in told


def test_without_metrics_that_fit_the_cost_is_infinite():
    problem = small(1)
    core = core_of(problem)
    tight = replace(
        problem,
        program=replace(problem.program, high=np.zeros(len(problem.program.cost))),
        links=replace(problem.links, base_gbps=np.zeros(len(problem.links.ends))),
    )
    step = next(ecmp_design(tight, core))
    assert np.isinf(step.cost)
    assert np.isinf(step.gap)
    assert not len(step.columns)


def test_rows_of_the_program_have_the_last_word_on_what_is_bought():
    problem = small(2, sites=5, chords=2)
    limit = [(list(range(len(problem.program.cost))), [1.0] * len(problem.program.cost))]
    rows = Rows.of([(columns, values, -np.inf, 9.0) for columns, values in limit])
    few = replace(problem, program=replace(problem.program, rows=rows))
    *_, last = ecmp_design(few, core_of(few), rounds=3, gap=0.0)
    assert last.columns.sum() <= 9.0 or np.isinf(last.cost)
    assert sound(few, last.columns) or np.isinf(last.cost)
