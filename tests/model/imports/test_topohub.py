import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.topohub import read_topohub
from arterial.model.imports.write import write_network

GABRIEL = Path(__file__).parents[2] / "data" / "topohub" / "gabriel-5-0.json"


def graph(**changes):
    nodes = [
        {"id": 7, "name": "Oslo", "pos": [10.7, 59.9]},
        {"id": 8, "name": "Pisa", "pos": [10.4, 43.7]},
        {"id": 9, "name": "Oslo", "pos": [10.8, 59.9]},
    ]
    edges = [
        {"source": 7, "target": 8, "dist": 1900.0, "ecmp_fwd": {"uni": 50.0}},
        {"source": 8, "target": 9, "dist": 1950.0},
    ]
    demands = {"7": {"8": 3.0, "9": 1.0}, "8": {"7": 4.0}}
    whole = {
        "directed": False,
        "multigraph": False,
        "graph": {"name": "toy", "demands": demands, "stats": {"nodes": 3}},
        "nodes": nodes,
        "edges": edges,
    }
    return whole | changes


@pytest.fixture
def read(tmp_path):
    def found(content, **options):
        path = tmp_path / "toy.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return read_topohub(path, **options)

    return found


def test_a_real_file_becomes_a_network(tmp_path):
    network = write_network(read_topohub(GABRIEL, capacity_gbps=40.0), tmp_path / "out")
    assert (len(network.sites), len(network.links)) == (5, 6)
    assert [link.length_km for link in network.links][:2] == [59.14, 146.45]
    assert {link.capacity_gbps for link in network.links} == {40.0}
    # Gabriel graphs lie on a plane of 400 km and more, which are no degrees.
    assert all(site.lat is None for site in network.sites)
    assert network.loads == ()
    assert any("traffic gravity" in note for note in network.notes)


def test_a_demand_without_its_opposite_goes_both_ways(read, tmp_path):
    network = write_network(read(graph(), unit_gbps=2.0), tmp_path / "out")
    assert [(row.source, row.target, row.gbps) for row in network.demands["given"]] == [
        ("Oslo", "Pisa", 6.0),
        ("Oslo", "Oslo 2", 2.0),
        ("Oslo 2", "Oslo", 2.0),
        ("Pisa", "Oslo", 8.0),
    ]
    assert (network.sites[1].lat, network.sites[1].lon) == (43.7, 10.4)


def test_the_edges_may_be_called_links_and_ids_may_be_words(read):
    content = json.dumps(graph()).replace('"edges"', '"links"')
    for number in (7, 8, 9):
        content = content.replace(f": {number},", f': "n{number}",').replace(
            f'"{number}"', f'"n{number}"'
        )
    assert len(read(content).links) == 2


def test_a_length_below_the_great_circle_gives_way_to_it(read):
    edges = [{"source": 7, "target": 8, "dist": 1900.0}] * 30 + [
        {"source": 8, "target": 9, "dist": 5.0}
    ]
    found = read(graph(edges=edges))
    assert found.links[-1].length_km == pytest.approx(1801.0, abs=2.0)
    assert "ASSUMPTION" in found.links[-1].source
    assert any("for 1 lengths" in note for note in found.notes)


def test_loops_and_parallel_edges_are_told_apart(read):
    edges = [{"source": 7, "target": 7, "dist": 1.0}] + graph()["edges"] * 2
    found = read(graph(edges=edges))
    assert len(found.links) == 4
    assert "left out: 1 edges from a site to itself" in found.notes


def test_an_edge_without_length_makes_every_link_one_hop(read):
    found = read(graph(edges=[*graph()["edges"], {"source": 7, "target": 9}]))
    assert [link.igp_metric for link in found.links] == [1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nodes": []}, "nodes"),
        ({"nodes": [{"id": 7}, {"id": 7}]}, "a second node has the id '7'"),
        ({"edges": [{"source": 7, "target": 5, "dist": 1}]}, "node '5'"),
        ({"edges": [{"source": 7, "target": 8, "dist": -1}]}, "dist"),
        ({"edges": [{"source": 7, "target": 8, "dist": "far"}]}, "dist"),
        ({"directed": True}, "the graph is directed"),
        ({"graph": {"demands": {"7": {"5": 1.0}}}}, "a demand ends at node '5'"),
        ({"graph": {"demands": {"7": {"8": -1.0}}}}, "demands"),
        ({"graph": {"demands": {"7": {"8": 1e300}}}}, "demands"),
    ],
)
def test_what_is_no_sound_graph_is_told(read, changes, words):
    with pytest.raises(ModelError, match=words):
        read(graph(**changes))


@pytest.mark.parametrize("text", ["NaN", "[]", "{", '{"nodes": [{"id": NaN}]}', "[" * 100_000])
def test_what_is_no_json_of_a_graph_is_told(read, text):
    with pytest.raises(ModelError):
        read(text)


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.json"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_topohub(path)
