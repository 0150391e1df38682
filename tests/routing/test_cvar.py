import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.routing.cvar import least_tail
from arterial.routing.pathset import PathSet
from arterial.routing.scenarios import tail

NEAR = 1e-5
LOSS = st.sampled_from(["total", "worst"])


def drawn(seed):
    random = np.random.default_rng(seed)
    links, demands = int(random.integers(1, 6)), int(random.integers(1, 4))
    paths = [
        (demand, (2 * random.permutation(links)[: random.integers(1, 4)]).tolist())
        for demand in range(demands)
        for _ in range(int(random.integers(0, 4)))
    ]
    cases = int(random.integers(1, 8))
    weight = random.integers(1, 9, cases).astype(float)
    return {
        "paths": PathSet.of(paths),
        "demand_gbps": random.integers(1, 20, demands).astype(float),
        "demand_priority": np.zeros(demands, dtype=np.int64),
        "capacity_gbps": random.integers(0, 12, 2 * links).astype(float),
        "down": random.random((cases, links)) < 0.3,
        "probability": weight / (weight.sum() + random.choice([0.0, 0.1, 3.0])),
    }


def standing(net):
    paths = net["paths"]
    return np.array(
        [
            [
                not down[paths.arc[paths.start[p] : paths.start[p + 1]] >> 1].any()
                for p in range(len(paths))
            ]
            for down in net["down"]
        ],
        dtype=bool,
    ).reshape(len(net["down"]), len(paths))


def lost(net, rate, kind):
    """Loss of each case, from the words."""
    asked = net["demand_gbps"]
    losses = []
    for alive in standing(net):
        held = net["paths"].by_demand(np.where(alive, rate, 0.0), len(asked))
        short = np.maximum(asked - held, 0.0)
        losses.append(short.sum() / asked.sum() if kind == "total" else (short / asked).max())
    return np.array(losses)


def least_by_enumeration(net, beta, kind):
    """The whole program, a loss column for every case and demand, by scipy."""
    paths, asked = net["paths"], net["demand_gbps"]
    cases, count, demands = len(net["down"]), len(paths), len(asked)
    rest = 1.0 - net["probability"].sum()
    short = count
    alpha = short + cases * demands
    excess = alpha + 1
    columns = excess + cases + 1
    cost = np.zeros(columns)
    cost[alpha] = 1.0
    cost[excess:] = np.append(net["probability"], max(rest, 0.0)) / (1.0 - beta)
    rows, limits = [], []

    def below(entries, limit):
        row = np.zeros(columns)
        for column, value in entries:
            row[column] += value
        rows.append(row)
        limits.append(limit)

    for arc, room in enumerate(net["capacity_gbps"]):
        below([(p, 1.0) for p in paths.rider[paths.arc == arc]], room)
    for case, alive in enumerate(standing(net)):
        for demand in range(demands):
            own = np.flatnonzero(alive & (paths.demand == demand))
            entry = (short + case * demands + demand, -asked[demand])
            below([*((p, -1.0) for p in own), entry], -asked[demand])
        tied = [(alpha, -1.0), (excess + case, -1.0)]
        own = [(short + case * demands + k, asked[k] / asked.sum()) for k in range(demands)]
        if kind == "total":
            below([*tied, *own], 0.0)
        else:
            for column, _ in own:
                below([*tied, (column, 1.0)], 0.0)
    below([(alpha, -1.0), (columns - 1, -1.0)], -1.0)
    return linprog(cost, A_ub=np.array(rows), b_ub=np.array(limits)).fun


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.5, 0.9, 0.99]), LOSS)
@settings(max_examples=120)
def test_the_tail_is_the_least_that_scipy_finds_and_is_what_the_rates_are_worth(seed, beta, kind):
    net = drawn(seed)
    found = least_tail(**net, beta=beta, loss=kind)
    told = found.tails[0]
    loss = lost(net, found.rate_gbps, kind)
    assert told.loss == pytest.approx(loss, abs=1e-9)
    at, mean = tail(loss, net["probability"], beta)
    assert (told.value_at_risk, told.cvar) == pytest.approx((at, mean), abs=1e-6)
    best = least_by_enumeration(net, beta, kind)
    assert told.cvar == pytest.approx(best, abs=NEAR)
    assert told.bound <= best + NEAR
    assert found.gap == pytest.approx(0.0, abs=NEAR)
    load = net["paths"].load(found.rate_gbps, len(net["capacity_gbps"]))
    assert (load <= net["capacity_gbps"] * (1.0 + 1e-9)).all()
    assert (found.scope, found.status) == ("paths", "optimal")


@given(st.integers(0, 2**32 - 1), LOSS)
@settings(max_examples=60)
def test_a_lower_class_never_takes_from_a_higher_one(seed, kind):
    net = drawn(seed)
    priority = np.random.default_rng(seed + 1).integers(0, 3, len(net["demand_gbps"]))
    both = least_tail(**net | {"demand_priority": priority}, beta=0.9, loss=kind)
    first = priority == priority.min()
    alone = least_tail(
        **net | {"demand_gbps": np.where(first, net["demand_gbps"], 0.0)}, beta=0.9, loss=kind
    )
    assert both.tails[0].cvar == pytest.approx(alone.tails[0].cvar, abs=NEAR)
    load = net["paths"].load(both.rate_gbps, len(net["capacity_gbps"]))
    assert (load <= net["capacity_gbps"] * (1.0 + 1e-9)).all()
    assert both.scope == ("paths" if len(both.tails) == 1 else "restricted")


def test_states_that_nobody_described_lose_everything():
    net = {
        "paths": PathSet.of([(0, (0,))]),
        "demand_gbps": np.array([5.0]),
        "demand_priority": np.array([0]),
        "capacity_gbps": np.full(2, 10.0),
        "down": np.array([[False]]),
        "probability": np.array([0.98]),
    }
    found = least_tail(**net, beta=0.9)
    assert found.uncovered == pytest.approx(0.02)
    assert found.tails[0].cvar == pytest.approx(0.2)
    assert found.tails[0].value_at_risk == 0.0
    assert least_tail(**net, beta=0.99).tails[0].value_at_risk == 1.0


def test_a_solver_that_is_given_no_time_says_so_and_still_tells_the_truth():
    found = least_tail(**drawn(4), beta=0.9, time_limit_s=0.0)
    assert found.status == "limit"
    assert found.rate_gbps.sum() == 0.0
    assert (found.tails[0].cvar, found.tails[0].bound) == (1.0, 0.0)


@pytest.mark.parametrize("beta", [-0.1, 1.0, np.nan])
def test_beta_is_a_share_below_one(beta):
    with pytest.raises(AssertionError, match="beta"):
        least_tail(**drawn(4), beta=beta)
