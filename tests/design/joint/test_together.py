"""Designed together, a plan is no dearer than placement first, and its bound is for all."""

import random
from dataclasses import replace
from itertools import count

import msgspec
import pytest

from arterial.design.engine import Ask, design
from arterial.design.memory import Memory
from arterial.jobs.ledger import Ledger

ASK = Ask(load="base", gap=0.0, rounds=1, bound_rounds=0, joint_rounds=1)


@pytest.fixture(scope="module")
def made(small):
    """The plan, what it came to, and how often the clock was looked at."""
    told, ticks = [], count()
    plan = design(small, ASK, heard=told.append, clock=lambda: float(next(ticks)))
    return plan, told, next(ticks)


def test_it_is_no_dearer_and_tells_both(small, made):
    plan, told, _ = made
    apart = design(small, replace(ASK, joint_rounds=0))
    assert told[0].apart_cost == apart.cost
    assert told[0].apart_bound == apart.bound
    assert told[0].cost == plan.cost - plan.spares_cost <= apart.cost
    assert told[0].bound == plan.bound <= plan.cost
    assert told[0].saving == (apart.cost - told[0].cost) / apart.cost
    assert "replicas and network together" in plan.bound_note
    assert plan.input_hash != apart.input_hash


def test_a_load_without_markets_has_nothing_to_move(drill):
    told = []
    plan = design(drill, Ask(load="given", rounds=1, joint_rounds=1), heard=told.append)
    assert told[0].saving == 0.0
    assert told[0].bound == told[0].apart_bound
    assert not plan.replicas


def test_cut_at_any_moment_it_goes_on_to_the_same_plan(small, made, tmp_path, seed):
    plan, told, looks = made
    limit, ticks = random.Random(seed).randrange(looks - 1), count()  # noqa: S311 - a moment
    again = []
    with Ledger(tmp_path / "ledger", "key") as ledger:
        cut = design(
            small,
            replace(ASK, time_limit_s=limit),
            memory=Memory(ledger),
            clock=lambda: float(next(ticks)),
        )
        same = design(small, ASK, memory=Memory(ledger), heard=again.append)
    assert cut.status == "time"
    assert cut.bound <= plan.cost
    assert msgspec.json.encode(same) == msgspec.json.encode(plan), limit
    assert again == told
