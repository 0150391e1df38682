"""Every placement with its replicas is a point of the program, which asks no more than it needs."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.engine import Ask, design
from arterial.design.joint.asked import asked
from arterial.design.joint.bound import bound
from arterial.design.joint.program import joint_layers
from arterial.design.joint.replicas import replica_columns
from arterial.design.joint.search import joined
from arterial.design.run import Run
from arterial.design.serving import Rooms
from arterial.model.workload import ReplicaNeed
from arterial.placement.serving import Serving
from arterial.prove.proof import prove
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows

from .test_program import broken, point_of

NEED = ReplicaNeed(model="talk", gpus=8, kw=11.0, requests_per_s=25.0)
ROOM = {"Birch": 600, "Cedar": 800, "Dogwood": 1000, "Fir": 900}


@pytest.fixture(scope="module")
def counted(drill, ready):
    """A start whose edges hold only so much."""
    works = (
        structs.replace(work, replica=NEED) if work.name == "people" else work
        for work in drill.workloads
    )
    sites = (structs.replace(s, gpus=ROOM[s.name]) if s.name in ROOM else s for s in drill.sites)
    costs = structs.replace(drill.costs, gpu_year=0.01, gpu_kw_year=0.02)
    return ready(
        structs.replace(drill, workloads=tuple(works), sites=tuple(sites), costs=costs), "base"
    )


def counts_of(start, stand):
    """Replicas that its routes ask for."""
    stands = start.stands
    return Rooms(stands.chooser.instance, stands.choices.serving).needed(stand.state, stand.flows)


def test_designs_of_drawn_placements_hold_with_their_replicas(counted, drawn_stand, seed):
    draw, stands = np.random.default_rng(seed), counted.stands
    choices = stands.choices
    wanted = asked(stands.chooser.instance, choices, stands.traffic)
    program = joint_layers(stands.chooser.instance, choices, wanted).underlay.program
    drawn = (drawn_stand(counted, draw) for _ in range(8))
    market, edge = np.nonzero(choices.within)
    bare = len(program.cost) - len(market) - len(choices.edges)
    for stand in (counted.stand, *(one for one in drawn if one is not None)):
        counts = counts_of(counted, stand)
        assert not choices.serving.over(counts).any()
        first = [
            float(stand.pairs[m][0] == e)
            for m, e in zip(market.tolist(), edge.tolist(), strict=True)
        ]
        built = point_of(stands, stand, Sized(bare))
        point = np.concatenate([built, first, counts.reshape(-1)])
        assert program.cost @ point == pytest.approx(stand.bill)
        assert not broken(program, point)
        assert (point <= program.high + 1e-9).all()


class Sized:
    """A program of so many columns."""

    def __init__(self, columns):
        self.cost = np.zeros(columns)


def test_the_bound_is_for_all_and_rounds_keep_to_room(counted):
    stands = counted.stands
    *_, last = bound(
        stands.chooser.instance, stands.choices, stands.traffic, counted.stand.pairs, rounds=1
    )
    steps = list(joined(stands, counted.stand, rounds=1, search_rounds=1, run=Run()))
    floor = 5 * (0.01 * 8 + 0.02 * 11) * 15e6 * 25.0 / 86_400.0 / NEED.requests_per_s
    assert floor < last.bound <= min(step.stand.bill for step in steps)
    for step in steps:
        assert not step.stand.crowded
        over = stands.choices.serving.over(counts_of(counted, step.stand))
        assert not over.any()


@st.composite
def servings(draw):
    """Few markets and edges, two models, prices, room and what an edge's loss keeps."""
    markets, edges = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([None, 0.5, 1.0]))
    needs = (NEED, structs.replace(NEED, model="song", gpus=3, kw=None))
    return Serving(
        models=needs,
        workloads=("a", "b", "c"),
        model=np.array([0, 1, 0]),
        markets={f"M{m}": m for m in range(markets)},
        busy=random.uniform(0.0, 4.0, (3, markets)),
        keep={} if share is None else {"edge": np.full(3, share)},
        home=np.full(markets, -1),
        edges=tuple(f"E{e}" for e in range(edges)),
        gpus=random.choice([30.0, 60.0, 200.0, np.inf], edges),
        kw=random.choice([60.0, 150.0, np.inf], edges),
        price=random.uniform(0.0, 3.0, (edges, 2)),
    )


@given(serving=servings(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_program_of_replicas_is_never_above_the_cheapest_placement(serving, seed):
    open_cost = np.random.default_rng(seed).uniform(0.0, 9.0, len(serving.edges))
    cheapest = np.inf
    ordered = list(itertools.permutations(range(len(serving.edges)), 2))
    for pairs in itertools.product(ordered, repeat=len(serving.markets)):
        counts = serving.counts(*zip(*pairs, strict=True))
        if not serving.over(counts).any():
            edges = sorted({edge for pair in pairs for edge in pair})
            cheapest = min(cheapest, serving.cost(counts) + open_cost[edges].sum())
    solution = solve(program(serving, open_cost))
    if solution.status == "optimal":
        assert solution.objective <= cheapest + 1e-6
    else:
        assert cheapest == np.inf


def program(serving, open_cost):
    """Edges, answers and replicas, all in parts: a placement without its network."""
    edges, markets = len(serving.edges), len(serving.markets)
    market, edge = (part.reshape(-1) for part in np.indices((markets, edges)))
    more = replica_columns(serving, 0, market, edge)
    answers = edges + np.arange(markets * edges)
    rows = [
        *((answers[market == m].tolist(), [1.0] * edges, 2.0, 2.0) for m in range(markets)),
        *(([int(e), int(y)], [1.0, -1.0], 0.0, np.inf) for e, y in zip(edge, answers, strict=True)),
        *more.rows,
    ]
    count = edges + len(answers)
    cost = np.concatenate([open_cost, np.zeros(len(answers)), more.cost])
    return Program(
        cost=cost,
        low=np.zeros(len(cost)),
        high=np.concatenate([np.ones(count), more.high]),
        integer=np.zeros(len(cost), dtype=bool),
        rows=Rows.of(rows),
    )


def test_a_plan_designed_together_is_proved_with_its_replicas(small):
    works = (
        structs.replace(work, replica=NEED) if work.name == "people" else work
        for work in small.workloads
    )
    sites = (structs.replace(site, gpus=4000, gpu_year=0.01) for site in small.sites)
    network = structs.replace(small, workloads=tuple(works), sites=tuple(sites))
    plan = design(network, Ask(load="base", rounds=1, bound_rounds=0, joint_rounds=1))
    assert plan.bound <= plan.cost
    found = {gate.name: gate.verdict for gate in prove(plan).gates}
    names = ("serving", "replicas at edges", "gpus", "bill")
    assert {found[name] for name in names} == {"proved"}
