import math

import numpy as np
import pytest

from arterial.design.capacity.row import Row
from arterial.design.capacity.step import Step
from arterial.errors import DamagedError
from arterial.study.capacity_source import Source, task_of
from arterial.study.capacity_store import STATE, Kept, keep_state, kept_state, key_of

STEP = Step(
    parts=np.zeros(0),
    round=3,
    phase="parts",
    bound=1.5,
    cost=math.inf,
    columns=np.zeros(0),
    rows=(Row(np.array([0, 2]), np.array([1.0, 0.5]), 3.0), Row(np.array([1]), np.ones(1), 1.0)),
    short=2,
    solved=7,
)


def test_a_step_comes_back_as_it_was():
    again = Kept.of("k", STEP).step()
    assert (again.round, again.phase, again.bound, again.cost) == (3, "parts", 1.5, math.inf)
    assert [(r.columns.tolist(), r.values.tolist(), r.low) for r in again.rows] == [
        ([0, 2], [1.0, 0.5], 3.0),
        ([1], [1.0], 1.0),
    ]


def test_what_was_kept_comes_back_for_the_same_problem_alone(tmp_path):
    kept = Kept.of("k", STEP)
    assert kept_state(tmp_path, "k") is None
    keep_state(tmp_path / "new", kept)
    assert kept_state(tmp_path / "new", "k") == kept
    with pytest.raises(DamagedError, match="another problem's"):
        kept_state(tmp_path / "new", "other")


def test_a_damaged_state_is_told(tmp_path):
    (tmp_path / STATE).write_bytes(b"\xc1")
    with pytest.raises(DamagedError, match="cannot be read"):
        kept_state(tmp_path, "k")


def test_a_key_is_the_problem_s(drill):
    one, other = (
        key_of(task_of(drill, Source(modules=("400:10",), failures=failures)))
        for failures in ("none", "fibre")
    )
    assert one != other
    assert one == key_of(task_of(drill, Source(modules=("400:10",), failures="none")))
