"""The pages say what the code does: commands, fields, defaults, columns, words, budgets, links."""

import re
import shlex
from pathlib import Path
from typing import Literal, get_args

import pytest
from msgspec import NODEFAULT, Struct

from arterial.cli.app import APP, main
from arterial.demand.flows import demands
from arterial.errors import ModelError
from arterial.model import (
    cost,
    lead,
    line,
    phase,
    pluggable,
    policy,
    restoration,
    series,
    site,
    workload,
)
from arterial.model.catalogue import load_catalogue
from arterial.model.convert import fields_of
from arterial.model.description import TABLES, Description, Tables
from arterial.model.network import DemandRow
from arterial.model.rate_file import RateRow
from arterial.model.reader import load_network
from arterial.model.subsea import SubseaSystem
from arterial.plan import plan as plans
from arterial.plan import rows, verdict
from arterial.routing.classes import Objective
from arterial.routing.most import Status as RoutingStatus
from arterial.study import (
    demo,
    design,
    prove,
)

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
NETWORK = (DOCS / "NETWORK.md").read_text(encoding="utf-8")
PLAN = (DOCS / "PLAN.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "GLOSSARY.md").read_text(encoding="utf-8")
GALLERY = (DOCS / "GALLERY.md").read_text(encoding="utf-8")
LATENCY = (DOCS / "LATENCY.md").read_text(encoding="utf-8")
LIGHT = (DOCS / "LIGHT.md").read_text(encoding="utf-8")
ARCHITECTURE = (DOCS / "ARCHITECTURE.md").read_text(encoding="utf-8")

PAGES = sorted(
    path
    for folder in (ROOT, DOCS, DOCS / "decisions", *(ROOT / "networks").iterdir())
    for path in folder.glob("*.md")
)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
COMMAND = re.compile(r"^(?: {4}|\$ )((?:make|arterial) .*)$", re.MULTILINE)
FILE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What each heading of NETWORK.md lists, in the order of the page.
KEYS: dict[str, type[Struct]] = {
    "## network.yaml": Description,
    "### tables": Tables,
    "### line": line.LineSystem,
    "### subsea": SubseaSystem,
    "#### reserved": line.Reserved,
    "### margins": line.Margins,
    "### latency": line.Latency,
    "### classes": policy.TrafficClass,
    "### policy": policy.Policy,
    "#### rules": policy.Rule,
    "`kind: sync`": workload.SyncTraining,
    "`kind: diloco`": workload.DiLoCo,
    "`kind: checkpoint`": workload.Checkpoint,
    "`kind: ingest`": workload.Ingest,
    "`kind: rollout`": workload.Rollout,
    "`kind: inference`": workload.Inference,
    "#### replica": workload.ReplicaNeed,
    "`kind: kv-cache`": workload.KvCache,
    "### loads": workload.Load,
    "### costs": cost.Costs,
    "### restoration": restoration.Restoration,
    "### lead_times": lead.LeadTimes,
    "### phases": phase.Phase,
    "### horizon": phase.Horizon,
    "### pluggables": pluggable.Mode,
    **{f"## {name}.csv": kind for name, kind in TABLES.items()},
    "## A table of failure rates": RateRow,
    "## A load's demands": DemandRow,
    "### A series of matrices": series.MatrixRow,
    "### Masses of sites": series.MassRow,
}
COMMON = ("name", "traffic_class", "source")


def default_words(field):
    """A default as NETWORK.md writes it."""
    value = field.default
    if value is NODEFAULT:
        value = NODEFAULT if field.default_factory is NODEFAULT else field.default_factory()
    if value is NODEFAULT:
        return "required" if field.required else "absent"
    if value is None or value in ("", (), {}):
        return "absent"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.12g}"
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return value if isinstance(value, str) else "see below"


def commands(text, program):
    """Command lines of a page, in words, comments off."""
    lines = (line.partition(" | ")[0] for line in COMMAND.findall(text))
    told = (shlex.split(line, comments=True) for line in lines)
    return [words[1:] for words in told if words[0] == program]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [
        target for target in targets if "://" not in target and not (page.parent / target).exists()
    ] == []


@pytest.mark.parametrize(
    "words", commands(README + LIGHT + LATENCY + GALLERY, "arterial"), ids=" ".join
)
def test_the_command_line_understands_every_command_of_the_pages(words):
    APP.parse_args(words, print_error=False, exit_on_error=False)


def test_the_page_on_latency_shows_what_is_printed(monkeypatch, capsys):
    """The quick ones of its blocks; `...` stands for lines left out."""
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```\n\$ arterial (.*)\n((?:.*\n)*?)```$", LATENCY, re.MULTILINE)
    quick = [block for block in blocks if "us-ai-backbone --survive" not in block[0]]
    printed = {}
    for asked in {asked for asked, _ in quick}:
        main(shlex.split(asked))
        printed[asked] = {line.rstrip() for line in capsys.readouterr().out.splitlines()} | {"..."}
    assert len(printed) > 1
    for asked, shown in quick:
        assert [line for line in shown.splitlines() if line not in printed[asked]] == []


def test_the_readme_shows_every_verb():
    verbs = {name for name in APP if not name.startswith("-")}
    assert verbs <= {words[0] for words in commands(README, "arterial")}


