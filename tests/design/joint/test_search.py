"""Each round is cheaper than the one before, holds only pairs that may be, and repeats."""

from arterial.design.joint.search import joined


def test_rounds_only_save_and_keep_to_pairs_that_may_be(start):
    steps = list(joined(start.stands, start.stand, rounds=2, search_rounds=1))
    costs = [step.stand.cost for step in steps]
    assert costs[0] == start.stand.cost
    assert costs == sorted(costs, reverse=True)
    for market, pair in enumerate(steps[-1].stand.pairs):
        assert start.stands.choices.allowed[market][pair]


def test_the_same_start_ends_at_the_same_placement(small, ready):
    ends = [
        list(joined(one.stands, one.stand, rounds=2, search_rounds=1))[-1].stand
        for one in (ready(small, "base"), ready(small, "base"))
    ]
    assert ends[0].pairs == ends[1].pairs
    assert ends[0].state.placements == ends[1].state.placements
