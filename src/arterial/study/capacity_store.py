"""Where a run of `capacity` keeps what it has: a state to go on from, the answer, a table."""

import csv
import hashlib
import io
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from arterial import __version__
from arterial.design.capacity.row import Row
from arterial.design.capacity.step import Step
from arterial.design.capacity_task import CapacityTask
from arterial.errors import DamagedError
from arterial.jobs.files import write_atomically
from arterial.plan.store import RunFacts
from arterial.study.capacity_answer import CapacityFound, LinkBought

__all__ = ["Kept", "keep_state", "kept_state", "key_of", "write_answer"]

STATE = "capacity.state"
ANSWER = "capacity.json"
TABLE = "capacity.csv"
RUN = "run.json"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a run had reached; arrays as bytes, since rows may be a million numbers."""

    key: str
    """Of the problem: another one cannot go on from here."""
    round: int
    phase: Literal["parts", "whole"]
    bound: float
    cost: float
    short: int
    solved: int
    columns: bytes
    """float (X,); empty where no point was known."""
    row_length: bytes
    """int (R,)"""
    row_columns: bytes
    row_values: bytes
    row_low: bytes

    @staticmethod
    def of(key: str, step: Step) -> "Kept":
        """Of the engine's last step."""
        none = np.zeros(0)
        return Kept(
            key=key,
            round=step.round,
            phase=step.phase,
            bound=step.bound,
            cost=step.cost,
            short=step.short,
            solved=step.solved,
            columns=step.columns.astype(np.float64).tobytes(),
            row_length=np.array([len(row.columns) for row in step.rows], dtype=np.int64).tobytes(),
            row_columns=np.concatenate([none, *(row.columns for row in step.rows)])
            .astype(np.int64)
            .tobytes(),
            row_values=np.concatenate([none, *(row.values for row in step.rows)]).tobytes(),
            row_low=np.array([row.low for row in step.rows], dtype=np.float64).tobytes(),
        )

    def step(self) -> Step:
        """What the engine goes on from."""
        length = np.frombuffer(self.row_length, dtype=np.int64)
        ends = np.cumsum(length)[:-1]
        columns = np.split(np.frombuffer(self.row_columns, dtype=np.int64), ends)
        values = np.split(np.frombuffer(self.row_values, dtype=np.float64), ends)
        low = np.frombuffer(self.row_low, dtype=np.float64).tolist()
        rows = zip(columns, values, low, strict=True) if low else ()
        return Step(
            parts=np.zeros(0),
            round=self.round,
            phase=self.phase,
            bound=self.bound,
            cost=self.cost,
            columns=np.frombuffer(self.columns, dtype=np.float64).copy(),
            rows=tuple(Row(*row) for row in rows),
            short=self.short,
            solved=self.solved,
        )


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
