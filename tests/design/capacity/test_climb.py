"""Sets get thinner and end at the best of their neighbourhood; none is told twice."""

import numpy as np
import pytest
from draws import drawn

from arterial.design.capacity.climb import climbed
from arterial.design.capacity.measure import measured


def _starts(seed):
    problem = drawn(seed)
    random = np.random.default_rng(seed)
    thin = measured(problem, random.integers(0, 3, len(problem.program.cost)).astype(float))
    return thin, random.random((30, problem.links.sites)) < 0.5


def _asked(side, thin, pattern):
    """What must leave a side."""
    return sum(
        thin.gbps[pattern, k]
        for k in range(thin.gbps.shape[1])
        if side[thin.source[thin.first_source[k] : thin.first_source[k + 1]]].all()
        and not side[thin.target[thin.first_target[k] : thin.first_target[k + 1]]].any()
    )


def _thin(inside, thin):
    """The worst over directions, cases and sizes, and over all that take one link each."""
    border = np.flatnonzero(inside[thin.ends[:, 0]] != inside[thin.ends[:, 1]])
    worst, alone = [-np.inf], {}
    for way, side in enumerate((inside, ~inside)):
        leads = np.where(side[thin.ends[border, 0]], 1.0, thin.back[border])
        for case, pattern in enumerate(thin.pattern):
            asked = _asked(side, thin, pattern)
            if thin.shared:
                asked += _asked(~side, thin, pattern)
            if asked <= 1e-7:
                continue
            places = slice(thin.first_lost[case], thin.first_lost[case + 1])
            lost = dict(zip(thin.lost[places], thin.lost_share[places], strict=True))
            gone = np.array([lost.get(link, 0.0) for link in border])
            for unit, size in enumerate(thin.size_gbps):
                units = thin.units[thin.stage[case], unit, border] * leads * (1.0 - gone)
                short = np.ceil(asked / size - 1e-7) - units.sum()
                worst.append(short / np.sqrt(max(len(border) - (gone > 0).sum(), 1)))
            for link in border[gone == 1.0].tolist():
                alone[way, link] = max(alone.get((way, link), 0.0), asked)
        has = [
            link
            for link, lead in zip(border, leads, strict=True)
            if lead * thin.units[-1, 0, link] > 1e-7
        ]
        every = min((alone.get((way, link), 0.0) for link in has), default=0.0)
        if len(has) > 1 and every > 1e-7:
            for unit, size in enumerate(thin.size_gbps):
                each = np.ceil(every / size - 1e-7)
                least = np.ceil(each * len(has) / (len(has) - 1) - 1e-7)
                total = (thin.units[-1, unit, border] * leads).sum()
                worst.append((least - total) / np.sqrt(len(border)))
    return max(worst)


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
