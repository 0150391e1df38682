"""Independent tasks in threads of this process, for work that lets other threads run.

Tasks are taken as they come, a few ahead of those at work: neither all tasks nor all results are
ever held at once.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

__all__ = ["in_threads"]

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD = 2
"""Tasks handed out for each thread: none waits while results are being kept."""


def in_threads(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, at_once: int
) -> Iterator[tuple[Task, Result]]:
    """Run ``work`` on every task, ``at_once`` at a time; tasks come back in their order.

    The first error stops the rest and is raised here.
    """
    coming, at_once = iter(tasks), max(1, at_once)
    with ThreadPoolExecutor(at_once) as pool:
        try:
            begun: list[tuple[Task, Future[Result]]] = [
                (task, pool.submit(work, task)) for task in islice(coming, AHEAD * at_once)
            ]
            while begun:
                task, future = begun.pop(0)
                yield task, future.result()
                begun += [(after, pool.submit(work, after)) for after in islice(coming, 1)]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
