"""Sections on disk, filed under the hash of everything that their physics depends on.

A file that is cut short, changed or of another shape is never trusted: its arrays carry a SHA-256
of their own. Losing the cache loses time, never a result.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arterial.jobs.files import cache_folder, write_atomically

__all__ = ["Arrays", "cache_file", "packed", "stored", "store", "unpacked"]

Arrays = dict[str, NDArray[np.float64]]

CHECKSUM = "sha256"


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
    arrays = unpacked(content, checksum=True)
    if {name: array.shape for name, array in arrays.items()} != dict(shapes):
        raise ValueError("holds another shape")
    return arrays


def store(key: str, arrays: Arrays) -> None:
    """File ``arrays`` under ``key``; raises OSError when the disk will not take them."""
    write_atomically(cache_file(key), packed({**arrays, CHECKSUM: _checksum(arrays)}))


def packed(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """An npz archive."""
    archive = io.BytesIO()
    np.savez(archive, allow_pickle=False, **arrays)
    return archive.getvalue()


def unpacked(content: bytes, *, checksum: bool) -> Arrays:
    """The float arrays of an npz archive; ValueError when it is damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError("is no whole npz archive") from error
    if checksum:
        written = arrays.pop(CHECKSUM, None)
        if written is None or not np.array_equal(written, _checksum(arrays)):
            raise ValueError("does not hold what was written")
    return {name: array.astype(np.float64, copy=False) for name, array in arrays.items()}


def _checksum(arrays: Arrays) -> NDArray[np.uint8]:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)
