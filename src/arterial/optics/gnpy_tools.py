"""GNPy's own command line on files, and what it answered.

The tool is the one beside the Python that runs; it runs as a child, without a shell, in a folder of
its own, because it writes more files than the one asked for. Its figures are rounded to 0.01 dB.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from arterial.errors import SolverError

__all__ = ["FEASIBLE", "PATH_REQUEST", "ROUNDING_DB", "Answer", "answers"]

PATH_REQUEST = "gnpy-path-request"
FEASIBLE = "feasible"
ROUNDING_DB = 0.005
"""Half of the last digit that the tool writes."""

_LOWEST = "lowest_SNR-0.1nm"
_BETWEEN = " | "
"""What GNPy writes between the names of services that it answers together."""


class Answer(Struct, frozen=True, kw_only=True):
    """What GNPy says of one service."""

    verdict: str
    """``FEASIBLE``, or GNPy's word for what stops it."""
    lowest_db: tuple[float, float]
    """GSNR in 0.1 nm of the worst channel, there and back; NaN where GNPy found no way."""


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
    command = tool or Path(sys.executable).with_name(PATH_REQUEST)
    with tempfile.TemporaryDirectory(prefix="arterial-gnpy-") as place:
        answer = Path(place) / "answer.json"
        words = [command, folder / "topology.json", services, "-e", folder / "equipment.json"]
        arguments = [str(Path(word).absolute()) if word != "-e" else "-e" for word in words]
        try:
            run = subprocess.run(  # noqa: S603 - GNPy's own tool, no shell
                [*arguments, "-o", str(answer)], capture_output=True, check=False, cwd=place
            )
        except OSError as error:
            raise SolverError(PATH_REQUEST, f"{command}: {error.strerror}") from error
        if run.returncode != 0 or not answer.exists():
            raise SolverError(PATH_REQUEST, _last_words(run))
        return _read(answer)


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
        lowest_db=(_lowest(properties, "path-metric"), _lowest(properties, "z-a-path-metric")),
    )


def _lowest(properties: dict[str, Any], way: str) -> float:
    for metric in properties.get(way, []):
        if metric["metric-type"] == _LOWEST:
            return float(metric["accumulative-value"])
    return float("nan")
