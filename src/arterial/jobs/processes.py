"""Independent tasks in processes of this machine, with their progress told as one.

Each task is a function of its arguments and a ``Report``, named at the top of a module so that a
fresh process finds it. Results come back in the order of the tasks; the first error stops the rest
and is raised here. No process outlives the one that asked, however that one ends.
"""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from threading import Thread
from typing import Protocol, TypeVar

from arterial.jobs.progress import Report

__all__ = ["in_processes"]

Task = TypeVar("Task")
Result = TypeVar("Result")
_Event = tuple[str, float, float]

_channel: list["SimpleQueue[_Event | None]"] = []
"""In a worker: where its progress goes. A queue can only be handed over while a process starts."""


class _Leash(Protocol):
    def poll(self, timeout: float | None = 0.0) -> bool: ...


def in_processes(
    work: Callable[[Task, Report], Result],
    tasks: Sequence[Task],
    *,
    at_once: int,
    report: Report,
) -> list[Result]:
    """Run ``work`` on every task, ``at_once`` at a time.

    Parameters
    ----------
    work
        A function at the top of a module; its argument and result can be pickled, which stays
        between this process and its own children.
    """
    context = get_context("spawn")
    events: SimpleQueue[_Event | None] = context.SimpleQueue()
    leash, held = context.Pipe(duplex=False)
    listener = Thread(target=_listen, args=(events, report), daemon=True)
    listener.start()
    with ProcessPoolExecutor(
        min(at_once, max(len(tasks), 1)), context, initializer=_begin, initargs=(events, leash)
    ) as pool:
        futures = [pool.submit(_run, work, task) for task in tasks]
        try:
            results = [future.result() for future in futures]
        except BaseException:
            held.close()  # the others stop at once; what they had reached is theirs to keep
            raise
    # Only now: a process that was stopped in the middle of an event holds the queue for good.
    events.put(None)
    listener.join()
    held.close()
    return results


def _begin(events: "SimpleQueue[_Event | None]", leash: _Leash) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is told once, by the first process
    _channel.append(events)
    Thread(target=_follow, args=(leash,), daemon=True).start()


def _follow(leash: _Leash) -> None:
    """End this process when the other end of the leash is let go, by choice or by death."""
    leash.poll(None)
    os._exit(1)


def _run(work: Callable[[Task, Report], Result], task: Task) -> Result:
    return work(task, lambda stage, done, total: _channel[0].put((stage, done, total)))


def _listen(events: "SimpleQueue[_Event | None]", report: Report) -> None:
    while (event := events.get()) is not None:
        report(*event)
