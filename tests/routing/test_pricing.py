from dataclasses import replace

import numpy as np
import pytest

from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Given, Pricer, _search

SEEDS = range(25)


def naive(world, weight):
    """The cheapest simple path of each demand within its delay, over all arcs."""
    return np.array(
        [
            min((weight[path].sum() for path in world.simple_paths(k, dead=True)), default=np.inf)
            for k in range(len(world.demand))
        ]
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bounded", [0.0, 1.0, 0.5])
def test_prices_are_those_of_the_cheapest_of_all_simple_paths(world_of, seed, bounded):
    world = world_of(seed, bounded=bounded)
    weight = np.random.default_rng(seed).integers(0, 4, len(world.room)).astype(float)
    found = Pricer(world.ways).cheapest(weight, np.full(len(world.demand), np.inf))
    assert found.price.tolist() == naive(world, weight).tolist()
    assert found.paths.along(weight).tolist() == found.price[found.paths.demand].tolist()
    assert sorted(found.paths.demand) == np.flatnonzero(np.isfinite(found.price)).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_join_their_ends_keep_their_delay_and_pass_no_arc_twice(world_of, checked, seed):
    world = world_of(seed, bounded=0.5)
    weight = np.random.default_rng(seed).random(len(world.room))
    found = Pricer(world.ways).cheapest(weight, np.full(len(world.demand), np.inf)).paths
    checked(world, found, np.zeros(len(found)))


def test_only_ways_below_the_limit_are_handed_out(world_of):
    world = world_of(3)
    weight = np.ones(len(world.room))
    pricer = Pricer(world.ways)
    price = pricer.cheapest(weight, np.full(len(world.demand), np.inf)).price
    limit = np.where(np.arange(len(price)) % 2, price, price + 0.5)
    kept = pricer.cheapest(weight, limit)
    assert kept.price.tolist() == price.tolist()
    assert sorted(kept.paths.demand) == np.flatnonzero(price < limit).tolist()


def test_of_ways_of_one_price_the_fastest_is_taken(world_of):
    world = world_of(5)
    nothing = np.zeros(len(world.room))
    found = Pricer(world.ways).cheapest(nothing, np.full(len(world.demand), np.inf))
    fastest = naive(world, world.delay)
    assert found.paths.along(world.delay).tolist() == fastest[found.paths.demand].tolist()


def test_an_unknown_delay_serves_no_demand_with_a_bound(world_of):
    world = world_of(2)
    world = replace(
        world, delay=np.full(len(world.room), np.inf), budget=np.full(len(world.demand), 1e9)
    )
    found = Pricer(world.ways).cheapest(np.ones(len(world.room)), np.full(6, np.inf))
    assert np.isinf(found.price).all()
    free = replace(world, budget=np.full(len(world.demand), np.inf))
    found = Pricer(free.ways).cheapest(np.ones(len(world.room)), np.full(6, np.inf))
    assert np.isfinite(found.price).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_out_of_labels_gives_prices_that_nothing_beats(world_of, seed):
    world = world_of(seed, sites=9, links=16, demands=8, bounded=1.0)
    ways, weight = world.ways, np.random.default_rng(seed).random(32)
    order = np.argsort(ways.source, kind="stable")
    cuts = np.flatnonzero(np.diff(ways.source[order])) + 1
    start = np.concatenate([[0], cuts, [len(order)]]).astype(np.int64)
    price, hops, _ = _search(
        *ways.adjacency,
        weight,
        ways.delay_ms,
        ways.tie,
        start,
        ways.source[order],
        ways.target[order],
        ways.budget_ms[order],
        np.full(len(order), np.inf),
        0,
    )
    exact = naive(world, weight)[order]
    assert (price <= exact + 1e-12).all()
    assert price[hops > 0] == pytest.approx(exact[hops > 0])


def test_nobody_asks_for_nothing(world_of):
    ways = world_of(0).ways.of(np.zeros(0, dtype=np.int64))
    found = Pricer(ways).cheapest(np.ones(len(ways.tie)), np.zeros(0))
    assert (len(found.price), len(found.paths)) == (0, 0)


def test_given_paths_are_priced_and_none_is_new():
    found = Given(PathSet.of([(0, (0, 1)), (0, (2,))]), 2).cheapest(
        np.array([1.0, 1.0, 5.0]), np.zeros(2)
    )
    assert found.price.tolist() == [2.0, np.inf]
    assert len(found.paths) == 0
