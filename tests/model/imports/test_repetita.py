import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.repetita import read_repetita
from arterial.model.imports.write import write_network

NODES = "NODES 3\nlabel x y\nSan Jose, CA 0.0 0.0\nPisa 10.4 43.7\nOslo 10.7 59.9\n"
EDGES = """
EDGES 4
label src dest weight bw delay
e0 0 1 10 2500000 1500
e1 1 0 10 2500000 1500
e2 1 2 20 10000000 9000
e3 2 1 20 10000000 9000
"""
DEMANDS = "DEMANDS 2\nlabel src dest bw\nd0 0 1 1250000\nd1 2 0 300\n"


@pytest.fixture
def graph(tmp_path):
    return tmp_path / "toy.graph"


@pytest.fixture
def demands(tmp_path):
    return tmp_path / "toy.demands"


def edges(*rows):
    lines = [f"EDGES {len(rows)}", "label src dest weight bw delay", *rows]
    return NODES + "\n".join(lines) + "\n"


def refused(path, content, demands=None):
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError) as told:
        read_repetita(path, demands)
    (problem,) = told.value.problems
    return problem


def test_a_graph_and_its_demands_become_a_network_with_a_load(graph, demands, tmp_path):
    graph.write_text(NODES + EDGES)
    demands.write_text(DEMANDS)
    network = write_network(read_repetita(graph, demands), tmp_path / "out")
    assert [site.name for site in network.sites] == ["San Jose CA", "Pisa", "Oslo"]
    assert [(site.lat, site.lon) for site in network.sites] == [
        (None, None),  # 0 and 0 is what the files write where they do not know
        (43.7, 10.4),
        (59.9, 10.7),
    ]
    first, second = network.links
    assert (first.a, first.z, first.capacity_gbps) == ("San Jose CA", "Pisa", 2.5)
    assert (first.latency_ms, first.igp_metric) == (1.5, 10)
    assert (second.capacity_gbps, second.latency_ms, second.igp_metric) == (10.0, 9.0, 20)
    rows = network.demands["given"]
    assert [(row.source, row.target, row.gbps) for row in rows] == [
        ("San Jose CA", "Pisa", 1.25),
        ("Oslo", "San Jose CA", 0.0003),
    ]
    assert network.policy.usable(failed=False) == network.policy.usable(failed=True) == 1.0
    assert network.policy.rules == ()


def test_without_demands_there_is_no_load(graph, tmp_path):
    graph.write_text(NODES + EDGES)
    network = write_network(read_repetita(graph), tmp_path / "out")
    assert network.loads == ()
    assert [entry.name for entry in network.classes] == ["data"]


def test_directions_that_differ_are_told_and_the_link_promises_no_more_than_either(graph):
    graph.write_text(edges("e0 0 1 10 2500000 1500", "e1 1 0 30 1000000 2500", "e2 1 2 1 1000 5"))
    found = read_repetita(graph)
    (link,) = found.links
    assert (link.capacity_gbps, link.latency_ms, link.igp_metric) == (1.0, 2.5, 10)
    told = "\n".join(found.notes)
    assert "1 (e0): the two directions differ in capacity; the link has the smaller" in told
    assert "1 (e0): the two directions differ in metric" in told
    assert "1 (e0): the two directions differ in delay" in told
    assert "left out: 1 (e2): an edge without its opposite" in told


def test_demands_that_ask_nothing_are_left_out_and_told(graph, demands):
    graph.write_text(NODES + EDGES)
    demands.write_text("DEMANDS 3\nlabel src dest bw\na 0 0 2000000\nb 0 1 0\nc 0 1 5\n")
    found = read_repetita(graph, demands)
    assert len(found.demands) == 1
    assert "left out: 1 demands from a site to itself, 2 Gb/s" in found.notes
    assert "left out: 1 demands of 0 Gb/s" in found.notes


def test_an_edge_to_itself_is_left_out_and_told(graph):
    graph.write_text(edges("e0 0 1 1 9 1", "e1 1 0 1 9 1", "e2 2 2 1 9 1"))
    found = read_repetita(graph)
    assert len(found.links) == 1
    assert "left out: 1 edges from a site to itself" in found.notes


