"""What training asks of the backbone: gradients, outer gradients, checkpoints, data, new models.

Each function turns one workload into flows between sites, Gb/s of the mean over its period: bursts
are spread over the step, the interval or the day they belong to. Flows that stay at a site are left
out by ``arterial.demand.flows``.
"""

from collections.abc import Sequence

from msgspec import Struct

from arterial.demand.campuses import by_bearing, distance_km, planned_from
from arterial.errors import ModelError, Problem
from arterial.model.network import Network
from arterial.model.site import Campus
from arterial.model.workload import Checkpoint, DiLoCo, Ingest, Rollout, SyncTraining
from arterial.units import gbps

__all__ = [
    "Flow",
    "checkpoint_flows",
    "diloco_flows",
    "ingest_flows",
    "rollout_flows",
    "sync_flows",
]

DAY_H = 24.0
HOUR_S = 3600.0
GIGA = 1e9
GIGABYTES_PER_TERABYTE = 1000.0


class Flow(Struct, frozen=True, kw_only=True):
    """Traffic of one workload from a site to another."""

    source: str
    target: str
    gbps: float
    transfer_h: float = 0.0
    """Time one transfer takes at full rate; 0 when there is no transfer to end."""


def sync_flows(workload: SyncTraining) -> list[Flow]:
    """Ring all-reduce at every step: R sites each send 2 N b (R - 1) / R bytes to the next.

    >>> work = SyncTraining(
    ...     name="sync", traffic_class="sync", sites=("A", "B"), parameters=1e12, step_s=10.0
    ... )
    >>> [(flow.source, flow.target, flow.gbps) for flow in sync_flows(work)]
    [('A', 'B', 1600.0), ('B', 'A', 1600.0)]
    """
    return _ring(workload.sites, workload.parameters * workload.gradient_bytes, workload.step_s)


def diloco_flows(network: Network, workload: DiLoCo) -> list[Flow]:
    """The same ring once in H steps, over the large campuses in order of bearing."""
    members = planned_from(network, workload.campuses_from_mw)
    ring = [campus.site for campus in by_bearing(network, members)]
    period_s = workload.inner_steps * workload.step_s
    return _ring(ring, workload.parameters * workload.outer_bytes, period_s)


def _ring(ring: Sequence[str], payload_bytes: float, period_s: float) -> list[Flow]:
    """All-reduce of ``payload_bytes`` over a directed ring once in ``period_s``."""
    count = len(ring)
    if count < 2:  # noqa: PLR2004 - nobody to exchange with
        return []
    rate_gbps = gbps(2.0 * payload_bytes * (count - 1) / count / GIGA, period_s)
    following = [*ring[1:], ring[0]]
    return [
        Flow(source=source, target=target, gbps=rate_gbps)
        for source, target in zip(ring, following, strict=True)
    ]


def checkpoint_flows(network: Network, workload: Checkpoint) -> list[Flow]:
    """Each campus to the nearest one beyond ``apart_km``; size in proportion to planned power.

    Raises
    ------
    ModelError
        When a campus with power has no other beyond ``apart_km``.
    """
    largest_mw = max((campus.mw_planned for campus in network.campuses), default=0.0)
    size_gb = workload.parameters * workload.bytes_per_parameter / GIGA
    return [
        Flow(
            source=campus.site,
            target=_refuge(network, campus, workload).site,
            gbps=gbps(size_gb * campus.mw_planned / largest_mw, workload.interval_s),
            transfer_h=workload.interval_s / HOUR_S,
        )
        for campus in network.campuses
        if campus.mw_planned > 0.0
    ]


def _refuge(network: Network, campus: Campus, workload: Checkpoint) -> Campus:
    """The nearest campus beyond ``apart_km`` of ``campus``."""
    others = [other for other in network.campuses if other.name != campus.name]
    far = [(distance_km(network, campus, other), other.name, other) for other in others]
    far = [entry for entry in far if entry[0] > workload.apart_km]
    if far:
        return min(far, key=lambda entry: entry[:2])[2]
    problem = Problem(
        file="network.yaml",
        field=f"workloads '{workload.name}' apart_km",
        found=f"no campus lies beyond {workload.apart_km:g} km of '{campus.name}'",
        expected="Its checkpoints need a refuge: lower apart_km or add a campus",
    )
    raise ModelError([problem])


def ingest_flows(network: Network, workload: Ingest) -> list[Flow]:
    """A day's data into every large campus, in equal parts from each hub."""
    daily_gb = workload.terabytes_per_day * GIGABYTES_PER_TERABYTE / len(workload.hubs)
    rate_gbps = gbps(daily_gb, DAY_H * HOUR_S)
    return [
        Flow(
            source=hub,
            target=campus.site,
            gbps=rate_gbps,
            transfer_h=DAY_H,
        )
        for campus in planned_from(network, workload.campuses_from_mw)
        for hub in workload.hubs
    ]


def rollout_flows(workload: Rollout, replicas: Sequence[str]) -> list[Flow]:
    """The whole model from its origin to each replica site within ``hours``."""
    rate_gbps = gbps(workload.terabytes * GIGABYTES_PER_TERABYTE, workload.hours * HOUR_S)
    return [
        Flow(source=workload.origin, target=site, gbps=rate_gbps, transfer_h=workload.hours)
        for site in dict.fromkeys(replicas)
    ]
