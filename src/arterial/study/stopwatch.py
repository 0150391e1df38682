"""What a run took and where it ran: stages timed from the progress that engines report.

Wall time stays out of every result; it is written beside, as ``run.json``.
"""

import os
import platform

from arterial.clock import Clock, seconds
from arterial.jobs.progress import Report, silent
from arterial.plan.store import RunFacts

__all__ = ["Stopwatch", "machine_facts"]


class Stopwatch:
    """A listener that times each stage and passes all on to another one."""

    def __init__(self, report: Report = silent, clock: Clock = seconds) -> None:
        self._report = report
        self._clock = clock
        self._start_s = self._last_s = clock()
        self._stage = ""
        self._stages: dict[str, float] = {}

    def __call__(self, stage: str, done: float, total: float) -> None:
        """Time since the last word belongs to the stage that was named then."""
        self._settle()
        if not stage.startswith("warning"):
            self._stage = stage
        self._report(stage, done, total)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._start_s

    def facts(self) -> RunFacts:
        """Seconds in all and by stage, and the machine."""
        self._settle()
        stages = {name or "start": round(spent, 3) for name, spent in self._stages.items()}
        return RunFacts(seconds=round(self.elapsed_s, 3), stages=stages, machine=machine_facts())

    def _settle(self) -> None:
        now_s = self._clock()
        self._stages[self._stage] = self._stages.get(self._stage, 0.0) + now_s - self._last_s
        self._last_s = now_s


def machine_facts() -> dict[str, str]:
    """What a reader of wall times wants to know; nothing that names the machine or its owner."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "cores": str(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        ),
    }
