"""The frontier of the drill network: its laws, and that a run that was cut off ends the same."""

import csv
import json
import shutil

import pytest
from msgspec import structs

from arterial.design.relaxed import variants
from arterial.errors import ModelError
from arterial.jobs.progress import silent
from arterial.model.reader import load_network
from arterial.plan.store import read_plan
from arterial.study.prove import prove
from arterial.study.tradeoff import ANSWER, Tradeoff, tradeoff
from arterial.study.tradeoff_runs import Run, made

QUESTION = Tradeoff(points=2, within_ms=3.5, rounds=1, bound_rounds=0, parts=("frontier",))


@pytest.fixture(scope="module")
def traded(drill, tmp_path_factory):
    """Folder and answer of a small grid, made once; only to be read."""
    folder = tmp_path_factory.mktemp("traded") / "grid"
    table, picture = folder / "all.csv", folder / "all.svg"
    return folder, tradeoff(drill, folder, QUESTION, table=table, picture=picture)


def test_every_point_is_a_plan_that_gives_what_was_asked(traded):
    folder, answer = traded
    assert answer.verdict == "yes"
    assert len(answer.points) == 4
    for point in answer.points:
        plan = read_plan(folder / point.plan)
        assert plan.cost == pytest.approx(point.cost)
        assert point.floor <= point.bound <= point.cost
        assert point.pace >= point.asked_pace


def test_no_point_of_the_frontier_is_beaten_and_each_that_left_is(traded):
    points = traded[1].points

    def beats(one, other):
        return (one.cost, -one.people, -one.training) != (
            other.cost,
            -other.people,
            -other.training,
        ) and (
            one.cost <= other.cost and one.people >= other.people and one.training >= other.training
        )

    frontier = [point for point in points if point.standing != "dominated"]
    assert frontier
    assert not any(beats(one, other) for one in points for other in frontier)


def test_more_of_anything_is_never_cheaper_in_floor(traded):
    points = traded[1].points
    for one in points:
        for other in points:
            more = one.asked_people >= other.asked_people and one.asked_pace >= other.asked_pace
            assert not more or one.floor >= other.floor


def test_a_run_that_was_cut_off_ends_as_if_it_had_not_been(drill, traded, tmp_path):
    folder, answer = traded
    again = shutil.copytree(folder, tmp_path / "again")
    (again / ANSWER).unlink()
    shutil.rmtree(again / answer.points[0].name)
    damaged = again / answer.points[1].name / "plan.json"
    damaged.write_text("{", encoding="utf-8")
    kept = again / answer.points[2].name / "plan.json"
    before = kept.stat().st_mtime_ns
    found = tradeoff(drill, again, QUESTION)
    assert structs.replace(found, folder=answer.folder) == answer
    assert kept.stat().st_mtime_ns == before, "a plan that stands is not made again"


def test_the_answer_stands_as_json_table_and_picture(traded):
    folder, answer = traded
    told = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    assert [point["name"] for point in told["points"]] == [one.name for one in answer.points]
    rows = list(csv.DictReader((folder / "all.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row["cost"]) for row in rows] == pytest.approx([p.cost for p in answer.points])
    assert (folder / "all.svg").read_text(encoding="utf-8").count("<circle") == len(answer.points)


def test_the_second_failure_has_a_plan_that_is_proved_and_costs_more(drill, traded, tmp_path):
    asked = next(
        one for one in variants(load_network(drill), "base") if "two fibre cuts" in one.name
    )
    run = Run(
        name="second",
        network=asked.network,
        load="base",
        gap=QUESTION.gap,
        rounds=1,
        bound_rounds=0,
        seed=0,
        within_ms=3.5,
    )
    (found,) = made(tmp_path, [run], silent)
    base = next(point for point in traded[1].points if point.name == traded[1].base)
    assert base.bound < found.bound <= found.cost
    proved = prove(tmp_path / "second")
    assert proved.verdict == "proved"
    assert any(gate.name.endswith("after fibre2") for gate in proved.gates)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"points": 0}, "--points 0"),
        ({"points": 1000}, "1 to 50"),
        ({"within_ms": 0.0}, "--within-ms 0"),
        ({"overlap": 0.0}, "--overlap 0"),
        ({"rtt_ms": (-1.0,)}, "--rtt-ms -1"),
        ({"parts": ()}, "frontier, policies, costs"),
        ({"load": "bas"}, "Did you mean 'base'?"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_before_anything_is_designed(
    drill, tmp_path, change, told
):
    with pytest.raises(ModelError) as refused:
        tradeoff(drill, tmp_path / "none", structs.replace(QUESTION, **change))
    assert told in str(refused.value)
    assert not (tmp_path / "none").exists()
