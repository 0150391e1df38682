from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.scenarios import independent, likely, states_of, tail, uncovered

SHARES = st.lists(st.floats(0.0, 0.9), min_size=1, max_size=5).map(np.array)


@given(SHARES, st.integers(0, 6))
def test_states_of_independent_elements_have_the_probability_of_their_product(shares, k):
    links = len(shares) + 1
    elements = np.eye(len(shares), links, dtype=bool)
    elements[:, -1] = True
    down, probability, states = independent(elements, shares, k)
    told = dict(zip(states, probability.tolist(), strict=True))
    for bits in product([0, 1], repeat=len(shares)):
        chosen = tuple(np.flatnonzero(bits).tolist())
        if len(chosen) <= k:
            odds = np.where(np.array(bits) == 1, shares, 1.0 - shares).prod()
            assert told[chosen] == pytest.approx(odds)
    assert len(states) == states_of(len(shares), k)
    for row, chosen in zip(down, states, strict=True):
        expected = set(chosen) | ({links - 1} if chosen else set())
        assert set(np.flatnonzero(row).tolist()) == expected
    if k >= len(shares):
        assert uncovered(probability) == pytest.approx(0.0, abs=1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=8),
    st.integers(0, 5),
    st.floats(0.0, 0.99),
)
def test_the_tail_is_the_least_of_rockafellar_and_uryasev(cases, rest, beta):
    loss = np.array([value / 5.0 for value, _ in cases])
    weight = np.array([float(count) for _, count in cases])
    probability = weight / (weight.sum() + rest)
    every = np.append(loss, 1.0)
    odds = np.append(probability, rest / (weight.sum() + rest))
    least = min(a + float(odds @ np.maximum(every - a, 0.0)) / (1.0 - beta) for a in every)
    at, mean = tail(loss, probability, beta)
    assert mean == pytest.approx(least, abs=1e-6)
    assert odds[every <= at + 1e-12].sum() >= beta - 1e-9
    assert odds[every < at - 1e-12].sum() < beta + 1e-9


def test_the_likely_cases_are_the_fewest_that_cover():
    probability = np.array([0.05, 0.8, 0.1])
    assert likely(probability, 0.5).tolist() == [1]
    assert likely(probability, 0.85).tolist() == [1, 2]
    assert likely(probability, 0.96) is None


@pytest.mark.parametrize("wrong", [[-0.1, 0.5], [0.7, 0.7]])
def test_probabilities_that_cannot_be_are_broken_promises(wrong):
    with pytest.raises(AssertionError):
        uncovered(np.array(wrong))
