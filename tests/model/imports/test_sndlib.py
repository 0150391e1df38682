import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.sndlib import SndChoice, read_sndlib
from arterial.model.imports.write import write_network

HEAD = "?SNDlib native format; type: network; version: 1.0\n"
NODES = "NODES ( Ash ( 10.5 59.9 ) Birch ( 10.4 63.4 ) Cedar ( 5.3 60.4 ) )\n"
LINKS = """LINKS (
 L1 ( Ash Birch ) 4 1 0 3 ( 10 7 40 21 )
 L2 ( Birch Cedar ) 0 0 0 0 ( 10 7 40 21 )
)
"""
DEMANDS = "DEMANDS ( D1 ( Ash Birch ) 2 5 UNLIMITED D2 ( Ash Cedar ) 1 7 3 )\n"
MODEL = "?SNDlib native format; type: model; version: 1.0\n"
XML = """<network><networkStructure><nodes><node id="A"/><node id="B"/></nodes><links>
<link id="L"><source>A</source><target>B</target>
<preInstalledModule><capacity>3</capacity></preInstalledModule></link></links></networkStructure>
<demands><demand id="D"><source>A</source><target>B</target><demandValue>2</demandValue></demand>
</demands></network>"""


@pytest.fixture
def imported(tmp_path):
    """Reads a network and a model, written as files, and gives what was found."""

    def found(content=HEAD + NODES + LINKS + DEMANDS, model="", **choice):
        path, said = tmp_path / "toy.txt", tmp_path / "model.txt"
        path.write_text(content)
        said.write_text(MODEL + model)
        return read_sndlib(path, said if model else None, SndChoice(**choice))

    return found


def capacities(found):
    return [link.capacity_gbps for link in found.links]


def rates(found):
    return [(row.source, row.target, row.gbps) for row in found.demands]


def test_a_network_is_written_and_reads_back(imported, tmp_path):
    network = write_network(imported(), tmp_path / "out")
    assert [link.capacity_gbps for link in network.links] == [4.0, 40.0]
    assert "modules 10 at 7, 40 at 21" in network.links[1].source
    assert "pre-installed 4 at 1; setup 3" in network.links[0].source
    assert len(network.demands["given"]) == 4
    assert (network.sites[0].lat, network.sites[0].lon) == (59.9, 10.5)


@pytest.mark.parametrize(
    ("rule", "gbps"),
    [
        ("auto", [4.0, 40.0]),
        ("smallest-module", [14.0, 10.0]),
        ("largest-module", [44.0, 40.0]),
        (7.5, [7.5, 7.5]),
    ],
)
def test_the_rule_for_capacities_is_the_user_s_and_is_told(imported, rule, gbps):
    found = imported(capacity=rule)
    assert capacities(found) == gbps
    assert any("ASSUMPTION" in note and "link" in note for note in found.notes)


def test_a_link_without_capacity_under_a_rule_is_refused_with_its_line(imported):
    with pytest.raises(
        ModelError, match="link 'L2' has no capacity by the rule 'preinstalled'"
    ) as told:
        imported(capacity="preinstalled")
    assert told.value.problems[0].line == 5


def test_numbers_have_the_unit_that_the_user_gives_else_the_file_s_else_gbps(imported):
    whole = HEAD + NODES + LINKS + DEMANDS
    metered = whole.replace(NODES, "META ( unit = MBITPERSEC )\n" + NODES)
    assert rates(imported())[0] == ("Ash", "Birch", 10.0)
    assert rates(imported(metered))[0] == ("Ash", "Birch", 0.01)
    assert rates(imported(metered, unit_gbps=2.0))[0] == ("Ash", "Birch", 20.0)
    assert capacities(imported(metered)) == [0.004, 0.04]
    assert any("ASSUMPTION: the file's 1 is 1 Gb/s" in note for note in imported().notes)


def test_undirected_demands_go_both_ways_and_directed_ones_one(imported):
    both = imported(model="DEMAND_MODEL = UNDIRECTED\n")
    assert rates(both)[:2] == [("Ash", "Birch", 10.0), ("Birch", "Ash", 10.0)]
    assert rates(imported(model="DEMAND_MODEL = DIRECTED\n")) == [
        ("Ash", "Birch", 10.0),
        ("Ash", "Cedar", 7.0),
    ]


def test_without_a_model_opposite_demands_show_that_they_are_directed(imported):
    opposite = DEMANDS.replace("D2 ( Ash Cedar )", "D2 ( Birch Ash )")
    found = imported(HEAD + NODES + LINKS + opposite)
    assert rates(found) == [("Ash", "Birch", 10.0), ("Birch", "Ash", 7.0)]
    assert any("no model was given" in note for note in found.notes)


