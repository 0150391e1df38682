import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.prove.cases import failures_of
from arterial.prove.outage import outage_of
from arterial.prove.proof import prove
from arterial.prove.tables import compile_tables


def without_tunnel(plan, name):
    return msgspec.structs.replace(
        plan,
        tunnels=tuple(t for t in plan.tunnels if t.name != name),
        tunnel_hops=tuple(h for h in plan.tunnel_hops if h.tunnel != name),
    )


def turned(plan, margin_db):
    """Names of the gates that are refuted."""
    proof = prove(plan, margin_db=margin_db)
    assert (proof.verdict == "refuted") == any(g.verdict == "refuted" for g in proof.gates)
    return {gate.name for gate in proof.gates if gate.verdict == "refuted"}


def test_the_ring_holds(ring, margin_db):
    proof = prove(ring, margin_db=margin_db)
    assert {g.name: g.verdict for g in proof.gates if g.verdict != "proved"} == {}
    assert proof.verdict == "proved"
    # 5 fibres, 5 ducts, 10 routers, 5 sites, 2 edges.
    assert proof.cases == 27


def test_a_proof_is_the_same_twice(ring, margin_db):
    first, second = (msgspec.json.encode(prove(ring, margin_db=margin_db)) for _ in range(2))
    assert first == second


def test_a_dropped_backup_turns_what_runs_but_not_what_is_feasible(ring, margin_db):
    gates = turned(without_tunnel(ring, "down/b"), margin_db)
    assert {f"runs: inference after {k}" for k in ("fibre", "srlg", "site", "edge")} <= gates
    assert not any(name.startswith("feasible") for name in gates)


def test_a_flipped_hop_is_no_path(ring, altered, margin_db):
    gates = turned(altered(ring, "tunnel_hops", "sync/1", forward=False), margin_db)
    assert {"runs: sync without failure", "tables"} <= gates


def test_a_swapped_tunnel_end_serves_nobody(ring, altered, margin_db):
    gates = turned(altered(ring, "tunnels", "down/1", source="S2"), margin_db)
    # Its backup steps in; nothing is left to step in for that.
    assert {"runs: inference after fibre", "tables"} <= gates


def test_a_swapped_link_end_carries_nothing(ring, altered, margin_db):
    gates = turned(altered(ring, "ip_links", "L2", z="S4"), margin_db)
    assert {"runs: sync without failure", "tables"} <= gates


def test_a_halved_capacity_contradicts_its_waves(ring, altered, margin_db):
    gates = turned(altered(ring, "ip_links", "L2", capacity_gbps=400.0), margin_db)
    assert gates == {"runs: checkpoint without failure", "tables"}


def test_a_wave_too_few_is_missed(ring, altered, margin_db):
    fewer = msgspec.structs.replace(
        ring,
        lightpaths=tuple(w for w in ring.lightpaths if w.name != "w2.2"),
        lightpath_hops=tuple(h for h in ring.lightpath_hops if h.lightpath != "w2.2"),
    )
    assert {"runs: checkpoint without failure", "tables"} <= turned(fewer, margin_db)
    honest = altered(fewer, "ip_links", "L2", waves=1, capacity_gbps=400.0)
    assert "tables" not in turned(honest, margin_db)


def test_a_rate_that_the_mode_does_not_have_is_not_believed(ring, altered, margin_db):
    assert "tables" in turned(altered(ring, "lightpaths", "w2.1", rate_gbps=800.0), margin_db)


def test_a_raised_demand_is_not_carried(ring, altered, margin_db):
    gates = turned(altered(ring, "demands", "given sync S2 > S3", gbps=401.0), margin_db)
    assert {"runs: sync without failure", "runs: sync after fibre", "tables"} <= gates
    assert "feasible: sync without failure" not in gates


def test_a_demand_beyond_any_routing_turns_what_is_feasible(ring, altered, margin_db):
    gates = turned(altered(ring, "demands", "given sync S2 > S3", gbps=1200.0), margin_db)
    assert {"feasible: sync without failure", "runs: sync without failure"} <= gates
    assert "feasible: inference without failure" not in gates, "classes served first still hold"
    assert "feasible: checkpoint without failure" in gates, "with sync kept, nothing is left"


def test_a_shortened_bill_does_not_add_up(ring, margin_db):
    assert turned(msgspec.structs.replace(ring, bill=()), margin_db) == {"bill"}
    assert turned(msgspec.structs.replace(ring, cost=19.0), margin_db) == {"bill"}


def test_two_waves_on_one_slot_turn_the_spectrum(ring, altered, margin_db):
    plan = altered(ring, "lightpath_hops", "w2.2", centre_ghz=191_375.0 + 74.0)
    assert turned(plan, margin_db) == {"spectrum"}


