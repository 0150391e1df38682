"""A real cluster of two workers, in `make test-cluster`; here, what is told without Ray."""

import importlib.util
import os
import signal

import pytest

from arterial.errors import ModelError, SolverError
from arterial.jobs.cluster import cluster, on_cluster

HAS_RAY = importlib.util.find_spec("ray") is not None


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed here")
def test_without_ray_the_extra_is_named():
    with pytest.raises(ModelError, match=r"arterial\[ray\]"):
        list(on_cluster(str, range(3), address="local"))


@pytest.fixture(scope="module")
def two_workers():
    """The address of a cluster: a head that takes no tasks and two workers of one processor."""
    module = pytest.importorskip("ray.cluster_utils")
    memory = {"object_store_memory": 100 * 1024**2}
    cluster = module.Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **memory})
    for _ in range(2):
        cluster.add_node(num_cpus=1, **memory)
    cluster.wait_for_nodes()
    yield cluster
    cluster.shutdown()


class Squares:
    """Squares numbers and leaves a mark each time; its worker dies once, at one of them."""

    def __init__(self, folder, fatal=-1):
        self.folder, self.fatal = folder, fatal

    def __call__(self, task):
        with (self.folder / f"{task} by {os.getpid()}").open("a") as marks:
            marks.write("x")
        if task == self.fatal and not (self.folder / "dead").exists():
            (self.folder / "dead").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return task * task


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")
def test_a_killed_worker_loses_no_task_and_none_is_counted_twice(two_workers, tmp_path):
    cluster = two_workers
    found = list(on_cluster(Squares(tmp_path, fatal=7), range(40), address=cluster.address))
    assert sorted(found) == [(n, n * n) for n in range(40)]
    assert (tmp_path / "dead").exists()
    assert len(list(tmp_path.glob("7 by *"))) == 2


class Sums:
    """Remembers all that it was told; its worker dies once, in the middle."""

    def __init__(self, folder):
        self.folder, self.sum = folder, 0

    def __call__(self, number):
        self.sum += number
        if number == 5 and not (self.folder / "dead").exists():
            (self.folder / "dead").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.sum


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")
def test_a_keeper_whose_worker_is_killed_remembers_all_the_same(two_workers, tmp_path):
    with cluster(two_workers.address) as found:
        keepers = found.keepers(Sums, tmp_path, 2)
        told = [keepers.ask([n, None if n % 2 else 10 * n]) for n in range(1, 9)]
        assert sorted(found.each(abs, range(-3, 0))) == [(-3, 3), (-2, 2), (-1, 1)]
    assert (tmp_path / "dead").exists()
    assert [one for one, _ in told] == [1, 3, 6, 10, 15, 21, 28, 36]
    assert [other for _, other in told] == [None, 20, None, 60, None, 120, None, 200]


@pytest.mark.cluster
def test_an_address_where_nobody_is_is_told():
    with pytest.raises(SolverError, match=r"Ray at 127\.0\.0\.1:9"):
        list(on_cluster(str, range(2), address="127.0.0.1:9"))
