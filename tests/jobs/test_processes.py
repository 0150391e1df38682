import pytest

from arterial.errors import InfeasibleError
from arterial.jobs.processes import in_processes
from arterial.jobs.progress import silent


def squared(number, report):
    report(f"task {number}", 1.0, 1.0)
    return number * number


def refused(number, report):
    raise InfeasibleError(f"demand {number}", "no fibre", ("a fibre",))


def test_results_come_back_in_the_order_of_the_tasks():
    assert in_processes(squared, range(7), at_once=2, report=silent) == [n * n for n in range(7)]


def test_progress_of_every_task_is_heard():
    heard = []
    in_processes(squared, [3, 4], at_once=2, report=lambda *event: heard.append(event))
    assert sorted(heard) == [("task 3", 1.0, 1.0), ("task 4", 1.0, 1.0)]


def test_an_error_of_ours_crosses_with_its_data():
    with pytest.raises(InfeasibleError) as raised:
        in_processes(refused, [1], at_once=2, report=silent)
    assert raised.value.demand == "demand 1"
    assert raised.value.remedies == ("a fibre",)
    assert str(raised.value).startswith("demand 1: no fibre")


def test_nothing_to_do_is_done():
    assert in_processes(squared, [], at_once=2, report=silent) == []
