import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.paths.graph import Graph
from arterial.paths.many import Fates, many_paths
from arterial.paths.tree import Adjacency
from arterial.routing.own import least_utilised, most_carried
from arterial.routing.pathset import PathSet
from arterial.routing.trie import trie_of

ARCS, DEMANDS = 6, 5


@st.composite
def programs(draw):
    """Paths of no repeated arc, what is offered and what has room; zeros among both."""
    way = st.lists(st.integers(0, ARCS - 1), min_size=1, max_size=4, unique=True)
    rows = draw(st.lists(st.tuples(st.integers(0, DEMANDS - 1), way), min_size=1, max_size=14))
    amount = st.one_of(st.just(0.0), st.floats(0.5, 50.0))
    offered = draw(st.lists(amount, min_size=DEMANDS, max_size=DEMANDS))
    room = draw(st.lists(amount, min_size=ARCS, max_size=ARCS))
    return PathSet.of(sorted(rows, key=lambda row: row[0])), np.array(offered), np.array(room)


def oracle(paths, offered, room):
    """The same by HiGHS through scipy, its matrix written down."""
    rows = np.zeros((len(room) + len(offered), len(paths)))
    for path in range(len(paths)):
        rows[paths.arc[paths.start[path] : paths.start[path + 1]], path] = 1.0
        rows[len(room) + paths.demand[path], path] = 1.0
    limits = np.concatenate([room, offered])
    return -linprog(-np.ones(len(paths)), A_ub=rows, b_ub=limits, method="highs").fun


