"""People after two cuts: as a sweep of every pair with all classes in it says, and nobody else."""

from itertools import combinations
from math import isnan

import msgspec
import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.model.policy import Rule
from arterial.plan.store import read_plan
from arterial.prove.answered import double_cuts
from arterial.prove.best_lp import best_routing
from arterial.prove.cases import compile_cases, failures_of, paired
from arterial.prove.criticality import any_delay
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def found(plan):
    return double_cuts(plan)


def every_pair(tables):
    singles = compile_cases(tables, failures_of(tables))
    one, other = zip(*combinations(singles.of_kind("fibre").tolist(), 2), strict=True)
    names = [f"{singles.names[a]} + {singles.names[b]}" for a, b in zip(one, other, strict=True)]
    return names, paired(tables, singles, np.array(one), np.array(other))


def test_people_answered_are_those_of_a_sweep_with_every_class_in_it(plan, found):
    classes = tuple(msgspec.structs.replace(row, rtt_ms=None) for row in plan.network.classes)
    free = msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, classes=classes)
    )
    tables = compile_tables(free)
    names, cases = every_pair(tables)
    whole = sweep(tables, register(free), cases, silent)
    people = {row.name: row.people for row in plan.network.markets}
    answered = np.zeros(len(names))
    for market in {row.market for row in plan.demands if row.market}:
        own = [place for place, row in enumerate(plan.demands) if row.market == market]
        answered += people[market] * whole.share[:, own].min(axis=1)
    answered /= sum(people[row.market] for row in plan.replicas)
    assert found.cases == len(names)
    assert found.answered_mean == pytest.approx(answered.mean())
    assert found.answered_worst == pytest.approx(answered.min())
    assert found.answered_all == pytest.approx((answered >= 1.0 - 1e-6).mean())
    assert answered[names.index(found.worst_case)] == pytest.approx(found.answered_worst)


def test_no_way_is_left_where_no_program_finds_a_first_path(plan, found):
    tables = any_delay(compile_tables(plan))
    asked = {
        name for rule in plan.network.policy.rules if "fibre" in rule.after for name in rule.classes
    }
    required = {k: row.gbps for k, row in enumerate(plan.demands) if row.traffic_class in asked}
    names, cases = every_pair(tables)
    shares = [best_routing(tables, cases, k, required, rounds=0) for k in range(len(names))]
    assert found.no_way == sum(answer.share == 0.0 for answer in shares)


def test_a_rule_on_two_cuts_changes_nothing_of_what_a_plan_answers(plan, found):
    rule = Rule(classes=("inference",), after=("fibre2",), keep=0.5)
    rules = (*plan.network.policy.rules, rule)
    policy = msgspec.structs.replace(plan.network.policy, rules=rules)
    network = msgspec.structs.replace(plan.network, policy=policy)
    assert double_cuts(msgspec.structs.replace(plan, network=network)) == found


def test_without_people_nobody_knows_and_ways_are_counted_all_the_same(ring, found):
    given = tuple(row for row in ring.demands if not row.market)
    names = {row.name for row in given}
    tunnels = tuple(row for row in ring.tunnels if row.demand in names)
    kept = {row.name for row in tunnels}
    hops = tuple(row for row in ring.tunnel_hops if row.tunnel in kept)
    alone = double_cuts(
        msgspec.structs.replace(ring, demands=given, tunnels=tunnels, tunnel_hops=hops, replicas=())
    )
    assert alone.cases == 10
    assert alone.no_way > 0
    assert isnan(alone.answered_mean)
    assert alone.worst_case == ""
    assert not isnan(found.answered_mean)
