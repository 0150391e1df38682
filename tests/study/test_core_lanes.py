"""Over Ray the core answers what it answers here, to the last bit; what does not fit is refused."""

import os
import sys

import msgspec
import pytest

from arterial.cli.app import main
from arterial.errors import ModelError, SolverError
from arterial.plan.store import plan_hash, read_plan
from arterial.study.capacity import Effort, Source, capacity
from arterial.study.core_lanes import core_lanes
from arterial.study.design import Question, design

MODULES = Source(modules=("400:10+0.02/km", "100:4"))
EFFORT = Effort(gap=0.005, rounds=60)
LED = Question(gap=0.0, rounds=1, core_rounds=4)


def test_without_an_address_cases_stay_in_this_process():
    with core_lanes("") as lanes:
        assert lanes is None


def test_without_ray_the_extra_is_named(drill, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModelError, match=r"arterial\[ray\]"):
        capacity(drill, MODULES, Effort(ray="local"))


@pytest.mark.parametrize("close", [[], ["--stay-close-to", "PLAN"]])
def test_a_cluster_without_the_core_is_refused(drill, drill_plan, tmp_path, capsys, close):
    asked = [str(drill_plan) if word == "PLAN" else word for word in close]
    assert main(["design", str(drill), "-o", str(tmp_path / "p"), "--ray", "local", *asked]) == 2
    assert "--core-rounds" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


@pytest.fixture
def importable(monkeypatch):
    """Workers find what this process finds."""
    pytest.importorskip("ray")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


@pytest.mark.cluster
@pytest.mark.usefixtures("importable")
@pytest.mark.filterwarnings("default")
def test_capacity_over_ray_is_the_same_to_the_last_bit(drill, tmp_path):
    here = capacity(drill, MODULES, EFFORT, output=tmp_path / "a")
    there = capacity(
        drill, MODULES, msgspec.structs.replace(EFFORT, ray="local"), output=tmp_path / "b"
    )
    same = msgspec.structs.replace(there, output=here.output)
    assert msgspec.json.encode(same) == msgspec.json.encode(here)
    kept = [sorted((tmp_path / name).glob("capacity.*")) for name in "ab"]
    tables = [path.read_bytes() for files in kept for path in files if path.suffix == ".csv"]
    assert tables[0] == tables[1]


@pytest.mark.cluster
@pytest.mark.usefixtures("importable")
@pytest.mark.filterwarnings("default")
def test_a_design_led_over_ray_is_the_same_plan(drill, tmp_path):
    here = design(drill, tmp_path / "here", LED)
    there = design(drill, tmp_path / "there", msgspec.structs.replace(LED, ray="local"))
    assert there.plan_hash == here.plan_hash == plan_hash(read_plan(tmp_path / "there"))
    assert (there.cost, there.bound) == (here.cost, here.bound)


@pytest.mark.cluster
@pytest.mark.usefixtures("importable")
@pytest.mark.filterwarnings("default")
def test_an_address_where_nobody_answers_is_told(drill):
    with pytest.raises(SolverError, match=r"Ray at 127\.0\.0\.1:9"):
        capacity(drill, MODULES, Effort(ray="127.0.0.1:9"))
