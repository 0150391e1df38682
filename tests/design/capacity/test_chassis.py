"""Chassis are those of ports dealt out one by one, and the engine buys what the oracle buys."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from by_hand import small
from monolith import monolith, sound
from scipy import sparse

from arterial.design.capacity.chassis import ChassisStep, with_chassis
from arterial.design.capacity.ecmp import ecmp_design
from arterial.design.capacity.engine import capacity
from arterial.errors import ModelError
from arterial.solve.highs import solve

STEPS = (ChassisStep(ports=3, cost=4.0), ChassisStep(ports=8, cost=7.0))


def ports_of(problem, each=(1, 2)):
    """A small module takes one port at both ends, a big one two."""
    table = np.zeros((problem.links.sites, len(problem.program.cost)), dtype=np.int64)
    for column in range(len(problem.program.cost)):
        table[problem.links.ends[column // 2], column] = each[column % 2]
    return sparse.csr_array(table)


def dealt(ports, routers, steps):
    """Cheapest chassis of one site, ports dealt to its routers in turn: all choices looked at."""
    if not ports:
        return 0.0
    held = [len(range(router, ports, routers)) for router in range(routers)]
    total = 0.0
    for own in held:
        counts = product(range(own + 2), repeat=len(steps))
        total += min(
            sum(n * step.cost for n, step in zip(each, steps, strict=True))
            for each in counts
            if sum(each) and sum(n * step.ports for n, step in zip(each, steps, strict=True)) >= own
        )
    return total


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_bought_its_chassis_are_the_cheapest_for_ports_dealt_in_turn(seed):
    random = np.random.default_rng(seed)
    problem = small(seed % 4)
    count = len(problem.program.cost)
    ports, routers = ports_of(problem), random.integers(1, 4, problem.links.sites)
    wide = with_chassis(problem, ports, routers, STEPS)
    bought = np.where(random.random(count) < 0.4, random.integers(0, 3, count), 0).astype(float)
    low, high = wide.program.low.copy(), wide.program.high.copy()
    low[:count] = high[:count] = bought
    found = solve(replace(wide.program, low=low, high=high))
    expected = float(problem.program.cost @ bought) + sum(
        dealt(int(each), int(number), STEPS)
        for each, number in zip(ports @ bought, routers, strict=True)
    )
    assert found.objective == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_buys_modules_and_chassis_as_the_oracle_does(seed):
    problem = small(seed, sites=5, chords=2)
    routers = np.full(problem.links.sites, 2)
    wide = with_chassis(problem, ports_of(problem), routers, STEPS)
    *_, last = capacity(wide, gap=1e-7, rounds=200)
    assert last.cost == pytest.approx(monolith(wide).cost, rel=1e-6)


def test_metrics_for_ecmp_pay_for_chassis_too():
    problem = small(2, sites=5, chords=2)
    wide = with_chassis(problem, ports_of(problem), np.full(5, 2), STEPS)
    *_, core = capacity(wide, gap=1e-6, rounds=100)
    *_, step = ecmp_design(wide, core, rounds=2)
    assert sound(wide, step.columns)
    assert core.bound <= step.cost + 1e-6
    assert step.cost == pytest.approx(float(wide.program.cost @ step.columns))


def test_stages_columns_without_end_and_no_steps_are_refused_by_name():
    problem = small(0)
    count = len(problem.program.cost)
    wrong = replace(
        problem,
        program=replace(problem.program, high=np.full(count, np.inf)),
        stage=np.ones(count, dtype=np.int64),
    )
    with pytest.raises(ModelError, match=r"(?s)stages.*without end.*no step"):
        with_chassis(wrong, ports_of(problem), np.full(4, 2), ())
