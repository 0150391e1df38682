import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.ecmp import base_of, ip_of
from arterial.routing.repair import play
from arterial.routing.ways import asked_of, judged


class Drawn:
    """A random network, demands with two options each, and cases."""

    def __init__(self, seed):
        random = np.random.default_rng(seed)
        self.sites = int(random.integers(2, 9))
        ends = random.integers(0, self.sites, (int(random.integers(1, 16)), 2))
        self.link_end = ends[ends[:, 0] != ends[:, 1]]
        arcs = 2 * len(self.link_end)
        self.metric = random.integers(1, 4, arcs).astype(float)
        self.delay_ms = random.integers(1, 9, arcs).astype(float)
        self.ends = random.integers(0, self.sites, (2, 2, 6))
        self.level = random.integers(0, 2, 6)
        self.gbps = random.integers(1, 9, 6).astype(float)
        self.lost = [np.flatnonzero(random.random(arcs // 2) < 0.3) for _ in range(4)]
        self.lost.append(self.lost[-1])  # the same links once more: what was mended is kept
        self.chosen = random.integers(0, 3, (5, 6))
        self.room = random.integers(1, 20, (5, arcs)).astype(float)

    def judged(self):
        ip = ip_of(self.link_end, self.sites, self.metric, np.ones(len(self.metric)))
        base = base_of(ip, np.zeros((self.sites, self.sites, 1)))
        asked = asked_of(self.ends, self.level, self.gbps, sites=self.sites)
        return judged(ip, base, asked, self.delay_ms, self.chosen, (self.links(), self.room))

    def links(self):
        first = np.concatenate([[0], np.cumsum([len(links) for links in self.lost])])
        return first, np.concatenate(self.lost).astype(np.int64)

    def running(self, case):
        """(demand, source, target) of those that ride anything."""
        for k, option in enumerate(self.chosen[case].tolist()):
            source, target = self.ends[min(option, 1), :, k].tolist()
            if option < 2 and source != target:
                yield k, source, target

    def graph(self, case):
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(range(self.sites))
        for link in set(range(len(self.link_end))) - set(self.lost[case].tolist()):
            a, z = self.link_end[link].tolist()
            graph.add_edge(a, z, key=2 * link, w=self.metric[2 * link])
            graph.add_edge(z, a, key=2 * link + 1, w=self.metric[2 * link + 1])
        return graph


def followed(graph, source, target):
    """Every shortest path as its steps, each with the arcs that are equally short."""
    for path in nx.all_shortest_paths(graph, source, target, weight="w"):
        steps = []
        for a, z in itertools.pairwise(path):
            least = min(row["w"] for row in graph[a][z].values())
            steps.append([arc for arc, row in graph[a][z].items() if row["w"] == least])
        yield steps


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_every_demand_finds_the_tightest_and_the_latest_of_its_shortest_paths(seed):
    drawn = Drawn(seed)
    found = drawn.judged()
    for case in range(5):
        graph = drawn.graph(case)
        left, kept = drawn.room[case].copy(), {}
        for level in range(found.load.shape[2]):
            offered = found.load[case, :, level]
            kept[level] = np.minimum(1.0, left / np.where(offered > 0.0, offered, 1e-9))
            left = np.maximum(left - offered, 0.0)
        expected = {}
        for k, source, target in drawn.running(case):
            if nx.has_path(graph, source, target):
                paths = list(followed(graph, source, target))
                arcs = {arc for steps in paths for step in steps for arc in step}
                late = max(sum(max(drawn.delay_ms[step]) for step in steps) for steps in paths)
                expected[k] = (min(kept[drawn.level[k]][list(arcs)]), late)
        for k in range(6):
            share, late_ms = expected.get(k, (0.0, np.inf))
            assert found.share[case, k] == pytest.approx(share)
            assert found.late_ms[case, k] == late_ms


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_loads_are_those_of_the_sweep_that_mends(seed):
    drawn = Drawn(seed)
    found = drawn.judged()
    ip = ip_of(drawn.link_end, drawn.sites, drawn.metric, np.ones(len(drawn.metric)))
    for case in range(5):
        offered = np.zeros((drawn.sites, drawn.sites, found.load.shape[2]))
        for k, source, target in drawn.running(case):
            offered[target, source, drawn.level[k]] += drawn.gbps[k]
        one = np.array([0, len(drawn.lost[case])]), drawn.lost[case]
        nobody = np.zeros((1, drawn.sites), dtype=np.bool_)
        load, _, _ = play(ip, base_of(ip, offered), offered, one, nobody)
        assert found.load[case] == pytest.approx(load[0], abs=1e-9)


def test_a_delay_that_is_unknown_on_one_of_two_equal_ways_is_unknown():
    ip = ip_of(np.array([[0, 1], [1, 3], [0, 2], [2, 3]]), 4, np.ones(8), np.ones(8))
    base = base_of(ip, np.zeros((4, 4, 1)))
    asked = asked_of(np.array([[[0], [3]]]), np.array([0]), np.array([1.0]), sites=4)
    delay_ms = np.ones(8)
    delay_ms[2 * 1] = np.nan
    cases = (np.array([0, 0, 1]), np.array([1])), np.full((2, 8), 9.0)
    mixed, known = judged(ip, base, asked, delay_ms, np.zeros((2, 1), dtype=np.int64), cases)[1]
    assert np.isnan(mixed[0])
    assert known[0] == pytest.approx(2.0)
