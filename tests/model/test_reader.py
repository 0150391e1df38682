import csv
import io
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from arterial.errors import ModelError
from arterial.model.network import Network
from arterial.model.reader import load_network, network_hash

NETWORKS = Path(__file__).parents[2] / "networks"
DRILL = NETWORKS / "drill"


def test_the_drill_network_holds_what_its_files_say():
    network = load_network(DRILL)
    sites = {site.name: site for site in network.sites}
    fibres = {fibre.name: fibre for fibre in network.fibres}
    assert len(sites) == 10
    assert len(fibres) == 16
    assert sites["Cedar"].roles == ("junction", "market", "candidate-edge")
    assert sites["Cedar"].routers is None
    assert fibres["Elm-Fir"].risks == ("river-bridge",)
    assert fibres["Juniper-Larch"].status == "candidate"
    assert network.markets[3].access_ms == 0.8
    assert network.markets[0].access_ms is None
    assert network.workloads[2].parameters == 1e12
    assert network.loads[1].scale == {"people": 4.0, "pair": 1.6, "data": 2.0}
    assert [row.gbps for row in network.demands["given"]] == [400, 400, 20, 4, 70, 40]
    assert network.latency.route_factor == 1.37


@pytest.mark.parametrize("name", ["drill", "us-ai-backbone"])
def test_what_the_reader_builds_keeps_every_limit_of_the_structs(name):
    """The oracle is msgspec's own validation, which the reader does not use."""
    network = load_network(NETWORKS / name)
    assert msgspec.convert(msgspec.to_builtins(network), Network) == network


def test_equal_networks_have_equal_hashes_and_any_change_has_another(drill):
    first = network_hash(drill.load())
    assert network_hash(drill.load()) == first
    drill.append("network.yaml", "\n# a comment says nothing\n")
    assert network_hash(drill.load()) == first
    drill.replace("network.yaml", "step_s: 32", "step_s: 33")
    assert network_hash(drill.load()) != first


def test_all_problems_of_all_files_are_told_at_once_by_file_and_line(drill):
    drill.replace("network.yaml", "title:", "titel:")
    drill.replace("network.yaml", "step_s: 32", "step_s: soon")
    drill.replace("sites.csv", "42.97", "142.97")
    drill.replace("fibres.csv", "302.5", "0")
    drill.replace("fibres.csv", "Hazel-Juniper,Hazel,Juniper", "Hazel-Juniper,Hazle,Juniper")
    drill.replace("markets.csv", "6000000", "six million")
    drill.replace("campuses.csv", "Larch campus,Larch", "Larch campus,Elm")
    drill.replace("demands.csv", "Juniper,Hazel,400", "Juniper,Nowhere,-400")
    assert drill.told() == snapshot(
        [
            "campuses.csv:4: site: site 'Elm' has no role 'campus'. Add it, or name another site",
            "demands.csv:3: gbps: found '-400'. Give a number above 0",
            "demands.csv:3: target: no site is called 'Nowhere'. Add it, or name another site",
            "fibres.csv:2: length_km: found '0'. Give a number above 0 and not above 50,000",
            "fibres.csv:15: a: no site is called 'Hazle'. Did you mean 'Hazel'?",
            "markets.csv:3: people: found 'six million'. Give a number above 0",
            "network.yaml:2: titel: no such key or column. Did you mean 'title'?",
            "network.yaml:31: workloads[pair].step_s: found 'soon'. Give a number not below 0.001",
            "sites.csv:3: lat: found '142.97'. Give a number not below -90 and not above 90",
        ]
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("fibres.csv", "302.5", "302500", "length_km: found '302500'"),
        ("network.yaml", "tables:", "line: {span_km: 0.08}\ntables:", "line.span_km: found '0.08'"),
        ("network.yaml", "tables:", "line: {f_max_thz: 196100}\ntables:", "line.f_max_thz: found"),
        ("network.yaml", "step_s: 32", "step_s: 1e-300", "workloads[pair].step_s: found '1e-300'"),
        ("network.yaml", "hours: 6", "hours: 1e-320", "workloads[weights].hours: found '1e-320'"),
    ],
)
def test_a_slip_that_would_take_days_of_physics_is_refused_at_once(drill, file, old, new, told):
    drill.replace(file, old, new)
    (problem,) = drill.told()
    assert told in problem


def test_a_missing_table_is_told_where_it_is_named_and_nothing_else_is(drill):
    (drill.path / "sites.csv").unlink()
    (problem,) = drill.problems()
    assert (problem.file, problem.line) == ("network.yaml", drill.line("network.yaml", "sites.csv"))
    assert problem.field == "tables.sites"
    assert "sites.csv: there is no such file" in problem.found
    assert "fibres.csv" in problem.expected


@pytest.mark.parametrize("table", ["fibres.csv", "risks.csv", "markets.csv", "demands.csv"])
def test_what_refers_to_a_missing_table_is_not_called_unknown(drill, table):
    (drill.path / table).unlink()
    assert [table in told for told in drill.told()] == [True]


