from itertools import combinations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.candidates import EXPRESS_FROM_GBPS, candidate_routes
from arterial.design.ground import ground_of
from arterial.paths.diverse import shared_risks
from arterial.paths.graph import arc_link
from arterial.paths.shortest import k_shortest

SEEDS = st.integers(0, 2**32 - 1)


def sites_passed(tiny, route):
    return tiny.instance.ground.graph.sites_of(route.arcs)


@given(SEEDS)
@settings(max_examples=20)
def test_a_route_is_a_simple_path_between_its_ends_and_told_once(tiny, seed):
    here = tiny(seed)
    routes = here.instance.routes
    assert len({route.arcs for route in routes}) == len(routes)
    for route in routes:
        passed = sites_passed(here, route)
        assert (passed[0], passed[-1]) == (route.a, route.z)
        assert len(set(passed)) == len(passed)


@given(SEEDS)
@settings(max_examples=20)
def test_sites_joined_without_a_third_router_site_are_joined_by_the_shortest_such_way(tiny, seed):
    here = tiny(seed)
    ground = here.instance.ground
    ends = sorted({site for route in here.instance.routes for site in (route.a, route.z)})
    candidates = {(r.a, r.z): [] for r in here.instance.routes}
    for route in here.instance.routes:
        candidates[route.a, route.z].append(km(ground, route.arcs))
    for a, z in combinations(ends, 2):
        graph = nx.MultiGraph()
        graph.add_nodes_from([a, z])
        for fibre in here.network.fibres:
            there = ground.site_index[fibre.a], ground.site_index[fibre.z]
            if not {*there} & {*ends} - {a, z}:
                graph.add_edge(*there, weight=fibre.length_km)
        if nx.has_path(graph, a, z):
            shortest = nx.shortest_path_length(graph, a, z, weight="weight")
            assert any(abs(length - shortest) < 1e-9 for length in candidates[a, z])


def km(ground, arcs):
    return sum(ground.length_km[arc] for arc in arcs)


@given(SEEDS)
@settings(max_examples=20)
def test_ends_of_large_demands_get_two_routes_that_share_no_risk_where_they_exist(tiny, seed):
    here = tiny(seed)
    ground = here.instance.ground
    for demand in here.demands:
        if demand.gbps < EXPRESS_FROM_GBPS:
            continue
        a, z = sorted((ground.site_index[demand.source], ground.site_index[demand.target]))
        paths = k_shortest(ground.graph, ground.length_km, a, z, 1000)
        lie_apart = [not shared_risks(ground.risks, *pair) for pair in combinations(paths, 2)]
        offered = [route.arcs for route in here.instance.routes if (route.a, route.z) == (a, z)]
        found = [not shared_risks(ground.risks, *pair) for pair in combinations(offered, 2)]
        assert any(found) == any(lie_apart)


def test_closed_fibre_is_in_no_route(drill):
    wet = tuple(structs.replace(fibre, subsea=m == 0) for m, fibre in enumerate(drill.fibres))
    ground = ground_of(structs.replace(drill, fibres=wet))
    routes = candidate_routes(ground, range(len(drill.sites)), ())
    ridden = {arc_link(arc) for route in routes for arc in route.arcs}
    assert ridden == set(range(1, len(wet)))
