from math import ceil, inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.kernels import ANY, Tariff, arc_prices, book, cheapest, grown

NONE = np.zeros(0, dtype=np.int64)


def tariff(rate_gbps, wave_cost, free):
    """A tariff without fibres and sites."""
    return Tariff(
        rate_gbps=rate_gbps,
        wave_cost=wave_cost,
        slot_ghz=np.zeros_like(rate_gbps),
        free=free,
        most=np.full(len(free), ANY),
        gbps_cost=np.zeros(len(free)),
        ends=np.zeros((len(free), 2), dtype=np.int64),
        first_fibre=np.zeros(len(free) + 1, dtype=np.int64),
        fibre=NONE,
        lit=NONE,
        pairs=NONE,
        pair_cost=np.zeros(0),
        setup_cost=np.zeros(0),
        band_ghz=np.zeros(0),
        taken_ghz=np.zeros(0),
        routers=NONE,
        stand_ports=NONE,
        stand_chassis=NONE,
        chassis_ports=36,
        chassis=10.0,
        usable_normal=0.5,
        usable_failed=0.75,
    )


SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=50)
def test_bookings_add_up_and_the_worst_case_follows(seed):
    random = np.random.default_rng(seed)
    failed = random.integers(0, 9, (6, 4)).astype(float)
    worst = failed.max(axis=1)
    expected = failed.copy()
    for sign in (1.0, -1.0):
        arcs = random.choice(6, 3, replace=False)
        by_case = sign * random.integers(0, 3, 4).astype(float)
        book(failed, worst, arcs, 2.0, by_case)
        expected[arcs] += 2.0 * by_case
        assert (failed == expected).all()
        assert (worst[arcs] == np.maximum(expected[arcs].max(axis=1), 0.0)).all()


@given(SEEDS)
@settings(max_examples=50)
def test_the_worst_case_grows_only_where_the_cases_say(seed):
    random = np.random.default_rng(seed)
    failed = random.integers(0, 9, (6, 4)).astype(float)
    cases = np.flatnonzero(random.random(4) < 0.5)
    extra = random.integers(0, 3, len(cases)).astype(float)
    after = failed.copy()
    after[:, cases] += extra * 2.0
    worst = failed.max(axis=1)
    assert (grown(failed, worst, cases, extra, 2.0) == after.max(axis=1)).all()
    assert (grown(failed, worst, cases, extra, 0.0) == worst).all()


@given(SEEDS)
@settings(max_examples=50)
def test_the_price_of_an_arc_is_that_of_its_link_with_the_flow_on_it(seed):
    random = np.random.default_rng(seed)
    links, options = 4, 3
    rate = random.choice([100.0, 400.0], (links, options))
    cost = random.uniform(1.0, 9.0, (links, options))
    free = random.integers(0, 2, links)
    normal, up, down = (random.uniform(0.0, 900.0, 2 * links) for _ in range(3))
    guarded = normal * random.uniform(0.0, 1.0, 2 * links)
    closed = random.random(links) < 0.3
    gbps = tuple(random.uniform(0.0, 300.0, 4))
    told = tariff(rate, cost, free)
    prices = arc_prices((normal, guarded, up, down), gbps, closed, told)
    for arc in range(2 * links):
        link, back = arc >> 1, arc ^ 1
        whole = max(
            (normal[arc] + gbps[0]) / 0.5,
            (normal[back] + gbps[1]) / 0.5,
            up[arc] / 0.75,
            down[back] / 0.75,
        )
        half = max(guarded[arc] + gbps[2], guarded[back] + gbps[3]) / 0.75
        required = np.zeros((2, links))
        required[:, link] = whole, half
        expected = cheapest(required, told)[0][link]
        assert prices[arc] == (inf if closed[link] else pytest.approx(expected))


def test_waves_are_whole_and_forgive_rounding_alone():
    gbps = [0.0, 1e-8, 99.9, 100.0, 100.0 + 1e-9, 100.01]
    required = np.array([gbps, [0.0] * len(gbps)])
    column = np.ones((len(gbps), 1))
    none = np.zeros(len(gbps), dtype=np.int64)
    assert cheapest(required, tariff(100.0 * column, column, none))[2].tolist() == [
        0,
        0,
        1,
        1,
        1,
        2,
    ]


@pytest.mark.parametrize(("whole", "half"), [(90.0, 90.0), (250.0, 90.0), (250.0, 110.0)])
def test_of_several_waves_every_other_one_must_do_and_a_single_one_may_be_lost(whole, half):
    waves = cheapest(
        np.array([[whole], [half]]),
        tariff(np.array([[100.0]]), np.array([[1.0]]), np.array([0])),
    )[2]
    count = ceil(whole / 100.0)
    assert waves.tolist() == [count if count == 1 else max(count, 2 * ceil(half / 100.0))]
