"""Bad input from end to end: the right exit code, what is wrong and what would do, no traceback.

Beside these, `tests/model` holds every message of the reader and `tests/cli` those of the verbs.
"""

import hashlib
import json
import resource
import shutil
import subprocess

import pytest

from arterial.cli import main
from arterial.jobs.ledger import Ledger
from arterial.plan.store import plan_hash, read_plan, stored_hash

WRONG, NO, BROKEN = 2, 1, 3
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: *c\n"


@pytest.fixture
def network(drill, tmp_path):
    """A copy of the drill network that a test may spoil."""
    return shutil.copytree(drill, tmp_path / "network")


def spoiled(network, file, old, new):
    text = (network / file).read_text(encoding="utf-8")
    assert old in text
    (network / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("fibres.csv", "302.5", "0", ["fibres.csv:2: length_km", "0", "above 0"]),
        ("sites.csv", "\nBirch,", "\nAlder,", ["sites.csv:3: name", "second site", "sites.csv:2"]),
        ("demands.csv", "Hazel,Larch", "Hazel,Nowhere", ["demands.csv:6: target", "'Nowhere'"]),
        ("campuses.csv", "campus,Hazel", "campus,Hazle", ["campuses.csv:2", "mean 'Hazel'?"]),
        ("network.yaml", "kind: diloco", "kind: dilocco", ["network.yaml:", "mean 'diloco'?"]),
    ],
)
def test_a_wrong_row_is_told_with_its_file_line_field_and_remedy(
    ended, network, file, old, new, told
):
    spoiled(network, file, old, new)
    code, out, said = ended("check", network)
    assert (code, out) == (WRONG, "")
    assert [words for words in told if words not in said] == [], said


