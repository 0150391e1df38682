"""Lanes say the same wherever they are, and what they say holds is carried."""

import os
import signal
import sys

import numpy as np
import pytest
from draws import drawn
from monolith import carried, monolith

from arterial.design.capacity.engine import capacity
from arterial.design.capacity.lane import LANES, Asked, Lane, Threads
from arterial.jobs.cluster import cluster


@pytest.mark.parametrize("seed", range(12))
def test_a_case_is_short_exactly_where_the_oracle_does_not_carry_it(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    lane = Lane(problem)
    cases = tuple(range(len(problem.cases.names)))
    for point in (best, np.floor(best * 0.8), best, best + 1.0, np.floor(best * 0.6)):
        answer = lane(Asked(point, cases, most=len(cases) + 1))
        short = {found.case for found in answer.short}
        assert answer.seen == len(cases)
        assert short == {case for case in cases if not carried(problem, point, case)}


def test_a_lane_stops_at_enough():
    problem = drawn(4)
    cases = tuple(range(len(problem.cases.names)))
    answer = Lane(problem)(Asked(np.zeros(len(problem.program.cost)), cases, most=1))
    assert (len(answer.short), answer.seen) == (1, 1)


def _told(problem, lanes):
    steps = capacity(problem, gap=1e-6, rounds=60, lanes=lanes)
    return [
        (step.bound, step.cost, step.columns.tobytes(), step.solved, len(step.rows))
        for step in steps
    ]


@pytest.mark.parametrize("seed", [2, 5, 9])
def test_any_number_of_threads_takes_the_same_steps(seed):
    problem = drawn(seed)
    one = _told(problem, None)
    assert one == _told(problem, Threads(problem, at_once=2))
    assert one == _told(problem, Threads(problem, at_once=LANES))


class Mortal(Lane):
    """A lane whose worker is killed at its third task, once."""

    def __init__(self, shared):
        problem, self.mark = shared
        super().__init__(problem)
        self.count = 0

    def __call__(self, asked):
        self.count += 1
        if self.count == 3 and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(asked)


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")
def test_a_cluster_whose_worker_is_killed_takes_the_same_steps(tmp_path, monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # workers import this module too
    problem, mark = drawn(7), tmp_path / "dead"
    with cluster("local") as found:
        there = _told(problem, found.keepers(Mortal, (problem, mark), LANES))
    assert mark.exists()
    assert there == _told(problem, None)
