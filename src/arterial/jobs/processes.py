"""Independent tasks in processes of this machine, with their progress told as one.

Each task is a function of its arguments and a ``Report``, named at the top of a module so that a
fresh process finds it. Results come back in the order of the tasks; the first error stops the rest
and is raised here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from threading import Thread
from typing import TypeVar

from arterial.jobs.progress import Report

__all__ = ["in_processes"]

Task = TypeVar("Task")
Result = TypeVar("Result")
_Event = tuple[str, float, float]

_channel: list["SimpleQueue[_Event | None]"] = []
"""In a worker: where its progress goes. A queue can only be handed over while a process starts."""


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
    listener = Thread(target=_listen, args=(events, report), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(
            min(at_once, max(len(tasks), 1)), context, initializer=_begin, initargs=(events,)
        ) as pool:
            futures = [pool.submit(_run, work, task) for task in tasks]
            return _gathered(futures)
    finally:
        events.put(None)
        listener.join()


def _gathered(futures: list[Future[Result]]) -> list[Result]:
    try:
        return [future.result() for future in futures]
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def _begin(events: "SimpleQueue[_Event | None]") -> None:
    _channel.append(events)


def _run(work: Callable[[Task, Report], Result], task: Task) -> Result:
    return work(task, lambda stage, done, total: _channel[0].put((stage, done, total)))


def _listen(events: "SimpleQueue[_Event | None]", report: Report) -> None:
    while (event := events.get()) is not None:
        report(*event)
