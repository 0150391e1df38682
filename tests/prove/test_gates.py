import dataclasses
import math

import msgspec
import pytest

from arterial.jobs.progress import silent
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.feasible import Outcome
from arterial.prove.gates import (
    deadline_gates,
    feasible_gates,
    overall,
    round_trip_gates,
    runs_gates,
    utilisation_gates,
)
from arterial.prove.promised import promises_of
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables


def gates(plan, margin_db, **options):
    return {gate.name: gate for gate in prove(plan, margin_db=margin_db, **options).gates}


def test_refuted_beats_unknown_beats_proved():
    assert overall(["proved", "unknown", "refuted"]) == "refuted"
    assert overall(["proved", "unknown"]) == "unknown"
    assert overall(["proved", "proved"]) == "proved"
    assert overall([]) == "unknown"


def test_every_gate_tells_its_policy_by_its_name(ring, margin_db):
    for name, gate in gates(ring, margin_db).items():
        first = name.split(":")[0]
        if first in ("runs", "feasible"):
            assert gate.policy == {"runs": "backup", "feasible": "best_lp"}[first]
            assert gate.traffic_class in name
        assert gate.load == "draft"


def test_a_gate_names_its_worst_case_and_worst_hit_demand(ring, altered, margin_db):
    gate = gates(altered(ring, "tunnels", "sync/b", rate_gbps=50.0), margin_db)[
        "runs: sync after fibre"
    ]
    assert (gate.verdict, gate.value, gate.limit) == ("refuted", 0.25, 0.5)
    assert gate.worst_case == "fibre F2"
    assert gate.note == "worst hit: given sync S2 > S3"
    assert gate.cases == 5


def test_a_feasible_gate_says_how_much_any_routing_could_keep(ring, altered, margin_db):
    # Without failure 2 x 576 Gb/s leave S2, less the 100 of checkpoint, which comes after.
    gate = gates(altered(ring, "demands", "given sync S2 > S3", gbps=1440.0), margin_db)[
        "feasible: sync without failure"
    ]
    assert (gate.verdict, gate.value) == ("refuted", pytest.approx(0.8, rel=1e-3))


def test_a_deadline_is_missed_when_too_little_is_carried(ring, altered, margin_db):
    # 0.5 h at full rate: 2.5 h are missed when less than a fifth is carried.
    thin = altered(ring, "tunnels", "save/b", rate_gbps=19.0)
    gate = gates(thin, margin_db)["deadline: checkpoint"]
    assert (gate.verdict, gate.value) == ("refuted", pytest.approx(0.5 / 0.19))
    assert gate.worst_case == "fibre F2"


def test_a_transfer_that_stands_still_never_ends(ring, margin_db):
    plan = msgspec.structs.replace(
        ring,
        tunnels=tuple(t for t in ring.tunnels if t.name != "save/b"),
        tunnel_hops=tuple(h for h in ring.tunnel_hops if h.tunnel != "save/b"),
    )
    gate = gates(plan, margin_db)["deadline: checkpoint"]
    assert (gate.verdict, gate.value) == ("refuted", math.inf)


def test_a_transfer_of_unknown_size_has_no_proved_deadline(ring, altered, margin_db):
    gate = gates(altered(ring, "demands", "given checkpoint S2 > S4", transfer_h=0.0), margin_db)[
        "deadline: checkpoint"
    ]
    assert gate.verdict == "unknown"
    assert math.isnan(gate.value)


def measured(ring, lengths, **bounds):
    """The ring with other fibre lengths, and bounds of a class."""
    fibres = tuple(
        msgspec.structs.replace(f, length_km=lengths.get(f.name, f.length_km))
        for f in ring.network.fibres
    )
    classes = tuple(
        msgspec.structs.replace(c, **bounds.get(c.name, {})) for c in ring.network.classes
    )
    network = msgspec.structs.replace(ring.network, fibres=fibres, classes=classes)
    return msgspec.structs.replace(ring, network=network)


