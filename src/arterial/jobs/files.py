"""Files that are either old or new, never half: temp, fsync, rename."""

import os
import tempfile
from pathlib import Path

__all__ = ["cache_folder", "write_atomically"]


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old file or the new one.

    Raises OSError (a full disk, no permission) and then leaves no temporary file behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
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
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def cache_folder() -> Path:
    """Where results that can be made again are kept: $ARTERIAL_CACHE, else the XDG cache."""
    named = os.environ.get("ARTERIAL_CACHE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "arterial"
