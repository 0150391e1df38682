import pytest

from arterial.errors import ModelError
from arterial.model.fibre import Fibre, Link
from arterial.model.imports.found import Found
from arterial.model.imports.write import write_network
from arterial.model.network import DemandRow
from arterial.model.policy import Rule
from arterial.model.reader import load_network
from arterial.model.site import Site

FOUND = Found(
    name="two: places #1",
    title='A "title" with {braces}, commas, \n a break and \N{SNOWMAN}',
    sites=(
        Site(name="Reno", lat=39.5, lon=-119.8, routers=2, source='quoted "x", with a comma'),
        Site(name="Elko", routers=2),
    ),
    fibres=(
        Fibre(name="Reno - Elko", a="Reno", z="Elko", length_km=460.25, subsea=True, source="s"),
        Fibre(name="Reno - Elko 2", a="Reno", z="Elko", loss_db_per_km=0.21),
    ),
    notes=("first: note", "- second"),
)


def test_what_was_found_is_what_is_read(tmp_path):
    network = write_network(FOUND, tmp_path / "out")
    assert network == load_network(tmp_path / "out")
    assert (network.name, network.title) == (FOUND.name, FOUND.title)
    assert (network.sites, network.fibres, network.notes) == (
        FOUND.sites,
        FOUND.fibres,
        FOUND.notes,
    )


LINKED = Found(
    name="linked",
    title="",
    sites=FOUND.sites,
    links=(
        Link(name="L", a="Reno", z="Elko", capacity_gbps=0.1, igp_metric=7, source="x, y"),
        Link(name="M", a="Reno", z="Elko", capacity_gbps=1e-7, latency_ms=0.25),
    ),
    demands=(
        DemandRow(traffic_class="data", source="Reno", target="Elko", gbps=1 / 3),
        DemandRow(traffic_class="late: #1", source="Elko", target="Reno", gbps=2, transfer_h=5.5),
    ),
    demands_source='a "source", with signs',
    rules=(Rule(classes=("data",), after=("fibre",), keep=1.0, source="s: t"),),
    notes=(),
)


def test_links_demands_and_rules_come_back_as_they_were_found(tmp_path):
    network = write_network(LINKED, tmp_path / "out")
    assert network.links == LINKED.links
    assert network.demands == {"given": LINKED.demands}
    assert network.policy.rules == LINKED.rules
    assert network.loads[0].source == LINKED.demands_source
    assert [entry.name for entry in network.classes] == ["data", "late: #1"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "network.yaml",
        "sites.csv",
        "links.csv",
        "demands.csv",
    }


def test_the_same_import_again_changes_nothing(tmp_path):
    write_network(FOUND, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_network(FOUND, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_network_that_the_user_edited_is_not_overwritten(tmp_path):
    write_network(FOUND, tmp_path)
    (tmp_path / "sites.csv").write_text("mine")
    with pytest.raises(ModelError, match="exists already"):
        write_network(FOUND, tmp_path)
    assert (tmp_path / "sites.csv").read_text() == "mine"


def test_an_unsound_network_leaves_no_folder(tmp_path):
    lonely = Found(name="x", title="", sites=FOUND.sites, fibres=(), notes=())
    with pytest.raises(ModelError, match="neither a fibre nor a link"):
        write_network(lonely, tmp_path / "out")
    assert not (tmp_path / "out").exists()
