"""The compiled twin against the figures of one route, and chains against every chain there is."""

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.optics.mode_table import mode_table
from arterial.optics.reach import route_segments
from arterial.optics.restore_reach import RouteReach, fewest
from arterial.paths.graph import Graph


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), sites=st.integers(3, 8))
def test_every_figure_is_that_of_route_segments_to_the_last_bit(mesh, drawn, seed, sites):
    network = mesh(seed, sites=sites)
    sections = drawn(network, seed)
    table = mode_table(network, sections)
    reach = RouteReach(network, sections, table)
    site = {row.name: n for n, row in enumerate(network.sites)}
    graph = Graph.of(
        len(site), [site[f.a] for f in network.fibres], [site[f.z] for f in network.fibres]
    )
    draw = np.random.default_rng(seed)
    for _ in range(5):
        arcs = [int(draw.integers(2 * len(network.fibres)))]
        for _ in range(int(draw.integers(0, 6))):
            arcs.append(int(draw.choice(graph.leaving[graph.arc_target[arcs[-1]]])))
        one, other = reach.segments(tuple(arcs)), route_segments(network, sections, table, arcs)
        for figure in ("gsnr_db", "margin_db", "cd_ps_nm", "pmd_ps", "feasible"):
            np.testing.assert_array_equal(getattr(one, figure), getattr(other, figure), figure)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**6), hops=st.integers(1, 6))
def test_no_chain_has_fewer_spares_fewer_stops_or_more_margin(seed, hops):
    draw = np.random.default_rng(seed)
    feasible = draw.random((hops + 1, hops + 1)) < 0.6
    margin = draw.integers(0, 4, (hops + 1, hops + 1)).astype(np.float64)
    stands = draw.integers(0, 3, hops + 1)

    def cost(stops):
        ends = list(pairwise((0, *stops, hops)))
        if not all(feasible[pair] for pair in ends) or not all(stands[stop] for stop in stops):
            return None
        spares = sum(int(stands[stop] == 1) for stop in stops)
        return spares, len(stops), -min(margin[pair] for pair in ends)

    every = [cost(stops) for n in range(hops) for stops in combinations(range(1, hops), n)]
    before = fewest(feasible, margin, stands).tolist()
    best = min((one for one in every if one is not None), default=None)
    if before[-1] < 0:
        assert best is None
        return
    stops, place = [], before[-1]
    while place:
        stops.insert(0, place)
        place = before[place]
    assert cost(stops) == best
