"""What is called needed refutes the plan when it is taken out; loads are those of the prover."""

import math

import pytest

from arterial.errors import ModelError
from arterial.plan.store import read_plan
from arterial.prove.proof import prove
from arterial.prove.why import element_named, reason

ELEMENTS = [
    *(f"w{i}.{k}" for i in range(5) for k in (1, 2)),
    *(f"F{i}" for i in range(5)),
    *(f"F{i}#1" for i in (0, 3)),
    "edge S1",
    "S4",
]


@pytest.fixture(scope="module")
def whole(ring, margin_db):
    return prove(ring, margin_db=margin_db)


@pytest.mark.parametrize("name", ELEMENTS)
def test_what_is_needed_refutes_the_plan_when_it_is_lost_and_what_is_spare_leaves_every_gate(
    ring, whole, margin_db, name
):
    found = reason(ring, name)
    proof = prove(ring, without=found.out, margin_db=margin_db)
    pairs = list(zip(whole.gates, proof.gates, strict=True))
    turned = {new.name: new.verdict for old, new in pairs if old.verdict != new.verdict}
    assert {row.gate: row.verdict for row in found.lost.turned} == turned
    assert (found.lost.word == "needed") == (proof.verdict == "refuted")
    assert (found.lost.word == "spare") == (not turned)
    assert (found.lost.word == "spare") <= (not found.lost.losses)


@pytest.mark.parametrize("link", range(5))
def test_loads_are_the_prover_s_and_riders_add_up_to_them(ring, whole, link):
    found = reason(ring, f"L{link}")
    worst = next(row for row in whole.worst_links if row.link == f"L{link}")
    fullest = max(found.cases, key=lambda row: row.utilisation)
    assert fullest.utilisation == pytest.approx(worst.utilisation)
    loads = {row.case: row.load_gbps for row in found.cases}
    assert loads.get(worst.worst_case, 0.0) == pytest.approx(worst.load_gbps)
    told = {row.case for row in found.riders}
    assert told <= loads.keys()
    for case in told:
        own = [row for row in found.riders if row.case == case]
        assert math.fsum(row.gbps for row in own) == pytest.approx(loads[case])
        assert all(row.backup_gbps <= row.gbps <= row.wanted_gbps + 1e-9 for row in own)


def test_of_a_bundle_one_wave_is_done_without_and_cases_say_how_many_they_need(ring):
    busy, idle = reason(ring, "L2"), reason(ring, "L0")
    assert (busy.lost.word, idle.lost.word) == ("needed", "spare")
    assert len(busy.out) == len(idle.out) == 1
    assert busy.cases[0].waves_needed == 2
    assert max(row.waves_needed for row in idle.cases) == 1
    for found in (busy, idle):
        needs = [row.waves_needed for row in found.cases if row.load_gbps]
        assert needs == sorted(needs, reverse=True)
        assert all(row.waves_needed <= len(found.waves) for row in found.cases)


def test_a_cut_tells_sums_that_do_not_fit(ring, altered):
    """800 Gb/s must leave S2; each way out of it may carry 0.72 of one wave less."""
    big = altered(ring, "demands", "given sync S2 > S3", gbps=700.0)
    big = altered(big, "tunnels", "sync/1", rate_gbps=350.0)
    found = reason(big, "F2").lost
    assert (found.word, found.reroute) == ("needed", "refuted")
    barrier = found.barrier
    assert barrier.kind == "cut"
    assert ("S2" in barrier.sites) != barrier.into
    assert ("S3" in barrier.sites) == barrier.into
    assert barrier.usable_gbps == pytest.approx(sum(row.usable_gbps for row in barrier.links))
    assert barrier.must_gbps > barrier.usable_gbps
    assert "L2" in barrier.down


def test_a_wave_whose_traffic_finds_another_way_is_needed_only_as_installed(ring):
    """Without it 288 of the 300 Gb/s on F2 may ride; a part could go the other way round."""
    found = reason(ring, "w2.1").lost
    assert (found.word, found.reroute) == ("needed", "proved")
    assert found.barrier is None
    assert {row.policy for row in found.turned} == {"backup"}
    assert found.losses


def test_names_are_looked_up_as_people_write_them(ring):
    assert element_named(ring, "S4") == element_named(ring, "edge S4") == ("edge", "S4", 0)
    assert element_named(ring, "F0#1") == ("pair", "F0", 1)
    assert element_named(ring, "wave w0.1") == ("wave", "w0.1", 0)
    assert element_named(ring, "L3") == ("link", "L3", 0)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("L33", "Did you mean 'L3'"),
        ("S2", r"'S2' is a site. .*\(S1, S4\)"),
        ("S1/1", "is a router"),
        ("", "Name something"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_what_can(ring, name, words):
    with pytest.raises(ModelError, match=words):
        element_named(ring, name)


def test_two_cuts_alone_are_named_with_the_demand_where_no_single_failure_needs_a_wave(
    doubled_plan,
):
    """Twin: the wave is taken out and every single failure and every pair is proved again."""
    plan = read_plan(doubled_plan)
    whole, alone = {gate.name: gate for gate in prove(plan).gates}, 0
    for link in plan.ip_links[1::3]:
        found = reason(plan, link.name)
        proof = prove(plan, without=found.out)
        new = {g.name: g.verdict for g in proof.gates if whole[g.name].verdict != g.verdict}
        turned = {row.gate: row.verdict for row in found.lost.turned}
        assert turned == {name: word for name, word in new.items() if name in turned}
        assert {name for name in new if "after fibre2" in name} <= turned.keys()
        if turned and all("after fibre2" in name for name in turned):
            alone += 1
            worst = next(
                gate for gate in proof.gates if gate.name == "runs: inference after fibre2"
            )
            assert found.cases[0].case == worst.worst_case
            assert found.cases[0].waves_needed == len(found.waves)
            assert found.lost.losses[0].case == worst.worst_case
            assert found.lost.losses[0].demand in {row.demand for row in found.riders}
            assert found.lost.barrier is None or found.lost.barrier.case == worst.worst_case
    assert alone > 0


def test_where_no_rule_speaks_of_two_cuts_none_is_told(ring):
    found = reason(ring, "L2")
    assert found.pairs is None
    assert not any(" + " in row.case for row in found.cases)
