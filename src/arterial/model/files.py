"""The bytes of a description's files: inside its folder, of bounded size, UTF-8.

A table's name comes from a file that a stranger may have written: nothing outside the folder is
opened, no device, no pipe, and never more than the limit is read.
"""

import stat
import unicodedata
from pathlib import Path, PurePosixPath

from arterial.errors import ModelError, Problem
from arterial.model.marks import shown

__all__ = ["TABLE_BYTES", "YAML_BYTES", "read_text"]

YAML_BYTES = 8 * 1024**2
TABLE_BYTES = 64 * 1024**2

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(folder: Path, name: str, limit: int) -> str:
    """A file's text in NFC, lines ended by line feeds, without byte-order mark.

    Raises
    ------
    ModelError
        It is missing, outside the folder, no regular file, over ``limit`` bytes, or no UTF-8.
    """
    path = _inside(folder, name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refusal(name, "this is no regular file", "Name a file")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        near = _neighbours(folder, name)
        raise _refusal(name, "there is no such file", near or "Add it, or name another") from None
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise _refusal(name, reason.lower(), "Check the file and its permissions") from None
    if len(content) > limit:
        found = f"larger than {limit // 1024**2} MiB"
        raise _refusal(name, found, "Drop what is not needed")
    return _decoded(content, name)


def _inside(folder: Path, name: str) -> Path:
    if not _is_folder(folder):
        expected = "Name the folder that holds network.yaml"
        raise _refusal(shown(str(folder)), "there is no such folder", expected)
    pure = PurePosixPath(name)
    plain = name.isprintable() and "\\" not in name and ":" not in name
    if not name or not plain or pure.is_absolute() or ".." in pure.parts:
        found = "no name of a file in this folder"
        raise _refusal(f"'{shown(name)}'", found, "Name a file below it, without '..'")
    try:
        path = (folder / name).resolve()
        outside = not path.is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        raise _refusal(name, "a link that leads nowhere", "Put the file itself here") from None
    if outside:
        raise _refusal(name, "a link that leads out of the folder", "Put the file itself here")
    return path


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False


def _neighbours(folder: Path, name: str) -> str:
    beside = sorted(path.name for path in folder.glob("*.csv"))[:8]
    return f"Beside it: {', '.join(beside)}" if beside and name.endswith(".csv") else ""


def _decoded(content: bytes, name: str) -> str:
    if content.startswith(_UTF16):
        raise _refusal(name, "this is UTF-16", "Save it as UTF-8", 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} is not UTF-8 (Latin-1 or Windows-1252, perhaps)"
        raise _refusal(name, found, "Save it as UTF-8", line) from None
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _refusal(file: str, found: str, expected: str, line: int | None = None) -> ModelError:
    return ModelError([Problem(file=file, line=line, found=found, expected=expected)])
