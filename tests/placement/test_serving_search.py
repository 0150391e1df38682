"""Moves only save, find room where they can, and their placement is a point of the program."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from arterial.model.cost import Costs
from arterial.model.network import Network
from arterial.model.site import Market, Site
from arterial.model.workload import Load
from arterial.placement.choice import LARGE, answers_program
from arterial.placement.replicas import place
from arterial.placement.serving import serving_of
from arterial.placement.serving_rows import point_of
from arterial.placement.serving_search import Prices, improved

from .test_replicas import LIMIT_MS, offer
from .test_serving import cheapest, problems, work


def ground(problem):
    """Prices, what may answer whom, and the pairs of each market."""
    network, offers, rtt_ms, apart, _ = problem
    within = rtt_ms <= LIMIT_MS
    apart = np.broadcast_to(apart & ~np.eye(len(apart), dtype=bool), (*within.shape, len(apart)))
    prices = Prices(
        serving=serving_of(network, "all", offers, network.sites),
        open_cost=np.full(len(network.sites), 5.0),
        pair_cost=np.zeros(within.shape),
        tie=rtt_ms,
    )
    mine = apart & within[:, :, None] & within[:, None, :]
    return prices, within, apart, [tuple(map(tuple, np.argwhere(own).tolist())) for own in mine]


@given(problem=problems())
@settings(max_examples=10)
def test_moves_save_and_end_within_what_is_allowed(problem):
    prices, within, apart, allowed = ground(problem)
    if not all(allowed):
        return
    start = tuple(pairs[0] for pairs in allowed)
    found = improved(prices, allowed, start)
    assert prices.of(found) <= prices.of(start)
    assert all(pair in pairs for pair, pairs in zip(found, allowed, strict=True))
    best = cheapest(problem)
    counts = prices.serving.counts(*zip(*found, strict=True))
    if not prices.serving.over(counts).any():
        assert prices.of(found) >= best - 1e-6
        program = answers_program(
            within, apart, prices.open_cost, prices.pair_cost, None, prices.serving
        )
        pairs = np.argwhere(within)
        mine = apart & within[:, :, None] & within[:, None, :]
        point = point_of(prices.serving, pairs, np.argwhere(mine), found)
        assert not broken(program, point)
        assert program.cost @ point == pytest.approx(prices.of(found), abs=1e-4)


def broken(program, point):
    rows = program.rows
    spans = zip(rows.start[:-1], rows.start[1:], strict=True)
    value = np.array([rows.value[a:z] @ point[rows.column[a:z]] for a, z in spans])
    return ((value < rows.low - 1e-4) | (value > rows.high + 1e-4)).any()


def test_large_programs_are_met_by_moves_with_a_bound():
    sites = tuple(Site(name=f"E{e}", roles=("edge",), gpus=40) for e in range(12))
    assert 5 * len(list(itertools.permutations(sites, 2))) > LARGE
    offers = [offer(m, (m + 1) * 1e6) for m in range(5)]
    here = Network(
        name="many",
        sites=sites,
        markets=tuple(Market(name=one.market, site=one.site, people=one.people) for one in offers),
        workloads=(work("chat", "large", 4, 5.0, 3.0),),
        loads=(Load(name="all", workloads=("chat",)),),
        costs=Costs(gpu_year=0.1),
    )
    serving = serving_of(here, "all", offers, sites)
    rtt_ms = np.random.default_rng(1).uniform(1.0, 9.0, (5, 12))
    found = place(here, offers, rtt_ms, serving=serving)
    edges = [site.name for site in sites]
    pairs = [(edges.index(row.edge), edges.index(row.failover)) for row in found.replicas]
    assert not serving.over(serving.counts(*zip(*pairs, strict=True))).any()
    assert 0.5 * found.cost <= found.bound <= found.cost
