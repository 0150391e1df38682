import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.hose import Hose, hose_of, inside, worst_for

SEEDS = st.integers(0, 2**32 - 1)


def hose(random, sites=5, kinds=2):
    return Hose(
        kinds=tuple(f"k{n}" for n in range(kinds)),
        limit_ms=(np.inf,) * kinds,
        out_gbps=random.integers(0, 50, (kinds, sites)).astype(float),
        into_gbps=random.integers(0, 50, (kinds, sites)).astype(float),
    )


@given(SEEDS)
@settings(max_examples=25)
def test_the_farthest_matrix_is_within_the_totals_and_goes_farther_than_others(seed):
    random = np.random.default_rng(seed)
    ours = hose(random)
    distance = random.uniform(0.0, 10.0, (5, 5))
    far = worst_for(ours, distance)
    assert inside(ours, far)
    assert (far[:, range(5), range(5)] == 0.0).all()
    for _ in range(5):
        other = worst_for(ours, random.uniform(0.0, 1.0, (5, 5))) * random.uniform(0.0, 1.0)
        assert inside(ours, other)
        assert (far * distance).sum() >= (other * distance).sum() * (1 - 1e-4) - 1e-6


def test_more_than_a_total_is_outside():
    ours = hose(np.random.default_rng(0))
    matrix = np.zeros((2, 5, 5))
    matrix[0, 0, 1] = min(ours.out_gbps[0, 0], ours.into_gbps[0, 1]) + 1.0
    assert not inside(ours, matrix)


def test_a_hose_has_the_totals_of_its_load(years):
    outlook = years(0)
    flows = outlook.stages[0].flows[0]
    ours = hose_of(outlook.instance, flows)
    free = [flow for flow in flows if not flow.market]
    total = sum(flow.up_gbps + flow.down_gbps for flow in free)
    assert ours.out_gbps.sum() == pytest.approx(total)
    assert ours.into_gbps.sum() == pytest.approx(total)
    assert set(ours.kinds) == {"checkpoint", "sync"}