def test_too_long_a_way_turns_round_trip_and_shares(ring, margin_db):
    fibres = tuple(msgspec.structs.replace(f, length_km=1500.0) for f in ring.network.fibres)
    plan = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, fibres=fibres)
    )
    gates = turned(plan, margin_db)
    assert {"round trip: inference", "runs: inference without failure"} <= gates
    assert "feasible: inference without failure" in gates, "no way is short enough"
    assert "feasible: sync without failure" in gates, "as inference before it cannot be kept"


def test_a_missing_length_is_unknown(ring, margin_db):
    fibres = tuple(msgspec.structs.replace(f, length_km=None) for f in ring.network.fibres)
    plan = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, fibres=fibres)
    )
    proof = prove(plan, margin_db=margin_db)
    verdicts = {gate.name: gate.verdict for gate in proof.gates}
    assert proof.verdict == "unknown"
    assert verdicts["runs: inference after fibre"] == "unknown"
    assert verdicts["feasible: inference after fibre"] == "unknown"
    assert verdicts["round trip: inference"] == "unknown"
    assert verdicts["runs: sync after fibre"] == "proved"


def test_light_that_nobody_worked_out_again_is_unknown(ring):
    proof = prove(ring)
    assert proof.verdict == "unknown"
    assert [g.name for g in proof.gates if g.verdict != "proved"] == ["light: margin"]


def test_an_empty_set_of_cases_is_unknown(ring, margin_db):
    fibres = tuple(msgspec.structs.replace(f, risks=()) for f in ring.network.fibres)
    plan = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, fibres=fibres)
    )
    proof = prove(plan, margin_db=margin_db)
    unknown = {gate.name for gate in proof.gates if gate.verdict == "unknown"}
    assert proof.verdict == "unknown"
    assert unknown == {
        f"{question}: {name} after srlg"
        for question in ("runs", "feasible")
        for name in ("inference", "sync", "checkpoint")
    }


def test_a_plan_that_carries_nothing_proves_nothing(ring, margin_db):
    empty = msgspec.structs.replace(ring, demands=(), tunnels=(), tunnel_hops=(), replicas=())
    assert prove(empty, margin_db=margin_db).verdict == "unknown"


def test_demands_that_end_at_a_lost_site_are_reported_apart(ring, margin_db):
    apart = {c.case: (c.demands, c.gbps) for c in prove(ring, margin_db=margin_db).cut_off}
    assert apart == {
        "site S0": (2, 66.0),
        "site S2": (2, 300.0),
        "site S3": (1, 200.0),
        "site S4": (1, 100.0),
    }


def test_what_is_taken_out_is_out_of_every_case(ring, margin_db):
    proof = prove(ring, without=["F2"], margin_db=margin_db)
    gates = {gate.name: gate for gate in proof.gates}
    assert proof.verdict == "refuted"
    assert proof.without == ("F2",)
    # F2 out: sync goes the long way at half its rate, which is not what normal state asks.
    assert gates["runs: sync without failure"].value == pytest.approx(0.5)
    assert gates["feasible: sync without failure"].verdict == "proved"
    assert gates["feasible: sync after fibre"].verdict == "refuted", "a second cut parts the ring"


def test_a_name_that_is_not_there_is_told_with_the_nearest(ring):
    with pytest.raises(ModelError, match=r"'w2.3'.*Did you mean 'w2.\d'"):
        prove(ring, without=["w2.3"])


@settings(max_examples=40)
@given(data=st.data())
def test_what_runs_is_feasible_and_the_verdict_is_that_of_the_worst_gate(meshes, data):
    plan = data.draw(meshes)
    proof = prove(plan)
    gates = {gate.name: gate for gate in proof.gates}
    for name, gate in gates.items():
        words = name.removeprefix("runs: ")
        if words != name and gate.verdict == "proved" and gate.traffic_class == "gold":
            assert gates[f"feasible: {words}"].verdict == "proved"
        if gate.verdict in ("proved", "refuted"):
            assert not math.isnan(gate.value)
    verdicts = {gate.verdict for gate in proof.gates}
    worst = next(v for v in ("refuted", "unknown", "proved") if v in verdicts)
    assert proof.verdict == worst


@settings(max_examples=25)
@given(data=st.data())
def test_taking_an_element_out_is_never_better_than_its_failure(meshes, data):
    plan = data.draw(meshes)
    failure = data.draw(st.sampled_from(failures_of(compile_tables(plan))))
    assert outage_of(failure)
    weak = {gate.name: gate for gate in prove(plan, without=[failure.name]).gates}
    for name, gate in ((g.name, g) for g in prove(plan).gates if g.name.startswith("runs")):
        if gate.verdict == "refuted" and gate.worst_case == failure.name:
            assert weak[name].verdict != "proved"
