"""What crosses a border in time, told by networkx; borders are as thin as they say."""

import networkx as nx
import numpy as np
import pytest

from arterial.design.capacity.late_kernels import MARGIN_MS, Arcs, Wanted, crossing, thin_borders
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency

SITES, LINKS, DEMANDS = 8, 16, 10


def world(seed):
    """Where a third of links lead one way only, and where all lead both ways."""
    random = np.random.default_rng(seed)
    ends = np.array([random.choice(SITES, 2, replace=False) for _ in range(LINKS)])
    exists = np.ones(2 * LINKS, dtype=np.bool_)
    exists[1::2] = random.random(LINKS) < (0.7 if seed % 2 else 1.0)
    arcs = Arcs(
        *Adjacency.of(Graph.of(SITES, ends[:, 0], ends[:, 1])),
        np.repeat(random.integers(1, 5, LINKS).astype(np.float64), 2),
        exists,
    )
    pairs = np.array([random.choice(SITES, 2, replace=False) for _ in range(DEMANDS)])
    return random, ends, arcs, pairs, random.integers(2, 12, DEMANDS) + 0.5


def soonest(ends, arcs, border, turned):
    """Times between all sites without the arcs of a border."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(SITES))
    for arc in np.flatnonzero(arcs.exists).tolist():
        a, z = ends[arc // 2] if arc % 2 == 0 else ends[arc // 2][::-1]
        sign = border[arc // 2] * (-1 if turned else 1)
        if sign != (1 if arc % 2 == 0 else -1):
            graph.add_edge(int(a), int(z), w=arcs.delay[arc])
    return dict(nx.all_pairs_dijkstra_path_length(graph, weight="w"))


@pytest.mark.parametrize("seed", range(12))
def test_what_crosses_has_no_way_in_time(seed):
    random, ends, arcs, pairs, limit = world(seed)
    borders = random.integers(-1, 2, (5, LINKS)).astype(np.int8)
    first = np.arange(DEMANDS + 1)
    told = crossing(arcs, borders, (first, pairs[:, 0], first, pairs[:, 1]), limit)
    for number, border in enumerate(borders):
        for turned in range(2):
            when = soonest(ends, arcs, border, turned)
            for k, (start, end) in enumerate(pairs.tolist()):
                late = when[start].get(end, np.inf) > limit[k]
                assert told[turned, number, k] == late


@pytest.mark.parametrize("seed", range(12))
def test_borders_part_a_demand_and_have_few_units(seed):
    random, ends, arcs, pairs, limit = world(seed)
    wanted = Wanted(pairs[:, 0], np.arange(DEMANDS + 1), pairs[:, 1], limit)
    units = np.where(arcs.exists, np.repeat(random.choice([0.0, 0.3, 0.5, 1.0], LINKS), 2), 0.0)
    found = np.zeros((500, LINKS), dtype=np.int8)
    count = thin_borders(arcs, wanted, units, 1.0, found)
    assert count
    for border in found[:count]:
        ridden = np.where(border > 0, units[0::2], np.where(border < 0, units[1::2], 0.0))
        assert ridden.sum() < 1.0
        when = soonest(ends, arcs, border, turned=False)
        late = [when[a].get(z, np.inf) > limit[k] + MARGIN_MS for k, (a, z) in enumerate(pairs)]
        assert any(late)
