from itertools import chain, combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.build import settled
from arterial.design.cuts import asks_of, border_of, cut_rows
from arterial.fabric.failures import Failure

SEEDS = st.integers(0, 2**32 - 1)
SITES = 5


def subsets():
    sizes = range(1, SITES)
    return [frozenset(s) for s in chain(*(combinations(range(SITES), k) for k in sizes))]


def waves(here, state):
    """Waves of a design by column ``l * O + o``; it outlives the loss of routers too."""
    build = settled(here.instance, here.flows, state)
    columns = np.zeros(here.instance.rate_gbps.shape)
    columns[np.arange(len(build.option)), build.option] = build.waves
    return columns.reshape(-1)


def rows_of(here, sets, point=None):
    asks = asks_of(here.instance, here.flows)
    borders = [border_of(here.instance, asks, members) for members in sets]
    return list(cut_rows(here.instance, borders, point))


@given(SEEDS)
@settings(max_examples=25)
def test_no_feasible_design_breaks_a_row_of_any_set(tiny, designs_of, seed):
    here = tiny(seed)
    rows = rows_of(here, subsets())
    for state in designs_of(here, np.random.default_rng(seed), 10):
        built = waves(here, state)
        for columns, values, least, most in rows:
            assert least <= built[columns] @ values + 1e-9 <= most


ROUTER = Failure(name="a router", kind="router")


def crossing_gbps(here, members, failure):
    """What the policy sends out of a set or into it, one demand at a time."""
    index = here.instance.ground.site_index
    replica = here.replicas[0]
    out = into = 0.0
    for demand in here.demands:
        share = (
            1.0 if failure is None else here.network.policy.kept(demand.traffic_class, failure.kind)
        )
        gone = failure.site if failure is not None and failure.kind in {"site", "edge"} else None
        own = {"S0"} if demand.market else {demand.source, demand.target}
        if failure is not None and failure.kind == "site" and gone in own:
            continue
        ends = [{demand.source}, {demand.target}]
        if demand.market:
            may = {replica.edge} if failure is None else {replica.edge, replica.failover} - {gone}
            ends = [may if end != {"S0"} else end for end in ends]
        source, target = ({index[site] for site in end} for end in ends)
        out += share * demand.gbps * (source <= members and not target & members)
        into += share * demand.gbps * (target <= members and not source & members)
    return max(out, into)


@given(SEEDS)
@settings(max_examples=15)
def test_what_must_cross_is_what_the_policy_keeps_of_each_demand(tiny, seed):
    here = tiny(seed)
    asks = asks_of(here.instance, here.flows)
    for members in subsets():
        expected = [
            crossing_gbps(here, members, failure)
            for failure in (None, *here.instance.failures, ROUTER)
        ]
        assert np.allclose(asks.asked_gbps(members), expected)


@given(SEEDS)
@settings(max_examples=15)
def test_a_border_that_holds_every_row_carries_what_each_case_asks(tiny, seed):
    # The rows of a set imply the plain inequality that they were rounded from, or nearly so.
    here = tiny(seed)
    instance = here.instance
    asks = asks_of(instance, here.flows)
    random = np.random.default_rng(seed)
    for members in subsets()[::5]:
        rows = rows_of(here, [members])
        built = random.integers(0, 3, instance.rate_gbps.shape) * instance.real
        held = all(built.reshape(-1)[c] @ v >= least - 1e-9 for c, v, least, _ in rows)
        ends = [(route.a in members) != (route.z in members) for route in instance.routes]
        capacity = (built * instance.rate_gbps).sum(axis=1) * np.array(ends)
        need = asks.asked_gbps(members)
        left = (capacity * ~asks.dead).sum(axis=1)
        usable = np.where(np.arange(len(need)) == 0, instance.usable_normal, instance.usable_failed)
        smallest = instance.rate_gbps[instance.real].min()
        if held:
            assert ((need <= 0) | (left > need / usable - smallest)).all()
        else:
            assert (need > 0).any()


def test_a_site_of_two_routers_needs_what_it_asks_on_each_of_them(tiny):
    here = tiny(4)
    instance = here.instance
    asks = asks_of(instance, here.flows)
    border = border_of(instance, asks, frozenset({0}))
    kept_gbps = sum(
        demand.gbps
        for demand in here.demands
        if demand.market and demand.target == here.network.sites[0].name
    )
    assert border.left[-1].tolist() == [0.5] * len(border.links)
    assert border.need_gbps[-1] >= kept_gbps / instance.usable_failed - 1e-9


def test_a_border_of_single_waves_needs_two_of_them(tiny):
    # Losing any link of the border leaves one wave at least: two together, whichever they are.
    here = tiny(4)
    assert max(least for _, _, least, _ in rows_of(here, [frozenset({0})])) >= 2.0


@given(SEEDS)
@settings(max_examples=15)
def test_rows_that_a_point_breaks_are_told_when_and_only_when_some_row_is_broken(tiny, seed):
    here = tiny(seed)
    random = np.random.default_rng(seed)
    shape = here.instance.rate_gbps.shape
    point = (random.uniform(0.0, 2.0, shape) * here.instance.real).reshape(-1)
    for members in subsets()[::3]:
        every = rows_of(here, [members])
        told = rows_of(here, [members], point)
        broken = [row for row in every if point[row[0]] @ row[1] < row[2] * (1 - 1e-6)]
        assert bool(told) == bool(broken)
        assert all(row in broken for row in told)
