"""``capacity``: whole modules on candidate links at least cost, so that every failure is survived.

Stands alone beside ``design``: a file in, links with modules, a bound and the worst case of each
link out.
"""

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from arterial.clock import Clock, seconds
from arterial.design.capacity.ecmp import check_held
from arterial.design.capacity.engine import capacity as steps_of
from arterial.design.capacity.lane import Lanes
from arterial.design.capacity.step import Step
from arterial.design.capacity_blocked import block, no_way
from arterial.design.capacity_task import CapacityTask
from arterial.errors import InfeasibleError, InterruptedRunError
from arterial.jobs.deadline import Deadline
from arterial.jobs.progress import Report, silent
from arterial.solve.program import FloatArray
from arterial.study.capacity_answer import (
    CapacityFound,
    EcmpFound,
    EcmpLink,
    Filled,
    LinkBought,
    Stop,
    filled,
    gap_of,
    link_rows,
    unfilled,
)
from arterial.study.capacity_ecmp import metrics_for
from arterial.study.capacity_source import Source, task_of
from arterial.study.capacity_store import Kept, keep_state, kept_state, key_of, write_answer
from arterial.study.cases import misused
from arterial.study.core_lanes import core_lanes
from arterial.study.stopwatch import Stopwatch

__all__ = [
    "CapacityFound",
    "EcmpFound",
    "EcmpLink",
    "Effort",
    "LinkBought",
    "Routing",
    "Source",
    "capacity",
]

SCOPE = "network"
Routing = Literal["best", "ecmp"]


class Effort(Struct, frozen=True, kw_only=True):
    """How long to go on, and with what."""

    gap: float = 0.005
    """Good enough: cost above the bound, as a share of the cost."""
    rounds: int = 200
    time_limit_s: float = math.inf
    """A stop by time is told: such an answer may differ from run to run."""
    seed: int = 0
    resume: bool = False
    """Go on from what the output folder keeps."""
    routing: Routing = "best"
    """``ecmp``: find metrics and modules for ECMP too, after what any routing needs."""
    metric_rounds: int = 20
    """Rounds of the search for metrics."""
    ray: str = ""
    """Address of a Ray cluster to look at cases on; the answer is the same without."""


_DEFAULT, _SOURCE = Effort(), Source()


def capacity(
    place: Path,
    source: Source = _SOURCE,
    effort: Effort = _DEFAULT,
    *,
    output: Path | None = None,
    report: Report = silent,
    clock: Clock = seconds,
) -> CapacityFound:
    """Dimension the links of an SNDlib file or of a network folder.

    Parameters
    ----------
    output
        Folder for the answer, its table, and what a later run goes on from.

    Raises
    ------
    ModelError
        A file is wrong or an option does not fit.
    InfeasibleError
        No capacity that may be bought carries what a case asks for.
    DamagedError
        What the folder keeps is cut short, or another problem's.
    SolverError
        A solver or a cluster stopped without an answer.
    InterruptedRunError
        The user stopped it.
    """
    start_s = clock()
    watch = Stopwatch(report)
    _fit(effort, output)
    watch("reading what is asked", 0, 1)
    task = task_of(place, source)
    if effort.routing == "ecmp":
        check_held(task.problem)
    key = key_of(task)
    before = kept_state(output, key) if effort.resume and output else None

    def keep(step: Step) -> None:
        if output:
            keep_state(output, Kept.of(key, step))

    with _stoppable(output), core_lanes(effort.ray) as lanes:
        there = lanes(task.problem) if lanes else None
        run = _Run(task, effort, before.step() if before else None, keep, there)
        deadline = Deadline(lambda: start_s + effort.time_limit_s - clock())
        stopped = run.go(watch, deadline)
        full = _checked(task, run.columns, watch, deadline)
        cut = stopped in {"time", "memory"}
        ecmp = None if cut else _ecmp(task, run, effort, watch, deadline)
    found = replace(_found(task, run, stopped, full, output), ecmp=ecmp)
    if output:
        write_answer(output, found, watch.facts())
    return found


def _fit(effort: Effort, output: Path | None) -> None:
    if effort.resume and output is None:
        raise misused("--resume", "nothing says what to go on from", "Name the folder by -o")
    if effort.rounds < 1:
        raise misused("--rounds", f"{effort.rounds} rounds find nothing", "Give 1 or more")


