"""Tables of demands as text: made for one class of a network, written, and told in numbers."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.demand.gravity import Matrix
from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.model.files import TABLE_BYTES
from arterial.model.network import Network
from arterial.names import did_you_mean

__all__ = ["DemandTable", "Traffic", "class_of", "refused", "table_of", "written"]

MOST_DEMANDS = 2_000_000
DIGITS = 9


class Traffic(Struct, frozen=True, kw_only=True):
    """Tables of demands, in numbers."""

    network: str
    traffic_class: str
    demands: int
    """Of the table; of the largest where there are several."""
    total_gbps: float
    """Of the table; of the largest where there are several."""
    largest_gbps: float
    """The largest demand."""
    steps: int
    """Steps of the series; 0 where there is none."""
    files: tuple[str, ...]
    """What was written."""
    table: str
    """The table itself where no file was named for it."""
    notes: tuple[str, ...]


class DemandTable(Struct, frozen=True):
    """One table of demands."""

    text: str
    demands: int
    gbps: float
    largest_gbps: float


def class_of(network: Network, name: str) -> str:
    """The class by its name; else the one that is served last among those without a deadline."""
    names = [entry.name for entry in network.classes]
    if name and name not in names:
        hint = did_you_mean(name, names) or f"Known: {', '.join(names)}"
        raise refused("--class", f"no class is called '{name}'", hint)
    free = [entry for entry in network.classes if entry.deadline_h is None] or network.classes
    return name or max(free, key=lambda entry: entry.priority).name


def table_of(matrix: Matrix, names: Sequence[str], traffic_class: str) -> DemandTable:
    """The demands above 0 as CSV: nine digits of a rate, so that their sum keeps its own."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["traffic_class", "source", "target", "gbps"])
    some = matrix.gbps > 0.0
    if some.sum() > MOST_DEMANDS:
        found = f"{int(some.sum()):,} demands"
        raise refused("demands", found, f"At most {MOST_DEMANDS:,}: keep the largest")
    rates = [f"{rate:.{DIGITS}g}" for rate in matrix.gbps[some].tolist()]
    sources, targets = matrix.source[some].tolist(), matrix.target[some].tolist()
    writer.writerows(
        (traffic_class, names[source], names[target], rate)
        for source, target, rate in zip(sources, targets, rates, strict=True)
    )
    content = text.getvalue()
    if len(content.encode()) > TABLE_BYTES:
        found = f"{len(rates):,} demands take more than the {TABLE_BYTES // 1024**2} MiB of a table"
        raise refused("demands", found, "Keep the largest, or shorten the names of sites")
    gbps = matrix.gbps[some]
    return DemandTable(content, len(rates), float(gbps.sum()), float(gbps.max(initial=0.0)))


def written(
    folder: Path,
    traffic_class: str,
    tables: Sequence[DemandTable],
    output: Path | None,
    notes: Sequence[str],
    *,
    several: bool = False,
) -> Traffic:
    """What was made, after it was written: to a file, or to a folder where there may be several."""
    files: list[Path] = []
    if output is not None:
        numbered = [output / f"demands-{number:04d}.csv" for number in range(1, len(tables) + 1)]
        files = numbered if several else [output]
        for file, table in zip(files, tables, strict=True):
            write_atomically(file, table.text.encode())
    return Traffic(
        network=str(folder),
        traffic_class=traffic_class,
        demands=max(table.demands for table in tables),
        total_gbps=max(table.gbps for table in tables),
        largest_gbps=max(table.largest_gbps for table in tables),
        steps=0,
        files=tuple(str(file) for file in files),
        table="" if output is not None else tables[0].text,
        notes=tuple(notes),
    )


def refused(field: str, found: str, expected: str) -> ModelError:
    """The error about what was asked, where no file is to blame."""
    return ModelError([Problem(file="traffic", field=field, found=found, expected=expected)])
