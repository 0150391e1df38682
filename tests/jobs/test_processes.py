import importlib
import os
import signal
import subprocess
import sys
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


def test_the_first_error_stops_those_that_would_not_end(work):
    with pytest.raises(InfeasibleError):
        in_processes(work.endless, [-1, 1], at_once=2, report=silent)


PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
import work
from arterial.jobs.processes import in_processes
if __name__ == "__main__":
    in_processes(work.endless, [1, 2], at_once=2, report=lambda *event: print(event[0], flush=True))
"""


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_asked(blow, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(script), str(Path(__file__).parent)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        said = [parent.stdout.readline() for _ in range(2)]
        assert all(line.startswith("process ") for line in said)
        if blow == signal.SIGINT:  # as a terminal does: to all of them
            os.killpg(parent.pid, blow)
        else:
            parent.send_signal(blow)
        # Their ends of the pipes are closed when, and only when, all of them have ended.
        try:
            _, words = parent.communicate(timeout=60)
        finally:
            parent.kill()
    assert "SpawnProcess" not in words
