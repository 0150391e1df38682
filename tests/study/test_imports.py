from pathlib import Path

from arterial.model.reader import load_network
from arterial.study.imports import import_graphml
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
