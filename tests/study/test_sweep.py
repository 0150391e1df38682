import json
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pytest

from arterial.errors import InterruptedRunError, ModelError
from arterial.fabric.failures import single_failures
from arterial.fabric.odds import CUTS_PER_KM_YEAR
from arterial.model.reader import load_network
from arterial.plan.store import read_plan
from arterial.plan.table import database, read_table
from arterial.prove import proof as prover
from arterial.study.imports import import_graphml
from arterial.study.protect import Question as Guard
from arterial.study.protect import protect
from arterial.study.sweep import ANSWER, LEDGER, Question, sweep
from arterial.study.sweep_answer import CaseFigures
from arterial.study.sweep_tables import CaseClass, Element

NETWORKS = Path(__file__).parents[2] / "networks"
ZOO = Path(__file__).parents[1] / "data" / "topology-zoo"


@pytest.fixture
def abilene(tmp_path):
    """Abilene with one demand between its first two sites, written by ``demand``."""
    import_graphml(ZOO / "Abilene.graphml", tmp_path / "net")
    names = [site.name for site in load_network(tmp_path / "net").sites]

    def demand(*rows):
        table = "".join(f"sync,{names[a]},{names[z]},{gbps}\n" for a, z, gbps in rows)
        (tmp_path / "net" / "demands.csv").write_text(
            f"traffic_class,source,target,gbps\n{table}", "utf-8"
        )
        return tmp_path / "net"

    return demand


def test_the_double_cuts_that_disconnect_the_reference_network_are_all_listed():
    found = sweep(NETWORKS / "us-ai-backbone", Question(failures="fibre2", capacity_gbps=1e6))
    assert (found.cases, found.disconnecting_cases, len(found.disconnecting)) == (8001, 69, 69)
    first = found.disconnecting[0]
    assert first.case == "fibre Albany--Boston + fibre Albany--Syracuse"
    assert first.sites == ("Albany",)
    assert all(len(row.sites) == row.cut_off for row in found.disconnecting)
    # Some markets hang on fibres that are still to be leased: told, not dropped in silence.
    assert found.unserved_gbps == pytest.approx(found.normal.dropped_gbps)
    assert any("no way even where nothing failed" in note for note in found.notes)


def test_a_network_that_carries_all_in_every_case_is_proved(abilene):
    found = sweep(abilene((0, 1, 7.0)), Question(failures="fibre"))
    assert (found.verdict, found.worst[0].carried_fraction) == ("proved", 1.0)
    assert found.classes[0].worst_case == ""


def test_a_link_too_small_refutes_and_is_named(abilene):
    found = sweep(abilene((0, 1, 7.0)), Question(failures="fibre", capacity_gbps=5.0))
    assert found.verdict == "refuted"
    assert found.worst[0].max_utilisation == pytest.approx(7.0 / 5.0)
    assert found.worst[0].overload_gbps == pytest.approx(2.0)
    assert found.worst[0].link in {row.link for row in found.links}


@pytest.mark.parametrize("rows", [[], [(0, 0, 5.0)]])
def test_nothing_offered_is_unknown(abilene, rows):
    found = sweep(abilene(*rows), Question())
    assert found.verdict == "unknown"
    assert any("nothing is offered" in note for note in found.notes)


@pytest.mark.parametrize("gbps", ["0", "-1", "nan", "inf"])
def test_a_demand_that_is_none_is_refused(abilene, gbps):
    with pytest.raises(ModelError, match=r"demands.csv:2: gbps"):
        sweep(abilene((0, 1, gbps)), Question())


def test_an_empty_set_of_cases_is_unknown(abilene):
    found = sweep(abilene((0, 1, 7.0)), Question(failures="srlg"))
    assert (found.verdict, found.cases, found.worst) == ("unknown", 0, ())
    assert any("no such failure" in note for note in found.notes)


