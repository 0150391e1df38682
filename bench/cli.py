"""How long a user waits for ``arterial --help``, beside a bare interpreter."""

import subprocess
import sys
from pathlib import Path

from bench.row import Row, median_s

__all__ = ["run"]

GOAL_S = 0.5


def run() -> list[Row]:
    """Time both from a shell's point of view."""
    command = Path(sys.executable).with_name("arterial")
    own_s = median_s(lambda: _ended(str(command), "--help"))
    return [
        Row(
            name="arterial --help",
            own_s=own_s,
            peer_s=median_s(lambda: _ended(sys.executable, "-c", "pass")),
            goal=f"<= {GOAL_S} s",
            met=own_s <= GOAL_S,
            note="peer: python -c pass",
        )
    ]


def _ended(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
