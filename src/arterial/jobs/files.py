"""Files that are either old or new, never half: temp, fsync, rename."""

import errno
import os
import tempfile
from pathlib import Path

__all__ = ["cache_folder", "write_atomically"]


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old file or the new one.

    Raises OSError (a full disk, no permission, a folder in its place) that names ``path``, and then
    leaves no temporary file behind.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _replace(path, content)
    except OSError as error:
        error.filename = str(path)  # the temporary name says nothing to a user
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh = Path(temporary)
        fresh.chmod(0o644)
        fresh.replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def cache_folder() -> Path:
    """Where results that can be made again are kept: $ARTERIAL_CACHE, else the XDG cache."""
    named = os.environ.get("ARTERIAL_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "arterial"
