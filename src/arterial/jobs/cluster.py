"""The same tasks on a Ray cluster: plain functions, tried again where a worker dies.

Ray is an extra and is looked for only when it is asked for. Each task gives one result under its
own name, so that a worker that is killed loses no task and none is counted twice. Arterial of the
same version must be installed where the workers run.
"""

import copy
import importlib
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Protocol, TypeVar, cast

from arterial.errors import ModelError, Problem, SolverError

__all__ = ["on_cluster"]

Task = TypeVar("Task")
Result = TypeVar("Result")

RETRIES = 8
"""A worker may die so often on one task before the run gives up."""

AHEAD = 2
"""Tasks handed out for each processor of the cluster."""


KNOCK_S = 10.0


class _Remote(Protocol):
    def remote(self, *arguments: object) -> object: ...


class _Ray(Protocol):
    """What is used of Ray."""

    def init(self, *, address: str, log_to_driver: bool) -> object: ...
    def shutdown(self) -> None: ...
    def put(self, value: object) -> object: ...
    def get(self, reference: object) -> object: ...
    def wait(self, references: list[object]) -> tuple[list[object], list[object]]: ...
    def cluster_resources(self) -> Mapping[str, float]: ...
    def remote(self, **options: object) -> Callable[[object], _Remote]: ...


def on_cluster(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, address: str
) -> Iterator[tuple[Task, Result]]:
    """Run ``work`` on every task, on the cluster at ``address``; tasks come back as they end.

    Parameters
    ----------
    work
        A function or an object of a module that the workers can import; it is sent once.
    address
        As Ray takes it: ``host:port``, ``auto`` for the cluster of this machine, ``local`` for one
        that lives as long as this run.

    Raises
    ------
    ModelError
        Ray is not installed.
    SolverError
        The cluster cannot be reached, or a task failed for good.
    """
    ray = _found()
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False)
    except (OSError, RuntimeError, ValueError) as error:
        raise _stopped(address, error) from error
    try:
        yield from _spread(ray, work, iter(tasks))
    except RuntimeError as error:  # Ray's own errors are of this kind, or carry one from a worker
        raise _stopped(address, error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] == "ray":
            raise _stopped(address, error) from error
        raise
    finally:
        ray.shutdown()


def _spread(
    ray: _Ray, work: Callable[[Task], Result], coming: Iterator[Task]
) -> Iterator[tuple[Task, Result]]:
    shared = ray.put(work)
    run = ray.remote(max_retries=RETRIES, num_cpus=1)(_run)
    room = AHEAD * max(1, round(ray.cluster_resources().get("CPU", 1.0)))
    begun: dict[object, Task] = {run.remote(shared, task): task for task in islice(coming, room)}
    while begun:
        ended, _ = ray.wait(list(begun))
        for reference in ended:
            yield begun.pop(reference), cast("Result", ray.get(reference))
        begun |= {run.remote(shared, task): task for task in islice(coming, room - len(begun))}


def _run(work: Callable[[Task], Result], task: Task) -> Result:
    """Arrays that Ray shares cannot be written to, which compiled code counts as another type."""
    return copy.deepcopy(work)(task)


def _found() -> _Ray:
    try:
        return cast("_Ray", importlib.import_module("ray"))
    except ImportError as error:
        expected = "Install the extra: pip install 'arterial[ray]'"
        problem = Problem(file="--ray", found="Ray is not installed", expected=expected)
        raise ModelError([problem]) from error


def _knock(address: str) -> None:
    """Raises OSError where nobody listens: Ray itself tries for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=KNOCK_S).close()


def _stopped(address: str, error: Exception) -> SolverError:
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return SolverError(f"Ray at {address}", words)
