"""Sealed JSON: a document that carries the SHA-256 of its own bytes, so that no change goes unseen.

The seal guards against accidents (a cut, a flipped bit, an editor), not against a forger. A sealed
file that does not match is refused whole; nothing of it is used.
"""

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec

from arterial.errors import DamagedError

__all__ = ["bytes_of", "sealed", "unsealed"]

T = TypeVar("T")

_OPENING = b'{\n "seal": "'
_HEX = 64


def sealed(document: msgspec.Struct) -> bytes:
    """JSON of ``document``, indented for people; it opens with the hash of all that follows."""
    body = msgspec.json.format(msgspec.json.encode(document), indent=1)
    rest = b'",' + body.removeprefix(b"{") + b"\n"
    return _OPENING + _digest(rest) + rest


def unsealed(path: Path, kind: type[T], *, remedy: str) -> T:
    """What ``sealed`` wrote to ``path``.

    Raises DamagedError, with ``remedy`` as what would help, when it is missing, cut or changed.
    """
    content = bytes_of(path, remedy=remedy)
    digest, rest = content[len(_OPENING) :][:_HEX], content[len(_OPENING) + _HEX :]
    if not content.startswith(_OPENING) or digest != _digest(rest):
        found = "the file was cut short or changed since it was written"
        raise DamagedError(str(path), found, remedy)
    try:
        return msgspec.json.decode(b"{" + rest.removeprefix(b'",'), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        found = f"it was written by another version of Arterial ({error})"
        raise DamagedError(str(path), found, remedy) from error


def bytes_of(path: Path, *, remedy: str) -> bytes:
    """The file's content. Raises DamagedError when it is missing or no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise DamagedError(str(path), "the file is missing", remedy) from error


def _digest(rest: bytes) -> bytes:
    return hashlib.sha256(rest).hexdigest().encode()
