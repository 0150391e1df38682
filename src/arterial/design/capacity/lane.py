"""A lane: some of the cases, asked one after the other, and what was learnt from them.

What a lane answers depends on what it was asked before, so cases belong to lanes for good; lanes
know nothing of each other and may be anywhere. A case that still holds when its last routes, or
those of the case before, are changed a little needs no program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from arterial.design.capacity.flow import Flows, Short
from arterial.design.capacity.moved import Routes
from arterial.design.capacity.problem import Problem
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.jobs.threads import in_threads
from arterial.solve.program import FloatArray

__all__ = ["LANES", "Answer", "Asked", "Lane", "Lanes", "Threads"]

LANES = 4
"""So many always: answers must not depend on how many work at once."""


@dataclass(frozen=True)
class Asked:
    """What a lane is to look at."""

    point: FloatArray
    """(X,)"""
    cases: tuple[int, ...]
    most: int
    """Cases short at which it stops."""


@dataclass(frozen=True)
class Answer:
    """What it found."""

    short: tuple[Short, ...]
    seen: int
    """Cases looked at, the first of those asked for."""
    solved: int
    """Programs solved."""


class Lanes(Protocol):
    """``LANES`` lanes of one problem, wherever they are."""

    def ask(self, asked: Sequence[Asked | None], /) -> list[Answer | None]:
        """The answer of each lane that is asked."""
        ...


class Lane:
    """Answers for its cases."""

    def __init__(self, problem: Problem, deadline: Deadline = FOREVER) -> None:
        self._flows = Flows(problem, deadline)
        self._deadline = deadline
        self._routes: dict[int, Routes] = {}
        self._recent = Routes.none()

    def __call__(self, asked: Asked) -> Answer:
        """Look at cases in their order until enough are short."""
        before, seen = self._flows.asked, 0
        short: list[Short] = []
        for case in self._deadline.each(asked.cases):
            found = self._looked(asked.point, case)
            seen += 1
            if found is not None:
                short.append(found)
                if len(short) >= asked.most:
                    break
        return Answer(tuple(short), seen, self._flows.asked - before)

    def _looked(self, point: FloatArray, case: int) -> Short | None:
        ground = self._flows.ground(point, case)
        routes = None
        for known in (self._routes.get(case), self._recent):
            if routes is None and known is not None:
                routes = self._flows.moved(ground, known)
        if routes is None:
            found = self._flows.short(point, case)
            if found is not None:
                return found
            routes = self._flows.routes()
        self._routes[case] = self._recent = routes
        return None


class Threads:
    """Lanes in this process: HiGHS and compiled kernels let other threads run."""

    def __init__(self, problem: Problem, *, at_once: int = 1, deadline: Deadline = FOREVER) -> None:
        self._lanes = [Lane(problem, deadline) for _ in range(LANES)]
        self._at_once = at_once

    def ask(self, asked: Sequence[Asked | None], /) -> list[Answer | None]:
        """The answer of each lane that is asked."""
        if self._at_once == 1:
            return [
                None if task is None else lane(task)
                for lane, task in zip(self._lanes, asked, strict=True)
            ]
        tasks = zip(self._lanes, asked, strict=True)
        return [answer for _, answer in in_threads(_answered, tasks, at_once=self._at_once)]


def _answered(task: tuple[Lane, Asked | None]) -> Answer | None:
    lane, asked = task
    return None if asked is None else lane(asked)
