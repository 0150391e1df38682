"""Sections on disk, filed under the hash of everything that their physics depends on.

A file is an npz archive and, behind it, the SHA-256 of the archive: a file that was cut short or
changed is found out before a byte of it is parsed, and never trusted. The version of GNPy that the
figures are from stands beside them, and another version's are not used. Losing the cache loses
time, never a result.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arterial.jobs.files import cache_folder, write_atomically

__all__ = ["Arrays", "cache_file", "sealed", "store", "stored", "unpacked"]

Arrays = dict[str, NDArray[np.float64]]

DIGEST_BYTES = 32
MADE_BY = "gnpy_version"
"""The array that holds the version, one code point an entry."""


def cache_file(key: str) -> Path:
    """Where the sections of content hash ``key`` are kept."""
    return cache_folder() / "sections" / f"{key}.npz"


def stored(
    key: str, shapes: Mapping[str, tuple[int, ...]], gnpy: str | None = None
) -> Arrays | None:
    """The arrays filed under ``key``, or None when there are none.

    Parameters
    ----------
    key
        Content hash of what was asked.
    shapes
        Of every array, by name.
    gnpy
        Version whose figures will do; None stands for the one installed.

    Raises
    ------
    ValueError
        A file is there, but it does not hold what was written, or another version of GNPy made it.
    """
    try:
        content = cache_file(key).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from error
    arrays = unpacked(sealed(content))
    _check_version(arrays.pop(MADE_BY, None), gnpy or version("gnpy"))
    if {name: array.shape for name, array in arrays.items()} != dict(shapes):
        raise ValueError("holds another shape")
    return arrays


def store(key: str, arrays: Arrays, gnpy: str | None = None) -> None:
    """File ``arrays`` under ``key``; raises OSError when the disk will not take them.

    ``gnpy`` is the version that made them; None stands for the one installed.
    """
    archive = io.BytesIO()
    made_by = np.array([ord(letter) for letter in gnpy or version("gnpy")], dtype=np.float64)
    np.savez(archive, allow_pickle=False, **arrays, **{MADE_BY: made_by})
    content = archive.getvalue()
    write_atomically(cache_file(key), content + hashlib.sha256(content).digest())


def sealed(content: bytes) -> bytes:
    """The archive within a file's bytes; ValueError unless it is what was written."""
    archive, digest = content[:-DIGEST_BYTES], content[-DIGEST_BYTES:]
    if hashlib.sha256(archive).digest() != digest:
        raise ValueError("does not hold what was written")
    return archive


def _check_version(made_by: NDArray[np.float64] | None, gnpy: str) -> None:
    letters = made_by if made_by is not None and made_by.ndim == 1 else np.empty(0)
    found = "".join(chr(int(letter)) for letter in letters)
    if found != gnpy:
        raise ValueError(f"is from GNPy {found or 'of no known version'}, and this is {gnpy}")


def unpacked(archive: bytes) -> Arrays:
    """The float arrays of an npz archive; ValueError when it is none."""
    try:
        with np.load(io.BytesIO(archive), allow_pickle=False) as members:
            return {name: np.asarray(members[name], dtype=np.float64) for name in members.files}
    except (OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError("is no npz archive") from error
