from itertools import combinations

import msgspec
import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.plan.store import read_plan
from arterial.prove.cases import compile_cases, failures_of, paired
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables
from arterial.prove.two_cuts import excepted_rows, owed_nothing, pairs_of, states


def asked(plan, *classes, keep=1.0):
    """The plan under a policy that keeps something of some classes after two cuts."""
    rules = tuple(
        msgspec.structs.replace(rule, after=(*rule.after, "fibre2"), keep=min(keep, rule.keep))
        if set(classes) & set(rule.classes)
        else rule
        for rule in plan.network.policy.rules
    )
    policy = msgspec.structs.replace(plan.network.policy, rules=rules)
    return msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, policy=policy)
    )


@pytest.fixture(scope="module", params=[("inference",), ("inference", "sync")])
def swept(request, drill_plan):
    """(pairs, states) and, of every pair, a sweep of its own with all classes in it."""
    plan = asked(read_plan(drill_plan), *request.param)
    tables, book = compile_tables(plan), register(plan)
    singles = compile_cases(tables, failures_of(tables))
    pairs = pairs_of(tables, book, singles)
    whole = sweep(tables, book, paired(tables, singles, pairs.first, pairs.second), silent)
    return pairs, list(states(pairs, silent)), whole


def test_every_two_fibres_in_use_are_a_case_of_one_state(swept):
    pairs, found, _ = swept
    used = {hop.fibre for hop in pairs.tables.plan.lightpath_hops}
    told = {frozenset(pairs.fibres(case)) for case in range(len(pairs))}
    assert told == {frozenset(pair) for pair in combinations(used, 2)}
    assert sorted(case for state in found for case in state.cases) == list(range(len(pairs)))


def test_a_state_says_what_each_of_its_cases_would_with_every_class_in_it(swept):
    pairs, found, whole = swept
    assert whole.refused == {}
    rows = [pairs.tables.demands.names.index(name) for name in pairs.trips]
    for state in found:
        assert state.check.violations == ()
        shares = [state.check.share[name] for name in pairs.trips]
        for case in state.cases:
            assert np.allclose(whole.share[case, rows], shares, rtol=1e-9)


def test_rows_tell_the_cases_in_which_somebody_is_owed_nothing(swept):
    pairs, _, _ = swept
    rows = {frozenset(row.fibres): row for row in excepted_rows(pairs.tables.plan)}
    for case in range(len(pairs)):
        excused = pairs.excused(case)
        row = rows.pop(frozenset(pairs.fibres(case)), None)
        assert (row is not None) == bool(excused)
        assert set(row.names if row else ()) == {trip.name for trip in excused}
    assert rows == {}


def test_no_rule_no_case(drill_plan):
    plan = read_plan(drill_plan)
    tables, book = compile_tables(plan), register(plan)
    assert pairs_of(tables, book, compile_cases(tables, failures_of(tables))) is None
    assert excepted_rows(plan) == ()
    assert owed_nothing(plan) == {}
