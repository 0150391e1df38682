"""Rows of sets of sites: the best point fulfils them, and covers of a border are bought twice."""

import numpy as np
import pytest
from draws import drawn
from monolith import monolith
from scipy import sparse

from arterial.design.capacity.cut_rows import set_rows
from arterial.design.capacity.measure import measured
from arterial.design.capacity.places import places_of
from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.design.capacity.row import broken_by
from arterial.solve.program import Program, Rows


@pytest.mark.parametrize("seed", range(40))
def test_the_best_point_fulfils_the_rows_of_any_set(seed):
    problem = drawn(seed)
    best = monolith(problem).columns
    places, random = places_of(problem), np.random.default_rng(seed)
    for _ in range(6):
        point = random.uniform(0.0, 1.0, len(best)) * (random.random(len(best)) < 0.6)
        inside = random.random(places.sites) < 0.5
        rows = set_rows(problem, places, measured(problem, point), inside, point)
        assert (broken_by(rows, best) <= 1e-6).all()


def _four_links():
    """Two links in each of two trenches between two sites; a cut takes a trench."""
    return Problem(
        program=Program(
            cost=np.ones(4),
            low=np.zeros(4),
            high=np.full(4, np.inf),
            integer=np.ones(4, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        links=Links(
            sites=2,
            ends=np.array([[0, 1]] * 4),
            base_gbps=np.zeros(4),
            supply=sparse.csr_array(np.eye(4) * 400.0),
            latency_ms=np.ones(4),
        ),
        demands=Demands(
            source=np.array([0]),
            target=np.array([1]),
            limit_ms=np.array([np.inf]),
            scaled_by=np.array([FIXED]),
        ),
        cases=Cases(
            names=("none", "one trench", "the other"),
            alive=np.array([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]]),
            usable=np.ones(3),
            gbps=np.full((3, 1), 100.0),
            stage=np.zeros(3, dtype=np.int64),
        ),
    )


def test_a_border_that_two_cases_take_needs_two_whole_modules_though_each_takes_several_links():
    problem = _four_links()
    inside = np.array([True, False])
    point = np.array([0.25, 0.25, 0.25, 0.25])
    rows = set_rows(problem, places_of(problem), measured(problem, point), inside, point)
    least = min(
        sum(x)
        for x in np.ndindex(3, 3, 3, 3)
        if (broken_by(rows, np.array(x, dtype=float)) <= 1e-9).all()
    )
    assert least == 2
