# ruff: noqa: INP001, T201, S602 - a script beside the page that it fills; it runs the page's lines
"""Fills docs/GALLERY.md and docs/gallery/: what the commands of the page print and draw.

``python docs/gallery.py`` runs every command of the page's ``console`` blocks, in order, in one
empty folder with the networks beside it, and writes what they print below them and the pictures
that they draw. ``--check`` writes nothing: it says what is stale and exits 1. A verb is added by a
section of the page. A line of wall time is no result and is left out.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "GALLERY.md"
PICTURES = DOCS / "gallery"

BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)$", re.MULTILINE)
DRAWN = re.compile(r"--picture (\S+)")
WALL_TIME = re.compile(r"^seconds +[\d.]+$")
ANSWERED = (0, 1)
"""Yes and no are both answers; anything else is a mistake of the page."""


def main() -> int:
    """Write or check; 1 where something is stale, 2 where a command of the page fails."""
    parser = argparse.ArgumentParser(prog="docs/gallery.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="say what is stale, write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as place:
        wanted = made(PAGE.read_text(encoding="utf-8"), Path(place))
    found = {path: path.read_bytes() for path in (PAGE, *sorted(PICTURES.glob("*")))}
    stale = sorted(
        path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path)
    )
    if not check:
        write(wanted, stale)
    for path in stale:
        print(f"{'stale' if check else 'made'}  {path.relative_to(DOCS.parent)}")
    if check and stale:
        print("make gallery makes them anew", file=sys.stderr)
        return 1
    return 0


def made(page: str, place: Path) -> dict[Path, bytes]:
    """The page with what its commands print, and the pictures they draw, by path."""
    (place / "networks").symlink_to(DOCS.parent / "networks")
    pictures: list[str] = []

    def answered(block: re.Match[str]) -> str:
        commands = COMMAND.findall(block[0])
        for command in commands:
            pictures.extend(DRAWN.findall(command))
        return "\n".join(f"$ {command}\n{printed(command, place)}" for command in commands)

    files = {PAGE: BLOCK.sub(answered, page).encode()}
    return files | {PICTURES / Path(name).name: (place / name).read_bytes() for name in pictures}


def printed(command: str, place: Path) -> str:
    """What a shell prints for it, without blanks at line ends and lines of wall time."""
    print(f"$ {command}", file=sys.stderr, flush=True)
    near = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # commands of a page of this repository
        command,
        shell=True,
        cwd=place,
        env={**os.environ, "PATH": near},
        capture_output=True,
        text=True,
        check=False,
    )
    # The code of a line that ends in `head` is head's own: silence is a failure too.
    if done.returncode not in ANSWERED or not done.stdout:
        sys.stderr.write(done.stderr)
        print(f"{PAGE.name}: exit {done.returncode}, or nothing said: {command}", file=sys.stderr)
        sys.exit(2)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    told = "\n".join(line for line in lines if not WALL_TIME.match(line)).strip("\n")
    return f"{told}\n" if told else ""


def write(wanted: dict[Path, bytes], stale: list[Path]) -> None:
    """Bring the stale ones up to date; what no command draws any more goes."""
    PICTURES.mkdir(exist_ok=True)
    for path in stale:
        if path in wanted:
            path.write_bytes(wanted[path])
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
