"""The steps of a long design: told as they go, kept as they end, ended by time.

A design makes its steps through a run. One that was made before comes back as it was, so that a
design which goes on arrives where an uninterrupted one does; what time cut short is not kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.memory import Memory
from arterial.design.search import Found, search
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.jobs.progress import Report, silent

__all__ = ["Run"]

Made = TypeVar("Made")

ROUND = "round "
ENDED = "ended"
"""The search whose rounds these are has nothing more to find."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Who listens, what is kept, and how long there is."""

    report: Report = silent
    memory: Memory = field(default_factory=Memory)
    deadline: Deadline = FOREVER

    @property
    def late(self) -> bool:
        """Whether nothing should be begun any more."""
        return self.deadline.late

    def under(self, place: str) -> "Run":
        """The same for a part of the work whose steps may be named as others are."""
        return replace(self, memory=self.memory.under(place))

    def step(self, name: str, kind: type[Made], make: Callable[[], Made]) -> Made:
        """A step as it was made before, or made now and on the disk when this returns.

        Parameters
        ----------
        make
            What it returns when time is up is the best so far, which is not kept.

        Raises
        ------
        DamagedError
            What is kept is no such thing.
        LateError
            As ``make`` does.
        """
        known = self.memory.known(name, kind)
        if known is not None:
            return known
        try:
            made = make()
        except LateError:
            self.memory.cut_at(name)
            raise
        if self._whole:
            self.memory.keep(name, made)
        else:
            self.memory.cut_at(name)
        return made

    def rounds(
        self, chooser: Chooser, flows: Sequence[Flow], *, rounds: int, start: Found
    ) -> Iterator[Found]:
        """A search round by round, from the last one that was kept; see ``search``.

        There is always one; the last one is the best.
        """
        latest = self._latest()
        if latest is not None and self.memory.known(ENDED, bool):
            yield latest
            return
        begun_whole = self._whole
        steps = search(chooser, flows, rounds=rounds, start=latest or start, deadline=self.deadline)
        for found in steps:
            if begun_whole:
                self.memory.keep(f"{ROUND}{found.round}", found)
            yield found
        if self._whole:
            self.memory.keep(ENDED, made=True)
        else:
            self.memory.cut_at(ENDED)

    @property
    def _whole(self) -> bool:
        """Whether nothing was cut so far: what goes on from a cut must not be found again."""
        return not self.late and not self.memory.cut

    def _latest(self) -> Found | None:
        names = (name for name in self.memory.names() if name.startswith(ROUND))
        last = max((int(name.removeprefix(ROUND)) for name in names), default=None)
        return None if last is None else self.memory.known(f"{ROUND}{last}", Found)
