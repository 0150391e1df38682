import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import settings

from arterial.study.design import Question, design

NETWORKS = Path(__file__).parents[1] / "networks"
SHORTCUTS = ("Dogwood-Larch", "Fir-Juniper")
COMMAND = [sys.executable, "-c", "import sys; from arterial.cli import main; sys.exit(main())"]

TWO_CUTS = """
policy:
  rules:
    - {classes: [inference], after: [fibre, srlg, router, site, edge, fibre2], keep: 1.0}
    - {classes: [sync], after: [fibre, srlg], keep: 0.5}
    - {classes: [checkpoint, ingest, rollout], after: [fibre, srlg], keep: 0.25}
"""

# A shell that starts a run in the background has it ignore interrupts, and so would all it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No deadline: the machine that checks is slower than the one that wrote the test. CI draws the same
# cases every time; at a desk they are drawn afresh, and a failure prints the blob that repeats it.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def seed(request):
    """A seed of the test's own, shown when it fails; ARTERIAL_TEST_SEED sets another."""
    given = os.environ.get("ARTERIAL_TEST_SEED")
    drawn = int(given) if given else zlib.crc32(request.node.nodeid.encode())
    print(f"ARTERIAL_TEST_SEED={drawn}")  # noqa: T201 - pytest shows it with the failure
    return drawn


@pytest.fixture(scope="session")
def section():
    """What follows a heading of a page, or a line that begins so, up to the next of them."""

    def found(text, heading):
        start = text.index(f"\n{heading}") + 1
        body = text.index("\n", start)
        ends = [match.start() for match in re.finditer(r"^(?:#|`kind: )", text, re.MULTILINE)]
        return text[body : min((end for end in ends if end > body), default=len(text))]

    return found


@pytest.fixture(scope="session")
def table():
    """Rows of the first tables of a text that have so many columns, code marks off."""

    def found(text, *, columns):
        rows = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
        split = [[cell.strip() for cell in row.split(" | ")] for row in rows]
        return [cells for cells in split if len(cells) == columns and set(cells[0]) != {"-"}]

    return found


@pytest.fixture(scope="session")
def drill():
    """Folder of the drill network; only to be read."""
    return NETWORKS / "drill"


@pytest.fixture(scope="session")
def drill_plan(tmp_path_factory):
    """Folder with a plan of the drill network, made once; only to be read."""
    return made_once(tmp_path_factory, "drill", Question(gap=0.1))


@pytest.fixture(scope="session")
def sparse_drill(tmp_path_factory):
    """Folder of the drill network less two dark fibres; only to be read.

    With them all light of the drill is 800G on one ring, and a cut of it leaves no way round. On
    this one waves have modes to go up to, and cuts have light to restore.
    """
    folder = tmp_path_factory.mktemp("sparse") / "drill"
    shutil.copytree(NETWORKS / "drill", folder)
    rows = (folder / "fibres.csv").read_text().splitlines(keepends=True)
    kept = [row for row in rows if row.partition(",")[0] not in SHORTCUTS]
    assert len(kept) == len(rows) - len(SHORTCUTS)
    (folder / "fibres.csv").write_text("".join(kept))
    return folder


@pytest.fixture(scope="session")
def sparse_plan(tmp_path_factory, sparse_drill):
    """Folder with a plan of that network, made once; only to be read."""
    return made_once(tmp_path_factory, "sparse", Question(gap=0.1), sparse_drill)


@pytest.fixture(scope="session")
def doubled_drill(tmp_path_factory):
    """Folder of the drill network whose people outlive any two cuts; only to be read."""
    folder = tmp_path_factory.mktemp("doubled") / "drill"
    shutil.copytree(NETWORKS / "drill", folder)
    with (folder / "network.yaml").open("a") as text:
        text.write(TWO_CUTS)
    return folder


@pytest.fixture(scope="session")
def doubled_plan(tmp_path_factory, doubled_drill):
    """Folder with a plan of that network, made once; only to be read."""
    return made_once(tmp_path_factory, "doubled", Question(gap=0.04), doubled_drill)


@pytest.fixture(scope="session")
def reference_plan(tmp_path_factory):
    """Folder with a plan of the reference network, made once; only to be read."""
    return made_once(tmp_path_factory, "us-ai-backbone", Question(load="draft", gap=0.1))


def made_once(tmp_path_factory, name, question, network=None):
    """A plan's folder; where tests run in several processes, all of them share it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = base / f"plan of {name}"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "plan.json").exists():
            design(network or NETWORKS / name, folder, question)
    return folder


@pytest.fixture(scope="session")
def command():
    """How a process of its own runs the command line."""
    return tuple(COMMAND)


@pytest.fixture
def started(tmp_path):
    """Starts the command line in a process of its own, as a user does, in an empty folder."""
    running = []

    def start(*arguments, **environment):
        child = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        running.append(child)
        return child

    yield start
    for child in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate(timeout=60)


@pytest.fixture
def ended(started):
    """Runs the command line to its end: (exit code, standard output, standard error)."""

    def end(*arguments, **environment):
        child = started(*arguments, **environment)
        out, said = child.communicate(timeout=300)
        assert "Traceback" not in said
        return child.returncode, out, said

    return end
