from itertools import combinations

import numpy as np
import pytest

from arterial.design.median import p_median


@pytest.mark.parametrize("hubs", [1, 2, 3])
def test_no_choice_of_hubs_has_less(hubs, seed):
    random = np.random.default_rng(seed + hubs)
    weight, distance = random.random(9), random.random((9, 6)) * 100.0
    found = p_median(weight, distance, hubs)
    least = min(
        float(weight @ distance[:, list(chosen)].min(axis=1))
        for chosen in combinations(range(6), hubs)
    )
    assert found.value == pytest.approx(least, rel=1e-6)
    assert found.bound <= found.value
    assert found.gap == pytest.approx(0.0, abs=1e-6)


def test_each_goes_to_its_nearest_hub():
    distance = np.abs(np.arange(8.0)[:, None] - np.arange(8.0))
    found = p_median(np.ones(8), distance, 2)
    assert set(found.home.tolist()) == set(found.hubs)
    for site, home in enumerate(found.home.tolist()):
        assert distance[site, home] == distance[site, list(found.hubs)].min()


def test_a_hub_out_of_reach_is_nobodys():
    distance = np.array([[0.0, np.inf], [np.inf, 0.0]])
    assert p_median(np.ones(2), distance, 2).value == 0.0
