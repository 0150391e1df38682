"""``arterial``: the list of verbs, and one place where every failure is told.

Exit codes: 0 yes, 1 no, 2 usage or an invalid file, 3 unknown or an internal error, 130 stopped by
the user. No traceback reaches a user; ARTERIAL_DEBUG=1 writes it to a file.
"""

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from arterial import __version__
from arterial.errors import ArterialError, InterruptedRunError
from arterial.jobs.files import cache_folder, write_atomically

__all__ = ["APP", "main"]

USAGE = 2
BROKEN = 3
STOPPED = 130
_NO_MEMORY = (
    "out of memory: nothing is proved. More of it would do, or a question that asks for less: fewer"
    " failures, loads or rounds; rounds that ended go on where the verb keeps them (-o, --resume)"
)

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_WRONG_PLACE = {
    errno.EISDIR: "a folder stands here. Name a file",
    errno.EEXIST: "a file stands here. Name a folder",
    errno.ENOTDIR: "a part of this path is a file. Name a path through folders",
    errno.ENAMETOOLONG: "this name is too long. Name a shorter one",
}
"""What the user named cannot be what it is to be: usage, not a failure of ours."""

APP = App(
    name="arterial",
    help="Designs and proves the backbone under AI: a network folder in, a proven plan out.",
    help_epilogue="Exit codes: 0 yes, 1 no, 2 usage or invalid file, 3 unknown or internal error.",
    version=__version__,
    help_format="plaintext",  # markdown costs every `--help` a quarter of a second
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
_IMPORT = App(name="import", help="Turn another project's network file into a network folder.")
_EXPORT = App(name="export", help="Write a plan as another project's files.")
_TRAFFIC = App(name="traffic", help="Make tables of demands for a load of a network folder.")

_VERBS = {
    "check": "Read a network folder: what it holds, what is unknown, everything wrong in it.",
    "populate": "Put people, campuses, work and candidate fibres on a bare network.",
    "reach": "Which modes get from one site to another, over up to three diverse routes.",
    "catalogue": "List the pluggable modes: figures, trust, what is missing, what that blocks.",
    "spectrum": "How full the fibres are, and what one more pair costs where it is tight.",
    "design": "Design a backbone for a load and write the plan.",
    "evolve": "Plan for all phases of a network: three ways, orders, how long each lasts.",
    "capacity": "Modules on candidate links at least cost, whatever fails; SNDlib files too.",
    "shapes": "Hub and spoke, rings, a free design and your own network side by side.",
    "prove": "Prove or refute a plan under every failure of its policy.",
    "upgrade": "Raise the capacity between two sites of a plan, or all: no step drops traffic.",
    "route": "Route a network's or a plan's traffic by traffic engineering, with a bound.",
    "sweep": "Play every failure of a set: what is carried, what is lost, which link is fullest.",
    "protect": "Protect traffic beforehand; judge each failure at three moments.",
    "latency": "How many people are answered within a round trip, and what more would cost.",
    "growth": "What fibre carries between campuses, and how many years of growth that is.",
    "tradeoff": "Cost against people near an edge against training; what each policy costs.",
    "restore": "What light comes back after every cut, when, and on whose spares.",
    "report": "Write a plan and its proof as one page.",
    "bill": "Bill of materials by site, phase by phase: costs, watts, dates of order.",
    "schema": "Print the JSON Schema of a network description, for editors.",
    "diff": "What is built, moved and freed between two plans; what gets better or worse.",
    "why": "The failure and demand that make a wave necessary, and what is lost without it.",
    "demo": "The whole way on the reference network, in about a minute.",
}
for verb, words in _VERBS.items():
    APP.command(f"arterial.cli.{verb}:{verb}", name=verb, help=words)
_FORMATS = {
    "gnpy": "A GNPy topology (JSON).",
    "graphml": "GraphML, as Topology Zoo.",
    "repetita": "A REPETITA graph and its demands.",
    "sndlib": "An SNDlib network, native text or XML.",
    "topohub": "A TopoHub graph (JSON).",
}
for verb, words in _FORMATS.items():
    _IMPORT.command(f"arterial.cli.imports:{verb}", name=verb, help=words)
APP.command(_IMPORT)
_EXPORT.command("arterial.cli.export:gnpy", name="gnpy", help="GNPy's topology and services.")
APP.command(_EXPORT)
_TRAFFIC.command("arterial.cli.traffic:gravity", name="gravity", help="By masses of sites.")
_TRAFFIC.command("arterial.cli.traffic:series", name="series", help="From measured matrices.")
APP.command(_TRAFFIC)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone: nothing can be told to it, and Python's own last
        # flush must not try.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN
    except OSError as error:
        return _told(_os_words(error), USAGE if error.errno in _WRONG_PLACE else BROKEN)
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = APP(arguments, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        asked = " ".join(("arterial", *(error.command_chain or ())))
        return _told(f"{str(error).strip()}\nSee `{asked} --help`", USAGE)
    except InterruptedRunError as error:
        return _told(str(error), STOPPED)
    except ArterialError as error:
        return _told(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _told("stopped; files that stood before are as they were", STOPPED)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can keep a traceback from a user
        return _told(_internal_words(error), BROKEN)
    return code if isinstance(code, int) else 0


def _told(words: str, code: int) -> int:
    lines = words.splitlines() or [""]
    # A full disk may hold standard error too: the code alone must then say what is so.
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write("".join(f"arterial: {line}\n" for line in lines))
        sys.stderr.flush()
    return code


def _os_words(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    reason = _WRONG_PLACE.get(error.errno or 0) or error.strerror or str(error)
    if error.errno in _NO_SPACE:
        saved = "Make room and run the same command again; what stood before is as it was"
        return f"{place}cannot write: {reason}. {saved}"
    return f"{place}{reason}"


def _internal_words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    words = f"internal error, please report it: {what}"
    if os.environ.get("ARTERIAL_DEBUG", "0") in ("", "0"):
        return f"{words}. ARTERIAL_DEBUG=1 writes the details to a file"
    path = cache_folder() / "debug.log"
    try:
        write_atomically(path, "".join(traceback.format_exception(error)).encode())
    except OSError as refused:
        return f"{words}. The details could not be written: {refused}"
    return f"{words}. Details: {path}"
