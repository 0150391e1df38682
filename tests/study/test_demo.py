import csv
import io
from pathlib import Path

import pytest

from arterial.study.demo import GAP, demo


@pytest.fixture(scope="module")
def done(drill, tmp_path_factory):
    return demo(drill, tmp_path_factory.mktemp("demo"))


def test_every_load_is_designed_and_proved_or_said_to_be_infeasible(done):
    told = [made.load for made in done.designs] + [missed.load for missed in done.infeasible]
    assert sorted(told) == sorted(done.network.loads)
    assert [proof.load for proof in done.proofs] == [made.load for made in done.designs]
    assert all(missed.remedies for missed in done.infeasible)


def test_the_verdict_is_the_worst_of_its_loads(done):
    verdicts = {proof.verdict for proof in done.proofs}
    if done.infeasible or "refuted" in verdicts:
        assert done.verdict == "refuted"
    else:
        assert done.verdict == ("unknown" if "unknown" in verdicts else "proved")


def test_a_design_that_stopped_by_its_gap_is_within_it(done):
    for made in done.designs:
        assert (made.search_gap <= GAP) == (made.status == "gap")


def test_every_design_has_its_bill_of_materials(done):
    for made, file in zip(done.designs, done.bills, strict=True):
        text = Path(file).read_text(encoding="utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert sum(float(row["cost"]) for row in rows) == pytest.approx(made.cost)


def test_what_cuts_take_comes_back_where_spares_can_bring_it(done):
    gates = [gate for proof in done.proofs for gate in proof.gates]
    back = [gate for gate in gates if gate.name == "light: restoration"]
    assert len(back) == len(done.proofs)
    assert all(gate.verdict == "proved" for gate in back)


def test_stages_are_timed_against_a_written_budget(done):
    assert done.total.budget_s > 0
    assert all(stage.budget_s > 0 for stage in done.stages)
    names = [stage.name for stage in done.stages]
    assert names[0] == "check"
    assert names[-1] == "report"
