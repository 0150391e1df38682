"""A ledger on disk for long work in chunks: what was recorded is kept, and kept once.

Each record carries its own SHA-256 and is on the disk before ``record`` returns. A process may be
killed at any moment: a half-written record at the end is dropped, never trusted, and its chunk is
done again. A ledger belongs to one key (the hash of all that its chunks depend on); under another
key it starts anew, or is refused. One process at a time writes it.
"""

import fcntl
import hashlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from arterial.errors import BusyError, DamagedError

__all__ = ["Ledger"]

_MAGIC = b"arterial ledger 1\n"
_SIZES = struct.Struct(">II")
_DIGEST = 32


class Ledger:
    """Results of chunks by name, in the order they were recorded. Use as a context manager."""

    def __init__(
        self, path: Path, key: str, *, fresh: bool = False, refusal: str | None = None
    ) -> None:
        """Open the ledger at ``path``; records that were made under another ``key`` are dropped.

        Parameters
        ----------
        fresh
            Drop all.
        refusal
            What to do instead, where the ledger is another key's or none at all: it then stays as
            it is.

        Raises
        ------
        BusyError
            Another process holds it.
        DamagedError
            It is refused.
        OSError
            The disk refuses.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._refusal = refusal
        self.dropped = ""
        """What was found and not kept, in words; empty where everything was."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            self._lock()
            if fresh:
                os.ftruncate(self._handle, 0)
            self._done = self._recover(_MAGIC + hashlib.sha256(key.encode()).digest())
        except BaseException:
            os.close(self._handle)
            raise

    def done(self) -> dict[str, bytes]:
        """What stands recorded, by name."""
        return dict(self._done)

    def record(self, name: str, content: bytes) -> None:
        """Keep a chunk's result; on the disk when this returns. A name recorded before stands."""
        if name in self._done:
            return
        end = os.fstat(self._handle).st_size
        try:
            _write(self._handle, _packed(name.encode(), content))
            os.fsync(self._handle)
        except BaseException:
            os.ftruncate(self._handle, end)
            raise
        self._done[name] = content

    def remove(self) -> None:
        """The work is done and its result stands elsewhere: forget the chunks."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let another process write."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(str(self.path)) from error

    def _recover(self, opening: bytes) -> dict[str, bytes]:
        """Read what is whole, cut the rest off."""
        content = self.path.read_bytes()
        done: dict[str, bytes] = {}
        if not content.startswith(opening):
            self._dropped_whole(content)
            os.ftruncate(self._handle, 0)
            _write(self._handle, opening)
            os.fsync(self._handle)
            return done
        end = len(opening)
        for name, chunk, after in _records(content, end):
            done.setdefault(name, chunk)
            end = after
        if end < len(content):
            self.dropped = f"its last {len(content) - end} bytes are no whole record"
        os.ftruncate(self._handle, end)
        return done

    def _dropped_whole(self, content: bytes) -> None:
        """Note, or refuse, what is not this key's."""
        if not content:
            return
        self.dropped = (
            "it was kept for another question: the input, options or version differ"
            if content.startswith(_MAGIC)
            else "it does not begin as a ledger does"
        )
        if self._refusal is not None:
            raise DamagedError(str(self.path), self.dropped, self._refusal)


def _packed(name: bytes, content: bytes) -> bytes:
    body = _SIZES.pack(len(name), len(content)) + name + content
    return hashlib.sha256(body).digest() + body


def _records(content: bytes, start: int) -> Iterator[tuple[str, bytes, int]]:
    """Name, result and end of each whole record, up to the first that is not."""
    while start + _DIGEST + _SIZES.size <= len(content):
        body = start + _DIGEST
        name_bytes, content_bytes = _SIZES.unpack_from(content, body)
        name_end = body + _SIZES.size + name_bytes
        end = name_end + content_bytes
        if end > len(content) or hashlib.sha256(content[body:end]).digest() != content[start:body]:
            return
        yield content[body + _SIZES.size : name_end].decode(), content[name_end:end], end
        start = end


def _write(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
