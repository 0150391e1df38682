"""The verb as a function: what it answers, keeps, goes on from, and refuses."""

import csv
import json
import math
import subprocess
import sys
from itertools import count

import pytest
from monolith import monolith

from arterial.errors import InfeasibleError, ModelError
from arterial.study.capacity import Effort, Source, capacity
from arterial.study.capacity_source import task_of

NODES = "NODES ( A ( 0 0 ) B ( 1 0 ) C ( 0 1 ) D ( 1 1 ) )\n"
RING = """LINKS (
 L1 ( A B ) 4 5 0 3 ( 10 7 40 21 )
 L2 ( B C ) 0 0 0 2 ( 10 7 40 21 )
 L3 ( A C ) 0 0 0 2 ( 10 9 40 25 )
 L4 ( C D ) 0 0 0 2 ( 10 9 40 25 )
 L5 ( D A ) 0 0 0 2 ( 10 9 40 25 )
)
"""
DEMANDS = "DEMANDS ( D1 ( A B ) 2 5 UNLIMITED D2 ( A C ) 1 7 3 D3 ( D B ) 1 12 3 )\n"
SURVIVES = Source(model="U-U-M-Y-C-A-N-U")


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.txt"
    path.write_text(f"?SNDlib native format; type: network; version: 1.0\n{NODES}{RING}{DEMANDS}")
    return path


@pytest.mark.parametrize("model", ["U-U-M-Y-C-A-N-U", "D-B-M-N-C-A-Y-U", "U-U-E-N-C-A-N-U"])
def test_the_answer_is_the_oracle_s_and_each_case_is_routed_once_more(toy, model):
    source = Source(model=model)
    found = capacity(toy, source, Effort(gap=1e-6, rounds=1000))
    task = task_of(toy, source)
    best = monolith(task.problem).cost + task.constant
    assert found.verdict == "proved"
    assert found.cost == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    assert found.checked_cases == found.cases == 6
    paid = sum(row.cost for row in found.links)
    assert paid + task.constant == pytest.approx(found.cost)
    assert all(row.worst_utilisation <= 1.0 + 1e-6 for row in found.links)
    for row in found.links:
        assert row.worst_case != row.link
        assert bool(row.worst_case) == (row.worst_utilisation > 1e-6)


def test_an_answer_is_written_and_a_later_run_goes_on_from_it(toy, tmp_path):
    out = tmp_path / "out"
    found = capacity(toy, SURVIVES, Effort(gap=1e-6), output=out)
    table = list(csv.DictReader((out / "capacity.csv").read_text().splitlines()))
    assert [row["link"] for row in table] == ["L1", "L2", "L3", "L4", "L5"]
    answer = json.loads((out / "capacity.json").read_text())
    assert answer["cost"] == found.cost
    assert "seconds" not in answer
    assert json.loads((out / "run.json").read_text())["seconds"] >= 0.0
    again = capacity(toy, SURVIVES, Effort(gap=1e-6, resume=True), output=out)
    assert again.resumed
    assert (again.cost, again.bound) == (found.cost, found.bound)
    assert again.links == found.links


def test_out_of_time_tells_the_best_so_far_and_proves_nothing(toy):
    late = count(0.0, 1000.0)
    found = capacity(toy, SURVIVES, Effort(gap=0.0, time_limit_s=1.0), clock=lambda: next(late))
    assert found.stopped == "time"
    assert found.verdict == "unknown"


def test_no_answer_is_told_with_what_would_free_it(toy):
    toy.write_text(toy.read_text().replace("10 7 40 21", "10 7").replace("10 9 40 25", "10 9"))
    with pytest.raises(InfeasibleError, match="find no room") as told:
        capacity(toy, Source(model="U-U-E-N-C-A-N-U"))
    assert told.value.remedies


@pytest.mark.parametrize(
    ("effort", "words"),
    [
        (Effort(resume=True), "what to go on from"),
        (Effort(rounds=0), "find nothing"),
    ],
)
def test_efforts_that_cannot_be_meant_are_refused(toy, effort, words):
    with pytest.raises(ModelError, match=words):
        capacity(toy, SURVIVES, effort)