class _Run:
    """Steps of the engine, kept as they come."""

    def __init__(
        self,
        task: CapacityTask,
        effort: Effort,
        before: Step | None,
        keep: Callable[[Step], None],
        lanes: Lanes | None = None,
    ) -> None:
        self._task, self._effort, self._keep, self._lanes = task, effort, keep, lanes
        self.resumed = before is not None
        self.last = before

    @property
    def columns(self) -> FloatArray | None:
        """The best point, (X,); None until one is known."""
        return None if self.last is None or not len(self.last.columns) else self.last.columns

    @property
    def _met(self) -> bool:
        return self.last is not None and self.last.gap <= self._effort.gap

    def go(self, report: Report, deadline: Deadline) -> Stop:
        """Until the gap is met, rounds, time or memory end, or nothing is found; says which."""
        effort = self._effort
        rounds = effort.rounds + (self.last.round if self.last else 0)
        if self._met:
            return "gap"
        told = no_way(self._task)
        if told is not None:
            raise told
        report(f"{len(self._task.problem.cases.names)} cases: first bound", 0, 1)
        steps = steps_of(
            self._task.problem,
            gap=effort.gap,
            rounds=rounds,
            seed=effort.seed,
            start=self.last,
            lanes=self._lanes,
            deadline=deadline,
        )
        for step in steps:
            if step.infeasible:
                raise self._blocked(report)
            self.last = step
            self._keep(step)
            report(self._words(step), 0, 1)
            if step.cut and not self._met:
                return step.cut
            if not self._met and deadline.late:
                return "time"
        if self._met:
            return "gap"
        return "rounds" if self.last and self.last.round >= rounds else "end"

    def _words(self, step: Step) -> str:
        known = self._task.constant
        cost = f"{step.cost + known:.6g}" if math.isfinite(step.cost) else "-"
        gap = gap_of(step.cost + known, step.bound + known)
        share = "-" if math.isnan(gap) else f"{100.0 * gap:.2f} %"
        found = f"cost {cost}, bound {step.bound + known:.6g}, gap {share}"
        return f"round {step.round}: {found}, {len(step.rows)} rows"

    def _blocked(self, report: Report) -> InfeasibleError:
        return block(self._task, report) or InfeasibleError(
            "all demands together",
            "each case can be carried by itself, and not all of them by what may be bought at once",
            ["more of what the rows beside the links limit"],
        )


def _checked(
    task: CapacityTask, columns: FloatArray | None, report: Report, deadline: Deadline
) -> Filled | None:
    if columns is None:
        return None
    try:
        return filled(task, columns, report, deadline)
    except MemoryError:
        return unfilled(task)


def _ecmp(
    task: CapacityTask, run: _Run, effort: Effort, report: Report, deadline: Deadline
) -> EcmpFound | None:
    if effort.routing == "best":
        return None
    assert run.last is not None
    return metrics_for(
        task,
        run.last,
        rounds=effort.metric_rounds,
        seed=effort.seed,
        report=report,
        deadline=deadline,
    )


def _found(
    task: CapacityTask, run: _Run, stopped: Stop, full: Filled | None, output: Path | None
) -> CapacityFound:
    assert run.last is not None
    cost, bound = (
        value + task.constant if math.isfinite(value) else math.nan
        for value in (run.last.cost, run.last.bound)
    )
    problem = task.problem
    holds = full is not None and not full.lacking and full.checked == len(problem.cases.names)
    rows = () if run.columns is None or full is None else tuple(link_rows(task, run.columns, full))
    return CapacityFound(
        name=task.name,
        verdict="proved" if stopped == "gap" and holds else "unknown",
        stopped=stopped,
        cost=cost,
        bound=bound,
        gap=gap_of(cost, bound),
        bound_scope=SCOPE,
        rounds=run.last.round,
        cuts=len(run.last.rows),
        sites=len(task.sites),
        demands=len(task.demands),
        offered_gbps=float(np.sum(problem.cases.gbps[0])),
        cases=len(problem.cases.names),
        checked_cases=full.checked if full else 0,
        lacking_case=full.lacking if full else "",
        links=rows,
        resumed=run.resumed,
        output=str(output or ""),
        notes=(*task.notes, *_notes(task, full), *_cut_notes(run, stopped, output)),
    )


def _notes(task: CapacityTask, full: Filled | None) -> Iterator[str]:
    if task.constant:
        yield f"of the cost, {task.constant:g} is for what stands already, in every answer"
    if full and full.checked < len(task.problem.cases.names):
        yield f"the first {full.checked} cases were routed once more, apart from the engine"
    if full and full.lacking:
        yield f"case '{full.lacking}' found no room when it was routed once more: not proved"


def _cut_notes(run: _Run, stopped: Stop, output: Path | None) -> Iterator[str]:
    if stopped not in {"time", "memory"}:
        return
    saved = "--resume goes on from here" if output else "-o FOLDER keeps what --resume goes on from"
    if run.columns is None:
        yield f"no plan yet: {stopped} ended before a point was known that carries every case"
    if stopped == "memory":
        yield f"out of memory: more of it, fewer failures or a wider --gap would do; {saved}"
    else:
        yield f"out of time: a longer --time-limit would do; {saved}"


@contextmanager
def _stoppable(output: Path | None) -> Generator[None]:
    try:
        yield
    except KeyboardInterrupt as stop:
        saved = (
            f"What was found stands in {output}; the same command with --resume goes on from there"
            if output
            else "Nothing is kept without -o FOLDER"
        )
        raise InterruptedRunError("capacity", saved) from stop
