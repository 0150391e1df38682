"""Rows of late cuts cut off the point they were asked for, and no point that carries all."""

from dataclasses import replace

import numpy as np
import pytest
from draws import drawn
from monolith import monolith
from scipy import sparse

from arterial.design.capacity.cut_sets import CutSets
from arterial.design.capacity.late_cuts import LateCuts
from arterial.design.capacity.measure import still_of
from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.solve.program import Program, Rows

LIMITED = tuple(seed for seed in range(1, 36) if np.isfinite(drawn(seed).demands.limit_ms).any())


@pytest.mark.parametrize("seed", LIMITED)
def test_rows_cut_the_point_and_not_the_best_answer(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    random = np.random.default_rng(seed)
    late = LateCuts(problem, still_of(problem))
    for _ in range(4):
        point = random.uniform(0.0, 1.0, len(best)) * np.maximum(best, 1.0) * 0.7
        for row in late.rows(point, most=200):
            assert row.broken(point) > 0.0
            assert row.broken(best) <= 1e-6


def ring(limit_ms):
    """Six sites in a ring of 1 ms each and a chord from 0 to 3 of 1 ms; one demand from 0 to 3."""
    ends = np.array([(n, (n + 1) % 6) for n in range(6)] + [(0, 3)])
    alive = np.vstack([np.ones((1, 7)), 1.0 - np.eye(7)])
    return Problem(
        program=Program(
            cost=np.ones(7),
            low=np.zeros(7),
            high=np.full(7, 9.0),
            integer=np.ones(7, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        links=Links(
            sites=6,
            ends=ends,
            base_gbps=np.zeros(7),
            supply=sparse.csr_array(400.0 * np.eye(7)),
            latency_ms=np.ones(7),
        ),
        demands=Demands(
            source=np.array([0]),
            target=np.array([3]),
            limit_ms=np.array([limit_ms]),
            scaled_by=np.array([FIXED]),
        ),
        cases=Cases(
            names=tuple(f"{case}" for case in range(8)),
            alive=alive,
            usable=np.ones(8),
            gbps=np.full((8, 1), 100.0),
            stage=np.zeros(8, dtype=np.int64),
        ),
    )


def test_a_ring_that_is_too_long_is_no_way_out():
    """Around the ring in 3 ms either way: within 2 ms the chord alone is left, and then no way."""
    half = np.array([0.5] * 6 + [1.0])
    assert not LateCuts(ring(np.inf), still_of(ring(np.inf))).rows(half, most=100)
    assert not CutSets(ring(2.0)).rows(np.maximum(half, 1.0))
    unprotected = ring(2.0)
    unprotected.cases.gbps[7] = 0.0  # no case takes the chord
    found = LateCuts(unprotected, still_of(unprotected)).rows(np.array([1.0] * 6 + [0.2]), most=100)
    assert found
    assert all(row.columns.tolist() == [6] for row in found)


def test_within_the_longer_way_both_may_take_turns():
    """Within 3 ms the chord or either half will do: two of the three, whatever is lost."""
    problem = ring(3.0)
    late = LateCuts(problem, still_of(problem))
    assert not late.rows(np.array([1.0] * 3 + [0.0] * 3 + [1.0]), most=100)
    assert late.rows(np.array([0.5] * 6 + [0.5]), most=100)


@pytest.mark.parametrize(("shared", "modules"), [(False, 1.0), (True, 2.0)])
def test_directions_that_share_capacity_are_added(shared, modules):
    """300 Gb/s each way on links of 400: one module, or two where both share it."""
    one = ring(2.0)
    problem = replace(
        one,
        links=replace(one.links, shared=shared),
        demands=Demands(
            source=np.array([0, 3]),
            target=np.array([3, 0]),
            limit_ms=np.full(2, 2.0),
            scaled_by=np.full(2, FIXED),
        ),
        cases=replace(one.cases, gbps=np.where(np.arange(8)[:, None] == 7, 0.0, [[300.0, 300.0]])),
    )
    late = LateCuts(problem, still_of(problem))
    found = late.rows(np.array([1.0] * 6 + [0.2]), most=100)
    assert max(row.low / row.values.max() for row in found) == modules
