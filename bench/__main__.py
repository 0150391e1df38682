"""``python -m bench [--long] [NAME ...]``: run the benchmarks, print a table, keep the figures."""

import argparse
import importlib
import inspect
import json
import math
import os
import pkgutil
import platform
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bench
from bench.row import Row, row_of

PLUMBING = {"__main__", "growth", "peers", "plain", "plot", "row", "zoo"}
HISTORY = Path(__file__).parents[1] / ".bench" / "history.jsonl"
HEADS = ("benchmark", "ours", "peer", "faster", "goal", "", "note")


def main() -> int:
    """Run what was named, or all; 1 where a goal is missed, 3 where a benchmark fails."""
    known = sorted({found.name for found in pkgutil.iter_modules(bench.__path__)} - PLUMBING)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--long", action="store_true", help="full size, where a benchmark has one")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    asked = parser.parse_args()
    astray = sorted(set(asked.names) - set(known))
    if astray:
        parser.error(f"no benchmark is called {', '.join(astray)}; there are {', '.join(known)}")
    rows: list[Row] = []
    failed: list[str] = []
    for name in asked.names or known:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += _ran(name, long=asked.long)
        except Exception:  # noqa: BLE001 - the others still run, and the exit code tells
            traceback.print_exc()
            failed.append(name)
    _show(rows)
    _keep(rows, failed, long=asked.long)
    if failed:
        print(f"failed: {', '.join(failed)}")
        return 3
    return int(any(row.met is False for row in rows))


def _ran(name: str, *, long: bool) -> list[Row]:
    run = importlib.import_module(f"bench.{name}").run
    sized = "long" in inspect.signature(run).parameters
    return [row_of(row) for row in (run(long=long) if sized else run())]


def _show(rows: list[Row]) -> None:
    table = [HEADS, *(tuple(_cells(row)) for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADS))]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def _cells(row: Row) -> Iterator[str]:
    yield row.name
    yield _seconds(row.own_s)
    yield _seconds(row.peer_s)
    yield "" if row.ratio is None else f"{row.ratio:,.{1 if row.ratio >= 1.0 else 3}f} x"
    yield row.goal
    yield {True: "met", False: "MISSED", None: ""}[row.met]
    yield row.note


def _seconds(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return f"{value:.2f} s" if value >= 1.0 else f"{1e3 * value:.3g} ms"


def _keep(rows: list[Row], failed: list[str], *, long: bool) -> None:
    """Append one line to a history that stays on this machine."""
    HISTORY.parent.mkdir(exist_ok=True)
    (HISTORY.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "long": long,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "failed": failed,
        "rows": [
            {
                "name": row.name,
                "own_s": None if math.isnan(row.own_s) else row.own_s,
                "peer_s": row.peer_s,
                "ratio": row.ratio,
                "goal": row.goal,
                "met": row.met,
                "note": row.note,
            }
            for row in rows
        ],
    }
    with HISTORY.open("a", encoding="utf-8") as history:
        history.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
