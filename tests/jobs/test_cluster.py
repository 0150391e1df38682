"""A real cluster of two workers, in `make test-cluster`; here, what is told without Ray."""

import importlib.util
import os
import signal

import pytest

from arterial.errors import ModelError, SolverError
from arterial.jobs.cluster import on_cluster

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


@pytest.mark.cluster
def test_an_address_where_nobody_is_is_told():
    with pytest.raises(SolverError, match=r"Ray at 127\.0\.0\.1:9"):
        list(on_cluster(str, range(2), address="127.0.0.1:9"))
