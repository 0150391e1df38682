import shutil
from pathlib import Path

import pytest

from arterial.design.upgrade import Ask
from arterial.errors import ModelError
from arterial.plan.store import plan_hash, read_plan
from arterial.study.prove import prove
from arterial.study.upgrade import upgrade


@pytest.fixture
def plan_folder(sparse_plan, tmp_path):
    return Path(shutil.copytree(sparse_plan, tmp_path / "plan"))


@pytest.mark.parametrize(
    "ask",
    [
        Ask(a="Fir", z="Larch", target_gbps=800.0, in_place=True),
        Ask(a="Alder", z="Birch", target_gbps=700.0),
        Ask(a="Hazel", z="Juniper", target_gbps=4000.0),
        Ask(a="Hazel", z="Fir", target_gbps=2000.0, regenerators=True),
    ],
    ids=str,
)
def test_the_upgraded_plan_is_proved_as_the_old_one_was(plan_folder, tmp_path, ask):
    assert prove(plan_folder).verdict == "proved"
    told = upgrade(plan_folder, ask, output=tmp_path / "faster")
    assert told.gbps_after >= ask.target_gbps > told.gbps_before
    assert prove(tmp_path / "faster").verdict == "proved"
    assert plan_hash(read_plan(tmp_path / "faster")) == told.plan_hash


def test_sections_and_routes_tell_what_was_and_what_is(plan_folder):
    told = upgrade(plan_folder, Ask(a="Fir", z="Larch", target_gbps=800.0, in_place=True))
    (section,) = told.sections
    assert section.gbps_after == section.gbps_before + 700.0
    assert section.fill_after > section.fill_before
    assert told.watts_per_gbps_after == pytest.approx(60.0 / 800.0)
    assert (told.routes[0].gbps_before, told.routes[0].gbps_after) == (100.0, 800.0)


def test_a_refusal_writes_nothing_and_says_what_would_free_it(plan_folder, tmp_path):
    mode = "800G PCS ASSUMPTION"
    ask = Ask(a="Fir", z="Hazel", target_gbps=800.0, mode=mode, in_place=True)
    told = upgrade(plan_folder, ask, output=tmp_path / "none")
    assert told.verdict == "no"
    assert not (tmp_path / "none").exists()
    (frees, reaches) = told.routes[0].frees
    assert frees.startswith("regenerators at ")
    assert reaches.endswith("Gb/s a wave")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (Ask(a="Fir", z="Lach", target_gbps=1.0), "no site is called 'Lach'. Did you mean 'Larch'"),
        (Ask(a="Fir", z="Alder", target_gbps=1.0), "no IP link joins 'Fir' and 'Alder'"),
        (Ask(a="Fir", z="Fir", target_gbps=1.0), "stands at both ends"),
        (
            Ask(a="Fir", z="Larch", target_gbps=1.0, mode="800G PCS ASUMPTION"),
            "Did you mean '800G PCS",
        ),
        (Ask(a="Fir", z="Larch", target_gbps=float("inf")), "a target of inf Gb/s"),
    ],
)
def test_what_the_plan_does_not_hold_is_named(plan_folder, ask, words):
    with pytest.raises(ModelError, match=words.replace("(", r"\(")):
        upgrade(plan_folder, ask)