def test_a_kind_that_is_none_is_told(abilene):
    with pytest.raises(ModelError, match="Did you mean 'fibre'"):
        sweep(abilene((0, 1, 7.0)), Question(failures="fibres"))


def test_a_network_without_a_plan_is_played_with_the_backups_that_protect_installs(drill):
    kinds = "fibre,srlg"
    found = sweep(drill, Question(failures=kinds, routing="backup", worst=99))
    told = protect(drill, Guard(method="backup", failures=kinds, worst=99))
    right = {row.case: row.carried_fraction for row in told.worst}
    assert {row.case: row.carried_fraction for row in found.worst} == pytest.approx(right)
    assert found.cases == told.cases == 15
    assert any("a primary and a backup" in note for note in found.notes)


def test_tables_need_a_place(abilene):
    with pytest.raises(ModelError, match="tables need a place"):
        sweep(abilene((0, 1, 7.0)), Question(tables=True))


@pytest.mark.parametrize("routing", ["ecmp", "te", "backup"])
def test_every_routing_plays_a_plan_and_accounts_for_all_traffic(designed, routing):
    question = Question(failures="fibre,router,site,maintenance", routing=routing, worst=10**6)
    found = sweep(designed[0], question)
    for row in (*found.worst, found.normal):
        between = found.offered_gbps - row.ended_gbps
        lost = row.dropped_gbps + row.overload_gbps
        assert lost == pytest.approx(between * (1.0 - row.carried_fraction), abs=1e-5)
    assert len(found.worst) == found.cases > 500
    assert (found.gap <= 1e-6) if routing == "te" else np.isnan(found.gap)


def test_backups_keep_after_single_failures_what_the_proof_says_they_keep(designed):
    """Of a class, the demand hit worst cannot lose less than the class as a whole."""
    plan = read_plan(designed[0])
    proof = prover.prove(plan)
    for kind in ("fibre", "router", "site"):
        found = sweep(designed[0], Question(failures=kind, routing="backup"))
        kept = {row.name: row.carried_fraction for row in found.classes}
        for row in proof.worst_classes:
            if row.kind == kind and kind != "site":
                assert row.carried <= kept[row.traffic_class] + 1e-9
                assert (row.carried == 1.0) == (kept[row.traffic_class] == 1.0)
    used = {hop.fibre for hop in plan.lightpath_hops}
    cuts = single_failures(plan.network, fibres=used, router_sites=(), edges=())
    fibres = sweep(designed[0], Question(failures="fibre", routing="backup"))
    assert fibres.cases == sum(cut.kind == "fibre" for cut in cuts)


def test_an_answer_and_its_tables_are_written_and_the_ledger_goes(abilene, tmp_path):
    rates = tmp_path / "rates.csv"
    folder = abilene((0, 1, 7.0), (2, 5, 3.0))
    fibre = load_network(folder).fibres[0].name
    rates.write_text(f"element,failures_per_year,repair_h\n{fibre},4,12\n", "utf-8")
    question = Question(failures="fibre", tables=True, rates=str(rates), capacity_gbps=1e3)
    found = sweep(folder, question, output=tmp_path / "out")
    assert found.tables == ("cases", "classes", "links", "elements")
    assert not (tmp_path / "out" / LEDGER).exists()
    assert json.loads((tmp_path / "out" / ANSWER).read_text("utf-8"))["cases"] == found.cases
    with database() as inside:
        cases = read_table(inside, tmp_path / "out" / "cases.parquet", CaseFigures)
        elements = read_table(inside, tmp_path / "out" / "elements.parquet", Element)
        classes = read_table(inside, tmp_path / "out" / "classes.parquet", CaseClass)
    assert [row.case for row in cases][:1] == [f"fibre {fibre}"]
    assert len(classes) == found.cases
    assert elements[0].availability == pytest.approx(1.0 - 12.0 / (12.0 + 8760.0 / 4.0))
    assert duckdb.sql("select 1").fetchall() == [(1,)]


