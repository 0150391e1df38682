from pathlib import Path

from arterial.fabric.ip import ip_fabric
from arterial.model.reader import load_network
from arterial.study.design import Question, design
from arterial.study.imports import (
    import_graphml,
    import_repetita,
    import_sndlib,
    import_topohub,
)
from arterial.study.prove import prove
from arterial.study.reach import reach

ZOO = Path(__file__).parents[1] / "data" / "topology-zoo"


def test_an_imported_network_answers_reach(tmp_path):
    done = import_graphml(ZOO / "Abilene.graphml", tmp_path / "abilene")
    network = load_network(tmp_path / "abilene")
    assert (done.sites, done.fibres) == (len(network.sites), len(network.fibres))
    assert (done.unplaced, done.without_length, done.subsea) == (0, 0, 0)
    found = reach(tmp_path / "abilene", "New York", "Washington DC")
    assert found.verdict == "yes"


def test_where_an_import_lacks_a_length_reach_is_unknown(tmp_path):
    done = import_graphml(ZOO / "Hibernia.graphml", tmp_path / "hibernia")
    assert done.without_length > 0
    network = load_network(tmp_path / "hibernia")
    dark = next(fibre for fibre in network.fibres if fibre.length_km is None)
    route = reach(tmp_path / "hibernia", dark.a, dark.z).routes[0]
    assert {row.verdict for row in route.modes} == {"unknown"}


GRAPH = """NODES 3
label x y
Oslo 10.7 59.9
Pisa 10.4 43.7
Rome 12.5 41.9

EDGES 6
label src dest weight bw delay
e0 0 1 10 10000000 9000
e1 1 0 10 10000000 9000
e2 1 2 10 10000000 1500
e3 2 1 10 10000000 1500
e4 0 2 10 10000000 10000
e5 2 0 10 10000000 10000
"""
DEMANDS = "DEMANDS 2\nlabel src dest bw\nd0 0 2 6000000\nd1 2 0 3000000\n"


def test_a_repetita_graph_with_demands_is_designed_and_proved_as_it_is(tmp_path):
    graph, demands = tmp_path / "toy.graph", tmp_path / "toy.demands"
    graph.write_text(GRAPH)
    demands.write_text(DEMANDS)
    done = import_repetita(graph, tmp_path / "toy", demands=demands)
    assert (done.sites, done.links, done.demands, done.demand_gbps) == (3, 3, 2, 9.0)
    design(tmp_path / "toy", tmp_path / "plan", Question())
    assert prove(tmp_path / "plan").verdict == "proved"


def test_links_of_every_format_can_be_routed_over(tmp_path):
    native = tmp_path / "toy.txt"
    native.write_text(
        "?SNDlib native format; type: network; version: 1.0\n"
        "NODES ( A B C ) LINKS ( L ( A B ) 5 0 0 0 ( ) M ( B C ) 0 0 0 0 ( 7 1 ) )\n"
        "DEMANDS ( D ( A C ) 1 2 UNLIMITED )\n"
    )
    graph = tmp_path / "toy.graph"
    graph.write_text(GRAPH)
    made = {
        "sndlib": import_sndlib(native, tmp_path / "sndlib"),
        "repetita": import_repetita(graph, tmp_path / "repetita"),
        "topohub": import_topohub(
            ZOO.parent / "topohub" / "gabriel-5-0.json", tmp_path / "topohub"
        ),
        "graphml": import_graphml(ZOO / "Hibernia.graphml", tmp_path / "graphml", links_gbps=100.0),
    }
    for name, done in made.items():
        fabric = ip_fabric(load_network(tmp_path / name))
        assert len(fabric.links) == done.links > 0
        assert (fabric.capacity_gbps > 0.0).all()
        assert (fabric.metric >= 1.0).all()
        assert done.notes
