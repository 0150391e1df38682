import importlib.util
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from arterial.errors import InterruptedRunError
from arterial.fabric.ip_cases import cases_of_kinds
from arterial.fabric.ip_elements import elements_of
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import silent
from arterial.routing.sweep import ecmp
from arterial.study.scene import scene
from arterial.study.stretches import Stretches, played

HAS_RAY = importlib.util.find_spec("ray") is not None


@pytest.fixture(scope="module")
def double_cuts(drill):
    """Every pair of fibres of the drill network, ten a stretch."""
    seen = scene(drill)
    cases = cases_of_kinds(seen.ip, elements_of(seen.ip), ("fibre2",))
    return Stretches(ecmp(seen.ip, seen.traffic, 0.02), cases, 10)


def same(one, other):
    return all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))


def play(stretches, *, threads=1, ray="", ledger=None):
    return played(stretches, threads=threads, ray=ray, ledger=ledger, report=silent)


class Counting:
    """A player that counts, and stops everything at one of its calls."""

    def __init__(self, player, stop_at=-1):
        self.player, self.stop_at, self.calls = player, stop_at, 0

    def __call__(self, chunk):
        self.calls += 1
        if self.calls == self.stop_at:
            raise InterruptedRunError("sweep", "here")
        return self.player(chunk)


@pytest.mark.parametrize("threads", [2, 3])
def test_any_number_of_threads_gives_the_same_bytes(double_cuts, threads):
    assert same(play(double_cuts), play(double_cuts, threads=threads))


def test_a_stopped_run_goes_on_and_plays_nothing_twice(double_cuts, tmp_path):
    count = len(double_cuts)
    assert count > 5
    first = Counting(double_cuts.player, stop_at=4)
    with (
        Ledger(tmp_path / "ledger", "key") as ledger,
        pytest.raises(InterruptedRunError),
    ):
        play(Stretches(first, double_cuts.cases, 10), ledger=ledger)
    second = Counting(double_cuts.player)
    with Ledger(tmp_path / "ledger", "key") as ledger:
        kept = len(ledger.done())
        outcome = play(Stretches(second, double_cuts.cases, 10), ledger=ledger)
    assert kept > 0
    assert second.calls == count - kept
    assert same(outcome, play(double_cuts))


def test_progress_counts_cases(double_cuts):
    told = []
    played(
        double_cuts,
        threads=1,
        ray="",
        ledger=None,
        report=lambda stage, done, total: told.append((stage, done, total)),
    )
    total = len(double_cuts.cases)
    assert told[0] == ("playing failures", 0, total)
    assert told[-1] == ("playing failures", total, total)


class Mortal:
    """A player whose process is killed once, at its second stretch."""

    def __init__(self, player, mark):
        self.player, self.mark = player, mark

    def __call__(self, chunk):
        with (self.mark / f"{chunk.start} by {os.getpid()}").open("a"):
            pass
        if chunk.start == 10 and not (self.mark / "dead").exists():
            (self.mark / "dead").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.player(chunk)


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed here")
def test_a_cluster_of_two_workers_of_which_one_is_killed_gives_the_same_bytes(
    double_cuts, tmp_path
):
    module = importlib.import_module("ray.cluster_utils")
    memory = {"object_store_memory": 100 * 1024**2}
    cluster = module.Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **memory})
    try:
        for _ in range(2):
            cluster.add_node(num_cpus=1, **memory)
        cluster.wait_for_nodes()
        mortal = Stretches(Mortal(double_cuts.player, tmp_path), double_cuts.cases, 10)
        outcome = play(mortal, ray=cluster.address)
    finally:
        cluster.shutdown()
    assert (tmp_path / "dead").exists()
    played_by = [path.name.split(" by ") for path in Path(tmp_path).glob("* by *")]
    assert len({start for start, _ in played_by}) == len(double_cuts)
    assert len(played_by) > len(double_cuts)
    assert same(outcome, play(double_cuts))
    assert np.isfinite(outcome.utilisation).all()
