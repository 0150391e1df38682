"""The program of whole waves, held to brute force on tiny instances."""

import itertools
import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.exchange import Question, choose, gain_gbps, joint_bound, needs_bridge
from arterial.design.parts import SHELF, parts_of
from arterial.design.ways import Terms, actions_of
from arterial.optics.occupancy import occupancy_of

MODES = ("OpenZR+ 200", "OpenZR+ 400", "400 ULH QPSK", "800G PCS ASSUMPTION")


def question(here, ends, modes, more, *, idle=False, count=3):
    """Of the standing link alone; ``idle`` takes its tunnels away."""
    base, ways, works = here.works(*ends)
    bundle = replace(base.bundles[0], load_gbps=0.0) if idle else base.bundles[0]
    base, ways = replace(base, bundles=(bundle,)), (replace(ways[0], bundle=bundle),)
    found = actions_of(base, ways, Terms(), more)
    actions = [one for one in found if one.option.mode in modes][:count]
    return Question(base, ways, actions, occupancy_of(here.plan), works.stock, more)


def least_cost(asked):
    """Over every choice of up to four waves each, of those that want no wave lit for their sake."""
    base, network = asked.base, asked.base.plan.network
    mode = {one.name: one for one in network.modes}
    years = network.costs.watt_year * network.costs.years
    best = math.inf
    ranges = [range(min(action.most, 4) + 1) for action in asked.actions]
    for counts in itertools.product(*ranges):
        chosen = list(zip(counts, asked.actions, strict=True))
        stand = sum(n for n, action in chosen if not action.new)
        if stand > len(asked.ways[0].bundle.waves):
            continue
        if sum(n * gain_gbps(base, action) for n, action in chosen) < asked.more_gbps:
            continue
        net, cost = Counter(), 0.0
        for n, action in chosen:
            new = action.option.mode
            ends = (base.a, base.z)
            for key, pieces in parts_of(network, new, ends, ()).items():
                net[key] += n * pieces
            cost += n * 2 * mode[new].watts * years
            if action.new:
                cost += n * 2 * network.costs.router_port
            else:
                for key, pieces in parts_of(network, action.old[0], ends, ()).items():
                    net[key] -= n * pieces
                cost -= n * 2 * mode[action.old[0]].watts * years
        price = {one.module: one.cost for one in network.modes if one.name in MODES}
        cost += sum(
            max(0, pieces) * price[part] for (_, part), pieces in net.items() if part in price
        )
        assert SHELF not in {part for _, part in net}
        best = min(best, cost)
    return best


@given(
    st.sampled_from((("Alder", "Gorse"), ("Birch", "Cedar"), ("Cedar", "Dogwood"))),
    st.sets(st.sampled_from(MODES), min_size=1, max_size=2),
    st.sampled_from((100.0, 300.0, 700.0)),
)
@settings(max_examples=20, deadline=None)
def test_the_choice_is_the_cheapest_of_all_where_no_wave_is_missed(ground_floor, ends, modes, more):
    asked = question(ground_floor, ends, modes, more, idle=True)
    assert not needs_bridge(asked.base, asked.ways[0])
    found = choose(asked)
    cheapest = least_cost(asked)
    assert (math.inf if found is None else found.bound) == pytest.approx(cheapest)
    loaded = choose(question(ground_floor, ends, modes, more))
    if loaded is not None:  # it counts what make before break costs beside
        assert loaded.bound >= cheapest - 1e-6


@given(st.sets(st.sampled_from(MODES), min_size=1, max_size=2), st.sampled_from((100.0, 700.0)))
@settings(max_examples=10, deadline=None)
def test_two_pairs_of_sites_together_cost_no_more_than_one_after_the_other(
    ground_floor, modes, more
):
    pairs = (("Alder", "Birch"), ("Birch", "Cedar"))
    asked = [question(ground_floor, ends, modes, more) for ends in pairs]
    alone = [choose(one) for one in asked]
    if None not in alone:
        together = joint_bound(asked)
        assert together <= sum(one.bound for one in alone) + 1e-6
        assert together >= max(one.bound for one in alone) * 0.98 - 1e-6


@pytest.mark.parametrize("modes", [("OpenZR+ 400",), ()])
def test_nothing_that_gains_enough_is_no_choice(ground_floor, modes):
    assert choose(question(ground_floor, ("Fir", "Larch"), modes, 1e9)) is None
