import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock():
    """A clock that a test moves."""

    class Clock:
        now_s = 0.0

        def __call__(self):
            return self.now_s

    return Clock()


def test_time_left_is_what_was_taken_in_proportion(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    progress("search", 0, 10)
    clock.now_s = 3.0
    progress("search", 3, 10)
    clock.now_s = 300.0
    progress("search", 6, 10)
    assert stream.getvalue().splitlines() == [
        "search 0/10",
        "search 3/10, about 7 s left",
        "search 6/10, about 3 min 20 s left",
    ]


@given(moments=st.lists(st.floats(0.0, 0.5), max_size=60))
def test_off_a_terminal_there_is_at_most_a_line_a_second(moments):
    stream, now = io.StringIO(), [0.0]
    progress = Progress(stream, lambda: now[0])
    for number, step in enumerate(moments):
        now[0] += step
        progress(f"stage {number % 3}", number, len(moments))
    assert len(stream.getvalue().splitlines()) <= now[0] + 1
    assert "\r" not in stream.getvalue()


def test_a_warning_is_always_shown(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    for number in range(3):
        progress("search", number, 3)
        progress(f"warning: {number}", 0, 0)
    assert stream.getvalue().count("arterial: warning") == 3


def test_on_a_terminal_the_line_is_gone_when_the_work_is(clock):
    stream = Terminal()
    with Progress(stream, clock) as progress:
        progress("search", 1, 3)
    shown = stream.getvalue()
    assert "search 1/3" in shown
    assert shown.endswith("\r")
    assert shown.rstrip("\r").rpartition("\r")[2].strip() == ""
    assert "\n" not in shown


def test_a_closed_stream_stops_no_engine(clock):
    stream = io.StringIO()
    progress = Progress(stream, clock)
    stream.close()
    progress("search", 1, 3)
    progress("warning: w", 0, 0)
    assert stream.closed
