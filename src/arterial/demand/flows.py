"""A load as directed demands with names: what a plan must carry.

Training and its transfers follow from the network and from where replicas stand; users' traffic and
KV caches also need each market's edge and fail-over. Flows of one workload between the same two
sites are one demand; training that stays at a site asks nothing of the backbone and is left out. A
market served at its own site keeps its demands: losing that edge is a failure that it must bear.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from msgspec import structs

from arterial.demand.loads import scaled_workloads
from arterial.demand.offers import down_up_gbps, market_access_ms
from arterial.demand.training import (
    Flow,
    checkpoint_flows,
    diloco_flows,
    ingest_flows,
    rollout_flows,
    sync_flows,
)
from arterial.model.network import DemandRow, Network
from arterial.model.site import Market
from arterial.model.workload import (
    Checkpoint,
    DiLoCo,
    Inference,
    Ingest,
    KvCache,
    Rollout,
    SyncTraining,
    Workload,
)
from arterial.plan.rows import Demand, Replica
from arterial.units import gbps

__all__ = ["demands", "flows", "given_flows", "market_flows"]

GIGA = 1e9


def demands(network: Network, load_name: str, replicas: Sequence[Replica]) -> tuple[Demand, ...]:
    """Every demand of a load, once each market has its edge and its fail-over.

    Raises
    ------
    ModelError
        When the load is unknown or one of its workloads asks what the network cannot answer.
    """
    sites = sorted({site for replica in replicas for site in (replica.edge, replica.failover)})
    return _numbered(
        (*market_flows(network, load_name, replicas), *flows(network, load_name, sites))
    )


def flows(network: Network, load_name: str, replicas: Sequence[str]) -> tuple[Demand, ...]:
    """Demands of training, of its transfers, and those the user brought.

    Parameters
    ----------
    replicas
        Sites that hold replicas: where a new model is rolled out to.

    Returns
    -------
    tuple of Demand
        In the order of the load's workloads, then the user's rows. ``transfer_h`` is the time that
        one transfer takes at full rate.
    """
    rows = [
        demand
        for workload, factor in scaled_workloads(network, load_name)
        for demand in _merged(workload, factor, _site_flows(network, workload, replicas))
    ]
    return _numbered((*rows, *_given(network.demands.get(load_name, ()))))


def given_flows(rows: Iterable[DemandRow]) -> tuple[Demand, ...]:
    """The user's own rows as demands."""
    return _numbered(_given(rows))


def market_flows(
    network: Network, load_name: str, replicas: Sequence[Replica]
) -> tuple[Demand, ...]:
    """Users' traffic between each market and its edge, and KV caches between edge and fail-over.

    Half of a KV cache workload goes from the edge to the fail-over and half back.
    """
    homes = {replica.market: replica for replica in replicas}
    served = [market for market in network.markets if market.name in homes]
    rows: list[Demand] = []
    for workload, factor in scaled_workloads(network, load_name):
        if isinstance(workload, Inference):
            for market in served:
                rows.extend(_users(network, workload, factor, market, homes[market.name].edge))
        elif isinstance(workload, KvCache):
            rows.extend(_merged(workload, factor, _cache_flows(workload, served, homes)))
    return _numbered(rows)


def _site_flows(network: Network, workload: Workload, replicas: Sequence[str]) -> list[Flow]:
    match workload:
        case SyncTraining():
            return sync_flows(workload)
        case DiLoCo():
            return diloco_flows(network, workload)
        case Checkpoint():
            return checkpoint_flows(network, workload)
        case Ingest():
            return ingest_flows(network, workload)
        case Rollout():
            return rollout_flows(workload, replicas)
        case Inference() | KvCache():
            return []  # they follow the markets: see market_flows


def _merged(workload: Workload, factor: float, parts: Iterable[Flow]) -> Iterator[Demand]:
    """One demand for each pair of sites, in the order in which pairs first appear."""
    rate_gbps: dict[tuple[str, str], float] = {}
    transfer_h: dict[tuple[str, str], float] = {}
    for part in parts:
        ends = (part.source, part.target)
        rate_gbps[ends] = rate_gbps.get(ends, 0.0) + part.gbps * factor
        transfer_h[ends] = part.transfer_h
    for (source, target), rate in rate_gbps.items():
        if source != target:
            yield Demand(
                name=f"{workload.name} {source} > {target}",
                traffic_class=workload.traffic_class,
                source=source,
                target=target,
                gbps=rate,
                transfer_h=transfer_h[source, target],
            )


def _users(
    network: Network, workload: Inference, factor: float, market: Market, edge: str
) -> Iterator[Demand]:
    down_gbps, up_gbps = down_up_gbps(workload, market.people)
    for way, source, target, rate in (
        ("down", edge, market.site, down_gbps),
        ("up", market.site, edge, up_gbps),
    ):
        yield Demand(
            name=f"{workload.name}-{way} {market.name}",
            traffic_class=workload.traffic_class,
            source=source,
            target=target,
            gbps=rate * factor,
            market=market.name,
            to_market=way == "down",
            access_ms=market_access_ms(network, market),
        )


def _cache_flows(
    workload: KvCache, served: Sequence[Market], homes: dict[str, Replica]
) -> Iterator[Flow]:
    """Moves shared by people, over the markets that are served."""
    everybody = sum(market.people for market in served)
    move_gb = workload.tokens * workload.bytes_per_token / GIGA
    total_gbps = gbps(move_gb * workload.moves_per_s * workload.long_haul_share, 1.0)
    for market in served:
        home = homes[market.name]
        half_gbps = total_gbps * market.people / everybody / 2.0
        yield Flow(source=home.edge, target=home.failover, gbps=half_gbps)
        yield Flow(source=home.failover, target=home.edge, gbps=half_gbps)


def _given(rows: Iterable[DemandRow]) -> Iterator[Demand]:
    for row in rows:
        if row.gbps > 0.0 and row.source != row.target:
            yield Demand(
                name=f"given {row.traffic_class} {row.source} > {row.target}",
                traffic_class=row.traffic_class,
                source=row.source,
                target=row.target,
                gbps=row.gbps,
                transfer_h=row.transfer_h or 0.0,
            )


def _numbered(rows: Iterable[Demand]) -> tuple[Demand, ...]:
    """The same rows, the second and later of a name marked ``#2``, ``#3``, ..., no name twice."""
    named: dict[str, Demand] = {}
    for row in rows:
        names = (f"{row.name} #{number}" if number > 1 else row.name for number in count(1))
        name = next(name for name in names if name not in named)
        named[name] = row if name == row.name else structs.replace(row, name=name)
    return tuple(named.values())
