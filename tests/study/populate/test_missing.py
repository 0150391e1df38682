"""After what was missing is added, no single fibre parts the sites that matter."""

import networkx as nx
import numpy as np

from arterial.model.fibre import Fibre
from arterial.study.populate.missing import cut_off, missing_fibres


def _tree(seed, count=14):
    draw = np.random.default_rng(seed)
    places = {
        f"s{n}": (float(lat), float(lon))
        for n, (lat, lon) in enumerate(
            zip(draw.uniform(44, 50, count), draw.uniform(5, 25, count), strict=True)
        )
    }
    fibres = [
        Fibre(name=f"f{n}", a=f"s{n}", z=f"s{int(draw.integers(0, n))}", length_km=900.0)
        for n in range(1, count)
        if n != count // 2
    ]
    return places, fibres


def test_no_bridge_parts_needed_sites_once_the_missing_fibres_are_there(seed):
    places, fibres = _tree(seed)
    needed = sorted(places)[::2]
    added = missing_fibres(fibres, places, needed)
    graph = nx.MultiGraph()
    graph.add_nodes_from(places)
    graph.add_edges_from((fibre.a, fibre.z, fibre.name) for fibre in (*fibres, *added))
    parts = [part for part in nx.connected_components(graph) if part & set(needed)]
    assert len(parts) == 1
    for fibre in (*fibres, *added):
        left = graph.copy()
        left.remove_edge(fibre.a, fibre.z, fibre.name)
        assert sum(bool(part & set(needed)) for part in nx.connected_components(left)) == 1
    assert all(fibre.status == "candidate" for fibre in added)


def test_nothing_is_added_where_nothing_is_missing(seed):
    places, fibres = _tree(seed)
    whole = (*fibres, *missing_fibres(fibres, places, places))
    assert missing_fibres(whole, places, places) == ()


def test_an_island_stays_as_it_is():
    places = {"Paris": (48.9, 2.3), "Lyon": (45.8, 4.8), "Honolulu": (21.3, -157.9)}
    fibres = [Fibre(name="f", a="Paris", z="Lyon", length_km=500.0)]
    added = missing_fibres(fibres, places, places)
    assert "Honolulu" not in {end for fibre in added for end in (fibre.a, fibre.z)}


def test_who_is_cut_off_is_who_is_apart_from_most():
    fibres = [
        Fibre(name="ab", a="a", z="b", length_km=1.0),
        Fibre(name="bc", a="b", z="c", length_km=1.0),
    ]
    assert cut_off(fibres, frozenset({"ab"}), "abc", {"a", "b", "c"}) == {"a"}
    assert cut_off(fibres, frozenset(), "abc", {"a", "c"}) == set()