def check(paths, offered, room, found):
    load = paths.load(found.rate_gbps, len(room))
    assert (found.rate_gbps >= 0.0).all()
    assert (load <= room * (1.0 + 1e-9)).all()
    assert (paths.by_demand(found.rate_gbps, len(offered)) <= offered * (1.0 + 1e-9)).all()
    assert found.carried_gbps == pytest.approx(found.rate_gbps.sum(), abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(programs())
def test_the_optimum_lies_between_what_is_carried_and_the_bound(program):
    paths, offered, room = program
    best = oracle(*program)
    found = most_carried(trie_of(paths, DEMANDS, ARCS), offered, room, gap=1e-4)
    check(*program, found)
    assert found.carried_gbps <= best + 1e-7 * max(1.0, best)
    assert found.bound_gbps >= best - 1e-7 * max(1.0, best)
    assert found.gap <= 1e-4


@settings(deadline=None, max_examples=30)
@given(programs())
def test_prices_give_the_bound_by_arithmetic(program):
    paths, offered, room = program
    found = most_carried(trie_of(paths, DEMANDS, ARCS), offered, room, gap=1e-3)
    cheapest = np.full(DEMANDS, np.inf)
    np.minimum.at(cheapest, paths.demand, paths.along(found.price))
    rest = np.where(np.isinf(cheapest), 0.0, np.maximum(0.0, 1.0 - cheapest))
    assert (found.price >= 0.0).all()
    worth = found.price @ room + rest @ offered
    has_paths = offered[np.unique(paths.demand)].sum()
    assert found.bound_gbps == pytest.approx(min(worth, has_paths), rel=1e-9, abs=1e-9)


@pytest.fixture(scope="module")
def grid():
    """A grid of 36 sites with a demand for every pair: 1,260 of them, 4 paths each."""
    side = 6
    links = [
        (row * side + col, (row + down) * side + col + 1 - down)
        for row in range(side)
        for col in range(side)
        for down in (0, 1)
        if row + down < side and col + 1 - down < side
    ]
    graph = Graph.of(side * side, [a for a, _ in links], [z for _, z in links])
    source, target = np.nonzero(~np.eye(side * side, dtype=np.bool_))
    draw = np.random.default_rng(1)
    weight = np.repeat(draw.integers(1, 9, len(links)).astype(np.float64), 2)
    start, arc, pair = many_paths(
        Adjacency.of(graph), weight, source, target, 4, Fates.alone(len(links))
    )
    paths = PathSet(start=start, arc=arc, demand=pair)
    offered = draw.lognormal(0.0, 1.0, len(source))
    room = draw.uniform(20.0, 60.0, 2 * len(links))
    return paths, offered, room


def test_a_network_full_of_demands_is_carried_to_the_gap_that_was_asked(grid):
    paths, offered, room = grid
    found = most_carried(trie_of(paths, len(offered), len(room)), offered, room, gap=1e-5)
    check(paths, offered, room, found)
    assert found.gap <= 1e-5
    best = oracle(paths, offered, room)
    assert found.carried_gbps <= best * (1.0 + 1e-9)
    assert best <= found.bound_gbps * (1.0 + 1e-9)


def test_threads_change_nothing(grid, monkeypatch):
    monkeypatch.setattr("arterial.routing.own.SMALL", 0)
    paths, offered, room = grid
    trie = trie_of(paths, len(offered), len(room))
    one, two = (most_carried(trie, offered, room, threads=threads) for threads in (1, 2))
    assert (one.rate_gbps == two.rate_gbps).all()
    assert one.bound_gbps == two.bound_gbps


def test_going_on_after_a_link_fails_takes_fewer_rounds_than_beginning_anew(grid):
    paths, offered, room = grid
    trie = trie_of(paths, len(offered), len(room))
    whole = most_carried(trie, offered, room, gap=1e-3)
    cold, warm = 0, 0
    for link in range(0, 60, 10):
        cut = room.copy()
        cut[2 * link : 2 * link + 2] = 0.0
        cold += most_carried(trie, offered, cut, gap=1e-3).rounds
        again = most_carried(trie, offered, cut, gap=1e-3, start=whole.start)
        check(paths, offered, cut, again)
        assert again.gap <= 1e-3
        warm += again.rounds
    assert warm < cold


def test_a_solve_that_is_stopped_says_what_it_reached(grid):
    paths, offered, room = grid
    trie = trie_of(paths, len(offered), len(room))
    found = most_carried(trie, offered, room, gap=0.0, rounds=20)
    check(paths, offered, room, found)
    assert found.rounds == 20
    assert found.gap > 0.0
    late = most_carried(trie, offered, room, late=lambda: True)
    assert (late.rounds, late.carried_gbps) == (0, 0.0)


@pytest.mark.parametrize("what", ["nothing offered", "no room", "no paths"])
def test_where_nothing_can_be_carried_nothing_is(what):
    paths = PathSet.of([] if what == "no paths" else [(0, (0, 1))])
    offered = np.array([0.0 if what == "nothing offered" else 5.0])
    room = np.full(2, 0.0 if what == "no room" else 5.0)
    found = most_carried(trie_of(paths, 1, 2), offered, room)
    assert (found.carried_gbps, found.gap) == (0.0, 0.0)
    assert found.rate_gbps.tolist() == [0.0] * len(paths)


def least_oracle(paths, offered, capacity):
    """Least utilisation by HiGHS through scipy; the last column is the utilisation."""
    arcs = np.zeros((len(capacity), len(paths) + 1))
    whole = np.zeros((len(offered), len(paths) + 1))
    for path in range(len(paths)):
        arcs[paths.arc[paths.start[path] : paths.start[path + 1]], path] = 1.0
        whole[paths.demand[path], path] = 1.0
    arcs[:, -1] = -capacity
    served = np.unique(paths.demand)
    return linprog(
        np.append(np.zeros(len(paths)), 1.0),
        A_ub=arcs,
        b_ub=np.zeros(len(capacity)),
        A_eq=whole[served],
        b_eq=offered[served],
        method="highs",
    ).fun


@settings(deadline=None, max_examples=60)
@given(programs())
def test_the_least_utilisation_lies_between_the_bound_and_what_is_reached(program):
    paths, offered, room = program
    capacity = room + 1.0
    found = least_utilised(trie_of(paths, DEMANDS, ARCS), offered, capacity, gap=1e-4)
    best = least_oracle(paths, offered, capacity)
    assert found.gap <= 1e-4
    assert found.bound <= best + 1e-7
    assert best <= found.utilisation + 1e-7
    served = np.unique(paths.demand)
    sent = paths.by_demand(found.rate_gbps, DEMANDS)[served]
    assert sent == pytest.approx(offered[served], rel=1e-9, abs=1e-9)
    share = paths.load(found.rate_gbps, ARCS) / capacity
    assert found.utilisation == pytest.approx(share.max(), rel=1e-9, abs=1e-12)


def test_a_network_full_of_demands_is_spread_to_the_gap_that_was_asked(grid):
    paths, offered, room = grid
    trie = trie_of(paths, len(offered), len(room))
    found = least_utilised(trie, offered, room, gap=1e-4)
    best = least_oracle(paths, offered, room)
    assert found.gap <= 1e-4
    assert found.bound <= best * (1.0 + 1e-9)
    assert best <= found.utilisation * (1.0 + 1e-9)
    again = least_utilised(trie, offered * 1.05, room, gap=1e-4, start=found.start)
    assert again.gap <= 1e-4
    assert again.utilisation == pytest.approx(1.05 * found.utilisation, rel=1e-3)
