"""What there is for problems of few cases, and that rounds of it end at the optimum."""

from dataclasses import replace

import numpy as np
import pytest
from draws import drawn, of_one_size
from explicit import explicit
from monolith import monolith

from arterial.design.capacity import annealed, engine
from arterial.design.capacity.engine import capacity
from arterial.design.capacity.few import Few
from arterial.design.capacity.master import Master
from arterial.jobs.deadline import FOREVER


def of(problem):
    return Few.of(problem, Master(problem, seed=0), seed=0, deadline=FOREVER)


def test_limits_on_delay_are_not_for_it():
    problem = explicit(0)
    limited = replace(problem.demands, limit_ms=np.full(8, 5.0))
    assert of(replace(problem, demands=limited)) is None


def test_nothing_is_bettered_without_a_point():
    few = of(explicit(0))
    assert not list(few.bettered(np.zeros(0), 0))
    assert not list(few.kicked(np.zeros(0), 0))


def test_points_that_cannot_be_kicked_are_bettered_piece_by_piece():
    problem = explicit(1)
    few, cost = of(problem), problem.program.cost
    assert not few.kicks
    point = few.started()
    for better in few.bettered(point, 0):
        assert cost @ better < cost @ point
        point = better
    assert cost @ point >= monolith(problem).cost - 1e-6


@pytest.mark.parametrize("problem", [explicit(2), drawn(2), drawn(11)])
def test_a_small_problem_that_its_program_does_not_end_is_annealed_and_goes_on(
    monkeypatch, problem
):
    monkeypatch.setattr(annealed, "WORK", 2e5)
    monkeypatch.setattr(engine, "FEW_NODES", 1)
    *_, last = capacity(problem, gap=1e-6, rounds=60)
    assert last.cost == pytest.approx(monolith(problem).cost, rel=1e-6)


@pytest.mark.parametrize("problem", [explicit(2), of_one_size(drawn(3)), of_one_size(drawn(16))])
def test_a_larger_problem_is_asked_kicked_annealed_and_parted(monkeypatch, problem):
    monkeypatch.setattr(annealed, "WORK", 2e5)
    monkeypatch.setattr("arterial.design.capacity.piecemeal.SMALL", 10)
    *_, last = capacity(problem, gap=1e-6, rounds=80)
    assert last.cost == pytest.approx(monolith(problem).cost, rel=1e-6)
