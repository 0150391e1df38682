"""``arterial demo`` as a new user meets it, then as the next run finds it: seconds and memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.row import Row

__all__ = ["run"]

NETWORK = Path(__file__).parents[1] / "networks" / "us-ai-backbone"
BUDGET_S = {"cold": 90.0, "warm": 30.0}
BUDGET_MIB = 2048.0


@dataclass(frozen=True)
class _Ended:
    seconds: float
    peak_mib: float
    """Of the largest process."""
    stages: dict[str, float]
    """Seconds by stage, as the demo tells."""


def run() -> list[Row]:
    """Run the demo twice, from an empty cache and with what the first run left."""
    with tempfile.TemporaryDirectory() as scratch:
        ended = {heat: _demo(Path(scratch), heat) for heat in BUDGET_S}
    return [row for heat, demo in ended.items() for row in _rows(heat, demo)]


def _rows(heat: str, demo: _Ended) -> list[Row]:
    budget_s = BUDGET_S[heat]
    met = demo.seconds <= budget_s and demo.peak_mib <= BUDGET_MIB
    whole = Row(
        name=f"demo, {heat}",
        own_s=demo.seconds,
        goal=f"<= {budget_s:g} s, {BUDGET_MIB:g} MiB",
        met=met,
        note=f"peak {demo.peak_mib:.0f} MiB",
    )
    return [
        whole,
        *(
            Row(name=f"demo, {heat}: {stage}", own_s=seconds, note=f"{seconds / demo.seconds:.0%}")
            for stage, seconds in demo.stages.items()
        ),
    ]


def _demo(scratch: Path, heat: str) -> _Ended:
    command = [str(Path(sys.executable).with_name("arterial")), "demo", str(NETWORK), "--json"]
    work = scratch / heat
    work.mkdir()
    told = (scratch / f"{heat}.json").open("w+")
    start = time.perf_counter()
    with (
        told,
        subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=work,
            env=os.environ | {"ARTERIAL_CACHE": str(scratch / "cache")},
            stdout=told,
        ) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        told.seek(0)
        stages = _stages(told.read())
    assert process.returncode in {0, 1}, f"arterial demo ended with {process.returncode}"
    return _Ended(seconds, usage.ru_maxrss / _rss_per_mib(), stages)


def _rss_per_mib() -> float:
    """What ``ru_maxrss`` counts in: KiB, but bytes on macOS."""
    return 2.0**20 if sys.platform == "darwin" else 2.0**10


def _stages(text: str) -> dict[str, float]:
    """Seconds by stage; loads run side by side, so that they add up to more than the whole."""
    said = json.loads(text)
    return {str(stage["name"]): float(stage["seconds"]) for stage in said["stages"]}
