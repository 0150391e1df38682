"""Progress on standard error: one line that rewrites itself, or on no terminal a line a second.

Time left is what the stage has taken so far, in proportion; it is a guess and says so.
"""

import sys
from typing import Self, TextIO

from arterial.clock import Clock, seconds

__all__ = ["Progress"]

_TERMINAL_S = 0.1
_PLAIN_S = 1.0
_WIDTH = 78


class Progress:
    """A listener for engines; use as a context manager, so that the line ends with the work."""

    def __init__(self, stream: TextIO | None = None, clock: Clock = seconds) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._stage = ""
        self._stage_s = clock()
        self._shown_s = float("-inf")
        self._drawn = False

    def __call__(self, stage: str, done: float, total: float) -> None:
        """Take note of ``done`` of ``total``; warnings are always shown, the rest now and then."""
        if stage.startswith("warning"):
            self._clear()
            self._write(f"arterial: {stage}\n")
            return
        now_s = self._clock()
        if stage != self._stage:
            self._stage, self._stage_s = stage, now_s
        if now_s - self._shown_s < (_TERMINAL_S if self._terminal else _PLAIN_S):
            return
        self._shown_s = now_s
        line = self._line(done, total, now_s)
        if self._terminal:
            self._write(f"\r{line[:_WIDTH]:{_WIDTH}}")
            self._drawn = True
        else:
            self._write(f"{line}\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def _line(self, done: float, total: float, now_s: float) -> str:
        if total <= 1.0:
            return self._stage
        line = f"{self._stage} {done:g}/{total:g}"
        if 0.0 < done < total:
            left_s = (now_s - self._stage_s) * (total - done) / done
            line += f", about {_duration(left_s)} left"
        return line

    def _clear(self) -> None:
        if self._drawn:
            self._write(f"\r{'':{_WIDTH}}\r")
            self._drawn = False

    def _write(self, text: str) -> None:
        """A closed or full standard error stops no engine."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._drawn = False


def _duration(left_s: float) -> str:
    """Whole seconds, or minutes and seconds.

    >>> _duration(7.4), _duration(130.0)
    ('7 s', '2 min 10 s')
    """
    whole_s = round(left_s)
    return f"{whole_s} s" if whole_s < 60 else f"{whole_s // 60} min {whole_s % 60} s"  # noqa: PLR2004 - a minute