def test_odds_of_all_single_and_double_cuts_bound_what_is_left_out(abilene):
    question = Question(failures="fibre,fibre2", rates="published", capacity_gbps=1e3)
    found = sweep(abilene((0, 1, 7.0), (2, 5, 3.0)), question)
    assert found.odds is not None
    assert found.odds.covered + found.odds.left_out == pytest.approx(1.0)
    assert found.odds.expected_low <= found.odds.expected_high <= 1.0
    assert found.odds.expected_high - found.odds.expected_low <= found.odds.left_out + 1e-12
    row = found.classes[0]
    assert row.whole_low <= row.expected_low <= row.expected_high
    assert any("ASSUMPTION" in note for note in found.notes)
    singles = sweep(abilene((0, 1, 7.0), (2, 5, 3.0)), Question(rates="published"))
    assert singles.odds is not None
    assert singles.odds.left_out > found.odds.left_out > 0.0


def test_a_class_that_is_not_carried_at_all_leaves_the_stretch_known(designed):
    found = sweep(designed[0], Question(routing="te", worst=99))
    starved = [row for row in found.worst if row.carried_fraction < 0.9]
    assert starved
    assert all(row.stretch > 0.0 for row in found.worst)


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_that_are_none_are_refused(abilene, threads):
    with pytest.raises(ModelError, match="--threads"):
        sweep(abilene((0, 1, 7.0)), Question(threads=threads))


def test_a_file_of_cases_is_played_in_its_order(abilene, tmp_path):
    folder = abilene((0, 1, 7.0))
    names = [fibre.name for fibre in load_network(folder).fibres]
    path = tmp_path / "cases.txt"
    path.write_text(f"{names[0]},{names[1]}\n{names[2]}\n", "utf-8")
    found = sweep(folder, Question(failures=str(path)))
    assert found.cases == 2
    assert {row.case for row in found.worst} == {
        f"fibre {names[0]} + fibre {names[1]}",
        f"fibre {names[2]}",
    }


KILLED = """
import os, signal, sys
from pathlib import Path
from arterial.study.protect import Question as Guard
from arterial.study.protect import protect
from arterial.study.sweep import Question, sweep

def report(stage, done, total):
    if stage == "playing failures" and done:
        os.kill(os.getpid(), signal.SIGKILL)

sweep(Path(sys.argv[1]), Question(failures="fibre2"), output=Path(sys.argv[2]), report=report)
"""
"""A process that kills itself once a stretch has been played and kept."""


def test_a_killed_sweep_goes_on_to_the_same_answer(tmp_path):
    network, output = NETWORKS / "us-ai-backbone", tmp_path / "out"
    child = subprocess.run([sys.executable, "-c", KILLED, network, output], check=False)
    assert child.returncode == -signal.SIGKILL
    assert (output / LEDGER).stat().st_size > 1000
    begun: list[float] = []

    def report(stage, done, _):
        if stage == "playing failures":
            begun.append(done)

    found = sweep(network, Question(failures="fibre2"), output=output, report=report)
    whole = sweep(network, Question(failures="fibre2"))
    assert (begun[0] > 0, begun[-1], found.cases) == (True, 8001, 8001)
    told = (found.worst, found.links, found.classes, found.disconnecting)
    right = (whole.worst, whole.links, whole.classes, whole.disconnecting)
    assert msgspec.json.encode(told) == msgspec.json.encode(right)


@pytest.mark.parametrize(("kept", "told"), [(True, "goes on from there"), (False, "without -o")])
def test_an_interrupted_sweep_says_what_is_kept(tmp_path, kept, told):
    """The user's interrupt comes while cases are played, as a signal to this very process."""

    def report(stage, done, _):
        if stage == "playing failures" and done:
            signal.raise_signal(signal.SIGINT)

    output = tmp_path / "out" if kept else None
    with pytest.raises(InterruptedRunError, match=told):
        sweep(
            NETWORKS / "us-ai-backbone", Question(failures="fibre2"), output=output, report=report
        )
    assert (tmp_path / "out" / LEDGER).exists() is kept


