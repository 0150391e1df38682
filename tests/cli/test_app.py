import errno
import io
import json
import os
import signal
import subprocess
import sys

import pytest

from arterial.cli.app import APP, main
from arterial.plan.store import plan_hash, read_plan

VERBS = [
    "check",
    "reach",
    "design",
    "prove",
    "upgrade",
    "route",
    "sweep",
    "protect",
    "report",
    "import",
    "traffic",
    "schema",
    "demo",
]


def told(run):
    """Standard error of a run that ended as it should: no traceback, every failure ours."""
    assert "Traceback" not in run.stderr
    return run.stderr


def test_help_lists_every_verb(arterial):
    run = arterial("--help")
    assert run.returncode == 0
    assert all(f" {verb} " in run.stdout for verb in VERBS)


FORMATS = ["gnpy", "graphml", "repetita", "sndlib", "topohub"]
WORDS = [
    *([verb] for verb in VERBS),
    *(["import", file] for file in FORMATS),
    ["traffic", "gravity"],
    ["traffic", "series"],
]


@pytest.mark.parametrize("verb", WORDS, ids=" ".join)
def test_every_verb_explains_itself(capsys, verb):
    assert main([*verb, "--help"]) == 0
    assert " ".join(("Usage: arterial", *verb)) in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--version"],
    ],
    ids=["nothing", "version"],
)
def test_a_call_without_a_verb_is_answered(capsys, arguments):
    assert main(arguments) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "chek"),
        (["design", "x"], "--output"),
        (["design", "x", "-o", "y", "--gap", "nan"], "0 to 1"),
        (["protect", "x", "--capacity-gbps", "0"], "above 0"),
        (["protect", "x", "--method", "luck"], "luck"),
        (["protect", "x", "--k", "two"], "two"),
        (["design", "x", "-o", "y", "--gap", "-0.1"], "0 to 1"),
        (["design", "x", "-o", "y", "--time-limit", "0"], "above 0"),
        (["design", "x", "-o", "y", "--rounds", "-1"], "0 or more"),
        (["design", "x", "-o", "y", "--seed", "many"], "many"),
        (["sweep", "x", "--routing", "rip"], "rip"),
        (["sweep", "x", "--capacity-gbps", "0"], "above 0"),
        (["sweep", "x", "--threads", "-1"], "0 or more"),
        (["import", "graphml", "x", "-o", "y", "--factor", "0.5"], "1 to 5"),
        (["import", "visio", "x", "-o", "y"], "visio"),
        (["import", "graphml", "x", "-o", "y", "--as-links", "0"], "above 0"),
        (["import", "sndlib", "x", "-o", "y", "--capacity", "nan"], "above 0"),
        (["import", "sndlib", "x", "-o", "y", "--capacity", "biggest"], "biggest"),
        (["import", "topohub", "x", "-o", "y", "--unit-gbps", "-1"], "above 0"),
        (["traffic", "gravity", "x"], "--total-gbps"),
        (["traffic", "gravity", "x", "--total-gbps", "inf"], "above 0"),
        (["traffic", "gravity", "x", "--total-gbps", "1", "--noise", "nan"], "0 to 3"),
        (["traffic", "gravity", "x", "--total-gbps", "1", "--pairs", "0"], "1 or more"),
        (["traffic", "series", "x", "y", "--take", "mean"], "mean"),
        (["check", "x", "--no-such"], "--no-such"),
        (["shapes", "x", "-o", "y", "--hubs", "0"], "1 or more"),
        (["report", "x", "-o", "y", "--picture", "map.png"], "in .svg"),
        (["tradeoff", "x", "-o", "y", "--picture", "map"], "in .svg"),
    ],
)
def test_wrong_usage_exits_2_and_points_to_the_help(capsys, arguments, words):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert "--help" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "nowhere"),
        (["reach", "{drill}", "Hazel", "Junper"], "'Juniper'"),
        (["design", "{drill}", "-o", "plan", "--load", "bas"], "'bas'"),
        (["prove", "nowhere"], "nowhere: there is no such folder"),
        (["prove", "{plan}", "--without", "Hazle"], "Hazle"),
        (["upgrade", "{plan}", "--between", "Fir", "Lach", "--target-gbps", "9"], "'Larch'"),
        (["report", "{drill}", "-o", "r.html"], "no plan is in this folder"),
        (["import", "gnpy", "nowhere", "-o", "n"], "no such file"),
        (["import", "graphml", "{drill}/network.yaml", "-o", "n"], "not XML"),
        (["import", "repetita", "{drill}/network.yaml", "-o", "n"], "NODES"),
        (["import", "sndlib", "{drill}/network.yaml", "-o", "n"], "?SNDlib native format"),
        (["import", "topohub", "{drill}/network.yaml", "-o", "n"], "TopoHub"),
        (["traffic", "gravity", "{drill}", "--total-gbps", "1", "--class", "synk"], "'sync'"),
        (["traffic", "series", "{drill}", "nowhere"], "nowhere"),
        (["demo", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_file_or_name_exits_2_and_is_named(
    capsys, monkeypatch, drill, plan_folder, arguments, words
):
    monkeypatch.chdir(plan_folder.parent)
    filled = [part.format(drill=drill, plan=plan_folder) for part in arguments]
    assert main(filled) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err


def test_every_problem_of_a_description_is_told_once_with_its_line(arterial, changed_drill):
    changed_drill("fibres.csv", "302.5", "0")
    folder = changed_drill("sites.csv", "Birch,42.97", "Birch,442.97")
    run = arterial("check", folder)
    assert run.returncode == 2
    lines = told(run).splitlines()
    assert any("fibres.csv:2" in line for line in lines)
    assert any("sites.csv:3" in line for line in lines)


def test_yes_no_and_unknown_have_codes_of_their_own(arterial, drill, changed_drill):
    assert arterial("reach", drill, "Hazel", "Juniper").returncode == 0
    assert arterial("reach", drill, "Hazel", "Juniper", "--mode", "400ZR").returncode == 1
    folder = changed_drill("fibres.csv", "Hazel-Juniper,Hazel,Juniper,298.9", "h,Hazel,Juniper,")
    changed_drill("fibres.csv", "Gorse-Hazel,Gorse,Hazel,287.6", "g,Gorse,Hazel,")
    changed_drill("fibres.csv", "Elm-Hazel,Elm,Hazel,230.5", "e,Elm,Hazel,")
    run = arterial("reach", folder, "Hazel", "Juniper")
    assert run.returncode == 3
    assert run.stdout.startswith("unknown")
    told(run)


def test_an_infeasible_design_exits_1_and_says_what_would_free_it(arterial, changed_drill):
    folder = changed_drill(
        "network.yaml", "\n\nloads:", "\n\nclasses:\n"
        "  - {name: inference, priority: 0, rtt_ms: 1.5}\n  - {name: sync, priority: 1}\n"
        "  - {name: checkpoint, priority: 2}\n  - {name: ingest, priority: 2}\n"
        "  - {name: rollout, priority: 2}\n\nloads:",
    )  # fmt: skip
    run = arterial("design", folder, "-o", "plan")
    assert run.returncode == 1
    assert "would free it" in told(run)


DESIGN_KEYS = {
    "cost",
    "bound",
    "gap",
    "bound_scope",
    "waves",
    "lightpaths",
    "ip_links",
    "replicas",
    "seconds",
    "status",
    "input_hash",
    "seed",
}


def test_design_prove_and_report_in_a_row(arterial, drill, tmp_path):
    made = arterial("design", drill, "-o", "plan", "--gap", "0.1", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout).keys() >= DESIGN_KEYS
    proved = arterial("prove", "plan", "--json")
    verdict = json.loads(proved.stdout)["verdict"]
    assert proved.returncode == {"proved": 0, "refuted": 1, "unknown": 3}[verdict]
    assert arterial("report", "plan", "-o", "report.html").returncode == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    fibre = read_plan(tmp_path / "plan").lightpath_hops[0].fibre
    pages = arterial("prove", "plan", "--critical", "--beyond")
    assert "refute the plan when they are lost" in pages.stdout
    assert "Two losses at once, beyond what the policy asks" in pages.stdout
    assert "double cuts part the network of existing fibres" in pages.stdout
    assert pages.returncode == proved.returncode
    assert arterial("prove", "plan", "--without", fibre).returncode in {1, 3}


def test_a_cut_plan_exits_2_and_names_the_file(arterial, plan_folder):
    path = next(plan_folder.rglob("tunnels.parquet"))
    path.write_bytes(path.read_bytes()[:40])
    for verb in (["prove", plan_folder], ["report", plan_folder, "-o", "r.html"]):
        run = arterial(*verb)
        assert run.returncode == 2
        assert "tunnels.parquet" in told(run)


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
from arterial.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("verb", ["design", "prove", "sweep", "protect", "report", "import"])
def test_a_full_disk_is_told_and_loses_nothing(drill, plan_folder, tmp_path, verb):
    zoo = drill.parents[1] / "tests" / "data" / "topology-zoo" / "Abilene.graphml"
    arguments = {
        "design": ["design", drill, "-o", plan_folder, "--rounds", "0"],
        "prove": ["prove", plan_folder],
        "sweep": ["sweep", drill, "--tables", "-o", tmp_path / "swept"],
        "protect": ["protect", plan_folder, "-o", plan_folder],
        "report": ["report", plan_folder, "-o", tmp_path / "report.html"],
        "import": ["import", "graphml", zoo, "-o", tmp_path / "network"],
    }[verb]
    before = plan_hash(read_plan(plan_folder))
    run = subprocess.run(
        [sys.executable, "-c", FULL, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 3, run.stderr
    assert "cannot write" in told(run)
    assert plan_hash(read_plan(plan_folder)) == before
    assert not (tmp_path / "report.html").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(arterial, plan_folder, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    run = arterial("report", plan_folder, "-o", closed / "report.html")
    assert run.returncode == 3
    assert "closed" in told(run)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "{plan}", "-o", "{place}"], "a folder stands here"),
        (["report", "{plan}", "-o", "r.html", "--picture", "{place}.svg"], "a folder stands here"),
        (["design", "{drill}", "-o", "{file}"], "a file stands here"),
        (["protect", "{drill}", "-o", "{file}"], "a file stands here"),
        (["design", "{drill}", "-o", "{file}/plan"], "a part of this path is a file"),
    ],
)
def test_a_place_of_the_wrong_kind_exits_2_and_is_named(
    capsys, monkeypatch, drill, plan_folder, arguments, words
):
    tmp_path = plan_folder.parent
    monkeypatch.chdir(tmp_path)
    places = {"drill": drill, "plan": plan_folder, "place": "taken", "file": "letter.txt"}
    for taken in ("taken", "taken.svg"):
        (tmp_path / taken).mkdir()
    (tmp_path / "letter.txt").write_text("precious", encoding="utf-8")
    assert main([part.format(**places) for part in arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "taken: " in said or "taken.svg: " in said or "letter.txt" in said
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "precious"


def test_a_stopped_design_exits_130_and_goes_on(drill, tmp_path, arterial):
    command = [sys.executable, "-c", "import sys; from arterial.cli import main; sys.exit(main())"]
    command += ["design", str(drill), "-o", str(tmp_path / "plan"), "--gap", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr.readline() == "reading the network\n"
        while not (tmp_path / "plan" / "design.ledger").exists():
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        said = child.stderr.read()
    assert child.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
    assert arterial("design", drill, "-o", "plan", "--gap", "0").returncode == 0


@pytest.mark.parametrize("verb", [["schema"], ["check", "{drill}"], ["check", "{drill}", "--json"]])
def test_a_reader_that_leaves_early_is_neither_a_traceback_nor_a_no(drill, verb):
    command = [sys.executable, "-c", "import sys; from arterial.cli import main; sys.exit(main())"]
    command += [part.format(drill=drill) for part in verb]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        child.stdout.close()
        said = child.stderr.read()
    assert said == ""
    assert child.returncode == 3


def test_a_refused_standard_error_does_not_turn_the_answer_into_a_no(monkeypatch):
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    assert main(["check", "nowhere"]) == 2


@pytest.fixture
def broken():
    """A verb of ours that breaks its own promise."""

    def broken():
        raise RuntimeError("a promise\nwas broken")

    APP.command(broken)
    yield
    del APP["broken"]


@pytest.mark.usefixtures("broken")
def test_an_exception_that_nobody_expected_exits_3_in_one_line(capsys, monkeypatch):
    monkeypatch.delenv("ARTERIAL_DEBUG", raising=False)
    assert main(["broken"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "please report" in said
    assert "RuntimeError: a promise was broken" in said


@pytest.mark.usefixtures("broken")
def test_its_details_go_to_a_file_when_asked(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("ARTERIAL_DEBUG", "1")
    monkeypatch.setenv("ARTERIAL_CACHE", str(tmp_path))
    assert main(["broken"]) == 3
    assert "Traceback" not in capsys.readouterr().err
    assert "Traceback" in (tmp_path / "debug.log").read_text(encoding="utf-8")


LOADED = """
import sys
from arterial.cli import main
main(sys.argv[1:])
print("loaded:", *sorted(sys.modules))
"""
ENGINES = {"gnpy", "highspy", "numpy", "scipy"}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["check", "{drill}"], {*ENGINES, "duckdb"}),
        (["schema"], {*ENGINES, "duckdb", "rich"}),
        (["import", "graphml", "none", "-o", "n"], {*ENGINES, "duckdb"}),
        (["report", "none", "-o", "r.html"], ENGINES - {"numpy", "scipy"}),
    ],
)
def test_a_verb_loads_the_engines_it_needs_and_no_more(drill, arguments, unwanted):
    filled = [part.format(drill=drill) for part in arguments]
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *filled],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert set(run.stdout.rpartition("loaded:")[2].split()) & unwanted == set()
