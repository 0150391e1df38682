"""Steps are made once, in their order; what time cut is made again."""

from itertools import count

import pytest

from arterial.design.memory import Memory
from arterial.design.opening import opened
from arterial.design.run import Run
from arterial.design.search import search
from arterial.jobs.deadline import Deadline, LateError
from arterial.jobs.ledger import Ledger


def looks(limit):
    """A deadline that is late from the so many-eth look on."""
    ticks = count()
    return Deadline(lambda: float(limit - next(ticks)))


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as opened_ledger:
        yield opened_ledger


def test_a_step_is_made_once(ledger):
    made = count()
    for _ in range(3):
        assert Run(memory=Memory(ledger)).step("one", int, lambda: next(made)) == 0
    assert Run(memory=Memory(ledger)).under("part").step("one", int, lambda: next(made)) == 1


def test_what_ends_late_is_told_and_made_again(ledger):
    late = Run(memory=Memory(ledger), deadline=looks(0))
    assert late.step("one", int, lambda: 1) == 1
    assert late.memory.cut
    in_time = Run(memory=Memory(ledger))
    assert in_time.step("one", int, lambda: 2) == 2
    assert not in_time.memory.cut


def test_what_time_cuts_leaves_nothing(ledger):
    run = Run(memory=Memory(ledger), deadline=looks(0))

    def cut():
        run.deadline.check()

    with pytest.raises(LateError):
        run.step("one", int, cut)
    assert run.memory.cut
    assert not ledger.done()


def test_what_comes_after_a_cut_is_not_kept_either(ledger):
    run = Run(memory=Memory(ledger))
    run.under("part").memory.cut_at("step")
    assert run.step("one", int, lambda: 1) == 1
    assert not ledger.done()


def test_a_search_goes_on_from_its_last_round_wherever_time_cut_it(drill, tmp_path):
    start = opened(drill, "given", Run())
    whole = list(search(start.chooser, start.flows, rounds=3, start=start.first))
    for limit in range(0, 60, 15):
        with Ledger(tmp_path / f"{limit}", "key") as ledger:
            cut = Run(memory=Memory(ledger), deadline=looks(limit))
            rounds = {"rounds": 3, "start": start.first}
            *_, reached = cut.rounds(start.chooser, start.flows, **rounds)
            assert reached in whole
            again = Run(memory=Memory(ledger))
            *_, found = again.rounds(start.chooser, start.flows, **rounds)
            assert found == whole[-1]
            assert list(again.rounds(start.chooser, start.flows, **rounds)) == [found]
