"""Flows of a placement, each made once: most are the same from one placement to the next."""

from collections.abc import Sequence

from arterial.demand.flows import demands
from arterial.design.flows import Flow, flows_of
from arterial.design.instance import Instance
from arterial.plan.rows import Demand, Replica

__all__ = ["Traffic"]

Key = tuple[tuple[Demand, ...], Replica | None]


class Traffic:
    """Flows by placement; a flow that two placements share is the same object in both."""

    def __init__(self, instance: Instance, load: str) -> None:
        self._instance = instance
        self.load = load
        self._known: dict[Key, tuple[Flow, ...]] = {}

    def demands(self, replicas: Sequence[Replica]) -> tuple[Demand, ...]:
        """Demands of a placement."""
        return demands(self._instance.ground.network, self.load, replicas)

    def flows(self, replicas: Sequence[Replica]) -> tuple[Flow, ...]:
        """What ``flows_of`` gives, largest first."""
        served = {replica.market: replica for replica in replicas}
        groups: dict[tuple[str, ...], list[Demand]] = {}
        for demand in self.demands(replicas):
            ends = sorted((demand.source, demand.target))
            groups.setdefault((demand.traffic_class, demand.market, *ends), []).append(demand)
        found = [flow for group in groups.values() for flow in self._of(tuple(group), served)]
        return tuple(sorted(found, key=lambda flow: (-(flow.up_gbps + flow.down_gbps), flow.name)))

    def _of(self, group: tuple[Demand, ...], served: dict[str, Replica]) -> tuple[Flow, ...]:
        replica = served.get(group[0].market)
        key = (group, replica)
        if key not in self._known:
            replicas = () if replica is None else (replica,)
            self._known[key] = flows_of(self._instance, group, replicas)
        return self._known[key]
