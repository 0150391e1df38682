"""What can go wrong, as data: each error says where, what was found, and what would do.

``ModelError``: the user's files are wrong; it carries every problem of every file.
``InfeasibleError``: no answer exists; it names what collides and what would free it.
``DamagedError``: a file that Arterial wrote no longer says what was written.
``SolverError``: a solver or another engine failed; it carries its status.
"No" is not an error: a refuted gate is a result. A broken promise of ours is an ``assert``.
"""

from collections.abc import Sequence

from msgspec import Struct

__all__ = [
    "ArterialError",
    "BusyError",
    "DamagedError",
    "InfeasibleError",
    "InterruptedRunError",
    "ModelError",
    "Problem",
    "SolverError",
    "in_one_line",
]


class Problem(Struct, frozen=True, kw_only=True):
    """One thing wrong in one place of one file."""

    file: str
    line: int | None = None
    field: str = ""
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.found}. {self.expected}"


class ArterialError(Exception):
    """Any failure that Arterial foresees; ``exit_code`` is what a command answers with."""

    exit_code = 3

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Travel whole between our own processes, data and all."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[ArterialError], args: tuple[object, ...], data: dict[str, object]
) -> ArterialError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(data)
    return error


class ModelError(ArterialError):
    """The user's files are wrong: all problems of all files at once."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InfeasibleError(ArterialError):
    """No plan exists: what collides, and what would free it."""

    exit_code = 1

    def __init__(self, demand: str, constraint: str, remedies: Sequence[str]) -> None:
        self.demand = demand
        self.constraint = constraint
        self.remedies = tuple(remedies)
        ways = "".join(f"\n  would free it: {remedy}" for remedy in self.remedies)
        super().__init__(f"{demand}: {constraint}{ways}")


class DamagedError(ArterialError):
    """A file that Arterial wrote is missing, cut short or changed."""

    exit_code = 2

    def __init__(self, file: str, found: str, remedy: str) -> None:
        self.file = file
        self.found = found
        self.remedy = remedy
        super().__init__(f"{file}: {found}. {remedy}")


class BusyError(ArterialError):
    """Another run works in the same place."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"{place}: another run is at work here. Wait for it or name another place")


class SolverError(ArterialError):
    """A solver or another engine stopped without an answer."""

    def __init__(self, engine: str, status: str) -> None:
        self.engine = engine
        self.status = status
        super().__init__(f"{engine} stopped with status '{status}': nothing is proved")


class InterruptedRunError(ArterialError):
    """The user stopped a run; what was reached is on disk and the same command goes on from it."""

    def __init__(self, verb: str, saved: str) -> None:
        self.saved = saved
        super().__init__(f"{verb}: interrupted. {saved}")


def in_one_line(error: ArterialError) -> str:
    """What it says, for a note: its lines with a semicolon between them.

    >>> in_one_line(InfeasibleError("99 hubs", "4 sites may be one", ["fewer hubs"]))
    '99 hubs: 4 sites may be one; would free it: fewer hubs'
    """
    return "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
