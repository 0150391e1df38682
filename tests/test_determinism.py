"""Same input, same seed, same bytes: for any hash seed, number of threads, cold or warm cache."""

import json

import pytest

from arterial.plan.store import read_plan, read_proof

pytestmark = pytest.mark.long

SETTINGS = (
    {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
)
WALL = {"run.json", "proof-run.json"}
"""What a run took and where it ran: beside the results, outside every hash."""


@pytest.fixture
def twice(started, tmp_path, drill):
    """Folders of two runs of design and proof, side by side; the second finds a warm cache."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, settings in zip(folders, SETTINGS, strict=True):
        cache = {"ARTERIAL_CACHE": str(tmp_path / "cache")}
        for verb in (
            ["design", drill, "-o", folder, "--gap", "0.05"],
            ["prove", folder, "--critical"],
        ):
            child = started(*verb, "--json", **settings, **cache)
            out, said = child.communicate(timeout=300)
            assert child.returncode == 0, said
            (folder / f"{verb[0]}.stdout").write_text(out, encoding="utf-8")
    return folders


def files(folder):
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.name not in WALL and path.suffix != ".stdout"
    }


def said(folder, verb):
    """What a verb answers, but for its seconds and its folder."""
    answer = json.loads((folder / f"{verb}.stdout").read_text(encoding="utf-8"))
    return {key: value for key, value in answer.items() if key not in {"seconds", "plan"}}


def test_two_runs_leave_the_same_bytes(twice):
    one, two = (files(folder) for folder in twice)
    assert {"plan.json", "proof.json"} <= one.keys()
    assert sum(name.endswith(".parquet") for name in one) >= 10
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert read_plan(twice[0]).demands
    assert read_proof(twice[0]).gates
    assert all(said(twice[0], verb) == said(twice[1], verb) for verb in ("design", "prove"))


def test_another_seed_is_another_question(ended, tmp_path, drill):
    hashes = set()
    for seed in ("0", "1"):
        code, out, _ = ended("design", drill, "-o", tmp_path / seed, "--seed", seed, "--json")
        assert code == 0
        hashes.add(json.loads(out)["input_hash"])
    assert len(hashes) == 2
