import random
import signal
import subprocess
import sys

import msgspec
import pytest

from arterial.cli.app import main
from arterial.errors import InfeasibleError, ModelError
from arterial.plan.store import plan_hash, read_plan, read_run
from arterial.study.design import LEDGER, Question, design

QUESTION = Question(gap=0.0, rounds=3)


def test_the_figures_are_those_of_the_plan_on_disk(designed):
    folder, figures = designed
    plan = read_plan(folder)
    assert figures.plan_hash == plan_hash(plan)
    assert (figures.cost, figures.bound, figures.gap) == (plan.cost, plan.bound, plan.gap)
    assert figures.waves == figures.lightpaths == len(plan.lightpaths)
    assert figures.replicas == len({row.edge for row in plan.replicas})
    assert figures.cost == pytest.approx(sum(row.cost for row in plan.bill))


def test_wall_times_stand_beside_the_plan_and_sum_up(designed):
    run = read_run(designed[0])
    assert run.seconds == pytest.approx(sum(run.stages.values()), abs=0.1)
    assert {"system", "python", "cores"} <= run.machine.keys()


def test_a_finished_design_leaves_no_ledger(designed):
    assert not (designed[0] / LEDGER).exists()


def test_a_design_stopped_by_time_says_so_and_keeps_its_rounds(drill, tmp_path):
    figures = design(drill, tmp_path / "plan", Question(gap=0.0, time_limit_s=1e-9))
    assert figures.status == "time"
    assert (tmp_path / "plan" / LEDGER).exists()
    again = design(drill, tmp_path / "plan", Question(gap=0.0, rounds=6))
    whole = design(drill, tmp_path / "whole", Question(gap=0.0, rounds=6))
    assert again.plan_hash == whole.plan_hash
    assert not (tmp_path / "plan" / LEDGER).exists()


def test_out_of_time_before_the_gap_is_exit_code_3(drill, tmp_path):
    asked = ["design", str(drill), "-o", str(tmp_path / "plan"), "--time-limit", "1e-9"]
    assert main([*asked, "--gap", "0"]) == 3
    assert main([*asked, "--gap", "1"]) == 0


def test_an_unknown_load_leaves_no_folder(drill, tmp_path):
    with pytest.raises(ModelError, match="no load is called 'bas'"):
        design(drill, tmp_path / "plan", Question(load="bas"))
    assert not (tmp_path / "plan").exists()


def test_an_infeasible_design_names_what_collides_and_keeps_the_older_plan(
    changed_drill, plan_folder
):
    before = plan_hash(read_plan(plan_folder))
    classes = "classes:\n  - {name: inference, priority: 0, rtt_ms: 1.5}\n"
    classes += "".join(
        f"  - {{name: {name}, priority: 1}}\n" for name in ("sync", "checkpoint", "ingest")
    )
    classes += "  - {name: rollout, priority: 1}\n\nworkloads:"
    folder = changed_drill(
        "network.yaml", "workloads:\n  - name: people", classes + "\n  - name: people"
    )
    with pytest.raises(InfeasibleError) as told:
        design(folder, plan_folder, Question())
    assert told.value.demand
    assert told.value.remedies
    assert plan_hash(read_plan(plan_folder)) == before


CHILD = """
import sys
from pathlib import Path
from arterial.study.design import Question, design
def report(stage, done, total):
    print(stage, done, flush=True)
design(Path(sys.argv[1]), Path(sys.argv[2]), Question(gap=0.0, rounds=3), report=report)
"""


def test_killed_at_any_moment_a_design_goes_on_to_the_same_plan(drill, tmp_path, seed):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    whole = design(drill, tmp_path / "whole", QUESTION)
    folder = tmp_path / "killed"
    command = [sys.executable, "-c", CHILD, str(drill), str(folder)]
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            for _ in range(draw.randrange(3, 9)):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
    assert design(drill, folder, QUESTION).plan_hash == whole.plan_hash
    assert exactly(folder) == exactly(tmp_path / "whole")


def exactly(folder):
    return msgspec.json.encode(read_plan(folder))
