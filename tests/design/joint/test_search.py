"""Each round is cheaper than the one before, holds only pairs that may be, and repeats."""

import random
from itertools import count

from arterial.design.joint.search import joined
from arterial.design.joint.stand import Stands
from arterial.design.memory import Memory
from arterial.design.run import Run
from arterial.jobs.deadline import Deadline
from arterial.jobs.ledger import Ledger


def test_rounds_only_save_and_keep_to_pairs_that_may_be(start):
    steps = list(joined(start.stands, start.stand, rounds=2, search_rounds=1, run=Run()))
    costs = [step.stand.cost for step in steps]
    assert costs[0] == start.stand.cost
    assert costs == sorted(costs, reverse=True)
    for market, pair in enumerate(steps[-1].stand.pairs):
        assert start.stands.choices.allowed[market][pair]


def test_the_same_start_ends_at_the_same_placement(small, ready):
    ends = [
        list(joined(one.stands, one.stand, rounds=2, search_rounds=1, run=Run()))[-1].stand
        for one in (ready(small, "base"), ready(small, "base"))
    ]
    assert ends[0].pairs == ends[1].pairs
    assert ends[0].state.placements == ends[1].state.placements


def test_a_search_cut_at_any_moment_goes_on_to_the_same_placement(ready, drill, tmp_path, seed):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    one, ticks = ready(drill, "base"), count()

    def searched(run):
        stands = Stands(one.stands.chooser, one.stands.choices, "base", run.deadline)
        stand = stands.of(one.stand.pairs, one.stand.found)
        ended = [step.stand for step in joined(stands, stand, rounds=2, search_rounds=1, run=run)]
        return ended[-1], stands.allowed

    whole, allowed = searched(Run(deadline=Deadline(lambda: 1e9 - next(ticks))))
    assert whole.cost < one.stand.cost
    for cut in range(2):
        limit, looks = draw.randrange(next(ticks)), count()
        with Ledger(tmp_path / f"{cut}", "key") as ledger:
            late = Run(
                memory=Memory(ledger),
                deadline=Deadline(lambda limit=limit, looks=looks: float(limit - next(looks))),
            )
            reached, _ = searched(late)
            again, known = searched(Run(memory=Memory(ledger)))
        assert late.memory.cut
        assert whole.cost <= reached.cost <= one.stand.cost
        assert (again.pairs, again.found, again.cost) == (whole.pairs, whole.found, whole.cost)
        assert (known == allowed).all()
