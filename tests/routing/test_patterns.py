from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.pathset import PathSet
from arterial.routing.patterns import patterns_of, survivors


def drawn(seed):
    random = np.random.default_rng(seed)
    links, demands = int(random.integers(1, 7)), int(random.integers(1, 4))
    paths = [
        (demand, (2 * random.permutation(links)[: random.integers(1, 4)]).tolist())
        for demand in range(demands)
        for _ in range(int(random.integers(0, 5)))
    ]
    elements = random.random((int(random.integers(1, 6)), links)) < 0.4
    return paths, elements, demands


def dead(paths, demand, down):
    own = [path for owner, path in paths if owner == demand]
    return sum(1 << r for r, path in enumerate(own) if any(down[arc >> 1] for arc in path))


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_patterns_are_the_worst_of_all_combinations_of_failures(seed, k):
    paths, elements, demands = drawn(seed)
    found = patterns_of(PathSet.of(paths), elements, demands, k)
    assert not found.loose.any()
    for demand in range(demands):
        every = {
            dead(paths, demand, elements[list(chosen)].any(axis=0))
            for many in range(k + 1)
            for chosen in combinations(range(len(elements)), many)
        } - {0}
        worst = {mask for mask in every if not any(mask != o and mask | o == o for o in every)}
        assert sorted(found.dead[found.demand == demand].tolist()) == sorted(worst)


@given(st.integers(0, 2**32 - 1))
def test_survivors_are_the_paths_outside_the_pattern(seed):
    paths, elements, demands = drawn(seed)
    given_paths = PathSet.of(paths)
    found = patterns_of(given_paths, elements, demands)
    pattern, path = survivors(given_paths, found, demands)
    told = set(zip(pattern.tolist(), path.tolist(), strict=True))
    for number in range(len(found)):
        own = np.flatnonzero(given_paths.demand == found.demand[number]).tolist()
        assert {p for s, p in told if s == number} == {
            p for r, p in enumerate(own) if not found.dead[number] >> r & 1
        }


def test_too_many_patterns_leave_those_of_one_failure():
    paths = PathSet.of([(0, (2 * link,)) for link in range(6)])
    found = patterns_of(paths, np.eye(6, dtype=bool), 1, k=3, most=5)
    assert found.loose.tolist() == [True]
    assert sorted(found.dead.tolist()) == [1, 2, 4, 8, 16, 32]