def test_nodes_of_one_name_are_told_apart_by_their_number(graph, demands):
    graph.write_text((NODES + EDGES).replace("Oslo", "Pisa"))
    demands.write_text("DEMANDS 1\nlabel src dest bw\nd 2 1 7\n")
    found = read_repetita(graph, demands)
    assert [site.name for site in found.sites] == ["San Jose CA", "Pisa", "Pisa 2"]
    assert (found.demands[0].source, found.demands[0].target) == ("Pisa 2", "Pisa")


def test_delays_that_light_cannot_keep_are_kept_and_told(graph):
    graph.write_text(edges("e0 1 2 1 9 1000", "e1 2 1 1 9 1000"))
    found = read_repetita(graph)
    assert found.links[0].latency_ms == 1.0
    assert any(note.startswith("2 delays are shorter than light") for note in found.notes)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("EDGES 3\n", 1, "where 'NODES number' is due"),
        ("NODES many\n", 1, "'many'"),
        ("NODES 99999999999999999999\n", 1, "the number of NODES"),
        ("NODES 999999999999\nlabel x y\nA 0 0\n", 3, "the file ends after 1 of 999999999999"),
        (NODES, 5, "its end"),
        (NODES.replace("Oslo 10.7", "Oslo nan"), 5, "x is 'nan'"),
        (edges("e0 0 1 10 0 1"), 8, "bw is 0"),
        (edges("e0 0 1 10 -5 1"), 8, "bw is '-5'"),
        (edges("e0 0 1 10 inf 1"), 8, "bw is 'inf'"),
        (edges("e0 0 1 10 5 nan"), 8, "delay is 'nan'"),
        (edges("e0 0 1 0 5 1"), 8, "weight is '0', no metric"),
        (edges("e0 0 1 1.5 5 1"), 8, "weight is '1.5', no metric"),
        (edges("e0 0 1 16777216 5 1"), 8, "no metric"),
        (edges("e0 0 3 1 5 1"), 8, "dest is node 3 of 3"),
        (edges("e0 -1 2 1 5 1"), 8, "src is '-1'"),
        (edges("e0 0 1 1 5"), 8, "stands after 0 of 1 EDGES"),
        (NODES + EDGES[: EDGES.index("e3")], 11, "the file ends after 3 of 4 EDGES"),
        (NODES + EDGES + "e4 1 2 1 1 1", 13, "after the last row"),
    ],
)
def test_what_is_no_sound_graph_is_told_with_its_line(graph, content, line, words):
    problem = refused(graph, content)
    assert (problem.line, problem.file) == (line, str(graph))
    assert words in problem.found


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("DEMANDS 1\nlabel src dest bw\nd0 0 9 5\n", 3, "dest is node 9 of 3"),
        ("DEMANDS 1\nlabel src dest bw\nd0 0 1 nan\n", 3, "bw is 'nan'"),
        ("DEMANDS 1\nlabel src dest bw\nd0 0 1 -1\n", 3, "bw is '-1'"),
        ("DEMANDS 2\nlabel src dest bw\nd0 0 1 1\n", 3, "the file ends after 1 of 2 DEMANDS"),
    ],
)
def test_what_is_no_sound_table_of_demands_is_told_with_its_line(
    graph, demands, content, line, words
):
    demands.write_text(content)
    problem = refused(graph, NODES + EDGES, demands)
    assert (problem.line, problem.file) == (line, str(demands))
    assert words in problem.found


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reader(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.graph"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_repetita(path)


def test_the_user_s_own_files_are_read(tmp_path):
    folder = os.environ.get("ARTERIAL_REPETITA")
    if not folder:
        pytest.skip("not run: ARTERIAL_REPETITA names no folder with REPETITA's files")
    graphs = sorted(Path(folder).rglob("*.graph"))
    assert graphs
    for number, graph in enumerate(graphs):
        demands = sorted(graph.parent.glob(f"{graph.stem}*.demands"))
        for brought in demands[:1]:
            network = write_network(read_repetita(graph, brought), tmp_path / str(number))
            assert network.links
            assert network.demands["given"]
