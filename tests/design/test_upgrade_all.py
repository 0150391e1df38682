"""Every pair of sites at once: one plan, one order, one list."""

import pytest

from arterial.design.upgrade_all import AskAll, pairs_of, upgrade_all
from arterial.prove.light import spectrum_conflicts
from arterial.prove.restoration import restoration_faults


@pytest.fixture(scope="module", params=[{}, {"in_place": True}, {"mode": "OpenZR+ 400"}], ids=str)
def done(request, ground_floor):
    ask = AskAll(target_factor=2.0, **request.param)
    return upgrade_all(ground_floor.plan, ground_floor.sections, ask)


def test_each_pair_is_raised_or_stays_and_says_why(ground_floor, done):
    after = {frozenset((a, z)): gbps for a, z, gbps in pairs_of(done.plan)}
    assert len(done.pairs) == len(list(pairs_of(ground_floor.plan)))
    for pair in done.pairs:
        assert after[frozenset((pair.ask.a, pair.ask.z))] == pair.after_gbps
        if pair.verdict == "yes":
            assert pair.after_gbps >= pair.ask.target_gbps == 2 * pair.before_gbps
        else:
            assert pair.after_gbps == pair.before_gbps
    assert (done.verdict == "yes") == all(pair.verdict == "yes" for pair in done.pairs)


def test_steps_are_counted_through_and_hold(done):
    assert [step.number for step in done.steps] == list(range(1, len(done.steps) + 1))
    assert all(step.holds for step in done.steps)


def test_the_list_balances_and_the_bound_holds(ground_floor, done):
    for row in done.exchanged:
        assert row.before + row.bought == row.after + row.freed - row.reused
    assert done.bound <= done.cost + 1e-9
    ports = sum(row.quantity for row in done.plan.bill if row.item == "router port")
    listed = {row.where: row.after for row in done.exchanged if row.item == "router port"}
    stood = {r.where: r.quantity for r in ground_floor.plan.bill if r.item == "router port"}
    assert sum((stood | listed).values()) == ports


def test_light_keeps_apart_and_is_restored_on_what_stands(ground_floor, done):
    assert list(spectrum_conflicts(done.plan)) == []
    assert list(restoration_faults(done.plan)) == []
    assert done.plan.spares == ground_floor.plan.spares
    if done.steps:
        assert done.plan.restored_waves
