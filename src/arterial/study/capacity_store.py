"""Where a run of `capacity` keeps what it has: a state to go on from, the answer, a table."""

import csv
import hashlib
import io
from pathlib import Path

import msgspec
import numpy as np

from arterial import __version__
from arterial.design.capacity_task import CapacityTask
from arterial.errors import DamagedError
from arterial.jobs.files import write_atomically
from arterial.plan.store import RunFacts
from arterial.solve.program import FloatArray
from arterial.study.capacity_answer import CapacityFound, LinkBought

__all__ = ["Kept", "keep_state", "kept_state", "key_of", "write_answer"]

STATE = "capacity.state"
ANSWER = "capacity.json"
TABLE = "capacity.csv"
RUN = "run.json"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a run had reached."""

    key: str
    """Of the problem: another one cannot go on from here."""
    rounds: int
    bound: float
    cost: float
    columns: tuple[float, ...] = ()
    """Empty where no point was known."""

    @property
    def point(self) -> FloatArray | None:
        """The best point, (X,)."""
        return np.array(self.columns) if self.columns else None


def key_of(task: CapacityTask) -> str:
    """Over all that an answer depends on."""
    problem = task.problem
    program, rows = problem.program, problem.program.rows
    digest = hashlib.sha256(__version__.encode())
    digest.update(msgspec.json.encode([task.sites, task.links, task.demands, problem.cases.names]))
    arrays = (
        program.cost, program.low, program.high, program.integer,
        rows.start, rows.column, rows.value, rows.low, rows.high,
        problem.links.ends, problem.links.base_gbps, problem.links.latency_ms,
        problem.links.supply.indptr, problem.links.supply.indices, problem.links.supply.data,
        problem.demands.source, problem.demands.target, problem.demands.limit_ms,
        problem.demands.scaled_by, problem.cases.alive, problem.cases.usable,
        problem.cases.gbps, problem.cases.stage, problem.column_stage,
    )  # fmt: skip
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(bytes([problem.links.shared]))
    if problem.links.one_way is not None:
        digest.update(problem.links.one_way.tobytes())
    return digest.hexdigest()


def keep_state(folder: Path, state: Kept) -> None:
    """Replace what stood before, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / STATE, msgspec.msgpack.encode(state))


def kept_state(folder: Path, key: str) -> Kept | None:
    """What a run of this problem had reached; None where there was none.

    Raises
    ------
    DamagedError
        The state is cut short, or is another problem's.
    """
    path = folder / STATE
    if not path.exists():
        return None
    try:
        state = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
    except msgspec.DecodeError as error:
        raise DamagedError(str(path), "the state cannot be read", "Run without --resume") from error
    if state.key != key:
        found = "the state is another problem's: its file, options or version differ"
        raise DamagedError(str(path), found, "Give the same ones, or run without --resume")
    return state


def write_answer(folder: Path, found: CapacityFound, run: RunFacts) -> None:
    """The answer, its table and, apart from both, what the run took."""
    folder.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(found), indent=1)
    write_atomically(folder / ANSWER, text + b"\n")
    table = io.StringIO(newline="")
    rows = csv.writer(table, lineterminator="\n")
    names = LinkBought.__struct_fields__
    rows.writerow(names)
    for link in found.links:
        rows.writerow([_cell(getattr(link, name)) for name in names])
    write_atomically(folder / TABLE, table.getvalue().encode())
    write_atomically(folder / RUN, msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
