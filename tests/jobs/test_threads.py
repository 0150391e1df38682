from itertools import count, islice
from threading import get_ident

import pytest

from arterial.jobs.threads import in_threads


@pytest.mark.parametrize("at_once", [0, 1, 2, 5])
def test_tasks_come_back_in_their_order_with_their_results(at_once):
    found = list(in_threads(lambda n: (n * n, get_ident()), range(20), at_once=at_once))
    assert [(task, result[0]) for task, result in found] == [(n, n * n) for n in range(20)]
    assert len({result[1] for _, result in found}) <= max(1, at_once)


def test_tasks_without_end_are_taken_as_they_are_needed():
    taken = []
    tasks = (taken.append(n) or n for n in count())
    coming = in_threads(str, tasks, at_once=2)
    assert [result for _, result in islice(coming, 3)] == ["0", "1", "2"]
    coming.close()
    assert len(taken) < 10


def test_the_first_error_is_raised_and_the_rest_not_begun():
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda n: 1 // (3 - n), count(), at_once=2))
