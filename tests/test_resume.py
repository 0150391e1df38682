"""Killed or stopped at any moment, the same command goes on to the same result.

Moments are what has appeared on disk, so that they mean the same on a fast machine and a slow one.
"""

import json
import shutil
import signal
from collections import Counter

import pytest

from arterial.plan.store import plan_hash, read_plan, stored_hash
from arterial.prove.critical import critical, elements
from arterial.study.prove import LEDGER as CRITICAL
from arterial.study.report import report_page

pytestmark = pytest.mark.long

LEDGER_HEAD_BYTES = 50
"""A ledger without a record: its name and the hash of its key."""


def grown(path, past=LEDGER_HEAD_BYTES):
    """Whether a file holds more than ``past`` bytes."""
    try:
        return path.stat().st_size > past
    except FileNotFoundError:
        return False


def struck(child, moment, blow=signal.SIGKILL):
    """Strike a run as soon as ``moment()`` is true: its exit code and what it said.

    A run that ended before is as good: the moment has passed.
    """
    while child.poll() is None and not moment():
        pass
    child.send_signal(blow)
    _, said = child.communicate(timeout=60)
    return child.returncode, said


@pytest.fixture(scope="module")
def one_load(drill, tmp_path_factory):
    """The drill network with the user's own demands as its only load, and no phases."""
    folder = tmp_path_factory.mktemp("one-load") / "drill"
    shutil.copytree(drill, folder)
    text = (folder / "network.yaml").read_text(encoding="utf-8")
    first, last = text.index("  - name: base"), text.index("  - name: given")
    phases, notes = text.index("phases:"), text.index("notes:")
    kept = text[:first] + text[last:phases] + text[notes:]
    (folder / "network.yaml").write_text(kept, encoding="utf-8")
    return folder


DESIGN = ("--gap", "0", "--rounds", "4")


def test_a_design_killed_at_its_moments_ends_in_the_same_plan(started, ended, drill, tmp_path):
    code, out, _ = ended("design", drill, "-o", "whole", *DESIGN, "--json")
    assert code == 0
    whole, killed = json.loads(out), tmp_path / "killed"
    ledger = killed / "design.ledger"
    moments = {
        "the ledger is there": ledger.exists,
        "a round is recorded": lambda: grown(ledger),
        "tables are being written": lambda: any(killed.glob("plan-*")),
        "the plan is there": (killed / "plan.json").exists,
    }
    for moment in moments.values():
        struck(started("design", drill, "-o", killed, *DESIGN), moment)
    code, out, _ = ended("design", drill, "-o", killed, *DESIGN, "--json")
    assert code == 0
    after = json.loads(out)
    assert after["plan_hash"] == whole["plan_hash"] == plan_hash(read_plan(killed))
    unlike = {"seconds", "plan"}
    assert {k: v for k, v in after.items() if k not in unlike} == {
        k: v for k, v in whole.items() if k not in unlike
    }
    assert not ledger.exists()
    assert len(list(killed.glob("plan-*"))) == 1, "what a killed run left is gone"


def test_a_standing_plan_survives_a_design_that_is_killed(started, drill, drill_plan, tmp_path):
    folder = shutil.copytree(drill_plan, tmp_path / "plan")
    before = stored_hash(folder)
    struck(started("design", drill, "-o", folder, *DESIGN), (folder / "design.ledger").exists)
    assert plan_hash(read_plan(folder)) == before


def test_critical_killed_and_stopped_tries_every_element_once(
    started, ended, reference_plan, tmp_path
):
    folder = shutil.copytree(reference_plan, tmp_path / "plan")
    ledger, seen_bytes = folder / CRITICAL, LEDGER_HEAD_BYTES
    for blow in (signal.SIGKILL, signal.SIGINT):
        run = started("prove", folder, "--critical")
        code, said = struck(run, lambda past=seen_bytes: grown(ledger, past), blow)
        assert "Traceback" not in said
        if blow == signal.SIGINT and code != 0:
            assert code == 130
            assert "the same command goes on" in said
        seen_bytes = ledger.stat().st_size if ledger.exists() else 0
    _, out, _ = ended("prove", folder, "--critical", "--json")
    tried = json.loads(out)["critical"]
    plan = read_plan(folder)
    assert Counter(row["element"] for row in tried) == Counter(name for name, _ in elements(plan))
    whole = [(row.element, row.verdict, row.gate, row.worst_case) for row in critical(plan)]
    assert whole == [(r["element"], r["verdict"], r["gate"], r["worst_case"]) for r in tried]
    assert not ledger.exists()


def test_a_demo_killed_and_stopped_ends_as_if_it_had_not_been(started, ended, one_load, tmp_path):
    code, out, _ = ended("demo", one_load, "-o", "whole", "--json")
    whole = json.loads(out)
    plan = tmp_path / "again" / "given"
    moments = {
        (plan / "design.ledger").exists: signal.SIGKILL,
        (plan / "plan.json").exists: signal.SIGINT,
        (plan / "proof.json").exists: signal.SIGKILL,
    }
    for moment, blow in moments.items():
        stopped, said = struck(started("demo", one_load, "-o", "again"), moment, blow)
        assert "Traceback" not in said
        assert stopped in {code, 130 if blow == signal.SIGINT else -blow}
    again_code, out, _ = ended("demo", one_load, "-o", "again", "--json")
    again = json.loads(out)
    assert (again_code, again["verdict"]) == (code, whole["verdict"])
    for made, same in zip(whole["designs"], again["designs"], strict=True):
        assert made["plan_hash"] == same["plan_hash"]
    assert [proof["gates"] for proof in whole["proofs"]] == [p["gates"] for p in again["proofs"]]
    pages = [tmp_path / "whole" / "report.html", tmp_path / "again" / "report.html"]
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_a_report_killed_leaves_the_old_page_or_the_new_one(started, drill_plan, tmp_path):
    folder, page = shutil.copytree(drill_plan, tmp_path / "plan"), tmp_path / "report.html"
    page.write_text("the old page", encoding="utf-8")
    fresh = tmp_path / "fresh.html"
    report_page(folder, fresh)
    beside = lambda: any(tmp_path.glob(".report.html.*"))  # noqa: E731 - a moment, used once
    struck(started("report", folder, "-o", page), beside)
    assert page.read_text(encoding="utf-8") in {"the old page", fresh.read_text(encoding="utf-8")}
