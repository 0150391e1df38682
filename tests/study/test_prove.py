import random
import signal
import subprocess
import sys

import msgspec
import pytest

from arterial.errors import DamagedError, ModelError
from arterial.plan.store import read_plan, read_proof, stored_hash, write_plan
from arterial.prove.critical import elements
from arterial.prove.two_cuts import excepted_rows
from arterial.study.prove import LEDGER, prove


def test_the_proof_is_written_beside_the_plan_it_is_of(plan_folder):
    figures = prove(plan_folder)
    proof = read_proof(plan_folder)
    assert proof.plan_hash == stored_hash(plan_folder) == figures.plan_hash
    assert (proof.verdict, proof.cases) == (figures.verdict, figures.cases)
    assert [gate.name for gate in proof.gates] == [gate.name for gate in figures.gates]


def test_margins_are_worked_out_again_not_believed(plan_folder):
    gates = {gate.name: gate for gate in prove(plan_folder).gates}
    assert gates["light: margin"].verdict == "proved"


def test_a_question_of_what_would_be_leaves_the_proof_alone(plan_folder):
    prove(plan_folder)
    before = (plan_folder / "proof.json").read_bytes()
    fibre = read_plan(plan_folder).lightpath_hops[0].fibre
    assert prove(plan_folder, without=[fibre]).without == (fibre,)
    assert (plan_folder / "proof.json").read_bytes() == before


def test_double_cuts_that_leave_somebody_no_way_are_told_where_a_rule_speaks_of_them(plan_folder):
    assert prove(plan_folder).excepted is None
    plan = read_plan(plan_folder)
    rules = tuple(
        msgspec.structs.replace(rule, after=(*rule.after, "fibre2"))
        for rule in plan.network.policy.rules
    )
    policy = msgspec.structs.replace(plan.network.policy, rules=rules)
    network = msgspec.structs.replace(plan.network, policy=policy)
    write_plan(msgspec.structs.replace(plan, network=network), plan_folder)
    told = prove(plan_folder)
    assert (
        told.excepted == read_proof(plan_folder).excepted == excepted_rows(read_plan(plan_folder))
    )
    asked = {gate.traffic_class for gate in told.gates if "fibre2" in gate.name}
    assert asked == {demand.traffic_class for demand in plan.demands}


def test_two_losses_at_once_are_told_on_demand_and_kept_with_the_proof(plan_folder):
    plain = prove(plan_folder)
    assert (plain.beyond, plain.no_way) == (None, None)
    assert plain.partings
    asked = prove(plan_folder, with_beyond=True)
    assert (asked.verdict, asked.gates) == (plain.verdict, plain.gates)
    kept = read_proof(plan_folder)
    assert [msgspec.structs.asdict(row) for row in asked.beyond] == [
        msgspec.structs.asdict(row) for row in kept.beyond
    ]
    assert (kept.no_way, kept.partings) == (asked.no_way, asked.partings)
    assert {row.kind for row in kept.beyond} == {"fibre2", "maintenance"}
    assert sum(row.refused for row in kept.beyond) == 0
    assert all(row.verified for row in kept.beyond)


def test_what_is_critical_refutes_when_it_is_taken_out(plan_folder, seed):
    tried = prove(plan_folder, with_critical=True).critical
    assert [row.element for row in tried] == [name for name, _ in elements(read_plan(plan_folder))]
    refuted = [row for row in tried if row.verdict == "refuted"]
    assert refuted
    row = random.Random(seed).choice(refuted)  # noqa: S311 - a sample, not a secret
    assert prove(plan_folder, without=[f"{row.kind} {row.element}"]).verdict == "refuted"
    assert not (plan_folder / LEDGER).exists()


def test_an_element_that_is_not_there_is_told(plan_folder):
    with pytest.raises(ModelError, match="Hazel"):
        prove(plan_folder, without=["Hazle"])


def test_a_damaged_plan_is_not_proved(plan_folder):
    path = next(plan_folder.rglob("ip_links.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedError, match="ip_links"):
        prove(plan_folder)


def test_json_names_the_class_and_writes_no_nan(plan_folder):
    said = msgspec.json.decode(msgspec.json.encode(prove(plan_folder)))
    keys = {"name", "class", "load", "policy", "value", "limit", "unit", "verdict", "worst_case"}
    assert all(keys <= gate.keys() for gate in said["gates"])
    assert {"verdict", "cases", "gates", "seconds"} <= said.keys()


CHILD = """
import sys
from pathlib import Path
from arterial.study import prove
prove._BATCH_S = 0.0
def report(stage, done, total):
    print(stage, done, flush=True)
prove.prove(Path(sys.argv[1]), with_critical=True, report=report)
"""


def test_killed_at_any_moment_critical_goes_on_to_the_same_list(plan_folder, seed):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    whole = prove(plan_folder, with_critical=True).critical
    command = [sys.executable, "-c", CHILD, str(plan_folder)]
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            while not (line := child.stdout.readline()).startswith("losing"):
                assert line, "the child ended early"
            for _ in range(draw.randrange(1, 8)):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
    assert prove(plan_folder, with_critical=True).critical == whole
