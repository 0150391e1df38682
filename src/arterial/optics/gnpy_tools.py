"""GNPy's own command line on files, and what it answered.

A tool is the one beside the Python that runs; it runs as a child, without a shell, in a folder of
its own, because it writes more files than the one asked for. Figures are rounded to 0.01 dB: the
path request writes the worst channel's, the transmission example prints every channel's.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any

from msgspec import Struct

from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.jobs.threads import in_threads
from arterial.optics.gnpy_comb import COMB_FOLDER, CombRun
from arterial.optics.gnpy_files import EQUIPMENT, SIM_PARAMS, TOPOLOGY
from arterial.units import REFERENCE_GHZ

__all__ = [
    "FEASIBLE",
    "PATH_REQUEST",
    "ROUNDING_DB",
    "TRANSMISSION",
    "Answer",
    "answers",
    "channels_db",
]

PATH_REQUEST = "gnpy-path-request"
TRANSMISSION = "gnpy-transmission-example"
FEASIBLE = "feasible"
ROUNDING_DB = 0.005
"""Half of the last digit that the tool writes."""

_LOWEST, _PDL = "lowest_SNR-0.1nm", "PDL_penalty"
_WAYS = ("path-metric", "z-a-path-metric")
_CHANNELS = "The GSNR per channel at the end of the line is:"
_COLUMNS = 6
_BETWEEN = " | "
"""What GNPy writes between the names of services that it answers together."""


class Answer(Struct, frozen=True, kw_only=True):
    """What GNPy says of one service."""

    verdict: str
    """``FEASIBLE``, or GNPy's word for what stops it."""
    lowest_db: tuple[float, float]
    """GSNR in 0.1 nm of the worst channel, there and back; NaN where GNPy found no way."""
    pdl_penalty_db: float = nan
    """What polarisation dependent loss costs, the worse way; NaN where the mode gives none."""


def answers(folder: Path, services: Path, *, tool: Path | None = None) -> Mapping[str, Answer]:
    """Let ``gnpy-path-request`` judge a file of services in a folder that was exported.

    Parameters
    ----------
    tool
        Absent: the one beside the Python that runs.

    Raises
    ------
    SolverError
        The tool is not there, refused the files, or did not answer.
    """
    with tempfile.TemporaryDirectory(prefix="arterial-gnpy-") as place:
        answer = Path(place) / "answer.json"
        words = [folder / TOPOLOGY, services, "-e", folder / EQUIPMENT]
        if (folder / SIM_PARAMS).exists():
            words += ["--sim-params", folder / SIM_PARAMS]
        run = _ran(PATH_REQUEST, tool, [*words, "-o", answer], place)
        if run.returncode != 0 or not answer.exists():
            raise SolverError(PATH_REQUEST, _last_words(run))
        return _read(answer)


def channels_db(
    folder: Path, runs: Sequence[CombRun], report: Report = silent, *, tool: Path | None = None
) -> Mapping[tuple[str, int], tuple[float, ...]]:
    """Let ``gnpy-transmission-example`` light each run's route: GSNR of each channel, 0.1 nm.

    Returns
    -------
    dict
        By name and way; channels ascending in frequency.

    Raises
    ------
    SolverError
        The tool is not there, refused the files, or lit other channels than the comb's.
    """
    found: dict[tuple[str, int], tuple[float, ...]] = {}

    def lit(run: CombRun) -> tuple[float, ...]:
        return _lit(folder, run, tool)

    for run, channels in in_threads(lit, runs, at_once=os.cpu_count() or 1):
        found[run.name, run.way] = channels
        report(TRANSMISSION, float(len(found)), float(len(runs)))
    return found


def _lit(folder: Path, run: CombRun, tool: Path | None) -> tuple[float, ...]:
    comb = folder / COMB_FOLDER
    with tempfile.TemporaryDirectory(prefix="arterial-gnpy-") as place:
        words = [comb / run.topology, run.source, run.destination, "-e", folder / EQUIPMENT]
        words += ["--sim-params", folder / SIM_PARAMS, "--spectrum", comb / run.spectrum]
        told = _ran(TRANSMISSION, tool, [*words, "--show-channels"], place)
    if told.returncode != 0:
        raise SolverError(TRANSMISSION, _last_words(told))
    in_signal_db = _channels(told.stdout.decode(errors="replace"))
    if len(in_signal_db) != run.channels:
        raise SolverError(
            TRANSMISSION, f"it printed {len(in_signal_db)} channels of {run.channels} ({run.name})"
        )
    into_01nm_db = 10.0 * math.log10(run.baud_gbd / REFERENCE_GHZ)
    return tuple(gsnr_db + into_01nm_db for gsnr_db in in_signal_db)


def _channels(printed: str) -> list[float]:
    """The last column of the table of channels: GSNR in the signal's own bandwidth, dB."""
    rows = [line.split() for line in printed.partition(_CHANNELS)[2].splitlines()]
    return [float(row[-1]) for row in rows if len(row) == _COLUMNS and row[0].isdigit()]


def _ran(
    name: str, tool: Path | None, words: Sequence[str | Path], place: str
) -> "subprocess.CompletedProcess[bytes]":
    command = tool or Path(sys.executable).with_name(name)
    told = [str(word.absolute()) if isinstance(word, Path) else word for word in (command, *words)]
    try:
        return subprocess.run(  # noqa: S603 - GNPy's own tool, no shell
            told, capture_output=True, check=False, cwd=place
        )
    except OSError as error:
        raise SolverError(name, f"{command}: {error.strerror}") from error


def _last_words(run: "subprocess.CompletedProcess[bytes]") -> str:
    told = (run.stderr.decode(errors="replace"), run.stdout.decode(errors="replace"))
    lines = [line.strip() for text in told for line in text.strip().splitlines()[-2:]]
    return " ".join(lines) or f"exit code {run.returncode}"


def _read(answer: Path) -> dict[str, Answer]:
    try:
        told = json.loads(answer.read_text(encoding="utf-8"))
        responses = told["gnpy-path-computation:responses"]["response"]
        return {
            name: _answer(response)
            for response in responses
            for name in response["response-id"].split(_BETWEEN)
        }
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise SolverError(PATH_REQUEST, f"its answer cannot be read ({error})") from error


def _answer(response: dict[str, Any]) -> Answer:
    stopped = response.get("no-path")
    found = response if stopped is None else stopped
    properties = found.get("path-properties", {})
    return Answer(
        verdict=FEASIBLE if stopped is None else str(stopped["no-path"]),
        lowest_db=(_metric(properties, _WAYS[0], _LOWEST), _metric(properties, _WAYS[1], _LOWEST)),
        pdl_penalty_db=max(_metric(properties, way, _PDL) for way in _WAYS),
    )


def _metric(properties: dict[str, Any], way: str, kind: str) -> float:
    for metric in properties.get(way, []):
        value = metric["accumulative-value"]
        # GNPy writes [null] for a cost that the mode does not give.
        if metric["metric-type"] == kind and isinstance(value, str | int | float):
            return float(value)
    return nan
