"""Smallest cuts are those of networkx; a set is as thin as its worst case says."""

import networkx as nx
import numpy as np
import pytest

from arterial.design.capacity.cut_kernels import Thin, better, nearest_cuts, thinness
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency

SITES, LINKS = 8, 14


def _ends(random):
    return np.array([random.choice(SITES, 2, replace=False) for _ in range(LINKS)])


@pytest.mark.parametrize("seed", range(20))
def test_a_set_is_found_exactly_where_networkx_finds_a_cut_below_the_limit(seed):
    random = np.random.default_rng(seed)
    ends = _ends(random)
    units = random.integers(0, 3, LINKS).astype(float)
    graph = nx.Graph()
    graph.add_nodes_from(range(SITES))
    for (a, z), room in zip(ends.tolist(), units, strict=True):
        before = graph.get_edge_data(a, z, {"capacity": 0.0})["capacity"]
        graph.add_edge(a, z, capacity=before + room)
    pairs = np.array([[0, site] for site in range(1, SITES)])
    found = np.zeros((SITES, SITES), dtype=np.bool_)
    count = nearest_cuts(
        tuple(Adjacency.of(Graph.of(SITES, ends[:, 0], ends[:, 1]))), units, pairs, 3.0, found
    )
    least = [nx.minimum_cut_value(graph, 0, site) for site in range(1, SITES)]
    assert count == sum(value < 3.0 for value in least)
    for inside, value in zip(found[:count], [v for v in least if v < 3.0], strict=True):
        assert units[inside[ends[:, 0]] != inside[ends[:, 1]]].sum() == value


def _thin(random, ends):
    """One module size, every link lost alone; some links lead one way, some ends are of two."""
    demands = 6
    pairs = [random.choice(SITES, 3, replace=False) for _ in range(demands)]
    targets = [pair[1 : 3 if random.random() < 0.3 else 2] for pair in pairs]
    return Thin(
        ends=ends,
        back=(random.random(LINKS) < 0.8).astype(float),
        units=random.integers(0, 4, (1, 1, LINKS)).astype(float),
        size_gbps=np.array([10.0]),
        first_source=np.arange(demands + 1),
        source=np.array([pair[0] for pair in pairs]),
        first_target=np.cumsum([0, *(len(sites) for sites in targets)]),
        target=np.concatenate(targets),
        gbps=random.integers(1, 30, (1, demands)).astype(float),
        pattern=np.zeros(LINKS + 1, dtype=np.int64),
        stage=np.zeros(LINKS + 1, dtype=np.int64),
        first_lost=np.concatenate([[0], np.arange(LINKS + 1)]),
        lost=np.arange(LINKS),
        lost_share=np.ones(LINKS),
        shared=False,
    )


def _naive(inside, thin):
    """The worst of leaving and entering, over cases and over all of them together."""
    units = thin.units[0, 0]
    a, z = inside[thin.ends[:, 0]], inside[thin.ends[:, 1]]
    border = np.flatnonzero(a != z)
    worst, count = [-np.inf], len(border)
    for side in (inside, ~inside):
        asked = sum(
            thin.gbps[0, k]
            for k in range(thin.gbps.shape[1])
            if side[thin.source[k]]
            and not side[thin.target[thin.first_target[k] : thin.first_target[k + 1]]].any()
        )
        if not asked:
            continue
        leads = np.where(side[thin.ends[:, 0]], 1.0, thin.back) * units
        need, total = np.ceil(asked / 10.0), leads[border].sum()
        worst.append((need - total) / np.sqrt(max(count, 1)))
        worst += [(need - total + leads[link]) / np.sqrt(max(count - 1, 1)) for link in border]
        if count > 1:
            worst.append((np.ceil(need * count / (count - 1) - 1e-7) - total) / np.sqrt(count))
    return max(worst)


@pytest.mark.parametrize("seed", range(20))
def test_thinness_is_what_a_loop_over_cases_says_and_bettering_only_raises_it(seed):
    random = np.random.default_rng(seed)
    thin = _thin(random, _ends(random))
    inside = random.random(SITES) < 0.5
    before = thinness(inside, thin, np.empty((1, 2)))
    assert before == pytest.approx(_naive(inside, thin))
    after = better(inside, thin, 50)
    assert after >= before
    assert after == pytest.approx(_naive(inside, thin))
