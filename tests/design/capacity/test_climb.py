"""Sets get thinner and end at the best of their neighbourhood; none is told twice."""

import numpy as np
import pytest
from draws import drawn

from arterial.design.capacity.climb import climbed
from arterial.design.capacity.cut_kernels import thinness
from arterial.design.capacity.cut_sets import measured


def _starts(seed):
    problem = drawn(seed)
    random = np.random.default_rng(seed)
    thin = measured(problem, random.integers(0, 3, len(problem.program.cost)).astype(float))
    return thin, random.random((30, problem.links.sites)) < 0.5


def _thin(inside, thin):
    return thinness(inside, thin, np.empty(len(thin.gbps)))


@pytest.mark.parametrize("seed", range(40))
def test_where_a_climb_ends_is_as_thin_as_is_said_and_no_site_that_moves_betters_it(seed):
    thin, sets = _starts(seed)
    before = [_thin(inside, thin) for inside in sets]
    far = climbed(sets, thin, 400)
    for inside, short, start in zip(sets, far.tolist(), before, strict=True):
        if short == -np.inf:
            continue
        assert short == pytest.approx(_thin(inside, thin))
        assert short >= start - 1e-9
        for site in np.unique(thin.ends[inside[thin.ends[:, 0]] != inside[thin.ends[:, 1]]]):
            moved = inside ^ (np.arange(len(inside)) == site)
            assert _thin(moved, thin) <= short + 1e-6


def test_starts_that_meet_are_told_once_and_so_are_both_sides_of_a_border():
    thin, sets = _starts(3)
    both = np.concatenate([sets, ~sets])
    far = climbed(both, thin, 400)
    told = both[far > -np.inf]
    told = np.where(told[:, :1], ~told, told)
    assert len(np.unique(told, axis=0)) == len(told)
    assert (far[len(sets) :] == -np.inf).all()
