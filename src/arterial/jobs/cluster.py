"""The same tasks on a Ray cluster: plain functions, tried again where a worker dies.

Ray is an extra and is looked for only when it is asked for. Each task gives one result under its
own name, so that a worker that is killed loses no task and none is counted twice. Where answers
depend on what was asked before, keepers remember: one whose worker is killed is made anew and asked
all again. Arterial of the same version must be installed where the workers run.
"""

import copy
import importlib
import socket
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Generic, Protocol, TypeVar, cast

from arterial.errors import ModelError, Problem, SolverError

__all__ = ["Cluster", "Keepers", "cluster", "on_cluster"]

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

RETRIES = 8
"""A worker may die so often on one task before the run gives up."""

AHEAD = 2
"""Tasks handed out for each processor of the cluster."""


KNOCK_S = 10.0


class _Remote(Protocol):
    def remote(self, *arguments: object) -> object: ...


class _Actor(Protocol):
    @property
    def ask(self) -> _Remote: ...


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
    ModelError, SolverError
        As ``cluster``.
    """
    with cluster(address) as found:
        yield from found.each(work, tasks)


@contextmanager
def cluster(address: str) -> Generator["Cluster"]:
    """A cluster that stays up over many calls.

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
        yield Cluster(ray)
    except RuntimeError as error:  # Ray's own errors are of this kind, or carry one from a worker
        raise _stopped(address, error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] == "ray":
            raise _stopped(address, error) from error
        raise
    finally:
        ray.shutdown()


class Cluster:
    """What can be done on a cluster while it is up."""

    def __init__(self, ray: _Ray) -> None:
        self._ray = ray

    def each(
        self, work: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Iterator[tuple[Task, Result]]:
        """Run ``work`` on every task; they come back as they end."""
        ray, coming = self._ray, iter(tasks)
        shared = ray.put(work)
        run = ray.remote(max_retries=RETRIES, num_cpus=1)(_run)
        room = AHEAD * max(1, round(ray.cluster_resources().get("CPU", 1.0)))
        begun: dict[object, Task] = {
            run.remote(shared, task): task for task in islice(coming, room)
        }
        while begun:
            ended, _ = ray.wait(list(begun))
            for reference in ended:
                yield begun.pop(reference), cast("Result", ray.get(reference))
            begun |= {run.remote(shared, task): task for task in islice(coming, room - len(begun))}

    def keepers(
        self,
        make: Callable[[Shared], Callable[[Task], Result]],
        shared: Shared,
        count: int,
    ) -> "Keepers[Task, Result]":
        """So many of what ``make`` makes of what they share, each somewhere on the cluster.

        Parameters
        ----------
        make
            A class or function of a module that the workers can import.
        shared
            Sent once.
        """
        return Keepers(self._ray, make, self._ray.put(shared), count)


class Keepers(Generic[Task, Result]):
    """Things that remember what they were asked. What they answer depends on nothing else."""

    def __init__(
        self, ray: _Ray, make: Callable[..., Callable[[Task], Result]], shared: object, count: int
    ) -> None:
        self._ray = ray
        self._begin = lambda: cast("_Actor", ray.remote(num_cpus=0)(_Keeper).remote(make, shared))
        self._actors = [self._begin() for _ in range(count)]
        self._asked: list[list[object]] = [[] for _ in range(count)]

    def ask(self, tasks: Sequence[Task | None], /) -> list[Result | None]:
        """What each of them says to its task; None to those without one."""
        begun: dict[int, object] = {}
        for number, task in enumerate(tasks):
            if task is not None:
                self._asked[number].append(self._ray.put(task))
                begun[number] = self._actors[number].ask.remote(self._asked[number][-1])
        answers: list[Result | None] = [None] * len(tasks)
        for number, reference in begun.items():
            answers[number] = cast("Result", self._answer(number, reference))
        return answers

    def _answer(self, number: int, reference: object) -> object:
        for _ in range(RETRIES):
            try:
                return self._ray.get(reference)
            except Exception as error:
                if not _died(error):
                    raise
            actor = self._actors[number] = self._begin()
            for task in self._asked[number]:
                reference = actor.ask.remote(task)
        return self._ray.get(reference)


class _Keeper:
    """In a worker: one of the things that remember."""

    def __init__(
        self, make: Callable[[object], Callable[[object], object]], shared: object
    ) -> None:
        self._kept = make(copy.deepcopy(shared))

    def ask(self, task: object) -> object:
        """Arrays that Ray shares cannot be written to: see ``_run``."""
        return self._kept(copy.deepcopy(task))


def _died(error: Exception) -> bool:
    """Ray says that a worker is gone."""
    return any(kind.__name__ == "RayActorError" for kind in type(error).__mro__)


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
