"""Networks and sections that the optics tests share; CONUS is worked out once a session."""

import json
import logging
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import msgspec
import networkx as nx
import numpy as np
import pytest

from arterial.model.catalogue import load_catalogue
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.optics.line_request import line_request
from arterial.optics.sections import load_sections, sections_from


def chain_of(lengths_km, **more):
    """Sites 0, 1, 2, ... in a row."""
    return Network(
        name="chain",
        sites=tuple(Site(name=str(number)) for number in range(len(lengths_km) + 1)),
        fibres=tuple(
            Fibre(name=f"f{number}", a=str(number), z=str(number + 1), length_km=length_km)
            for number, length_km in enumerate(lengths_km)
        ),
        **{"modes": load_catalogue(), **more},
    )


def coronet(file, name, **more):
    """A CORONET network as GNPy ships it."""
    shipped = Path(find_spec("gnpy").origin).parent / "example-data"
    drawn = json.loads((shipped / file).read_text(encoding="utf-8"))
    lengths = {e["uid"]: e["params"]["length"] for e in drawn["elements"] if e["type"] == "Fiber"}
    source = {c["to_node"]: c["from_node"] for c in drawn["connections"]}
    target = {c["from_node"]: c["to_node"] for c in drawn["connections"]}
    ends = {uid: (source[uid][6:], target[uid][6:]) for uid in lengths}  # after "roadm "
    fibres = tuple(
        Fibre(name=f"{a}-{z}", a=a, z=z, length_km=lengths[uid])
        for uid, (a, z) in sorted(ends.items())
        if a < z
    )
    sites = sorted({site for fibre in fibres for site in (fibre.a, fibre.z)})
    return Network(
        name=name,
        sites=tuple(Site(name=site) for site in sites),
        fibres=fibres,
        modes=load_catalogue(),
        **more,
    )


def conus_network():
    """75 sites, 99 fibres."""
    return coronet("CORONET_CONUS_Topology.json", "conus")


def shortest_routes(network, count, seed):
    """Shortest routes between random sites, each a tuple of directed sections."""
    graph = nx.Graph()
    for index, fibre in enumerate(network.fibres):
        graph.add_edge(fibre.a, fibre.z, km=fibre.length_km, index=index)
    rng = np.random.default_rng(seed)
    names = sorted(graph)
    for _ in range(count):
        ends = rng.choice(len(names), 2, replace=False)
        sites = nx.shortest_path(graph, *(names[end] for end in ends), weight="km")
        indices = [graph[a][z]["index"] for a, z in pairwise(sites)]
        yield tuple(
            2 * index + (network.fibres[index].a != site)
            for index, site in zip(indices, sites, strict=False)
        )


def part_of(network, routes):
    """A network of the fibres that routes ride alone, and the routes on it."""
    ridden = sorted({section // 2 for route in routes for section in route})
    place = {fibre: number for number, fibre in enumerate(ridden)}
    part = msgspec.structs.replace(network, fibres=tuple(network.fibres[fibre] for fibre in ridden))
    return part, [
        tuple(2 * place[section // 2] + section % 2 for section in route) for route in routes
    ]


def drawn_sections(network, seed, *, worst=0.01):
    """Sections of a network with noise drawn at random: what engines see, without the physics."""
    rng = np.random.default_rng(seed)
    request = line_request(network)
    rows = 2 * len(request.routes)
    arrays = {}
    for number, comb in enumerate(request.combs):
        arrays[f"noise_{number}"] = rng.uniform(worst / 20, worst, (rows, len(comb.centres_thz)))
        arrays[f"cd_{number}"] = rng.uniform(100.0, 9_000.0, rows)
        arrays[f"pmd_{number}"] = rng.uniform(0.1, 8.0, rows)
    return sections_from(request, arrays, fibres=len(network.fibres))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("ARTERIAL_CACHE", str(tmp_path_factory.getbasetemp() / "optics-cache"))


@pytest.fixture(scope="session")
def chain():
    return chain_of


@pytest.fixture(scope="session")
def drawn():
    return drawn_sections


@pytest.fixture
def quiet_gnpy():
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def routes_of():
    return shortest_routes


@pytest.fixture(scope="session")
def only():
    return part_of


@pytest.fixture(scope="session")
def worldwide():
    return coronet("CORONET_Global_Topology.json", "worldwide")


@pytest.fixture(scope="session")
def conus():
    return conus_network()


@pytest.fixture(scope="session")
def conus_sections(conus, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARTERIAL_CACHE", str(tmp_path_factory.getbasetemp() / "optics-cache"))
        return load_sections(conus)
