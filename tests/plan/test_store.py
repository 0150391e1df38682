import signal
import subprocess
import sys
from math import inf, nan

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from arterial.errors import DamagedError
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.plan import rows
from arterial.plan.plan import Plan
from arterial.plan.seal import sealed
from arterial.plan.store import (
    RunFacts,
    plan_hash,
    read_plan,
    read_proof,
    read_run,
    stored_hash,
    write_plan,
    write_proof,
)
from arterial.plan.table import database, write_table
from arterial.plan.verdict import (
    Beyond,
    BeyondCase,
    CutOff,
    Gate,
    NoWay,
    Parting,
    Proof,
    WorstClass,
    WorstLink,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
OF_TYPE = {
    inspect.StrType: lambda _: TEXT,
    inspect.LiteralType: lambda kind: st.sampled_from(kind.values),
    inspect.IntType: lambda _: st.integers(-(2**63), 2**63 - 1),
    inspect.FloatType: lambda _: st.floats(),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.VarTupleType: lambda _: st.lists(TEXT, max_size=3).map(tuple),
}
NETWORK = Network(name="two", sites=(Site(name="Reno", lat=39.5, lon=-119.8), Site(name="Elko")))


def table(kind):
    fields = inspect.type_info(kind).fields
    row = st.builds(kind, **{field.name: OF_TYPE[type(field.type)](field.type) for field in fields})
    return st.lists(row, max_size=3).map(tuple)


PLANS = st.builds(
    Plan,
    network=st.just(NETWORK),
    load=TEXT,
    seed=st.integers(0, 2**31),
    input_hash=TEXT,
    versions=st.dictionaries(TEXT, TEXT, max_size=2),
    cost=st.floats(),
    bound=st.floats(),
    gap=st.floats(),
    bound_scope=st.sampled_from(["network", "restricted", "paths"]),
    bound_note=TEXT,
    status=st.sampled_from(["gap", "rounds", "time", "fixed"]),
    lightpaths=table(rows.Lightpath),
    lightpath_hops=table(rows.LightpathHop),
    ip_links=table(rows.IpLink),
    lit_fibres=table(rows.LitFibre),
    replicas=table(rows.Replica),
    demands=table(rows.Demand),
    tunnels=table(rows.Tunnel),
    tunnel_hops=table(rows.TunnelHop),
    bill=table(rows.BillItem),
    restored_waves=table(rows.RestoredWave),
    restored_hops=table(rows.RestoredHop),
    spares=table(rows.SpareRegenerators),
)
PROOFS = st.builds(
    Proof,
    verdict=st.sampled_from(["proved", "refuted", "unknown"]),
    cases=st.integers(0, 2**31),
    plan_hash=TEXT,
    without=st.lists(TEXT, max_size=2).map(tuple),
    gates=table(Gate),
    worst_links=table(WorstLink),
    worst_classes=table(WorstClass),
    cut_off=table(CutOff),
    partings=table(Parting),
    beyond=table(Beyond),
    beyond_worst=table(BeyondCase),
    no_way=table(NoWay),
    seconds=st.floats(allow_nan=False, allow_infinity=False),
)
LINK = rows.IpLink(
    name="Reno-Elko",
    a="Reno",
    z="Elko",
    waves=2,
    capacity_gbps=800.0,
    length_km=nan,
    latency_ms=nan,
    floor_ms=nan,
)
PLAN = Plan(
    network=NETWORK,
    load="draft",
    seed=7,
    input_hash="ab" * 32,
    versions={"arterial": "0.1.0"},
    cost=12.5,
    bound=nan,
    gap=inf,
    bound_scope="paths",
    status="rounds",
    ip_links=(LINK,),
)
PROOF = Proof(
    verdict="unknown",
    cases=1,
    plan_hash=plan_hash(PLAN),
    gates=(
        Gate(
            name="carried",
            traffic_class="inference",
            load="draft",
            policy="backup",
            value=nan,
            limit=1.0,
            unit="share",
            verdict="unknown",
            worst_case="",
            cases=0,
        ),
    ),
    seconds=0.25,
)


def exactly(thing):
    """Text in which NaN equals NaN and 0.0 is not -0.0; `==` says otherwise of both."""
    return repr(thing)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@settings(max_examples=15)
@given(plan=PLANS)
def test_a_plan_comes_back_as_it_was_written(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    write_plan(plan, folder)
    found = read_plan(folder)
    assert exactly(found) == exactly(plan)
    assert plan_hash(found) == plan_hash(plan) == stored_hash(folder)


@settings(max_examples=15)
@given(proof=PROOFS)
def test_a_proof_comes_back_as_it_was_written(proof, tmp_path_factory):
    folder = tmp_path_factory.mktemp("proof")
    write_proof(proof, folder)
    assert exactly(read_proof(folder)) == exactly(proof)


def test_a_proof_of_the_first_version_is_read_as_saying_nothing_of_two_losses(tmp_path):
    write_proof(PROOF, tmp_path)
    document = msgspec.json.decode((tmp_path / "proof.json").read_bytes())
    del document["seal"]
    for name in ("partings", "beyond", "beyond_worst", "no_way"):
        del document["tables"][name]
        (tmp_path / document["folder"] / f"{name}.parquet").unlink()
    first = msgspec.defstruct("First", list(document))
    (tmp_path / "proof.json").write_bytes(sealed(first(**document)))
    found = read_proof(tmp_path)
    assert exactly(found) == exactly(PROOF)
    assert (found.partings, found.beyond, found.beyond_worst, found.no_way) == ((), (), (), ())


def test_two_writes_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        write_plan(PLAN, tmp_path / name, RunFacts(seconds=1.0))
        write_proof(PROOF, tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_wall_times_are_outside_the_hash(tmp_path):
    write_plan(PLAN, tmp_path, RunFacts(seconds=1.0, stages={"routes": 0.5}, machine={"cpu": "x"}))
    before = {name: data for name, data in contents(tmp_path).items() if name != "run.json"}
    write_plan(PLAN, tmp_path, RunFacts(seconds=2.0))
    after = {name: data for name, data in contents(tmp_path).items() if name != "run.json"}
    assert before == after
    assert read_run(tmp_path).seconds == 2.0


@pytest.mark.parametrize(
    ("facts", "write", "document"),
    [("run.json", write_plan, "plan.json"), ("proof-run.json", write_proof, "proof.json")],
)
def test_nothing_is_replaced_when_the_wall_times_cannot_be_written(
    tmp_path, facts, write, document
):
    (tmp_path / facts).mkdir()
    with pytest.raises(OSError, match=facts):
        write(PLAN if write is write_plan else PROOF, tmp_path)
    assert not (tmp_path / document).exists(), "a document stands only with all that goes with it"


def test_a_whole_number_of_an_engine_is_the_number_that_comes_back(tmp_path):
    plan = msgspec.structs.replace(PLAN, cost=12, bound=12, gap=0)
    write_plan(plan, tmp_path)
    assert plan_hash(read_plan(tmp_path)) == plan_hash(plan)
    assert plan_hash(plan) == plan_hash(msgspec.structs.replace(plan, cost=12.0))


def test_any_change_of_a_plan_changes_its_hash():
    other = msgspec.structs.replace(LINK, capacity_gbps=800.0000001)
    assert plan_hash(PLAN) != plan_hash(msgspec.structs.replace(PLAN, ip_links=(other,)))
    assert plan_hash(PLAN) != plan_hash(msgspec.structs.replace(PLAN, seed=8))


def read_all(folder):
    read_plan(folder)
    read_run(folder)
    read_proof(folder)


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    folder = tmp_path_factory.mktemp("intact")
    write_plan(PLAN, folder, RunFacts(seconds=1.0))
    write_proof(PROOF, folder)
    read_all(folder)
    return folder


@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_byte_of_any_file_is_refused_by_name(data, intact):
    path = data.draw(st.sampled_from(sorted(path for path in intact.rglob("*") if path.is_file())))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(content)
    changed[place] ^= flip
    path.write_bytes(changed)
    try:
        with pytest.raises(DamagedError) as refused:
            read_all(intact)
    finally:
        path.write_bytes(content)
    assert refused.value.file == str(path)


@settings(max_examples=30)
@given(data=st.data())
def test_any_cut_or_missing_file_is_refused_by_name(data, intact):
    path = data.draw(st.sampled_from(sorted(path for path in intact.rglob("*") if path.is_file())))
    content = path.read_bytes()
    left = data.draw(st.integers(-1, len(content) - 1))
    if left < 0:
        path.unlink()
    else:
        path.write_bytes(content[:left])
    try:
        with pytest.raises(DamagedError) as refused:
            read_all(intact)
    finally:
        path.write_bytes(content)
    missing_document = left < 0 and path.name == "plan.json"
    assert refused.value.file == str(path.parent if missing_document else path)


def test_tables_of_another_plan_are_refused(tmp_path):
    write_plan(PLAN, tmp_path / "one")
    write_plan(msgspec.structs.replace(PLAN, seed=8), tmp_path / "two")
    (tmp_path / "two" / "plan.json").replace(tmp_path / "one" / "plan.json")
    with pytest.raises(DamagedError, match="missing"):
        read_plan(tmp_path / "one")


def test_a_new_plan_replaces_the_old_one_whole_and_leaves_strangers_alone(tmp_path):
    write_plan(PLAN, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    newer = msgspec.structs.replace(PLAN, ip_links=(), cost=0.0)
    write_plan(newer, tmp_path)
    assert plan_hash(read_plan(tmp_path)) == plan_hash(newer)
    assert len(list(tmp_path.glob("plan-*"))) == 1
    assert (tmp_path / "notes.txt").read_text() == "mine"


FULL_DISK = """
import resource, sys
from pathlib import Path
import msgspec
from arterial.plan.store import read_plan, write_plan
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
plan = read_plan(folder)
link = plan.ip_links[0]
links = tuple(msgspec.structs.replace(link, name=f"{number}", latency_ms=number**0.5)
              for number in range(5000))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write_plan(msgspec.structs.replace(plan, ip_links=links), folder)
except OSError as error:
    print(error)
    sys.exit(28)
"""


@pytest.mark.parametrize("limit", [0, 100, 2000, 30_000])
def test_a_full_disk_leaves_the_old_plan(tmp_path, limit):
    write_plan(PLAN, tmp_path)
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), str(limit)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 28, run.stderr
    assert str(tmp_path) in run.stdout
    assert plan_hash(read_plan(tmp_path)) == plan_hash(PLAN)
    assert list(tmp_path.rglob(".*")) == []


KILLED = """
import itertools, sys
from pathlib import Path
import msgspec
from arterial.plan.store import read_plan, write_plan
folder = Path(sys.argv[1])
plan = read_plan(folder)
print("ready", flush=True)
for seed in itertools.count():
    write_plan(msgspec.structs.replace(plan, seed=seed), folder)
"""


@pytest.mark.parametrize("writes_s", [0.0, 0.05, 0.11])
def test_a_plan_killed_while_it_is_replaced_is_the_old_one_or_the_new_one(tmp_path, writes_s):
    write_plan(PLAN, tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline() == "ready\n"
        try:
            child.wait(timeout=writes_s)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    found = read_plan(tmp_path)
    assert plan_hash(msgspec.structs.replace(found, seed=PLAN.seed)) == plan_hash(PLAN)


def test_a_folder_that_may_not_be_written_is_told_as_that_and_not_as_a_full_disk(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("arterial.plan.table.os.access", lambda *_: False)
    with database() as engine, pytest.raises(PermissionError, match="Permission denied"):
        write_table(engine, tmp_path / "closed" / "demands.parquet", rows.Demand, ())
