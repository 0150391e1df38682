"""Sections on disk, filed under the hash of everything that their physics depends on.

A file is an npz archive and, behind it, the SHA-256 of the archive: a file that was cut short or
changed is found out before a byte of it is parsed, and never trusted. Losing the cache loses time,
never a result.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arterial.jobs.files import cache_folder, write_atomically

__all__ = ["Arrays", "cache_file", "sealed", "store", "stored", "unpacked"]

Arrays = dict[str, NDArray[np.float64]]

DIGEST_BYTES = 32


def cache_file(key: str) -> Path:
    """Where the sections of content hash ``key`` are kept."""
    return cache_folder() / "sections" / f"{key}.npz"


def stored(key: str, shapes: Mapping[str, tuple[int, ...]]) -> Arrays | None:
    """The arrays filed under ``key``, or None when there are none.

    Raises
    ------
    ValueError
        A file is there, but it does not hold what was written.
    """
    try:
        content = cache_file(key).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from error
    arrays = unpacked(sealed(content))
    if {name: array.shape for name, array in arrays.items()} != dict(shapes):
        raise ValueError("holds another shape")
    return arrays


def store(key: str, arrays: Arrays) -> None:
    """File ``arrays`` under ``key``; raises OSError when the disk will not take them."""
    archive = io.BytesIO()
    np.savez(archive, allow_pickle=False, **arrays)
    content = archive.getvalue()
    write_atomically(cache_file(key), content + hashlib.sha256(content).digest())


def sealed(content: bytes) -> bytes:
    """The archive within a file's bytes; ValueError unless it is what was written."""
    archive, digest = content[:-DIGEST_BYTES], content[-DIGEST_BYTES:]
    if hashlib.sha256(archive).digest() != digest:
        raise ValueError("does not hold what was written")
    return archive


def unpacked(archive: bytes) -> Arrays:
    """The float arrays of an npz archive; ValueError when it is none."""
    try:
        with np.load(io.BytesIO(archive), allow_pickle=False) as members:
            return {name: np.asarray(members[name], dtype=np.float64) for name in members.files}
    except (OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError("is no npz archive") from error
