import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.pathset import PathSet
from arterial.routing.patterns import Patterns, patterns_of
from arterial.routing.trim import trimmed


@given(st.integers(0, 2**32 - 1))
def test_trimming_takes_no_more_than_every_pattern_can_spare_and_all_of_that(seed):
    random = np.random.default_rng(seed)
    demands = int(random.integers(1, 4))
    paths = PathSet.of(
        (demand, (2 * int(random.integers(0, 5)),))
        for demand in range(demands)
        for _ in range(int(random.integers(0, 5)))
    )
    rate = random.integers(0, 9, len(paths)).astype(float)
    target = random.integers(0, 15, demands).astype(float)
    patterns = patterns_of(paths, np.eye(5, dtype=bool), demands)
    less = trimmed(paths, rate, patterns, target)
    assert ((less >= 0.0) & (less <= rate)).all()
    needed = np.zeros(len(paths), dtype=bool)
    whole = Patterns(
        demand=np.concatenate([np.arange(demands), patterns.demand]),
        dead=np.concatenate([np.zeros(demands, np.int64), patterns.dead]),
        loose=patterns.loose,
    )
    for demand, dead in zip(whole.demand.tolist(), whole.dead.tolist(), strict=True):
        own = np.flatnonzero(paths.demand == demand)
        alive = np.array([p for r, p in enumerate(own) if not dead >> r & 1], dtype=np.int64)
        before, after = rate[alive].sum(), less[alive].sum()
        kept = min(before, target[demand])
        assert after == pytest.approx(max(kept, after))
        if after <= kept + 1e-9:
            needed[alive] = True
    assert (needed | (less <= 1e-9)).all()