def test_directed_links_are_joined_with_their_opposites(imported):
    arcs = "LINKS ( L1 ( Ash Birch ) 4 0 0 0 ( ) L2 ( Birch Ash ) 3 0 0 0 ( ) )\n"
    found = imported(HEAD + NODES + arcs)
    assert capacities(found) == [3.0]
    assert any("differ in capacity" in note for note in found.notes)
    lone = imported(model="LINK_MODEL = DIRECTED\n")
    assert lone.links == ()
    assert any("without its opposite" in note for note in lone.notes)


def test_two_directions_that_share_a_capacity_get_half_each(imported):
    found = imported(model="LINK_MODEL = UNDIRECTED\nDEMAND_MODEL = DIRECTED\n")
    assert capacities(found) == [2.0, 20.0]
    assert any("half of the capacity" in note for note in found.notes)
    even = imported(model="LINK_MODEL = UNDIRECTED\nDEMAND_MODEL = UNDIRECTED\n")
    assert capacities(even) == [4.0, 40.0]


def test_a_survivability_model_becomes_a_rule(imported, tmp_path):
    found = imported(model="SURVIVABILITY_MODEL = SHARED_PATH_PROTECTION\n")
    network = write_network(found, tmp_path / "out")
    (rule,) = network.policy.rules
    assert (rule.classes, rule.after, rule.keep) == (("data",), ("fibre",), 1.0)
    assert imported(model="SURVIVABILITY_MODEL = NO_SURVIVABILITY\n").rules == ()


def test_what_is_not_used_is_told(imported):
    paths = "ADMISSIBLE_PATHS ( D1 ( P0 ( L1 ) ) )\n"
    found = imported(HEAD + NODES + LINKS + DEMANDS + paths, "ROUTING_MODEL = SINGLE_PATH\n")
    assert "not used: the longest path, in links, of 1 demands" in found.notes
    assert "not used: lists of admissible paths of 1 demands" in found.notes
    assert "not used: ROUTING_MODEL = SINGLE_PATH" in found.notes


def test_routing_costs_are_metrics_where_all_can_be(imported):
    costly = LINKS.replace("4 1 0 3", "4 1 8 3").replace("0 0 0 0 (", "0 0 9 0 (")
    assert [link.igp_metric for link in imported(HEAD + NODES + costly).links] == [8, 9]
    broken = costly.replace("0 0 9 0 (", "0 0 9.5 0 (")
    assert [link.igp_metric for link in imported(HEAD + NODES + broken).links] == [None, None]


def test_pixels_are_no_places_and_links_without_length_are_one_hop(imported):
    found = imported(HEAD + NODES.replace("10.5 59.9", "310 59.9") + LINKS)
    assert all(site.lat is None for site in found.sites)
    assert [link.igp_metric for link in found.links] == [1, 1]
    assert any("not degrees on earth" in note for note in found.notes)
    assert any("metric 1" in note for note in found.notes)


def test_xml_is_told_apart_by_its_content(tmp_path):
    path = tmp_path / "toy.txt"
    path.write_text("\n" + XML)
    found = read_sndlib(path)
    assert capacities(found) == [3.0]
    assert rates(found) == [("A", "B", 2.0), ("B", "A", 2.0)]


def test_loops_are_left_out_and_told(imported):
    looped = LINKS.replace("( Birch Cedar )", "( Cedar Cedar )")
    asked = DEMANDS.replace("( Ash Cedar )", "( Ash Ash )")
    found = imported(HEAD + NODES + looped + asked)
    assert len(found.links) == 1
    assert "left out: 1 links from a node to itself" in found.notes
    assert "left out: 1 demands from a site to itself, 7 Gb/s" in found.notes


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.txt"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_sndlib(path)


def test_the_user_s_own_files_are_read(tmp_path):
    folder = os.environ.get("ARTERIAL_SNDLIB")
    if not folder:
        pytest.skip("not run: ARTERIAL_SNDLIB names no folder with SNDlib's files")
    paths = [path for path in sorted(Path(folder).rglob("*")) if path.suffix in (".txt", ".xml")]
    networks = [path for path in paths if path.parent.name != "models"]
    assert networks
    for number, path in enumerate(networks):
        found = read_sndlib(path, choice=SndChoice())
        network = write_network(found, tmp_path / str(number))
        assert network.links
