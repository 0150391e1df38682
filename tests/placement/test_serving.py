"""Replicas at edges against every placement that there is."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.errors import InfeasibleError
from arterial.model.cost import Costs
from arterial.model.network import Network
from arterial.model.policy import Policy, Rule
from arterial.model.site import Market, Site
from arterial.model.workload import Inference, Load, ReplicaNeed
from arterial.placement.replicas import place
from arterial.placement.serving import serving_of

from .test_replicas import LIMIT_MS, offer

YEARS = 5.0


def work(name, model, gpus, kw, requests_per_s):
    """One request a second for each million people, at the peak."""
    return Inference(
        name=name,
        traffic_class="inference",
        requests_per_person_day=86_400.0 / 1e6,
        megabytes_down=1.0,
        megabytes_up=1.0,
        peak_to_mean=1.0,
        replica=ReplicaNeed(model=model, gpus=gpus, kw=kw, requests_per_s=requests_per_s),
    )


@st.composite
def problems(draw):
    """A network of edges with room, its markets, round trips and what may take over."""
    width, height = draw(st.integers(2, 4)), draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    after = draw(st.sampled_from([("edge",), ("edge", "site"), ("site",), ("fibre",)]))
    keep = draw(st.sampled_from([1.0, 0.5]))
    markets = [offer(number, float(random.integers(1, 9)) * 1e6) for number in range(height)]
    homes = [f"E{number}" if random.random() < 0.5 else f"X{number}" for number in range(height)]
    sites = tuple(
        Site(
            name=f"E{e}",
            roles=("edge", "market"),
            gpus=int(random.integers(4, 40)),
            gpu_kw=float(random.integers(10, 60)),
            gpu_year=float(random.integers(0, 4)) / 10.0,
        )
        for e in range(width)
    )
    network = Network(
        name="rooms",
        sites=sites,
        markets=tuple(
            Market(name=one.market, site=home, people=one.people)
            for one, home in zip(markets, homes, strict=True)
        ),
        policy=Policy(rules=(Rule(classes=("inference",), after=after, keep=keep),)),
        workloads=(work("chat", "large", 4, 5.0, 3.0), work("code", "small", 1, None, 2.5)),
        loads=(Load(name="all", workloads=("chat", "code"), scale={"code": 0.7}),),
        costs=Costs(years=YEARS, edge_site_year=1.0, gpu_year=0.1, gpu_kw_year=0.01),
    )
    rtt_ms = random.choice([1.0, 12.0, 20.1], (height, width), p=[0.5, 0.4, 0.1])
    apart = random.random((width, width)) < 0.9
    placed = [moved_to(one, home) for one, home in zip(markets, homes, strict=True)]
    return network, placed, rtt_ms, apart, (after, keep)


def moved_to(one, home):
    """The offer at another site."""
    return type(one)(
        **{name: getattr(one, name) for name in one.__struct_fields__} | {"site": home}
    )


def needed(network, offers, pairs, after, keep):
    """Replicas by (edge, model), counted case by case."""
    asked = {"large": ("chat", 3.0, 1.0), "small": ("code", 2.5, 0.7)}
    edges = [site.name for site in network.sites]
    counts = {}
    for edge, (model, (_, each, scale)) in itertools.product(edges, asked.items()):
        busy = [one.people / 1e6 * scale / each for one in offers]
        most = sum(part for part, (one, _) in zip(busy, pairs, strict=True) if edges[one] == edge)
        for lost, kind in itertools.product(edges, {"edge", "site"} & {*after}):
            here = 0.0
            for part, offered, (one, other) in zip(busy, offers, pairs, strict=True):
                there = edges[other if edges[one] == lost else one]
                own_lost = kind == "site" and offered.site == lost
                here += keep * part * (there == edge and there != lost and not own_lost)
            most = max(most, here)
        counts[edge, model] = math.ceil(most - 1e-6)
    return counts


def cheapest(problem):
    """Cost of the best of all placements, None where none has room."""
    network, offers, rtt_ms, apart, (after, keep) = problem
    choices = [
        [
            pair
            for pair in itertools.permutations(range(rtt_ms.shape[1]), 2)
            if apart[pair] and (row[list(pair)] <= LIMIT_MS).all()
        ]
        for row in rtt_ms
    ]
    best = None
    for pairs in itertools.product(*choices):
        counts = needed(network, offers, pairs, after, keep)
        cost, fits = 0.0, True
        for site in network.sites:
            gpus = 4 * counts[site.name, "large"] + counts[site.name, "small"]
            kw = 5.0 * counts[site.name, "large"]
            fits &= gpus <= site.gpus and kw <= site.gpu_kw
            cost += YEARS * (site.gpu_year * gpus + 0.01 * kw)
        cost += YEARS * len({edge for pair in pairs for edge in pair})
        if fits and (best is None or cost < best):
            best = cost
    return best


@given(problem=problems())
@settings(max_examples=25)
def test_no_placement_with_room_costs_less(problem):
    network, offers, rtt_ms, apart, (after, keep) = problem
    serving = serving_of(network, "all", offers, network.sites)
    try:
        found = place(network, offers, rtt_ms, apart=apart, serving=serving)
    except InfeasibleError:
        assert cheapest(problem) is None
        return
    assert found.cost == pytest.approx(cheapest(problem), abs=1e-6)
    assert found.bound <= found.cost
    assert found.cost == pytest.approx(found.edge_cost + found.replica_cost)
    edges = [site.name for site in network.sites]
    pairs = [(edges.index(row.edge), edges.index(row.failover)) for row in found.replicas]
    counts = serving.counts(*zip(*pairs, strict=True))
    said = {(row.edge, row.model): row.replicas for row in serving.rows(counts)}
    own = needed(network, offers, pairs, after, keep)
    assert said == {key: count for key, count in own.items() if count}
    assert not serving.over(counts).any()


@given(problem=problems())
@settings(max_examples=10)
def test_whoever_was_found_to_meet_finds_room(problem):
    network, offers, rtt_ms, apart, _ = problem
    serving = serving_of(network, "all", offers, network.sites)
    every = serving.with_meets([serving.all_at(edge) for edge in range(len(network.sites))])
    try:
        found = place(network, offers, rtt_ms, apart=apart, serving=every)
    except InfeasibleError:
        return
    edges = [site.name for site in network.sites]
    pairs = [(edges.index(row.edge), edges.index(row.failover)) for row in found.replicas]
    counts = every.counts(*zip(*pairs, strict=True))
    assert not every.over(counts).any()
    for edge, name in enumerate(edges):
        ever = sum(
            one.people / 3e6
            for one, row in zip(offers, found.replicas, strict=True)
            if name in (row.edge, row.failover)
        )
        assert counts[edge, 0] == math.ceil(ever - 1e-6)


def test_no_workload_that_says_what_a_replica_takes_counts_nothing():
    network = Network(
        name="plain",
        sites=(Site(name="E0", roles=("edge",), gpus=1),),
        loads=(Load(name="all"),),
    )
    assert serving_of(network, "all", [offer(0, 1e6)], network.sites) is None
