import msgspec
import pytest

from arterial.plan.store import read_plan
from arterial.prove.critical import critical, elements
from arterial.prove.proof import prove


def test_every_wave_and_lit_pair_is_tried_once(ring):
    tried = [(found.element, found.kind) for found in critical(ring)]
    assert tried == list(elements(ring))
    assert sorted(tried) == sorted(
        [(f"F{i}#1", "pair") for i in range(5)]
        + [(f"w{i}.{k}", "wave") for i in range(5) for k in (1, 2)]
    )


def test_what_is_listed_refutes_the_plan_and_what_is_not_leaves_its_runs_gates(ring, margin_db):
    listed = {found.element: found for found in critical(ring)}
    for name, found in listed.items():
        proof = prove(ring, without=[name], margin_db=margin_db)
        refuted = {g.name for g in proof.gates if g.verdict == "refuted" and g.name[:4] == "runs"}
        assert (found.verdict == "refuted") == bool(refuted)
        assert found.gate in refuted or not refuted


def test_in_a_ring_every_pair_is_critical_and_only_the_busy_span_s_waves_are(ring):
    refuted = {found.element for found in critical(ring) if found.verdict == "refuted"}
    assert refuted == {*(f"F{i}#1" for i in range(5)), "w2.1", "w2.2"}


def test_a_run_that_was_stopped_goes_on_where_it_was(ring):
    whole = list(critical(ring))
    done = {found.element for found in whole[:7]}
    assert list(critical(ring, done=done)) == whole[7:]


def test_a_plan_already_refuted_has_nothing_but_critical_elements(ring, altered):
    plan = altered(ring, "demands", "given sync S2 > S3", gbps=5000.0)
    assert {found.verdict for found in critical(plan)} == {"refuted"}


@pytest.mark.parametrize("element", ["S1/1", "S3", "duct 3"])
def test_other_elements_may_be_out_besides(ring, element):
    both = {found.element for found in critical(ring, without_names=[element])}
    assert both == {name for name, _ in elements(ring)}


def test_a_found_element_is_frozen(ring):
    found = next(critical(ring))
    with pytest.raises(AttributeError):
        found.verdict = "proved"
    assert msgspec.to_builtins(found)["kind"] == "pair"


def test_what_the_loss_alone_breaks_is_told_as_that(ring):
    alone = {c.element for c in critical(ring) if c.verdict == "refuted" and not c.worst_case}
    # F0 out moves the market to S4 at once, and F4 then is all it has; sync and save lose F2 or F3.
    assert alone == {"F2#1", "F3#1", "w2.1", "w2.2"}


def test_double_cuts_are_asked_where_a_rule_speaks_of_them(doubled_plan):
    """Twin: each loss proved by itself, every single failure and every pair of fibres."""
    plan = read_plan(doubled_plan)
    listed = {found.element: found for found in critical(plan)}
    by_pairs = [found for found in listed.values() if found.gate.endswith("after fibre2")]
    assert by_pairs
    for found in [*by_pairs, *list(listed.values())[::8]]:
        proof = prove(plan, without=[found.element])
        refuted = {g.name for g in proof.gates if g.verdict == "refuted" and g.name[:4] == "runs"}
        assert (found.verdict == "refuted") == bool(refuted)
        assert found.gate in refuted or not refuted
        if found in by_pairs:
            assert all(name.endswith("after fibre2") for name in refuted)
            assert " + " in found.worst_case
