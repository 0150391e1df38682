"""What campuses ask of each other, and their power."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from arterial.demand.flows import demands
from arterial.demand.offers import market_offers
from arterial.model.network import Network
from arterial.model.site import Campus
from arterial.model.workload import DiLoCo, SyncTraining
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import place
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand
from arterial.study.growth_answer import CampusPower

__all__ = ["Asked", "asked_of", "campus_power", "planned_scale", "terabytes_per_hour"]

HOUR_S, DAY_H = 3600.0, 24.0
GIGABITS_PER_TERABYTE = 8000.0


@dataclass(frozen=True)
class Asked:
    """Traffic between sites, Gb/s."""

    load: str
    """Empty where there is none: every figure is then NaN."""
    between: Mapping[tuple[str, str], float]
    """By source and target."""
    training: Mapping[tuple[str, str], float]

    def gbps(self, a: str, z: str) -> float:
        """The larger direction."""
        return self._larger(self.between, a, z)

    def training_gbps(self, a: str, z: str) -> float:
        """The same of training alone."""
        return self._larger(self.training, a, z)

    def _larger(self, rates: Mapping[tuple[str, str], float], a: str, z: str) -> float:
        if not self.load:
            return nan
        return max(rates.get((a, z), 0.0), rates.get((z, a), 0.0))


def asked_of(network: Network, plan: Plan | None, load: str) -> Asked:
    """The demands of a plan, or of a network's load (its first one by default).

    Raises
    ------
    ModelError
        There is no such load.
    InfeasibleError
        A market has no edge within its class's round trip.
    """
    if plan is not None:
        return _asked(network, plan.load, plan.demands)
    if not load and not network.loads:
        return Asked("", {}, {})
    name = load or network.loads[0].name
    offers = market_offers(network, name)
    replicas = place(network, offers, planning_rtt_ms(network, offers)).replicas
    return _asked(network, name, demands(network, name, replicas))


def _asked(network: Network, load: str, rows: Sequence[Demand]) -> Asked:
    classes = {
        work.traffic_class for work in network.workloads if isinstance(work, SyncTraining | DiLoCo)
    }
    between: Counter[tuple[str, str]] = Counter()
    training: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.source != row.target:
            between[row.source, row.target] += row.gbps  # pyright: ignore[reportArgumentType]
            if row.traffic_class in classes:
                training[row.source, row.target] += row.gbps  # pyright: ignore[reportArgumentType]
    return Asked(load, between, training)


def planned_scale(a: Campus, z: Campus) -> float:
    """Planned power over power now, of two campuses together; NaN without power now."""
    now_mw = a.mw + z.mw
    return (a.mw_planned + z.mw_planned) / now_mw if now_mw > 0.0 else nan


def terabytes_per_hour(gbps: float) -> float:
    """What a rate moves in an hour.

    >>> terabytes_per_hour(8000.0)
    3600.0
    """
    return gbps / GIGABITS_PER_TERABYTE * HOUR_S


def campus_power(
    network: Network, asked: Asked, caps_gbps: Sequence[float]
) -> tuple[CampusPower, ...]:
    """Every campus, in the network's order.

    Parameters
    ----------
    caps_gbps : (M,)
        What each fibre carries at most.
    """
    sites = {campus.site for campus in network.campuses}
    everywhere = {site.name for site in network.sites}
    return tuple(
        _power(network, asked, caps_gbps, campus, sites, everywhere) for campus in network.campuses
    )


def _power(
    network: Network,
    asked: Asked,
    caps_gbps: Sequence[float],
    campus: Campus,
    sites: set[str],
    everywhere: set[str],
) -> CampusPower:
    dci = _beyond(asked, campus.site, sites)
    fibres = [m for m, fibre in enumerate(network.fibres) if campus.site in (fibre.a, fibre.z)]
    return CampusPower(
        name=campus.name,
        mw=campus.mw,
        mw_planned=campus.mw_planned,
        dci_gbps=dci,
        backbone_gbps=_beyond(asked, campus.site, everywhere),
        gbps_per_mw=dci / campus.mw if campus.mw > 0.0 else nan,
        gbps_per_mw_planned=dci / campus.mw_planned if campus.mw_planned > 0.0 else nan,
        terabytes_per_day=DAY_H * terabytes_per_hour(dci),
        fibre_bound_gbps=sum(caps_gbps[m] for m in fibres),
    )


def _beyond(asked: Asked, site: str, others: set[str]) -> float:
    """Traffic of a site with others, the larger direction."""
    if not asked.load:
        return nan
    out = sum(gbps for (a, z), gbps in asked.between.items() if a == site and z in others)
    back = sum(gbps for (a, z), gbps in asked.between.items() if z == site and a in others)
    return max(out, back)
