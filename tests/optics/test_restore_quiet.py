"""What quiet ways join, against a walk over every pair of sites."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.optics.restore import player_of
from arterial.optics.restore_options import Spares
from arterial.optics.restore_quiet import Joined, Quiet, bits


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), down=st.frozensets(st.integers(0, 7), max_size=3))
def test_sites_are_joined_as_a_graph_of_quiet_ways_says(mesh, drawn, lit_plan, seed, down):
    network = mesh(seed, sites=6)
    sections = drawn(network, seed, worst=0.02)
    player = player_of(lit_plan(network, sections, seed), sections, Spares({}))
    routes, sites = player.options.routes, [site.name for site in network.sites]
    quiet = Quiet(player.standing, routes, sections)
    joined = Joined(quiet, down)
    for mode in routes.modes:
        noise = sections.log_noise[quiet.comb[mode.number]].mean(axis=1)
        light = nx.MultiGraph()
        light.add_nodes_from(range(len(sites)))
        for m in set(player.standing.pairs_lit) - down:
            fibre = network.fibres[m]
            ends = sites.index(fibre.a), sites.index(fibre.z)
            light.add_edge(*ends, noise=min(noise[2 * m], noise[2 * m + 1]))
        least = dict(nx.all_pairs_dijkstra_path_length(light, weight="noise"))
        for stops in ((), (1, 3), tuple(range(6))):
            near = nx.Graph()
            near.add_nodes_from((0, 5, *stops))
            for one in near:
                for other in near:
                    if least[one].get(other, float("inf")) <= quiet.most(mode):
                        near.add_edge(one, other)
            assert joined.joined(0, 5, mode, bits(stops)) == nx.has_path(near, 0, 5)
