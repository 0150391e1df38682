from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.scenarios import likely, states_of, tail, uncovered


def test_states_are_counted_as_combinations():
    for k in range(5):
        chosen = [one for many in range(k + 1) for one in combinations(range(4), many)]
        assert states_of(4, k) == len(chosen)


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
