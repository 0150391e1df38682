"""The lightest way within a limit, against every way there is."""

import networkx as nx
import numpy as np
import pytest

from arterial.design.capacity.within import limited_path
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency


@pytest.mark.parametrize("seed", range(40))
def test_it_is_the_lightest_of_all_simple_ways_within_the_limit(seed):
    random = np.random.default_rng(seed)
    sites, links = 7, 13
    ends = np.array([random.choice(sites, 2, replace=False) for _ in range(links)])
    weight = np.round(random.uniform(0.0, 5.0, 2 * links), 1)
    weight[random.random(2 * links) < 0.1] = np.inf
    delay = np.round(random.uniform(0.5, 4.0, 2 * links), 1)
    limit = float(random.uniform(2.0, 9.0))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(sites))
    for link, (a, z) in enumerate(ends.tolist()):
        graph.add_edge(a, z, key=2 * link)
        graph.add_edge(z, a, key=2 * link + 1)
    ways = [[arc for *_, arc in way] for way in nx.all_simple_edge_paths(graph, 0, sites - 1)]
    fits = [weight[way].sum() for way in ways if delay[way].sum() <= limit]
    adjacency = Adjacency.of(Graph.of(sites, ends[:, 0], ends[:, 1]))
    far, path = limited_path(
        adjacency, weight, delay, (0, sites - 1), limit=limit, rest=np.zeros(sites)
    )
    assert far == pytest.approx(min(fits, default=np.inf))
    if np.isfinite(far):
        assert weight[list(path)].sum() == pytest.approx(far)
        assert delay[list(path)].sum() <= limit


def test_room_for_labels_grows():
    """A ladder of ways that are each lighter and later has more labels than there is room for."""
    rungs = 14
    a = [step for step in range(rungs) for _ in range(2)]
    z = [step + 1 for step in range(rungs) for _ in range(2)]
    weight = np.array([2.0**step * side for step in range(rungs) for side in (0, 0, 1, 1)])
    delay = np.array([2.0**step * (1 - side) for step in range(rungs) for side in (0, 0, 1, 1)])
    adjacency = Adjacency.of(Graph.of(rungs + 1, a, z))
    limit = 2.0**rungs / 2 - 1
    far, path = limited_path(
        adjacency, weight, delay, (0, rungs), limit=limit, rest=np.zeros(rungs + 1)
    )
    assert far == 2.0**rungs - 1 - limit
    assert len(path) == rungs
