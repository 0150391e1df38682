"""No placement, each with its cheapest network, costs less than the bound."""

from itertools import combinations

from arterial.design.capacity.dominant import dominant
from arterial.design.capacity.engine import capacity
from arterial.design.joint.bound import bound
from arterial.design.underlay import layers_of

ROUNDS = 2


def test_the_cheapest_of_all_placements_is_not_below_it(small, ready):
    one = ready(small, "base")
    stands = one.stands
    cheapest = min(exact(stands, pair) for pair in both(stands))
    *_, last = bound(
        stands.chooser.instance, stands.choices, stands.traffic, one.stand.pairs, rounds=ROUNDS
    )
    assert 0.6 * cheapest <= last.bound <= cheapest + 1e-6


def both(stands):
    """Pairs that may answer the one market; which of the two comes first changes no bound."""
    for pair in combinations(range(len(stands.choices.edges)), 2):
        if stands.choices.allowed[0][pair]:
            yield pair
        elif stands.choices.allowed[0][pair[::-1]]:
            yield pair[::-1]


def exact(stands, pair):
    """What a placement can be had for: its edges and a cheap answer to its capacity problem."""
    instance = stands.chooser.instance
    flows = stands.traffic.flows(stands.choices.replicas((pair,)))
    layers = layers_of(instance, flows)
    *_, last = capacity(dominant(layers.underlay), gap=0.05, rounds=8)
    return last.cost + stands.choices.edge_cost((pair,))


def test_it_never_falls_and_no_design_is_below_it(drill, ready):
    start = ready(drill, "base")
    stands = start.stands
    steps = list(
        bound(stands.chooser.instance, stands.choices, stands.traffic, start.stand.pairs, rounds=1)
    )
    bounds = [step.bound for step in steps]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= start.stand.bill