def test_the_gallery_has_a_section_and_a_picture_for_every_verb_that_draws():
    verbs = [name for name in APP if not name.startswith("-") and APP[name].default_command]
    draw = {
        name
        for name in verbs
        if any("--picture" in one.name for one in APP[name].assemble_argument_collection())
    }
    drawn = {words[0]: words for words in commands(GALLERY, "arterial") if "--picture" in words}
    assert draw
    assert draw == set(drawn)
    for verb, words in drawn.items():
        name = Path(words[words.index("--picture") + 1]).name
        assert f"\n## {verb}\n" in GALLERY
        assert f"(gallery/{name})" in GALLERY


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/GALLERY.md"])
def test_every_make_target_of_a_page_exists(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}|^\$ |`)make ([a-z-]+)", text, re.MULTILINE))
    assert named
    assert named <= targets


def test_the_readme_names_networks_that_can_be_read():
    folders = {
        word for words in commands(README, "arterial") for word in words if "networks" in word
    }
    assert len(folders) > 1
    for folder in sorted(folders):
        load_network(ROOT / folder)


def test_the_readme_keeps_a_place_for_what_the_demo_prints():
    before, _, rest = README.partition("<!-- demo output -->")
    shown, _, after = rest.partition("<!-- end -->")
    assert before
    assert shown.strip()
    assert after


@pytest.fixture
def examples(tmp_path):
    """The files of NETWORK.md, written where it says."""
    for name, content in FILE.findall(NETWORK):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_example_with_every_section_loads_and_asks_for_traffic(examples):
    network = load_network(examples / "small")
    said = (examples / "small" / "network.yaml").read_text(encoding="utf-8")
    assert [name for name in fields_of(Description) if f"\n{name}:" not in f"\n{said}"] == []
    assert [name for name in TABLES if not getattr(network, name)] == []
    assert {type(entry) for entry in network.workloads} == set(get_args(workload.Workload))
    replicas = [
        rows.Replica(
            market=market.name,
            site=market.site,
            edge="Harbour",
            failover="Quarry",
            rtt_ms=1.0,
            failover_rtt_ms=1.0,
        )
        for market in network.markets
    ]
    assert all(demands(network, load.name, replicas) for load in network.loads)


def test_the_example_without_optics_is_designed_and_proved(examples):
    question = design.Question()
    design.design(examples / "given", examples / "plan", question)
    assert prove.prove(examples / "plan").verdict == "proved"


def test_a_slip_in_an_example_is_refused(examples):
    path = examples / "small" / "fibres.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Mill,205", "Mil,205"), "utf-8")
    with pytest.raises(ModelError, match="Did you mean 'Mill'"):
        load_network(examples / "small")


@pytest.mark.parametrize("heading", KEYS)
def test_the_manual_lists_every_field_with_its_default(section, table, heading):
    fields = fields_of(KEYS[heading]).values()
    own = [field for field in fields if not (heading.startswith("`") and field.name in COMMON)]
    listed = [(cells[0], cells[2]) for cells in table(section(NETWORK, heading), columns=4)[1:]]
    assert listed == [(f"`{field.name}`", default_words(field)) for field in own]


def test_the_manual_says_what_stands_where_nothing_is_said(section):
    rules, classes = section(NETWORK, "#### rules"), section(NETWORK, "### classes")
    usable = [policy.DEFAULT_POLICY.usable(failed=failed) for failed in (False, True)]
    assert [share for share in usable if f"{share * 100:.3g} %" not in rules] == []
    assert [one.name for one in policy.DEFAULT_CLASSES if f"`{one.name}`" not in classes] == []
    assert f"{len(load_catalogue())} modes" in NETWORK


def test_the_glossary_has_one_line_a_word(table):
    words = [cells[0] for cells in table(GLOSSARY, columns=2) if cells[0] != "word"]
    assert len(words) > 50
    assert sorted(words) == sorted(set(words))
    for part in GLOSSARY.split("\n## ")[1:]:
        own = [cells[0].casefold() for cells in table(part, columns=2)[1:]]
        assert own == sorted(own)


@pytest.mark.parametrize(
    "words",
    [
        get_args(site.Role),
        get_args(policy.FailureKind),
        get_args(verdict.Verdict),
        get_args(verdict.Policy),
        get_args(verdict.LossKind),
        get_args(plans.Status),
        get_args(Literal["network", "paths", "restricted"]),
        get_args(Objective),
        get_args(RoutingStatus),
    ],
    ids=[
        "roles",
        "failures",
        "verdicts",
        "routing",
        "losses",
        "status",
        "scope",
        "objectives",
        "stops",
    ],
)
def test_the_glossary_knows_every_word_that_files_use(words):
    assert words
    assert [word for word in words if f"`{word}`" not in GLOSSARY] == []


def test_the_architecture_names_every_package(section, table):
    packages = {
        path.stem
        for path in (ROOT / "src" / "arterial").iterdir()
        if (path.is_dir() and (path / "__init__.py").is_file()) or path.suffix == ".py"
    }
    listed = {
        cells[0].strip("`") for cells in table(section(ARCHITECTURE, "## The house"), columns=2)
    }
    assert packages - {"__init__"} == listed - {"package"}


def test_the_architecture_repeats_the_budget_of_the_demo(section, table):
    written = section(ARCHITECTURE, "## Budget of the demo")
    said = {cells[0].strip("`"): cells[1] for cells in table(written, columns=3)}
    assert {name: f"{budget:g}" for name, budget in demo.BUDGET_S.items()}.items() <= said.items()
    assert f"| all | {demo.TOTAL_S:g} |" in written


def test_every_decision_stands_in_the_index():
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    numbered = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert re.findall(r"\((\d{4}-[\w-]+\.md)\)", index) == numbered
