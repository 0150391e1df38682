from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.graphml import read_graphml
from arterial.model.imports.write import write_network
from arterial.units import great_circle_km

ZOO = Path(__file__).parents[2] / "data" / "topology-zoo"
HEAD = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key attr.name="label" for="node" id="l"/><key attr.name="Latitude" for="node" id="y"/>
<key attr.name="Longitude" for="node" id="x"/><graph edgedefault="undirected">"""


def node(key, label="", lat="", lon=""):
    cells = [("l", label), ("y", lat), ("x", lon)]
    data = "".join(f'<data key="{name}">{value}</data>' for name, value in cells if value)
    return f'<node id="{key}">{data}</node>'


def edge(source, target):
    return f'<edge source="{source}" target="{target}"/>'


def written(path, *parts):
    path.write_text(HEAD + "".join(parts) + "</graph></graphml>", encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.graphml"


def test_abilene_is_eleven_cities_and_fourteen_routes(tmp_path):
    network = write_network(read_graphml(ZOO / "Abilene.graphml"), tmp_path / "abilene")
    assert (len(network.sites), len(network.fibres)) == (11, 14)
    sites = {site.name: site for site in network.sites}
    for fibre in network.fibres:
        a, z = sites[fibre.a], sites[fibre.z]
        direct_km = great_circle_km(a.lat, a.lon, z.lat, z.lon)
        assert fibre.length_km == pytest.approx(1.3 * direct_km, abs=0.06)
        assert "ASSUMPTION: length 1.3 x great circle" in fibre.source
        assert not fibre.subsea
    assert any("CC BY 4.0" in note for note in network.notes)


def test_an_unplaced_site_keeps_its_fibres_without_length(tmp_path):
    network = write_network(read_graphml(ZOO / "Hibernia.graphml"), tmp_path / "hibernia")
    unplaced = {site.name for site in network.sites if site.lat is None}
    assert unplaced
    for fibre in network.fibres:
        unknown = bool({fibre.a, fibre.z} & unplaced)
        assert (fibre.length_km is None) == unknown
        assert ("length unknown" in fibre.source) == unknown
    wet = {frozenset((fibre.a, fibre.z)) for fibre in network.fibres if fibre.subsea}
    assert wet == {frozenset(("Southport", "Dublin"))}
    assert any("subsea" in note for note in network.notes)


def test_a_factor_of_the_user_s_is_applied_and_told(file):
    written(file, node(0, "A", "10", "10"), node(1, "B", "11", "10"), edge(0, 1))
    found = read_graphml(file, factor=1.2)
    assert found.fibres[0].length_km == pytest.approx(1.2 * 111.195, abs=0.06)
    assert "1.2 x great circle" in found.fibres[0].source


def test_parallel_edges_and_equal_labels_get_names_of_their_own(file):
    parts = [node(0, "Rome"), node(1, "Rome"), edge(0, 1), edge(1, 0), edge(0, 1)]
    found = read_graphml(written(file, *parts))
    assert [site.name for site in found.sites] == ["Rome", "Rome 2"]
    assert len({fibre.name for fibre in found.fibres}) == 3


def test_an_edge_to_itself_is_left_out_and_told(file):
    found = read_graphml(written(file, node(0, "A"), node(1, "B"), edge(0, 0), edge(0, 1)))
    assert len(found.fibres) == 1
    assert any("1 edges from a site to itself" in note for note in found.notes)


def test_two_sites_in_one_place_are_a_kilometre_apart(file):
    parts = [node(0, "A", "10", "10"), node(1, "B", "10", "10"), edge(0, 1)]
    assert read_graphml(written(file, *parts)).fibres[0].length_km == 1.0


@pytest.mark.parametrize("lat", ["nan", "inf", "91", "north", "1e999"])
def test_a_latitude_that_is_none_is_unknown(file, lat):
    found = read_graphml(written(file, node(0, "A", lat, "10"), node(1, "B"), edge(0, 1)))
    assert (found.sites[0].lat, found.sites[0].lon) == (None, None)


def test_edges_become_links_with_the_speed_of_the_file_or_the_user_s(file, tmp_path):
    raw = '<key attr.name="LinkSpeedRaw" for="edge" id="r"/><graph'
    fast = '<edge source="0" target="1"><data key="r">1e10</data></edge>'
    odd = '<edge source="0" target="1"><data key="r">-5</data></edge>'
    parts = [node(0, "A", "10", "10"), node(1, "B", "11", "10"), fast, edge(0, 1), odd]
    text = written(file, *parts).read_text().replace("<graph ", raw + " ", 1)
    file.write_text(text)
    network = write_network(read_graphml(file, links_gbps=40.0), tmp_path / "out")
    assert network.fibres == ()
    assert [link.capacity_gbps for link in network.links] == [10.0, 40.0, 40.0]
    assert [link.name for link in network.links] == ["A - B", "A - B 2", "A - B 3"]
    assert network.links[0].length_km == pytest.approx(1.3 * 111.195, abs=0.06)
    assert any("2 of 3 links have 40 Gb/s" in note for note in network.notes)


def test_links_of_unknown_length_are_one_hop_each(file):
    parts = [node(0, "A"), node(1, "B", "11", "10"), node(2, "C", "12", "10"), edge(0, 1)]
    found = read_graphml(written(file, *parts, edge(1, 2)), links_gbps=1.0)
    assert [link.igp_metric for link in found.links] == [1, 1]
    assert any("metric 1" in note for note in found.notes)


def test_demands_come_along_as_a_load(file, tmp_path):
    written(file, node(0, "A", "10", "10"), node(1, "B", "11", "10"), edge(0, 1))
    table = tmp_path / "d.csv"
    table.write_text("traffic_class,source,target,gbps\nvideo,A,B,3\nbulk,B,A,4\n")
    network = write_network(read_graphml(file, demands=table), tmp_path / "out")
    assert [(row.traffic_class, row.gbps) for row in network.demands["given"]] == [
        ("video", 3.0),
        ("bulk", 4.0),
    ]
    assert [entry.name for entry in network.classes] == ["video", "bulk"]


BOMB = """<?xml version="1.0"?><!DOCTYPE graphml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<graphml><graph><node id="&c;"/></graph></graphml>"""
FILE = """<?xml version="1.0"?><!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<graphml><graph><node id="&x;"/></graph></graphml>"""


@pytest.mark.parametrize(
    ("content", "words", "line"),
    [
        (BOMB, "a DOCTYPE", 1),
        (FILE, "a DOCTYPE", 1),
        ("{}", "not XML", 1),
        ("<a/>", "no <graphml>", None),
        ("<graphml><graph>", "not XML", 1),
        ('<graphml>\n<graph><node id="0"/>\n<node id="0"/></graph></graphml>', "second node", 3),
        ("<graphml><graph/>\n<graph/></graphml>", "a second graph", 2),
        ('<graphml><graph>\n<edge source="0" target="9"/></graph></graphml>', "node '0'", 2),
    ],
)
def test_what_is_no_sound_graphml_is_told_with_its_line(file, content, words, line):
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=words) as told:
        read_graphml(file)
    assert told.value.problems[0].line == line


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.graphml"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_graphml(path)
