"""Points bettered piece by piece: each carries all cases and costs less than the one before."""

import numpy as np
import pytest
from draws import drawn
from monolith import carried, monolith, sound

from arterial.design.capacity.piecemeal import Piecemeal
from arterial.jobs.deadline import Deadline, LateError
from arterial.solve.program import Rows

NONE = Rows.of([])
SEEDS = [
    seed
    for seed in range(30)
    if Piecemeal.serves(drawn(seed)) and np.isfinite(monolith(drawn(seed)).cost)
][:10]


def holds(problem, columns):
    cases = range(len(problem.cases.names))
    return sound(problem, columns) and all(carried(problem, columns, case) for case in cases)


def first_of(problem, pieces):
    """What pieces begin with, or where no whole modules keep its flows a point far from best."""
    point = pieces.started(NONE)
    return monolith(problem, gap=0.5).columns if point is None else point


def test_most_problems_have_a_first_point():
    points = [Piecemeal(drawn(seed), seed=0).started(NONE) for seed in SEEDS]
    assert sum(point is not None for point in points) > len(SEEDS) // 2


@pytest.mark.parametrize("seed", SEEDS[2:4])
def test_rounds_of_pieces_come_nearer_to_the_optimum_and_never_below(seed):
    problem = drawn(seed)
    pieces, cost = Piecemeal(problem, seed=0), problem.program.cost
    point, least = first_of(problem, pieces), monolith(problem).cost
    assert holds(problem, point)
    for number in range(2):
        for better in pieces.bettered(point, NONE, number=number):
            assert cost @ better < cost @ point
            assert holds(problem, better)
            point = better
    assert cost @ point >= least - 1e-6 * max(1.0, abs(least))
    assert cost @ point <= least + 0.1 * abs(least)


@pytest.mark.parametrize("seed", SEEDS[2:4])
def test_the_whole_of_it_ends_at_the_optimum_from_any_start(seed):
    problem = drawn(seed)
    pieces, least = Piecemeal(problem, seed=0), monolith(problem).cost
    start = first_of(problem, pieces)
    for known in (start, np.zeros(0)):
        answer = pieces.whole(NONE, gap=1e-9, nodes=10_000, start=known)
        assert answer.objective == pytest.approx(least, rel=1e-6, abs=1e-6)
        assert holds(problem, answer.primal)


def test_the_same_round_is_the_same_twice():
    problem = drawn(SEEDS[2])

    def points():
        pieces = Piecemeal(problem, seed=3)
        start = pieces.started(NONE)
        return [start, *pieces.bettered(start, NONE, number=1)]

    assert np.array_equal(points(), points())


def test_without_time_nothing_is_tried():
    problem = drawn(SEEDS[2])
    point = Piecemeal(problem, seed=0).started(NONE)
    late = Piecemeal(problem, seed=0, deadline=Deadline(lambda: 0.0))
    assert late.started(NONE) is None
    assert not list(late.bettered(point, NONE, number=0))
    with pytest.raises(LateError):
        late.whole(NONE, gap=0.0, nodes=1, start=point)