def test_a_transfer_over_an_unknown_length_misses_no_deadline(ring, margin_db):
    blind = measured(ring, {"F3": None}, checkpoint={"rtt_ms": 20.0})
    gate = gates(blind, margin_db)["deadline: checkpoint"]
    assert (gate.verdict, gate.note) == ("unknown", "a length is missing")
    gone = measured(ring, {"F2": 3000.0, "F3": None}, checkpoint={"rtt_ms": 20.0})
    assert gates(gone, margin_db)["deadline: checkpoint"].verdict == "unknown", "it may be late"


def test_a_round_trip_too_long_refutes_beside_one_that_nobody_knows(ring, altered, margin_db):
    # Up runs over F4, which is too long, and down over F0, of which nobody knows the length.
    plan = altered(altered(ring, "tunnels", "up/1", target="S4"), "tunnels", "up/b", target="S1")
    turned = {"up/1": "up/b", "up/b": "up/1"}
    hops = (
        msgspec.structs.replace(h, tunnel=turned.get(h.tunnel, h.tunnel)) for h in ring.tunnel_hops
    )
    plan = msgspec.structs.replace(plan, tunnel_hops=tuple(hops))
    gate = gates(measured(plan, {"F4": 3000.0, "F0": None}), margin_db)["round trip: inference"]
    assert gate.verdict == "refuted"
    assert gate.worst_case == "", "it is too long before anything fails"


def test_a_class_without_demands_has_no_gate(ring, margin_db):
    assert not [name for name in gates(ring, margin_db) if "ingest" in name]


def test_utilisation_is_of_the_capacity_that_is_left(ring, margin_db):
    found = gates(ring, margin_db)
    # 300 of 800 Gb/s on L2, and of 400 when one of its routers is lost.
    assert found["utilisation without failure"].value == pytest.approx(300 / 800)
    assert found["utilisation after any failure"].value == pytest.approx(300 / 400)
    assert found["utilisation after any failure"].worst_case == "router S2/1"
    assert found["utilisation without failure"].limit == pytest.approx(0.8 * 0.9)


def swept_ring(ring):
    tables = compile_tables(ring)
    return sweep(tables, register(ring), compile_cases(tables, failures_of(tables)), silent)


def test_a_case_whose_witness_is_refused_proves_and_refutes_nothing(ring):
    swept = swept_ring(ring)
    assert swept.refused == {}
    case = swept.cases.names.index("fibre F2")
    doubted = dataclasses.replace(swept, refused={case: "L2 carries too much"})
    promises = promises_of(ring)
    gates = [
        *runs_gates(doubted, promises),
        *round_trip_gates(doubted, promises),
        *deadline_gates(doubted, promises),
        *utilisation_gates(doubted),
    ]
    turned = {gate.name for gate in gates if gate.verdict == "unknown"}
    assert turned == {
        "runs: inference after fibre",
        "runs: sync after fibre",
        "runs: checkpoint after fibre",
        "round trip: inference",
        "deadline: checkpoint",
        "utilisation after any failure",
    }
    assert all("refused: L2" in gate.note for gate in gates if gate.verdict == "unknown")


def test_one_case_not_settled_leaves_what_is_feasible_unknown(ring):
    swept, promises = swept_ring(ring), promises_of(ring)
    fine = Outcome(verdict="proved", share=1.0)
    outcomes = {
        (case, promise.traffic_class.name): fine
        for case in range(len(swept.cases.failures))
        for promise in promises
    }
    assert {g.verdict for g in feasible_gates(swept, promises, outcomes)} == {"proved"}
    case = swept.cases.names.index("fibre F2")
    outcomes[case, "sync"] = Outcome(verdict="unknown", share=math.nan, note="not settled")
    gates = {g.name: g for g in feasible_gates(swept, promises, outcomes)}
    assert gates["feasible: sync after fibre"].verdict == "unknown"
    assert gates["feasible: sync after srlg"].verdict == "proved"
