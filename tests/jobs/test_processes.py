import importlib
from pathlib import Path

import pytest

from arterial.errors import InfeasibleError
from arterial.jobs.processes import in_processes
from arterial.jobs.progress import silent


@pytest.fixture
def work(monkeypatch):
    """A module that fresh processes find too: they inherit the search path."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("work")


def test_results_come_back_in_the_order_of_the_tasks(work):
    squares = in_processes(work.squared, range(7), at_once=2, report=silent)
    assert squares == [number * number for number in range(7)]


def test_progress_of_every_task_is_heard(work):
    heard = []
    in_processes(work.squared, [3, 4], at_once=2, report=lambda *event: heard.append(event))
    assert sorted(heard) == [("task 3", 1.0, 1.0), ("task 4", 1.0, 1.0)]


def test_an_error_of_ours_crosses_with_its_data(work):
    with pytest.raises(InfeasibleError) as raised:
        in_processes(work.refused, [1], at_once=2, report=silent)
    assert raised.value.demand == "demand 1"
    assert raised.value.remedies == ("a fibre",)
    assert str(raised.value).startswith("demand 1: no fibre")


def test_nothing_to_do_is_done(work):
    assert in_processes(work.squared, [], at_once=2, report=silent) == []
