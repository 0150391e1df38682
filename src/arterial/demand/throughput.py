"""How fast campuses train together, by the rate that joins them.

A step computes, and exchanges a volume with the next campus. What fits beside the computing costs
no time; the rest is waited for. So a pair needs no more than the rate at which all fits, and every
rate below it trains more slowly.
"""

from math import inf

from msgspec import structs

from arterial.demand.campuses import planned_from
from arterial.demand.loads import load_named, scaled_workloads
from arterial.model.network import Network
from arterial.model.workload import DiLoCo, Load, SyncTraining
from arterial.units import gbps

__all__ = [
    "FULL_OVERLAP",
    "full_rate_gbps",
    "paced",
    "step_share",
    "synchronous",
    "throughput",
    "volume_gb",
]

GIGA = 1e9
FULL_OVERLAP = 1.0
"""ASSUMPTION: the exchange may fill the whole step (the period of ``demand.training``). Overlap
with the backward pass alone would be two thirds: it takes twice the operations of the forward pass
(Kaplan et al., Scaling Laws for Neural Language Models, 2020, section 2.1)."""


def throughput(period_s: float, volume_gb: float, rate_gbps: float, overlap_s: float) -> float:
    """Share of the steps that a network without limit would give.

    period / (period + max(0, volume / rate - overlap))

    Parameters
    ----------
    period_s
        Time from exchange to exchange when none is waited for.
    volume_gb
        Gigabytes that each campus sends in one exchange.
    rate_gbps
        Of the link to the next campus; 0 trains nothing together.
    overlap_s
        Part of the period beside which the exchange runs.

    Examples
    --------
    >>> throughput(10.0, 2000.0, 1600.0, 10.0), throughput(10.0, 2000.0, 800.0, 10.0)
    (1.0, 0.5)
    """
    assert period_s > 0.0
    assert 0.0 <= overlap_s <= period_s
    if volume_gb <= 0.0:
        return 1.0
    exchange_s = gbps(volume_gb, rate_gbps) if rate_gbps > 0.0 else inf  # Gb over Gb/s
    return period_s / (period_s + max(0.0, exchange_s - overlap_s))


def full_rate_gbps(volume_gb: float, overlap_s: float) -> float:
    """The least rate at which an exchange costs no time.

    >>> full_rate_gbps(2000.0, 10.0)
    1600.0
    """
    return gbps(volume_gb, overlap_s)


def step_share(pace: float, overlap: float) -> float:
    """``throughput`` at a share of the full rate, whatever the volume.

    Parameters
    ----------
    pace
        Rate over the rate at which the exchange costs no time.
    overlap
        Share of the period beside which the exchange runs.

    Examples
    --------
    >>> step_share(0.5, 1.0), step_share(0.0, 1.0), round(step_share(0.5, 2 / 3), 3)
    (0.5, 0.0, 0.6)
    """
    volume_gb = 1.0
    rate_gbps = pace * full_rate_gbps(volume_gb, overlap)
    return throughput(1.0, volume_gb, rate_gbps, overlap)


def volume_gb(network: Network, workload: SyncTraining | DiLoCo) -> float:
    """Gigabytes that each of R campuses sends to the next in one exchange: 2 N b (R - 1) / R."""
    if isinstance(workload, SyncTraining):
        count, each = len(workload.sites), workload.gradient_bytes
    else:
        count = len(planned_from(network, workload.campuses_from_mw))
        each = workload.outer_bytes
    return 2.0 * workload.parameters * each * (count - 1) / count / GIGA if count > 1 else 0.0


def synchronous(network: Network, load: str) -> tuple[SyncTraining | DiLoCo, ...]:
    """Workloads of a load whose campuses wait for each other and have somebody to wait for.

    Raises
    ------
    ModelError
        The load is unknown.
    """
    return tuple(
        work
        for work, _ in scaled_workloads(network, load)
        if isinstance(work, SyncTraining | DiLoCo) and volume_gb(network, work) > 0.0
    )


def paced(network: Network, load: str, pace: float, *, overlap: float = FULL_OVERLAP) -> Network:
    """The network with a load whose synchronous workloads get a share of their full rate.

    Parameters
    ----------
    pace
        1: the exchange just fits beside ``overlap`` of the step; 0: nothing is trained together,
        the workloads leave the load.
    """
    rate = pace / overlap
    if rate == 1.0:
        return network  # as the load has it: its exchange takes the whole step
    named = load_named(network, load)
    waiting = [work.name for work in synchronous(network, load)]
    if pace <= 0.0:
        kept = tuple(name for name in named.workloads if name not in waiting)
        changed = structs.replace(named, workloads=kept)
    else:
        scale = {name: named.scale.get(name, 1.0) * rate for name in waiting}
        changed = structs.replace(named, scale={**named.scale, **scale})
    return structs.replace(network, loads=tuple(_swapped(network, named, changed)))


def _swapped(network: Network, old: Load, new: Load) -> list[Load]:
    return [new if load is old else load for load in network.loads]
