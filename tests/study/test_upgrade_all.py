import shutil
from pathlib import Path

import pytest

from arterial.design.upgrade import Ask
from arterial.design.upgrade_all import AskAll
from arterial.design.ways import Terms
from arterial.errors import ModelError
from arterial.plan.store import plan_hash, read_plan
from arterial.study.prove import prove
from arterial.study.upgrade_all import upgrade_all
from arterial.study.upgrade_ask import asked


@pytest.fixture
def plan_folder(sparse_plan, tmp_path):
    return Path(shutil.copytree(sparse_plan, tmp_path / "plan"))


def test_all_pairs_doubled_are_proved_with_restoration(plan_folder, tmp_path):
    told = upgrade_all(plan_folder, AskAll(target_factor=2.0), output=tmp_path / "double")
    assert (told.verdict, told.refused) == ("yes", 0)
    assert told.gbps_after >= 2 * told.gbps_before
    proof = prove(tmp_path / "double")
    assert proof.verdict == "proved"
    assert {gate.verdict for gate in proof.gates if gate.name == "light: restoration"} == {"proved"}
    assert plan_hash(read_plan(tmp_path / "double")) == told.plan_hash


def test_a_pair_that_cannot_be_raised_is_listed_and_the_others_stand(plan_folder, tmp_path):
    ask = AskAll(target_factor=8.0, in_place=True)
    told = upgrade_all(plan_folder, ask, output=tmp_path / "eight")
    assert told.verdict == "no"
    assert 0 < told.raised < len(told.pairs)
    assert all(bool(row.why) == (row.verdict != "yes") for row in told.pairs)
    assert told.output
    assert prove(tmp_path / "eight").verdict == "proved"


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (AskAll(target_factor=float("nan")), "a target of nan times"),
        (AskAll(target_factor=2.0, mode="OpenZR 400"), "no mode is called 'OpenZR 400'"),
    ],
)
def test_what_cannot_be_asked_is_named(plan_folder, ask, words):
    with pytest.raises(ModelError, match=words):
        upgrade_all(plan_folder, ask)


@pytest.mark.parametrize(
    ("between", "target", "every", "factor"),
    [
        (None, None, False, None),
        (("A", "Z"), None, False, None),
        (("A", "Z"), 1.0, True, 2.0),
        (None, None, True, None),
        (None, None, False, 2.0),
        (("A", "Z"), 1.0, False, 2.0),
    ],
)
def test_one_pair_or_all_is_asked_and_nothing_between(between, target, every, factor):
    with pytest.raises(ModelError, match="Give --between A Z --target-gbps N, or --all"):
        asked(between=between, target_gbps=target, every=every, factor=factor, terms=Terms())


def test_terms_are_carried_over():
    terms = Terms(mode="M", in_place=True, regenerators=True)
    one = asked(between=("A", "Z"), target_gbps=1.0, every=False, factor=None, terms=terms)
    both = asked(between=None, target_gbps=None, every=True, factor=2.0, terms=terms)
    assert isinstance(one, Ask)
    assert isinstance(both, AskAll)
    for ask in (one, both):
        assert (ask.mode, ask.in_place, ask.regenerators) == ("M", True, True)
