"""Where the capacity core looks at its cases: in this process, or on a Ray cluster."""

from collections.abc import Generator
from contextlib import contextmanager

from arterial.design.capacity.lane import LANES, Lane, Lanes
from arterial.design.capacity.problem import Problem
from arterial.design.guided import LanesOf
from arterial.jobs.cluster import Cluster, cluster

__all__ = ["core_lanes"]


@contextmanager
def core_lanes(ray: str) -> Generator[LanesOf | None]:
    """Lanes for any problem, while a cluster is up; None where no address is given.

    Answers are the same wherever lanes are. Raises as ``jobs.cluster.cluster``.
    """
    if not ray:
        yield None
        return
    with cluster(ray) as found:
        yield lambda problem: _there(found, problem)


def _there(found: Cluster, problem: Problem) -> Lanes:
    return found.keepers(Lane, problem, LANES)
