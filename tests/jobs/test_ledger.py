import random
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import BusyError
from arterial.jobs.ledger import Ledger

CHUNKS = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), st.binary(max_size=60))


def stands(path, key="k"):
    with Ledger(path, key) as ledger:
        return ledger.done()


@given(chunks=CHUNKS)
def test_what_was_recorded_is_found_again_in_order(chunks, tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "a.ledger"
    with Ledger(path, "k") as ledger:
        for name, content in chunks.items():
            ledger.record(name, content)
    assert list(stands(path).items()) == list(chunks.items())


@given(chunks=CHUNKS, data=st.data())
def test_a_file_cut_anywhere_keeps_a_prefix_of_its_records_and_goes_on(
    chunks, data, tmp_path_factory
):
    path = tmp_path_factory.mktemp("ledger") / "a.ledger"
    with Ledger(path, "k") as ledger:
        for name, content in chunks.items():
            ledger.record(name, content)
    content = path.read_bytes()
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    kept = stands(path)
    assert list(kept.items()) == list(chunks.items())[: len(kept)]
    with Ledger(path, "k") as ledger:
        for name, chunk in chunks.items():
            ledger.record(name, chunk)
    assert stands(path) == chunks


@given(chunks=CHUNKS.filter(bool), data=st.data())
def test_a_changed_byte_is_never_trusted(chunks, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "a.ledger"
    with Ledger(path, "k") as ledger:
        for name, content in chunks.items():
            ledger.record(name, content)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    kept = stands(path)
    assert len(kept) < len(chunks)
    assert kept.items() <= chunks.items()


def test_another_input_starts_anew(tmp_path):
    path = tmp_path / "a.ledger"
    with Ledger(path, "one input") as ledger:
        ledger.record("round 1", b"1")
    assert stands(path, "another input") == {}
    assert stands(path, "one input") == {}


def test_a_fresh_start_drops_what_stood(tmp_path):
    path = tmp_path / "a.ledger"
    with Ledger(path, "k") as ledger:
        ledger.record("round 1", b"1")
    with Ledger(path, "k", fresh=True) as ledger:
        assert ledger.done() == {}
        ledger.record("round 1", b"2")
    assert stands(path) == {"round 1": b"2"}


def test_a_chunk_counts_once(tmp_path):
    path = tmp_path / "a.ledger"
    with Ledger(path, "k") as ledger:
        ledger.record("round 1", b"first")
        size = path.stat().st_size
        ledger.record("round 1", b"second")
    assert path.stat().st_size == size
    assert stands(path) == {"round 1": b"first"}


def test_two_runs_do_not_share_a_ledger(tmp_path):
    with Ledger(tmp_path / "a.ledger", "k"), pytest.raises(BusyError, match="another run"):
        Ledger(tmp_path / "a.ledger", "k")
    assert stands(tmp_path / "a.ledger") == {}


def test_a_removed_ledger_is_forgotten(tmp_path):
    with Ledger(tmp_path / "a.ledger", "k") as ledger:
        ledger.record("round 1", b"1")
        ledger.remove()
    assert list(tmp_path.iterdir()) == []


WORKER = """
import sys
from pathlib import Path
from arterial.jobs.ledger import Ledger
with Ledger(Path(sys.argv[1]), "k") as ledger:
    done = ledger.done()
    for number in range(int(sys.argv[2])):
        name = f"chunk {number}"
        if name not in done:
            ledger.record(name, str(number * number).encode() * 500)
            print(name, flush=True)
"""


def test_killed_at_any_moment_nothing_recorded_is_lost_and_nothing_counts_twice(tmp_path, seed):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    path, chunks, told = tmp_path / "a.ledger", 400, []
    command = [sys.executable, "-c", WORKER, str(path), str(chunks)]
    for _ in range(6):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            told += [child.stdout.readline() for _ in range(draw.randrange(1, 60))]
            child.send_signal(signal.SIGKILL)
            told += child.stdout
        told = [line.strip() for line in told if line.strip()]
        assert set(told) <= stands(path).keys()
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert len(told) == len(set(told))
    assert stands(path) == {f"chunk {n}": str(n * n).encode() * 500 for n in range(chunks)}


FULL_DISK = """
import resource, sys
from pathlib import Path
from arterial.jobs.ledger import Ledger
with Ledger(Path(sys.argv[1]), "k") as ledger:
    ledger.record("small", b"1")
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
    try:
        ledger.record("big", b"2" * 5000)
    except OSError:
        ledger.record("small too", b"3")
        sys.exit(28)
"""


def test_a_full_disk_loses_no_record(tmp_path):
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "a.ledger")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 28, run.stderr
    assert stands(tmp_path / "a.ledger") == {"small": b"1", "small too": b"3"}
