import csv

import msgspec
import pytest

from arterial.cli.app import main
from arterial.errors import ModelError
from arterial.plan.store import read_plan, write_plan
from arterial.prove.bill import bill_gate
from arterial.study import protect, prove
from arterial.study.restore import Question, restore

replace = msgspec.structs.replace


def test_the_answer_counts_what_the_tables_hold(sparse_plan):
    plan, told = read_plan(sparse_plan), restore(sparse_plan, Question())
    assert told.verdict == "no"
    assert told.cases == len(told.worst)
    for case in told.worst:
        rows = [row for row in plan.restored_waves if row.case == case.case]
        assert (case.back, case.restored_gbps) == (len(rows), sum(r.rate_gbps for r in rows))
        assert case.restored_gbps <= case.bound_gbps <= case.cut_gbps
        assert case.back + sum(case.missing.values()) == case.cut
    assert told.share == min(case.share for case in told.worst)
    assert told.times.light_s == 20.0
    assert told.times.return_s == 320.0


def test_spares_that_are_bought_bring_more_back_and_are_paid(sparse_plan, tmp_path):
    before = read_plan(sparse_plan)
    told = restore(sparse_plan, Question(spares="auto"), output=tmp_path / "plan")
    after = read_plan(tmp_path / "plan")
    plain = restore(sparse_plan, Question())
    assert told.mean_share > plain.mean_share
    assert after.spares == told.spares
    assert after.cost == pytest.approx(before.cost + told.spares_cost)
    assert after.bound == before.bound
    assert after.gap == pytest.approx((after.cost - after.bound) / after.cost)
    assert told.spares_bound <= told.spares_cost + 1e-9
    assert bill_gate(after).verdict == "proved"
    gates = {gate.name: gate.verdict for gate in prove.prove(tmp_path / "plan").gates}
    assert gates["light: restoration"] == "proved"
    # Taken back, the plan is what it was.
    restore(tmp_path / "plan", Question(spares="none"), output=tmp_path / "bare")
    assert read_plan(tmp_path / "bare").cost == pytest.approx(before.cost)
    assert read_plan(tmp_path / "bare").spares == ()


def test_protect_restores_what_the_plan_says_or_its_table(sparse_plan, tmp_path):
    restore(sparse_plan, Question(), table=tmp_path / "back.csv")
    with (tmp_path / "back.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["case"] for row in rows} >= {"fibre Fir-Larch", "srlg river-bridge"}
    own = protect.protect(sparse_plan, protect.Question(failures="fibre,srlg"))
    table = protect.protect(
        sparse_plan,
        protect.Question(failures="fibre,srlg", restored=str(tmp_path / "back.csv")),
    )
    assert own.moments == table.moments
    assert any("plan's tables" in note for note in own.notes)


def test_classes_refuse_links_that_are_late(sparse_plan):
    told = restore(sparse_plan, Question())
    assert told.refused
    limit = {one.name: one.rtt_ms for one in read_plan(sparse_plan).network.classes}
    for row in told.refused:
        assert row.limit_ms == limit[row.traffic_class]
        assert row.rtt_ms > row.limit_ms


def test_doubles_are_played_too(sparse_plan):
    told = restore(sparse_plan, Question(failures="fibre2"))
    assert told.cases > 10
    assert all(" + fibre " in case.case for case in told.worst)


def test_light_that_nobody_knows_is_unknown(sparse_plan, tmp_path):
    plan = read_plan(sparse_plan)
    dark = tuple(replace(fibre, length_km=None) for fibre in plan.network.fibres)
    unknown = replace(plan, network=replace(plan.network, fibres=dark))
    write_plan(unknown, tmp_path / "plan")
    told = restore(tmp_path / "plan", Question())
    assert {why for case in told.worst for why in case.missing} == {"unknown"}
    assert told.verdict == "unknown"
    assert main(["restore", str(tmp_path / "plan"), "--json"]) == 3


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(failures="fibre,router"), "no cut is called 'router'"),
        (Question(failures=""), "no cut is called ''"),
        (Question(share=0.5), "--share has no use"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(sparse_plan, question, words):
    with pytest.raises(ModelError, match=words):
        restore(sparse_plan, question)


def test_the_command_answers_with_its_exit_code(sparse_plan, capsys):
    assert main(["restore", str(sparse_plan), "--worst", "2"]) == 1
    page = capsys.readouterr().out
    assert "light is back after" in page
    assert "stays on its backup" in page
