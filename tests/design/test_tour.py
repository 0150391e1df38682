from itertools import permutations

import numpy as np
import pytest

from arterial.design.tour import shortest_tour


def between(points):
    return np.abs(points[:, None] - points)


def lap(distance, order):
    return sum(distance[a, z] for a, z in zip(order, [*order[1:], order[0]], strict=True))


@pytest.mark.parametrize("count", [4, 5, 7])
def test_the_bound_is_no_longer_than_the_shortest_tour_and_the_tour_no_shorter(count, seed):
    random = np.random.default_rng(seed + count)
    distance = between(random.random(count) + 1j * random.random(count))
    found = shortest_tour(distance)
    shortest = min(lap(distance, [0, *rest]) for rest in permutations(range(1, count)))
    assert sorted(found.order) == list(range(count))
    assert found.length == pytest.approx(lap(distance, list(found.order)))
    assert found.bound <= shortest + 1e-9
    assert found.length >= shortest - 1e-9
    assert found.gap < 0.05


def test_sites_on_a_circle_are_visited_round_it():
    found = shortest_tour(between(np.exp(2j * np.pi * np.arange(12) / 12)))
    assert found.order == tuple(range(12))
    assert found.gap == pytest.approx(0.0, abs=1e-9)


def test_two_far_groups_need_cuts():
    group = np.array([0, 1, 1j, 1 + 1j])
    found = shortest_tour(between(np.concatenate([group, group + 100])))
    assert found.cuts > 0
    assert found.gap == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_sites_have_one_tour(count):
    found = shortest_tour(between(np.arange(count) + 0j))
    assert found.order == tuple(range(count))
    assert found.length == found.bound == pytest.approx(2.0 * (count - 1))