def test_metrics_for_ecmp_come_with_modules_that_cost_no_less_than_the_bound(toy):
    effort = Effort(gap=1e-6, routing="ecmp", metric_rounds=3)
    found = capacity(toy, SURVIVES, effort)
    plain = capacity(toy, SURVIVES, Effort(gap=1e-6))
    assert plain.ecmp is None
    assert (found.cost, found.links) == (plain.cost, plain.links)
    assert found.ecmp.bound <= found.bound + 1e-9
    assert found.ecmp.cost >= found.bound - 1e-9
    assert {row.link for row in found.ecmp.links} == {row.link for row in found.links}
    for row in found.ecmp.links:
        assert bool(row.metric) == bool(row.worst_case)
        assert row.worst_filled <= 1.0 + 1e-6
        assert row.worst_case != row.link
    assert capacity(toy, SURVIVES, effort).ecmp == found.ecmp


def test_what_ecmp_cannot_hold_is_refused_before_anything_is_solved(toy):
    parts = Source(model="U-U-L-N-C-A-N-U")
    with pytest.raises(ModelError, match="modules in parts"):
        capacity(toy, parts, Effort(routing="ecmp"))


@pytest.mark.parametrize("ticks", [3, 30, 60, 120, 1000])
def test_time_that_ends_inside_a_round_leaves_the_best_so_far(drill, ticks):
    """Every look at the clock costs a second: the search is cut in a different place each time."""
    source = Source(modules=("400:10+0.02/km", "100:4"))
    clock = count()
    effort = Effort(gap=0.0, time_limit_s=float(ticks))
    found = capacity(drill, source, effort, clock=lambda: float(next(clock)))
    best = capacity(drill, source, Effort(gap=0.0))
    assert found.stopped in {"time", "gap", "end"}
    assert math.isnan(found.bound) or found.bound <= best.cost + 1e-6
    if math.isnan(found.cost):
        assert any("no plan yet" in note for note in found.notes)
        assert not found.links
    else:
        assert found.cost >= best.bound - 1e-6
        assert found.links
    assert (found.verdict == "proved") <= (found.stopped == "gap")


def test_a_search_that_time_cut_goes_on_to_the_same_cost(drill, tmp_path):
    source = Source(modules=("400:10+0.02/km", "100:4"))
    clock = count()
    effort = Effort(gap=1e-6, time_limit_s=30.0)
    cut = capacity(drill, source, effort, output=tmp_path, clock=lambda: float(next(clock)))
    assert cut.stopped == "time"
    again = capacity(drill, source, Effort(gap=1e-6, resume=True), output=tmp_path)
    assert again.verdict == "proved"
    assert again.cost == pytest.approx(capacity(drill, source, Effort(gap=1e-6)).cost)


SMALL = """
import resource, sys
from itertools import count
from pathlib import Path
import msgspec
from arterial.study.capacity import Effort, Source, capacity
looks = count()
def clock():
    if next(looks) == 30:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        here = pages * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (here, resource.RLIM_INFINITY))
        try:
            bytearray(1 << 30)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    return 0.0
source = Source(modules=("400:10+0.02/km", "100:4"))
effort = Effort(gap=0.0, time_limit_s=1.0)
capacity(Path(sys.argv[1]), source, effort, output=Path(sys.argv[2]), clock=clock)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of a process on Linux")
def test_out_of_memory_tells_the_best_so_far_and_what_to_do(drill, tmp_path):
    out = tmp_path / "out"
    subprocess.run([sys.executable, "-c", SMALL, str(drill), str(out)], check=True)
    answer = json.loads((out / "capacity.json").read_text())
    assert (answer["stopped"], answer["verdict"]) == ("memory", "unknown")
    assert answer["bound"] > 0.0
    assert any("out of memory" in note and "--resume" in note for note in answer["notes"])
    again = capacity(
        drill,
        Source(modules=("400:10+0.02/km", "100:4")),
        Effort(gap=0.01, resume=True),
        output=out,
    )
    assert again.resumed
    assert again.verdict == "proved"
