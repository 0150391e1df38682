"""Modules bought where a case finds no room: what is bought carries, and nothing is for nothing."""

import numpy as np
import pytest
from draws import drawn

from arterial.design.capacity.bought import Shop, bought
from arterial.design.capacity.moved import Ground, Net, Routes
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency


def net_of(problem) -> Net:
    links, demands = problem.links, problem.demands
    return Net(
        *Adjacency.of(Graph.of(links.sites, links.ends[:, 0], links.ends[:, 1])),
        np.repeat(links.latency_ms, 2),
        demands.source,
        demands.target,
        demands.limit_ms,
        links.shared,
    )


def asked(problem, budget: float) -> tuple[bool, Routes, np.ndarray, Ground]:
    """The first case from nothing, modules of 3 Gb/s at a price of 2 on every link."""
    count = len(problem.links.ends)
    arcs = np.ones(2 * count, dtype=np.bool_)
    if problem.links.one_way is not None:
        arcs[1::2] = ~problem.links.one_way
    ground = Ground(arcs, np.zeros(count), problem.asked_gbps(problem.program.low, 0))
    shop = Shop(np.full(count, 3.0), np.full(count, 2.0), np.full(count, 1e9))
    return *bought(net_of(problem), ground, shop, Routes.none(), budget), ground


@pytest.mark.parametrize("seed", range(12))
def test_what_is_bought_carries_what_is_asked(seed):
    problem = drawn(seed)
    done, ways, units, ground = asked(problem, 1e30)
    if not done:
        return
    carried = np.bincount(ways.demand, weights=ways.gbps, minlength=len(ground.asked))
    np.testing.assert_allclose(carried, ground.asked, atol=1e-6)
    load = np.zeros(2 * len(units))
    for number, gbps in enumerate(ways.gbps):
        np.add.at(load, ways.arcs[ways.first[number] : ways.first[number + 1]], gbps)
    pairs = load.reshape(-1, 2)
    full = pairs.sum(axis=1) if problem.links.shared else pairs.max(axis=1)
    assert (full <= 3.0 * units + 1e-6).all()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_bought_beyond_the_budget(seed):
    problem = drawn(seed)
    done, _, units, _ = asked(problem, 1e30)
    spent = 2.0 * float(units.sum())
    if done and spent > 0.0:
        assert not asked(problem, spent)[0]
        assert asked(problem, spent + 1.0)[0]
