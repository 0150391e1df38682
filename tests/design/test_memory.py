import pytest

from arterial.design.memory import Memory
from arterial.design.search import Found
from arterial.design.state import Placement
from arterial.jobs.ledger import Ledger


def found(number):
    return Found(
        round=number,
        cost=100.0 - number,
        bill=99.5 - number,
        placements={
            "whole": Placement(((0, 3),), (5, 7)),
            "halves": Placement(((1,), (4,)), None),
            "at home": Placement(((),), (9,)),
        },
    )


def test_what_is_kept_comes_back_as_it_was(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        Memory(ledger).keep(found(3))
    with Ledger(tmp_path / "ledger", "key") as ledger:
        assert Memory(ledger).latest() == found(3)


@pytest.mark.parametrize("last", [2, 10, 101])
def test_the_latest_round_is_the_highest_not_the_last_in_the_alphabet(tmp_path, last):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        memory = Memory(ledger)
        for number in range(last + 1):
            memory.keep(found(number))
        assert memory.latest() == found(last)


def test_another_question_finds_nothing(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        Memory(ledger).keep(found(0))
    with Ledger(tmp_path / "ledger", "other") as ledger:
        assert Memory(ledger).latest() is None


def test_without_a_ledger_nothing_is_kept():
    memory = Memory()
    memory.keep(found(0))
    assert memory.latest() is None
