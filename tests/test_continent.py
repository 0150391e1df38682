"""The synthetic continent: geography decides lengths and shared risks; same options, same bytes."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from arterial.model.reader import load_network
from arterial.study.check import check
from arterial.units import great_circle_km

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "networks" / "continent"
SITES = 60


def built(out, *options):
    build = [sys.executable, str(FOLDER / "build.py"), "--out", str(out), *options]
    subprocess.run(build, check=True, capture_output=True)
    return load_network(out)


@pytest.fixture(scope="module")
def network():
    return load_network(FOLDER)


def graph_of(network, without=frozenset()):
    graph = nx.MultiGraph()
    graph.add_nodes_from(site.name for site in network.sites)
    graph.add_edges_from(
        (fibre.a, fibre.z, fibre.name) for fibre in network.fibres if fibre.name not in without
    )
    return graph


def test_building_it_again_gives_the_same_bytes(tmp_path):
    built(tmp_path / "again")
    tables = sorted(path.name for path in (tmp_path / "again").iterdir())
    assert len(tables) > 5
    for name in tables:
        assert (tmp_path / "again" / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_another_seed_is_another_continent(network, tmp_path):
    other = built(tmp_path / "other", "--sites", "30", "--seed", "5")
    assert other.name == "continent-30-5"
    largest = sorted(network.markets, key=lambda market: -market.people)[:20]
    assert {market.site for market in largest} - {site.name for site in other.sites}


def test_it_is_sound_and_stays_below_what_a_repository_bears(network):
    assert check(FOLDER).name == network.name == f"continent-{SITES}"
    tables = [path for path in FOLDER.iterdir() if path.suffix in {".csv", ".yaml"}]
    assert sum(path.stat().st_size for path in tables) < 200_000


def test_no_fibre_is_shorter_than_the_great_circle(network):
    places = {site.name: (site.lat, site.lon) for site in network.sites}
    for fibre in network.fibres:
        assert fibre.length_km >= great_circle_km(*places[fibre.a], *places[fibre.z]) - 0.1


def test_no_cut_and_no_shared_rail_parts_it(network):
    assert nx.is_connected(graph_of(network))
    standing = [fibre for fibre in network.fibres if fibre.status == "existing"]
    rails = Counter(risk for fibre in standing for risk in fibre.risks if risk.startswith("rail "))
    losses = [{fibre.name} for fibre in network.fibres]
    losses += [{fibre.name for fibre in standing if rail in fibre.risks} for rail in rails]
    assert [lost for lost in losses if not nx.is_connected(graph_of(network, lost))] == []


def test_fibres_share_risks_along_rails_alone(network):
    standing = [fibre for fibre in network.fibres if fibre.status == "existing"]
    rails = Counter(risk for fibre in standing for risk in fibre.risks if risk.startswith("rail "))
    assert len(rails) > 10
    assert min(rails.values()) > 1
    for fibre in network.fibres:
        on_rail = "along railways" in fibre.source
        assert on_rail or not any(risk.startswith("rail ") for risk in fibre.risks)


def test_degrees_are_those_of_a_long_haul_net(network):
    campuses = {campus.site for campus in network.campuses}
    trunk = [
        fibre
        for fibre in network.fibres
        if fibre.status == "existing" and not {fibre.a, fibre.z} & campuses
    ]
    assert 2.5 <= 2.0 * len(trunk) / SITES <= 3.2


@pytest.fixture
def plain_builders(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    from bench import continent, plain  # noqa: PLC0415 - found only once the path is set

    return continent.plain_instance, plain.reference


def test_plain_instances_are_fibres_with_every_cut(plain_builders):
    instance, reference = plain_builders
    for problem, sites in ((instance(40, 3), 40), (reference(), 89)):
        links = len(problem.links.ends)
        assert problem.links.sites == sites
        assert problem.cases.alive.shape == (links + 1, links)
        assert (~problem.cases.alive).sum() == links
        assert (problem.links.supply.toarray() == 400.0 * np.eye(links)).all()
        assert (problem.program.cost > 1.0).all()
        assert problem.program.integer.all()
        asked = set(zip(problem.demands.source, problem.demands.target, strict=True))
        assert all(a != z for a, z in asked)
    assert (len(reference().links.ends), len(reference().demands.source)) == (127, 113)
    twice = instance(40, 3), instance(40, 3)
    assert (twice[0].links.ends == twice[1].links.ends).all()
    assert (twice[0].cases.gbps == twice[1].cases.gbps).all()
    asked = set(zip(twice[0].demands.source, twice[0].demands.target, strict=True))
    assert asked == {(z, a) for a, z in asked}
