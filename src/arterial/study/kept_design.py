"""What a design keeps in its folder while it runs, and what is said when it is stopped."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from arterial.design.memory import Memory
from arterial.errors import ArterialError, InterruptedRunError
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import Report
from arterial.study.cases import misused

__all__ = ["LEDGER", "Begin", "begin_of", "kept_design"]

LEDGER = "design.ledger"

Begin = Literal["on", "anew", "resumed"]
"""``on``: from what an interrupted run of the same question had reached, if there is any; ``anew``:
from nothing; ``resumed``: as ``on``, but what is another question's is refused and kept."""


def begin_of(*, fresh: bool, resume: bool) -> Begin:
    """How a design begins.

    Raises ModelError where both are asked for.
    """
    if fresh and resume:
        raise misused("--fresh", "--resume goes on from what it forgets", "Give one of them")
    return "anew" if fresh else "resumed" if resume else "on"


@contextmanager
def kept_design(folder: Path, key: str, begin: Begin, report: Report) -> Generator[Memory]:
    """The memory of a design that writes its plan within; gone once nothing is left to go on with.

    Parameters
    ----------
    key
        Of all that the design depends on.

    Raises
    ------
    BusyError
        Another run is at work in the folder.
    DamagedError
        What stands there is refused.
    InterruptedRunError
        The user stopped it; what was reached is on disk.
    """
    existed, path = folder.exists(), folder / LEDGER
    refusal = "Ask what was asked there, or leave out --resume to begin anew"
    try:
        with Ledger(
            path,
            key,
            fresh=begin == "anew",
            refusal=refusal if begin == "resumed" else None,
        ) as ledger:
            if ledger.dropped:
                report(
                    f"warning: {path}: {ledger.dropped}; what it does not hold is made again", 0, 1
                )
            memory = Memory(ledger)
            try:
                yield memory
            except ArterialError:
                if not ledger.done():
                    _leave_nothing(ledger, folder, existed=existed)
                raise
            if memory.cut:
                report(f"warning: time ended this design; {path} is what it goes on from", 0, 1)
            else:
                _leave_nothing(ledger, folder, existed=existed)
    except KeyboardInterrupt as stop:
        saved = f"Steps that ended stand in {folder}; the same command goes on from there"
        raise InterruptedRunError("design", saved) from stop


def _leave_nothing(ledger: Ledger, folder: Path, *, existed: bool) -> None:
    """Where no plan was written, no folder either."""
    ledger.remove()
    if not existed and not any(folder.iterdir()):
        folder.rmdir()