def test_a_table_in_another_encoding_is_told_with_its_line_and_nothing_else_is(drill):
    text = (drill.path / "sites.csv").read_text().replace("Elm,", "Ölm,")
    (drill.path / "sites.csv").write_bytes(text.encode("latin-1"))
    assert drill.told() == snapshot(
        ["sites.csv:6: byte 0xd6 is not UTF-8 (Latin-1 or Windows-1252, perhaps). Save it as UTF-8"]
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "sites.csv:1: an empty file"),
        ("nmae,roles\nHazel,campus\n", "sites.csv:1: nmae: no such column"),
        ('name,source\nHazel,"half\n', "sites.csv:2: this is not CSV"),
    ],
)
def test_what_refers_to_a_table_that_was_not_read_is_not_called_unknown(drill, text, told):
    (drill.path / "sites.csv").write_text(text)
    problems = drill.told()
    assert any(problem.startswith(told) for problem in problems)
    assert not [problem for problem in problems if "no site is called" in problem]


def test_a_folder_without_a_network_and_no_folder_are_told_apart(tmp_path):
    for path, found in ((tmp_path, "no such file"), (tmp_path / "nowhere", "no such folder")):
        with pytest.raises(ModelError, match=found):
            load_network(path)


def test_a_network_that_says_nothing_is_refused(drill):
    for text in ("", "# nothing\n", "- a\n- list\n", "just words\n"):
        (drill.path / "network.yaml").write_text(text)
        assert "no mapping" in drill.told()[0]


def test_tables_are_required_and_the_message_says_so(drill):
    (drill.path / "network.yaml").write_text("name: alone\n")
    assert drill.told() == snapshot(
        ["network.yaml:1: tables: missing. Give a mapping (key: value)"]
    )


def test_the_user_s_classes_replace_the_default_and_default_rules_follow_them(drill):
    text = "name: small\ntables: {sites: sites.csv, fibres: fibres.csv}\n"
    classes = "classes: [{name: inference, priority: 0}, {name: bulk, priority: 1}]\n"
    (drill.path / "network.yaml").write_text(text + classes)
    network = drill.load()
    assert [one.name for one in network.classes] == ["inference", "bulk"]
    assert [rule.classes for rule in network.policy.rules] == [("inference",)]


def test_a_ceiling_alone_keeps_the_default_rules(drill):
    before = drill.load().policy
    drill.append("network.yaml", "\npolicy:\n  ceiling_normal: 0.7\n")
    policy = drill.load().policy
    assert policy.ceiling_normal == 0.7
    assert policy.rules == before.rules
    assert policy.ceiling_failed == before.ceiling_failed


def test_a_user_s_mode_is_added_or_replaces_the_catalogue_s_and_costs_are_the_user_s(drill):
    before = {mode.name: mode for mode in drill.load().modes}
    drill.append(
        "network.yaml",
        """
pluggables:
  - {name: 400ZR, module: mine, rate_gbps: 400, status: datasheet, source: my sheet}
  - {name: 500G, module: mine, rate_gbps: 500, status: datasheet, source: my sheet}
costs:
  pluggables: {OpenZR+ 400: 0.61}
  sources: {pluggables: my offer}
""",
    )
    after = {mode.name: mode for mode in drill.load().modes}
    assert set(after) - set(before) == {"500G"}
    assert after["400ZR"].module == "mine"
    assert after["400ZR"].osnr_db is None
    assert (after["OpenZR+ 400"].cost, after["OpenZR+ 400"].cost_source) == (0.61, "my offer")
    assert after["OpenZR+ 400"].osnr_db == before["OpenZR+ 400"].osnr_db


def cells(file):
    return list(csv.reader(io.StringIO((DRILL / file).read_text(encoding="utf-8"))))


strange = st.one_of(
    st.sampled_from(["", "0", "-1", "nan", "1e999", "Elm", "yes", "a;b", ";", "\x00", "é", '"']),
    st.text(max_size=12),
)
tables = st.sampled_from(["sites.csv", "fibres.csv", "markets.csv", "campuses.csv", "demands.csv"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(tables, st.integers(0), st.integers(0), strange), max_size=4))
def test_whatever_stands_in_the_cells_it_loads_or_all_is_told(tmp_path, changes):
    folder = tmp_path / "changed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DRILL, folder)
    for file, row, column, value in changes:
        rows = cells(file)
        line = rows[row % len(rows)]
        line[column % len(line)] = value
        with (folder / file).open("w", encoding="utf-8", errors="surrogatepass", newline="") as out:
            csv.writer(out).writerows(rows)
    loads_or_tells(folder)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0), st.integers(0, 30), st.one_of(strange, st.binary(max_size=6)))
def test_whatever_stands_in_the_yaml_it_loads_or_all_is_told(tmp_path, start, cut, value):
    folder = tmp_path / "changed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DRILL, folder)
    content = (DRILL / "network.yaml").read_bytes()
    start %= len(content)
    new = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    (folder / "network.yaml").write_bytes(content[:start] + new + content[start + cut :])
    loads_or_tells(folder)


def loads_or_tells(folder):
    """Either a network that msgspec accepts too, or problems that say where and what."""
    network, problems = None, ()
    try:
        network = load_network(folder)
    except ModelError as error:
        problems = error.problems
    assert (network is None) == bool(problems)
    assert all(problem.found and problem.expected for problem in problems)
    assert all(str(problem).isprintable() for problem in problems)
    if network is not None:
        assert msgspec.convert(msgspec.to_builtins(network), Network) == network
        assert len(network_hash(network)) == 64