@pytest.fixture
def ready_made(tmp_path):
    """Two sites apart from two others, with links whose figures ``links`` gives."""

    def links(*rows, demands="sync,A,B,7\nsync,A,C,2\n"):
        folder = tmp_path / "net"
        folder.mkdir(exist_ok=True)
        tables = "tables: {sites: sites.csv, links: links.csv}\n"
        (folder / "network.yaml").write_text(f"name: islands\n{tables}", "utf-8")
        (folder / "sites.csv").write_text("name\nA\nB\nC\nD\n", "utf-8")
        header = "name,a,z,capacity_gbps,igp_metric\n"
        (folder / "links.csv").write_text(header + "".join(f"{row}\n" for row in rows), "utf-8")
        (folder / "demands.csv").write_text(f"traffic_class,source,target,gbps\n{demands}", "utf-8")
        return folder

    return links


def test_a_network_in_two_pieces_tells_what_it_cannot_serve(ready_made):
    folder = ready_made("one,A,B,10,1", "two,A,B,10,1", "three,C,D,10,1")
    found = sweep(folder, Question(failures="fibre"))
    assert (found.verdict, found.unserved_gbps) == ("refuted", 2.0)
    assert found.normal.carried_fraction == pytest.approx(7.0 / 9.0)
    assert [row.case for row in found.disconnecting] == ["fibre three"]
    assert found.worst[0].dropped_gbps == 2.0


def test_a_lone_site_s_end_is_told_apart_and_decides_nothing(ready_made):
    folder = ready_made("one,A,B,10,1", demands="sync,A,B,7\n")
    found = sweep(folder, Question(failures="site"))
    assert found.verdict == "proved"
    assert [(row.ended_gbps, row.carried_fraction) for row in found.worst] == [(7.0, 1.0)] * 2


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("one,A,B,0,1", "capacity_gbps"),
        ("one,A,B,-5,1", "capacity_gbps"),
        ("one,A,B,nan,1", "capacity_gbps"),
        ("one,A,B,10,0", "igp_metric"),
        ("one,A,B,10,1.5", "igp_metric"),
        ("one,A,A,10,1", "z"),
    ],
)
def test_a_link_that_is_none_is_refused_with_its_line(ready_made, cells, field):
    with pytest.raises(ModelError, match=rf"links.csv:2: {field}"):
        sweep(ready_made(cells), Question())


@pytest.mark.parametrize("gbps", [0.0, -1.0, np.nan, np.inf])
def test_a_capacity_that_is_none_is_refused(abilene, gbps):
    with pytest.raises(ModelError, match="is no capacity"):
        sweep(abilene((0, 1, 7.0)), Question(capacity_gbps=gbps))


def test_what_is_expected_counts_a_link_s_own_time_to_repair(tmp_path):
    """Closed form: one link carries all; what is expected is the share of time that it stands."""
    tables = {
        "network.yaml": "name: shores\ntables: {sites: sites.csv, links: links.csv}\n"
        "loads: [{name: base, demands: demands.csv}]\n"
        "classes: [{name: gold, priority: 0}]\npolicy: {rules: []}\n",
        "sites.csv": "name\nLisbon\nBoston\n",
        "links.csv": "name,a,z,capacity_gbps,length_km,repair_h\n"
        "north,Lisbon,Boston,100,6000,504\n",
        "demands.csv": "traffic_class,source,target,gbps\ngold,Lisbon,Boston,60\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = sweep(tmp_path, Question(failures="fibre", rates="published"))
    stands = 1.0 / (1.0 + 504.0 * 6000.0 * CUTS_PER_KM_YEAR / 8760.0)
    assert found.odds.expected_low == pytest.approx(stands)
    assert found.odds.expected_high == pytest.approx(stands)
    assert stands < 0.6
