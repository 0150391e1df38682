import math

import pytest

from arterial.design.memory import Memory
from arterial.design.search import Found
from arterial.design.state import Further, Placement
from arterial.errors import DamagedError
from arterial.jobs.ledger import Ledger

FOUND = Found(
    round=3,
    cost=97.1,
    bill=0.1 + 0.2,
    placements={
        "whole": Placement(((0, 3),), (5, 7)),
        "halves": Placement(((1,), (4,)), None),
        "at home": Placement(((),), (9,)),
        "thrice": Placement(((0,),), (2,), (Further((4, 6), 5),)),
    },
)


@pytest.mark.parametrize(("made", "kind"), [(FOUND, Found), (-math.inf, float), (0.1 + 0.2, float)])
def test_what_is_kept_comes_back_as_it_was(tmp_path, made, kind):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        Memory(ledger).keep("step", made)
    with Ledger(tmp_path / "ledger", "key") as ledger:
        assert Memory(ledger).known("step", kind) == made


def test_placements_come_back_in_their_order(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        Memory(ledger).keep("step", FOUND)
        found = Memory(ledger).known("step", Found)
    assert list(found.placements) == list(FOUND.placements)


def test_parts_keep_steps_of_the_same_name_apart(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        memory = Memory(ledger)
        for number, part in enumerate((memory, memory.under("a"), memory.under("a").under("b"))):
            part.keep("step", number)
        assert memory.known("step", int) == 0
        assert memory.under("a").known("step", int) == 1
        assert memory.under("a").under("b").known("step", int) == 2
        assert memory.under("a").names() == ["step", "b: step"]


def test_a_part_that_time_cut_is_known_of_the_whole():
    memory = Memory()
    other = memory.under("other")
    assert not memory.cut
    memory.under("part").cut_at("step")
    assert memory.cut
    assert other.cut


def test_another_question_finds_nothing(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        Memory(ledger).keep("step", FOUND)
    with Ledger(tmp_path / "ledger", "other") as ledger:
        assert Memory(ledger).known("step", Found) is None


def test_a_record_of_another_shape_is_refused_by_name(tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        memory = Memory(ledger).under("part")
        memory.keep("step", "words")
        with pytest.raises(DamagedError, match=r"'part: step' cannot be read.*--fresh"):
            memory.known("step", Found)


def test_without_a_ledger_nothing_is_kept():
    memory = Memory()
    memory.keep("step", FOUND)
    assert memory.known("step", Found) is None
    assert memory.names() == []
