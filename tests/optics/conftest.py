"""Networks and sections that the optics tests share; CONUS is worked out once a session."""

import json
import logging
import random
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
from arterial.optics.dark import no_route
from arterial.optics.line_request import line_request
from arterial.optics.modes import options_of_routes
from arterial.optics.occupancy import Occupancy
from arterial.optics.sections import load_sections, sections_from
from arterial.optics.spectrum import grid_band, slot_count
from arterial.optics.wet import wet_light
from arterial.paths.graph import Graph
from arterial.paths.shortest import shortest_path
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop, LitFibre


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
    dark = no_route(network)
    wet = wet_light(network)
    return sections_from(request, arrays, fibres=len(network.fibres), dark=dark, wet=wet)


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


def lit_plan_of(network, sections, seed, *, waves=8, pairs=1):
    """A plan of random waves on shortest routes, first fit beside each other, on few lit pairs."""
    rng = random.Random(seed)  # noqa: S311 - networks, not secrets
    index = {site.name: number for number, site in enumerate(network.sites)}
    ends = [(index[fibre.a], index[fibre.z]) for fibre in network.fibres]
    graph = Graph.of(len(index), [a for a, _ in ends], [z for _, z in ends])
    weight = [fibre.length_km for fibre in network.fibres for _ in range(2)]
    occupancy = Occupancy(grid_band(network.line), dict.fromkeys(range(len(ends)), pairs))
    rows, hops, links = [], [], {}
    for number in range(waves):
        a, z = rng.sample(range(len(index)), 2)
        route = shortest_path(graph, weight, a, z)
        options = options_of_routes(network, sections, [route])[0] if route else ()
        option = rng.choice(options) if options else None
        own = _first_fit(network, occupancy, f"w{number}", route, option) if option else ()
        if own:
            link = f"{network.sites[a].name}--{network.sites[z].name}"
            rows.append(_row(network, graph.sites_of(route), own[0], link, option))
            hops += own
            links.setdefault(link, []).append(rows[-1])
    return _plan(network, seed, rows, hops, links, pairs)


def _first_fit(network, occupancy, name, route, option):
    """Hops of a wave, its slots taken; none where a segment finds no room."""
    width = slot_count(option.slot_ghz)
    stops = (0, *(hop + 1 for hop in option.regenerator_hops), len(route))
    parts = [tuple(arc // 2 for arc in route[i:j]) for i, j in pairwise(stops)]
    firsts = [occupancy.first_fit(part, width) for part in parts]
    hops = []
    for part, first in zip(parts, firsts if None not in firsts else [], strict=False):
        for m, pair in zip(part, occupancy.pairs_at(part, first, width), strict=True):
            occupancy.take(m, pair, first, width)
            hops.append(
                LightpathHop(
                    lightpath=name,
                    hop=len(hops),
                    fibre=network.fibres[m].name,
                    forward=route[len(hops)] % 2 == 0,
                    pair=pair,
                    centre_ghz=occupancy.band.centre_ghz(first, width),
                )
            )
    return hops


def _row(network, passed, hop, link, option):
    router = 1 + int(hop.lightpath[1:]) % 2
    return Lightpath(
        name=hop.lightpath,
        link=link,
        mode=option.mode,
        rate_gbps=option.rate_gbps,
        slot_ghz=option.slot_ghz,
        router_a=router,
        router_z=router,
        regenerators=tuple(network.sites[passed[hop + 1]].name for hop in option.regenerator_hops),
        gsnr_db=option.gsnr_db,
        osnr_db=option.osnr_db,
        margin_db=option.margin_db,
        watts=option.watts,
    )


def _plan(network, seed, rows, hops, links, pairs):
    return _bare_plan(network, seed, pairs, rows, hops, links)


def _bare_plan(network, seed, pairs, rows, hops, links):
    """A plan of light alone."""
    return Plan(
        network=network,
        load="",
        seed=seed,
        input_hash="",
        versions={},
        cost=0.0,
        bound=0.0,
        gap=0.0,
        bound_scope="paths",
        status="gap",
        lightpaths=tuple(rows),
        lightpath_hops=tuple(hops),
        ip_links=tuple(
            IpLink(
                name=name,
                a=name.split("--")[0],
                z=name.split("--")[1],
                waves=len(own),
                capacity_gbps=sum(row.rate_gbps for row in own),
                length_km=0.0,
                latency_ms=0.0,
                floor_ms=0.0,
            )
            for name, own in links.items()
        ),
        lit_fibres=tuple(
            LitFibre(fibre=fibre.name, pairs=pairs, new_pairs=pairs, fill=0.0)
            for fibre in network.fibres
        ),
    )


def mesh_of(seed, *, sites=6, chords=4, add_drop=(None,), spares=(0,), line=None):
    """A ring with chords, lengths and site kinds drawn; two chords in one duct."""
    rng = random.Random(seed)  # noqa: S311 - networks, not secrets
    ring = [(n, (n + 1) % sites) for n in range(sites)]
    others = [(a, z) for a in range(sites) for z in range(a + 2, sites) if (z + 1) % sites != a]
    drawn_chords = rng.sample(others, min(chords, len(others)))
    return Network(
        name=f"mesh {seed}",
        sites=tuple(
            Site(
                name=str(n),
                roles=("junction", "edge"),
                add_drop=rng.choice(add_drop),
                spare_regenerators=rng.choice(spares),
            )
            for n in range(sites)
        ),
        fibres=tuple(
            Fibre(
                name=f"f{m}",
                a=str(a),
                z=str(z),
                length_km=float(rng.randint(60, 700)),
                pairs=4,
                risks=("duct",) if m in (0, sites) else (),
            )
            for m, (a, z) in enumerate([*ring, *drawn_chords])
        ),
        modes=load_catalogue(),
        **({} if line is None else {"line": line}),
    )


@pytest.fixture(scope="session")
def lit_plan():
    return lit_plan_of


@pytest.fixture(scope="session")
def mesh():
    return mesh_of
