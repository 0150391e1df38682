"""Peers of other people, run by the Python of `make peers` on arrays that we hand over as files."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ABSENT", "asked", "installed"]

ABSENT = "peer not installed: make peers"
PYTHON = Path(__file__).parents[1] / ".bench" / "peers" / "bin" / "python"
SCRIPTS = Path(__file__).parent / "peer"


def installed() -> bool:
    """Whether `make peers` has been there."""
    return PYTHON.is_file()


def asked(
    peer: str, given: Mapping[str, ArrayLike], *, limit_s: float = 3600.0
) -> dict[str, NDArray[np.generic]]:
    """What ``bench/peer/PEER.py`` makes of ``given``; it tells its own CPU seconds.

    Raises CalledProcessError or TimeoutExpired where it fails or takes too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "question.npz"), Path(folder, "answer.npz")
        np.savez(question, **given)  # pyright: ignore[reportArgumentType] - its stub knows kinds
        command = [str(PYTHON), str(SCRIPTS / f"{peer}.py"), str(question), str(answer)]
        subprocess.run(command, check=True, timeout=limit_s)  # noqa: S603 - our own command
        with np.load(answer, allow_pickle=False) as said:
            return {name: said[name] for name in said.files}
