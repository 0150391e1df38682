"""What the dominant cases allow, all cases allow; none of them implies another."""

from dataclasses import replace

import numpy as np
import pytest
from draws import drawn
from monolith import monolith, sound

from arterial.design.capacity.dominant import dominant


@pytest.mark.parametrize("seed", range(12))
def test_the_best_point_of_the_dominant_cases_is_the_best_of_all(seed):
    problem = drawn(seed)
    fewer = dominant(problem)
    best = monolith(fewer)
    assert best.cost == pytest.approx(monolith(problem).cost, rel=1e-6)
    assert sound(problem, best.columns)
    assert len(dominant(fewer).cases.names) == len(fewer.cases.names)


def test_a_case_twice_is_looked_at_once():
    problem = drawn(1)
    cases = problem.cases
    twice = replace(
        cases,
        names=(*cases.names, *cases.names),
        alive=np.vstack([cases.alive] * 2),
        usable=np.tile(cases.usable, 2),
        gbps=np.vstack([cases.gbps] * 2),
        stage=np.tile(cases.stage, 2),
    )
    kept = dominant(replace(problem, cases=twice)).cases.names
    assert len(kept) == len(dominant(problem).cases.names)
