"""How many replicas each market keeps busy at its peak, model by model.

Only workloads that say what a replica takes are counted (``replica`` in ``network.yaml``). Parts of
a replica are kept here: an edge rounds up once, over all the markets that it answers.
"""

from msgspec import UNSET, Struct

from arterial.demand.loads import scaled_workloads
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.workload import Inference, ReplicaNeed

__all__ = ["DAY_S", "Busy", "answers_name", "busy_replicas", "gpu_prices", "models_of"]

DAY_S = 86_400.0


class Busy(Struct, frozen=True, kw_only=True):
    """Replicas of a model that one market's requests of one workload keep busy."""

    workload: str
    traffic_class: str
    market: str
    model: str
    replicas: float
    """At the market's peak, a part of one perhaps."""


def models_of(network: Network, load_name: str) -> tuple[ReplicaNeed, ...]:
    """Models that a load's workloads ask for, each once, in the order of the workloads.

    Raises
    ------
    ModelError
        When the load is unknown.
    """
    found: dict[str, ReplicaNeed] = {}
    for work, _ in scaled_workloads(network, load_name):
        if isinstance(work, Inference) and work.replica is not UNSET:
            found.setdefault(work.replica.model, work.replica)
    return tuple(found.values())


def busy_replicas(network: Network, load_name: str) -> tuple[Busy, ...]:
    """What every market keeps busy, workload by workload; empty where no workload says.

    Raises
    ------
    ModelError
        When the load is unknown.
    """
    return tuple(
        Busy(
            workload=work.name,
            traffic_class=work.traffic_class,
            market=market.name,
            model=work.replica.model,
            replicas=_peak_per_s(work, market.people) * factor / work.replica.requests_per_s,
        )
        for work, factor in scaled_workloads(network, load_name)
        if isinstance(work, Inference) and work.replica is not UNSET
        for market in network.markets
    )


def answers_name(workload: str, market: str) -> str:
    """The demand that carries the answers of a workload to a market."""
    return f"{workload}-down {market}"


def gpu_prices(network: Network, site: Site) -> tuple[float, float]:
    """Cost of an accelerator and of a kilowatt for it at a site, over ``costs.years``."""
    costs = network.costs
    gpu = costs.gpu_year if site.gpu_year is UNSET else site.gpu_year
    kw = costs.gpu_kw_year if site.gpu_kw_year is UNSET else site.gpu_kw_year
    return (gpu or 0.0) * costs.years, (kw or 0.0) * costs.years


def _peak_per_s(workload: Inference, people: float) -> float:
    return workload.requests_per_person_day * people * workload.peak_to_mean / DAY_S
