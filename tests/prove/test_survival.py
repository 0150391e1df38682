from itertools import combinations

import numpy as np
import pytest

from arterial.plan.store import read_plan
from arterial.prove.best_lp import best_routing
from arterial.prove.cases import compile_cases, failures_of, paired
from arterial.prove.criticality import any_delay
from arterial.prove.proof import prove
from arterial.prove.survival import double_cuts, survived, survived_all
from arterial.prove.tables import compile_tables


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def tables(plan):
    return compile_tables(plan)


def test_a_class_keeps_what_is_asked_in_all_cases_where_its_gate_is_proved(plan, tables):
    gates = {gate.name: gate for gate in prove(plan).gates}
    rows = survived(tables)
    assert rows
    for row in rows:
        gate = gates[f"runs: {row.traffic_class} after {row.kind}"]
        assert (row.kept == row.cases) == (gate.verdict == "proved")
        assert row.cases <= gate.cases
        assert row.carried >= gate.value - 1e-6
    assert survived_all(tables) == 1.0


def test_double_cuts_are_those_that_a_program_a_pair_finds(plan, tables):
    found = double_cuts(tables)
    free = any_delay(tables)
    singles = compile_cases(free, failures_of(free))
    asks = {
        name: rule.keep
        for rule in plan.network.policy.rules
        if "fibre" in rule.after
        for name in rule.classes
    }
    required = {
        k: asks.get(demand.traffic_class, 0.0) * demand.gbps
        for k, demand in enumerate(plan.demands)
    }
    pairs = list(combinations(singles.of_kind("fibre").tolist(), 2))
    answers = [
        best_routing(free, paired(free, singles, np.array([a]), np.array([z])), 0, required).share
        for a, z in pairs
    ]
    survivors = sum(share >= 1.0 - 1e-6 for share in answers)
    assert found.cases == len(pairs)
    assert found.low == pytest.approx(survivors / len(pairs))
    assert found.high == pytest.approx(found.low)
    assert found.no_way == sum(share == 0.0 for share in answers)


def test_without_programs_the_share_lies_between(tables):
    loose, tight = double_cuts(tables, programs=0), double_cuts(tables)
    assert loose.low <= tight.low <= tight.high <= loose.high