def test_a_campus_on_no_fibre_is_told_by_every_verb_that_reads_it(ended, network, tmp_path):
    lines = (network / "fibres.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = (line for line in lines if "Hazel" not in line)
    (network / "fibres.csv").write_text("".join(kept), encoding="utf-8")
    for verb in (["check", network], ["design", network, "-o", "plan"], ["demo", network]):
        code, _, said = ended(*verb)
        assert code == WRONG
        assert "sites.csv:9: name: campus 'Hazel' is on no fibre" in said
        assert "Add a fibre that ends there" in said
    assert not (tmp_path / "plan").exists()


def test_a_class_that_nothing_can_satisfy_is_a_no_with_reasons(ended, network, tmp_path):
    names = ("sync", "checkpoint", "ingest", "rollout")
    others = "".join(f"  - {{name: {name}, priority: 1}}\n" for name in names)
    strict = f"classes:\n  - {{name: inference, priority: 0, rtt_ms: 0.1}}\n{others}\nloads:"
    spoiled(network, "network.yaml", "\nloads:", f"\n{strict}")
    code, out, said = ended("design", network, "-o", "plan")
    assert (code, out) == (NO, "")
    demand, remedies = said.split("arterial: ", 1)[1].split("\n", 1)
    assert "metro" in demand
    assert "0.1 ms" in demand
    assert "would free it:" in remedies
    assert not (tmp_path / "plan").exists()


def test_a_missing_table_is_told_where_it_is_named(ended, network):
    (network / "markets.csv").unlink()
    code, _, said = ended("check", network)
    assert code == WRONG
    assert "network.yaml:7: tables.markets: markets.csv: there is no such file" in said
    assert "sites.csv" in said, "what stands beside it is named"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name,lat\nZürich,47\n".encode("latin-1"), "sites.csv:2: byte 0xfc is not UTF-8"),
        ("name,lat\n".encode("utf-16"), "sites.csv:1: this is UTF-16"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_line(ended, network, content, told):
    (network / "sites.csv").write_bytes(content)
    code, _, said = ended("check", network)
    assert code == WRONG
    assert told in said
    assert "Save it as UTF-8" in said


@pytest.mark.parametrize(
    ("bomb", "told"),
    [(BOMB, "anchor or alias"), ("[" * 5000, "nested over"), ("- x\n" * 60_000, "more than")],
    ids=["aliases", "depth", "width"],
)
def test_a_yaml_bomb_is_refused_before_it_goes_off(ended, network, bomb, told):
    (network / "network.yaml").write_text(bomb, encoding="utf-8")
    code, _, said = ended("check", network)
    assert code == WRONG
    assert "network.yaml:" in said
    assert told in said


def test_a_design_that_was_not_finished_is_no_plan(ended, tmp_path):
    folder = tmp_path / "plan"
    with Ledger(folder / "design.ledger", "another question") as ledger:
        ledger.record("round 1", b"{}")
        for verb in (["prove", folder], ["report", folder, "-o", "page.html"]):
            code, _, said = ended(*verb)
            assert code == WRONG
            assert "its design was not finished" in said
            assert "it goes on where it stopped" in said


def test_two_runs_do_not_write_one_plan(ended, drill, tmp_path):
    folder = tmp_path / "plan"
    with Ledger(folder / "design.ledger", "another question"):
        code, _, said = ended("design", drill, "-o", folder)
    assert code == BROKEN
    assert "another run is at work here" in said


def test_a_ledger_that_is_garbage_costs_time_and_no_more(ended, drill, drill_plan, tmp_path):
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "design.ledger").write_bytes(b"\x00garbage" * 99)
    code, _, said = ended("design", drill, "-o", folder, "--gap", "0.1")
    assert code == 0, said
    assert plan_hash(read_plan(folder)) == stored_hash(drill_plan)


def test_a_damaged_section_cache_is_told_and_gives_the_same_plan(
    ended, drill, drill_plan, tmp_path
):
    cache = tmp_path / "cache"
    for damaged in (False, True):
        for path in sorted(cache.rglob("*.npz")) if damaged else ():
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        code, _, said = ended(
            "design", drill, "-o", "plan", "--gap", "0.1", ARTERIAL_CACHE=str(cache)
        )
        assert code == 0
        assert ("working it out again" in said) == damaged
        assert plan_hash(read_plan(tmp_path / "plan")) == stored_hash(drill_plan)


def test_every_damaged_file_of_a_plan_is_refused_by_name(capsys, drill_plan, tmp_path):
    names = [path.relative_to(drill_plan) for path in sorted(drill_plan.rglob("*.*"))]
    names = [name for name in names if name.suffix == ".parquet" or name.name == "plan.json"]
    assert len(names) == 14
    for number, name in enumerate(names):
        folder = shutil.copytree(drill_plan, tmp_path / str(number))
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        code, said = main(["prove", str(folder)]), capsys.readouterr()
        assert (code, said.out) == (WRONG, "")
        assert f"{folder / name}: the file was cut short or changed" in said.err
        assert not (folder / "proof.json").exists()


@pytest.mark.parametrize("change", [{"format": 2}, {"novelty": 1}, {"status": "lucky"}])
def test_a_plan_of_another_version_is_refused_not_guessed(ended, drill_plan, tmp_path, change):
    folder = shutil.copytree(drill_plan, tmp_path / "plan")
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    body = {name: value for name, value in document.items() if name != "seal"} | change
    rest = b'",' + json.dumps(body).encode()[1:] + b"\n"
    seal = hashlib.sha256(rest).hexdigest().encode()
    (folder / "plan.json").write_bytes(b'{\n "seal": "' + seal + rest)
    code, _, said = ended("prove", folder)
    assert code == WRONG
    assert "plan.json: it was written by another version of Arterial" in said
    assert "arterial design" in said


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_plan(
    drill, drill_plan, tmp_path, command
):
    """Files of some sizes still fit: the run dies at another file each time."""
    folder = shutil.copytree(drill_plan, tmp_path / "plan")
    before = stored_hash(folder)
    largest = max(path.stat().st_size for path in folder.rglob("*.*"))
    for limit in (2500, largest // 2):
        run = subprocess.run(
            [*command, "design", str(drill), "-o", str(folder), "--rounds", "0", "--seed", "7"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)),
        )
        assert run.returncode == BROKEN, run.stderr
        assert "Traceback" not in run.stderr
        assert "cannot write" in run.stderr
        assert "Make room and run the same command again" in run.stderr
        assert plan_hash(read_plan(folder)) == before
