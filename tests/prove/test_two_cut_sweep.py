"""What double cuts miss without an element: told state by state as every pair by itself tells."""

import msgspec
import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.plan.store import read_plan
from arterial.prove.cases import compile_cases, failures_of, paired, without
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables
from arterial.prove.two_cut_play import played
from arterial.prove.two_cut_sweep import cases_with, owed_in, two_cut_losses, two_cut_sweep
from arterial.prove.two_cuts import pairs_of
from arterial.prove.verifier import TOLERANCE


def widened(plan):
    """The plan, asked to keep half of synchronous training too: a promise that it breaks."""
    policy = plan.network.policy
    rules = tuple(
        msgspec.structs.replace(rule, after=(*rule.after, "fibre2")) if rule.keep == 0.5 else rule
        for rule in policy.rules
    )
    policy = msgspec.structs.replace(policy, rules=rules)
    return msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, policy=policy)
    )


@pytest.fixture(scope="module", params=[False, True], ids=["people", "people and training"])
def whole(request, doubled_plan):
    plan = read_plan(doubled_plan)
    plan = widened(plan) if request.param else plan
    tables, book = compile_tables(plan), register(plan)
    singles = compile_cases(tables, failures_of(tables))
    return plan, pairs_of(tables, book, singles)


def every_pair(pairs, lost):
    """A sweep of every pair by itself with an element out: no states, all classes in it."""
    singles = without(pairs.tables, pairs.singles, lost) if lost else pairs.singles
    both = paired(pairs.tables, singles, pairs.first, pairs.second)
    return sweep(pairs.tables, pairs.book, both, silent)


def elements(plan):
    hops = plan.lightpath_hops
    yield from (("wave", wave.name, 0) for wave in plan.lightpaths[::3])
    yield from (("pair", hop.fibre, hop.pair) for hop in hops[::9])
    yield ("edge", plan.replicas[0].edge, 0)


def missed_by(pairs, had, has):
    """Cases and demands that miss a promise which they had, one by one."""
    keep = {promise.traffic_class.name: promise.keep for promise in pairs.promises}
    for case in range(len(pairs)):
        for place, name in enumerate(pairs.tables.demands.names):
            trip = pairs.trips.get(name)
            if trip is None or trip in pairs.excused(case):
                continue
            least = keep[pairs.book.demands[name].traffic_class] - TOLERANCE
            if had[case, place] >= least > has[case, place]:
                lost = had[case, place] - has[case, place]
                yield case, name, lost * pairs.book.demands[name].gbps


def test_losses_are_those_of_every_pair_swept_by_itself(whole):
    plan, pairs = whole
    before, had = two_cut_sweep(pairs, silent), every_pair(pairs, frozenset())
    seen = 0
    for element in elements(plan):
        out = frozenset({element})
        singles = without(pairs.tables, pairs.singles, out)
        after = two_cut_sweep(pairs_of(pairs.tables, pairs.book, singles), silent)
        found, count = two_cut_losses(before, after)
        told = list(missed_by(pairs, had.share, every_pair(pairs, out).share))
        assert count == len({case for case, _, _ in told})
        worst = {}
        for _, name, gbps in told:
            worst[name] = max(worst.get(name, 0.0), gbps)
        assert {row.demand: row.lost_gbps for row in found} == pytest.approx(worst)
        names = {(pairs.name(case), name) for case, name, _ in told}
        assert {(row.case, row.demand) for row in found} <= names
        seen += count
    assert seen > 0


def test_gates_are_those_of_a_proof_without_it(whole):
    plan, pairs = whole
    name = plan.lightpaths[0].name
    singles = without(pairs.tables, pairs.singles, frozenset({("wave", name, 0)}))
    found = two_cut_sweep(pairs_of(pairs.tables, pairs.book, singles), silent)
    told = {gate.name: gate for gate in prove(plan, without=[f"wave {name}"]).gates}
    assert found.gates
    assert all(told[gate.name] == gate for gate in found.gates)


def test_states_played_again_where_it_matters_are_all_states_played_again(whole):
    plan, pairs = whole
    play = played(pairs)
    before = two_cut_sweep(pairs, silent)
    own = [name in pairs.trips for name in pairs.tables.demands.names]
    assert np.allclose(play.share[:, own], before.share[:, own], rtol=1e-9)
    spared = 0
    for element in elements(plan):
        out = frozenset({element})
        singles = without(pairs.tables, pairs.singles, out)
        other = played(pairs_of(pairs.tables, pairs.book, singles))
        state = other.pairs.state[pairs.example]
        assert np.allclose(play.share_without(out)[:, own], other.share[state][:, own], rtol=1e-9)
        rows, _ = play.changed(out)
        spared += len(pairs.example) - len(rows)
    assert spared > 0


def test_what_is_owed_in_a_state_is_owed_in_one_of_its_cases(whole):
    _, pairs = whole
    owed = owed_in(pairs)
    names = pairs.tables.demands.names
    told = np.zeros_like(owed)
    for case in range(len(pairs)):
        trips = pairs.excused(case)
        told[pairs.state[case]] |= [n in pairs.trips and pairs.trips[n] not in trips for n in names]
    assert (owed == told).all()
    assert cases_with(pairs, np.zeros_like(owed)) == 0
    assert cases_with(pairs, owed) == len(pairs)
