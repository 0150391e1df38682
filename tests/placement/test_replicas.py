"""Placement against every subset of edges, and the laws that hold however large it is."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.demand.offers import Offer, market_offers
from arterial.errors import InfeasibleError
from arterial.model.cost import Costs
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.model.site import Site
from arterial.placement.edges import edge_sites, open_cost
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import Cover, most_near, place
from arterial.placement.survival import apart_by_routes

LIMIT_MS = 20.0


def offer(number, people):
    return Offer(
        market=f"M{number}",
        site=f"at M{number}",
        people=people,
        down_gbps=people / 1e6,
        up_gbps=people / 4e6,
        access_ms=0.5,
        limit_rtt_ms=LIMIT_MS,
        limit_class="inference",
    )


def network(candidates):
    """One edge site a flag: a candidate where True, standing where False."""
    return Network(
        name="edges",
        sites=tuple(
            Site(name=f"E{number}", roles=("candidate-edge" if new else "edge",))
            for number, new in enumerate(candidates)
        ),
        costs=Costs(years=5.0, edge_site_year=4.0, edge_site_build=25.0),
    )


@st.composite
def cases(draw, edges=8, markets=5):
    """A network of edges, offers, round trips, and what else ``place`` may be told."""
    width = draw(st.integers(2, edges))
    height = draw(st.integers(1, markets))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    told = {
        "usable": random.random((height, width)) < 0.9,
        "apart": random.random((width, width)) < 0.8,
        "traffic_cost": random.uniform(0.0, 20.0, (height, width)),
    }
    names = draw(st.sets(st.sampled_from(sorted(told))))
    offers = [offer(number, float(random.integers(1, 20)) * 1e6) for number in range(height)]
    rtt_ms = random.choice([1.0, 5.0, 12.0, 19.0, 20.0, 20.1, np.inf, np.nan], (height, width))
    candidates = random.random(width) < 0.5
    return network(candidates), offers, rtt_ms, {name: told[name] for name in sorted(names)}


def allowed(rtt_ms, told):
    """By market: the ordered pairs of edges that may serve it."""
    height, width = rtt_ms.shape
    usable = told.get("usable", np.ones((height, width), dtype=bool))
    apart = told.get("apart", np.ones((width, width), dtype=bool))
    return [
        [
            (one, other)
            for one, other in itertools.permutations(range(width), 2)
            if apart[one, other]
            and all(usable[row, e] and rtt_ms[row, e] <= LIMIT_MS for e in (one, other))
        ]
        for row in range(height)
    ]


def by_hand(here, offers, rtt_ms, told):
    """Least cost, and the least people-weighted round trip at that cost, over all subsets."""
    sites = edge_sites(here)
    pairs = allowed(rtt_ms, told)
    price = told.get("traffic_cost", np.zeros(rtt_ms.shape))
    people = np.array([one.people for one in offers])
    best = (math.inf, math.inf)
    for size in range(2, len(sites) + 1):
        for opened in itertools.combinations(range(len(sites)), size):
            cost = sum(open_cost(here, sites[edge]) for edge in opened)
            trip = 0.0
            for row, one in enumerate(offers):
                traffic = one.down_gbps + one.up_gbps
                within = [
                    (
                        round(traffic * (price[row, e] + price[row, f]), 6),
                        rtt_ms[row, e] + 1e-3 * rtt_ms[row, f],
                    )
                    for e, f in pairs[row]
                    if e in opened and f in opened
                ]
                transport, rtt = min(within, default=(math.inf, math.inf))
                cost += transport
                trip += rtt * people[row] / people.sum()
            if cost < best[0] - 1e-6 or (cost < best[0] + 1e-6 and trip < best[1]):
                best = (cost, trip)
    return best


def trip_ms(offers, placed):
    people = sum(one.people for one in offers)
    return sum(
        one.people / people * (home.rtt_ms + 1e-3 * home.failover_rtt_ms)
        for one, home in zip(offers, placed.replicas, strict=True)
    )


@given(cases())
@settings(max_examples=60)
def test_no_subset_of_edges_costs_less_and_none_of_that_cost_is_nearer_to_people(case):
    here, offers, rtt_ms, told = case
    if not all(allowed(rtt_ms, told)):
        with pytest.raises(InfeasibleError):
            place(here, offers, rtt_ms, **told)
        return
    placed = place(here, offers, rtt_ms, **told)
    cost, trip = by_hand(here, offers, rtt_ms, told)
    assert placed.cost == pytest.approx(cost, rel=1e-5)
    assert placed.gap == pytest.approx(0.0, abs=1e-5)
    assert trip_ms(offers, placed) == pytest.approx(trip, rel=1e-4)


@given(cases(edges=12, markets=12), st.sampled_from([0.0, 0.1]))
@settings(max_examples=40)
def test_every_market_has_two_edges_that_may_serve_it_and_no_other_is_open(case, gap):
    here, offers, rtt_ms, told = case
    pairs = allowed(rtt_ms, told)
    if not all(pairs):
        return
    placed = place(here, offers, rtt_ms, gap=gap, **told)
    column = {site.name: number for number, site in enumerate(edge_sites(here))}
    assert [home.market for home in placed.replicas] == [one.market for one in offers]
    for row, home in enumerate(placed.replicas):
        edge, failover = column[home.edge], column[home.failover]
        assert (edge, failover) in pairs[row]
        assert (home.rtt_ms, home.failover_rtt_ms) == (rtt_ms[row, edge], rtt_ms[row, failover])
    served_from = {site for home in placed.replicas for site in (home.edge, home.failover)}
    assert set(placed.edges) == served_from
    assert placed.bound <= placed.cost
    assert placed.gap <= gap + 1e-6


@given(cases(edges=12, markets=12))
@settings(max_examples=40)
def test_a_greedy_choice_never_costs_less_than_the_bound(case):
    here, offers, rtt_ms, told = case
    pairs = allowed(rtt_ms, told)
    if not all(pairs):
        return
    sites = edge_sites(here)
    price = told.get("traffic_cost", np.zeros(rtt_ms.shape))
    opened, greedy = set(), 0.0
    for row, one in enumerate(offers):
        traffic = one.down_gbps + one.up_gbps

        def added(pair, row=row, traffic=traffic):
            new = sum(open_cost(here, sites[e]) for e in pair if e not in opened)
            return new + traffic * sum(price[row, e] for e in pair)

        pair = min(pairs[row], key=added)
        greedy += added(pair)
        opened.update(pair)
    placed = place(here, offers, rtt_ms, **told)
    assert placed.bound <= greedy * (1 + 1e-9)
    assert placed.cost <= greedy * (1 + 1e-6)


def test_an_edge_that_stands_but_serves_nobody_is_given_up():
    rtt_ms = np.array([[5.0, 4.0, 6.0], [5.0, 4.0, 6.0]])
    placed = place(network([False] * 3), [offer(0, 1e6), offer(1, 1e6)], rtt_ms)
    assert (placed.edges, placed.cost) == (("E0", "E1"), 40.0)
    assert {(home.edge, home.failover) for home in placed.replicas} == {("E1", "E0")}


def test_dear_transport_opens_an_edge_beside_the_people():
    here, rtt_ms = network([False, False, True]), np.array([[15.0, 15.0, 1.0]])
    price = np.array([[10.0, 10.0, 0.0]])
    near_fails = {"traffic_cost": price}
    one_million, ten_million = [offer(0, 1e6)], [offer(0, 1e7)]
    assert place(here, one_million, rtt_ms, **near_fails).edges == ("E0", "E1")
    assert "E2" in place(here, ten_million, rtt_ms, **near_fails).edges


def test_without_people_no_edge_is_needed():
    placed = place(network([False]), [], np.zeros((0, 1)))
    assert (placed.edges, placed.replicas, placed.cost, placed.gap) == ((), (), 0.0, 0.0)


@pytest.fixture(scope="module")
def reference():
    return load_network(Path(__file__).parents[2] / "networks" / "us-ai-backbone")


def test_the_reference_network_can_be_served_after_any_single_failure(reference):
    offers = market_offers(reference, "draft")
    rtt_ms = planning_rtt_ms(reference, offers)
    apart = apart_by_routes(reference, offers)
    placed = place(reference, offers, rtt_ms, apart=apart)
    again = place(reference, offers, rtt_ms, apart=apart)
    assert placed == again
    assert len(placed.replicas) == 40
    assert placed.gap <= 1e-6
    assert placed.cost >= place(reference, offers, rtt_ms).bound


@given(cases(), st.sampled_from([1.0, 5.0, 12.0, 19.0]), st.floats(0.0, 1.0))
@settings(max_examples=60)
def test_people_asked_for_are_near_at_least_cost_and_no_more_are_than_can_be(case, near_ms, part):
    there, offers, rtt_ms, told = case
    choices = allowed(rtt_ms, told)
    if not all(choices):
        return
    people = [one.people for one in offers]
    near = [
        {pair for pair in pairs if rtt_ms[n, pair[0]] <= near_ms} for n, pairs in enumerate(choices)
    ]
    apart = told.get("apart")
    if "usable" not in told:
        can = sum(count for count, pairs in zip(people, near, strict=True) if pairs)
        assert most_near(offers, rtt_ms, near_ms, apart=apart) == pytest.approx(can / sum(people))
        with_none = place(there, offers, rtt_ms, **told)
        cover = Cover(rtt_ms=near_ms, share=part * can / sum(people))
        found = place(there, offers, rtt_ms, cover=cover, **told)
        got = sum(n for n, row in zip(people, found.replicas, strict=True) if row.rtt_ms <= near_ms)
        assert got >= part * can - 1e-6 * sum(people)
        assert found.cost >= with_none.cost - 1e-6
        assert found.bound >= with_none.bound - 1e-6
        if part == 0.0:
            assert found.cost == pytest.approx(with_none.cost)
    more = Cover(rtt_ms=near_ms, share=1.0)
    if not all(near):
        with pytest.raises(InfeasibleError, match="of people within"):
            place(there, offers, rtt_ms, cover=more, **told)
