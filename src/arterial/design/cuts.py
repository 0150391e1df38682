"""Cut-set inequalities: what must cross the border of a set of sites, in whole waves.

For a set S and a case f, the links of the border that outlive f must carry what the policy keeps of
the demands with one end in S: ``rate @ waves >= kept(S, f) / usable``. Divided by a wave's rate and
rounded up on both sides it stays true for whole waves, and bites where traffic is small.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from arterial.design.flows import Flow, kept
from arterial.design.instance import Instance, wave_columns
from arterial.fabric.failures import Failure
from arterial.model.network import Network
from arterial.plan.rows import Demand
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Asks", "asks_of", "cut_rows"]

Row = tuple[list[int], list[float], float, float]


@dataclass(frozen=True)
class Asks:
    """What every case asks of any routing, by demand and direction.

    ``share[f, k]`` of ``gbps[k]`` must go from ``source[k]`` to ``target[k]``, sets of sites of
    which any will do: the traffic of a market is answered at its edge, or at its fail-over when the
    edge is lost, and at either when something else is. Row 0 is the state without failure, row
    f + 1 is case f.
    """

    gbps: FloatArray
    source: list[frozenset[int]]
    target: list[frozenset[int]]
    share: FloatArray
    dead: BoolArray
    """(1 + F, L)"""

    def across(self, members: frozenset[int]) -> tuple[BoolArray, BoolArray]:
        """Asks that leave a set for certain, (K,), and those that enter it."""
        ends = list(zip(self.source, self.target, strict=True))
        out = [s <= members and members.isdisjoint(t) for s, t in ends]
        into = [t <= members and members.isdisjoint(s) for s, t in ends]
        return np.array(out, dtype=np.bool_), np.array(into, dtype=np.bool_)

    def asked_gbps(self, members: frozenset[int]) -> FloatArray:
        """What must cross the border of a set one way, (1 + F,), the larger way."""
        ways = [self.share[:, mask] @ self.gbps[mask] for mask in self.across(members)]
        return np.maximum(ways[0], ways[1])


def asks_of(instance: Instance, flows: Sequence[Flow]) -> Asks:
    """Turn flows into what the policy table asks, with no routing in mind."""
    network = instance.ground.network
    gbps: list[float] = []
    source: list[frozenset[int]] = []
    target: list[frozenset[int]] = []
    shares: list[FloatArray] = []
    for flow in flows:
        near = frozenset({flow.near})
        share = [_share(network, flow, case) for case in instance.failures]
        share = np.concatenate([[1.0], np.where(flow.must, share, 0.0)])
        for cases, far in _answering(instance, flow):
            for demand, start, end in ((flow.up, near, far), (flow.down, far, near)):
                if demand is not None:
                    gbps.append(demand.gbps)
                    source.append(start)
                    target.append(end)
                    shares.append(np.where(cases, share, 0.0))
    dead = np.vstack([np.zeros((1, instance.dead.shape[1]), dtype=np.bool_), instance.dead])
    return Asks(np.array(gbps), source, target, np.array(shares).T, dead)


def _answering(instance: Instance, flow: Flow) -> list[tuple[BoolArray, frozenset[int]]]:
    """Which far ends may answer in which cases, (1 + F,)."""
    if not flow.market:
        return [(np.ones(1 + len(instance.failures), dtype=np.bool_), frozenset({flow.far}))]
    site = instance.ground.site_index
    lost = [
        site[failure.site] if failure.kind in {"edge", "site"} else -1
        for failure in instance.failures
    ]
    at = np.array([-1, *lost])
    only_edge = at == flow.backup_far
    only_edge[0] = True
    only_failover = at == flow.far
    parts = [
        (only_edge & ~only_failover, frozenset({flow.far})),
        (only_failover, frozenset({flow.backup_far})),
        (~only_edge & ~only_failover, frozenset({flow.far, flow.backup_far})),
    ]
    return [(cases, far) for cases, far in parts if cases.any()]


def _share(network: Network, flow: Flow, failure: Failure) -> float:
    demand: Demand | None = flow.up or flow.down
    assert demand is not None
    return kept(network, demand.traffic_class, failure.kind)


def cut_rows(instance: Instance, asks: Asks, sets: Iterable[frozenset[int]]) -> Iterator[Row]:
    """Rows over the waves (column ``l * O + o``) for every set and case that asks something.

    Cases that leave the same border are merged by the strongest ask.
    """
    ends = np.array([(route.a, route.z) for route in instance.routes]).reshape(-1, 2)
    for members in sets:
        inside = np.isin(ends, sorted(members))
        crossing = inside[:, 0] != inside[:, 1]
        need = asks.asked_gbps(members) / instance.usable_failed
        need[0] *= instance.usable_failed / instance.usable_normal
        cases = np.flatnonzero(need > 0.0)
        if not len(cases):
            continue
        alive = crossing & ~asks.dead[cases]
        borders, group = np.unique(alive, axis=0, return_inverse=True)
        strongest = np.zeros(len(borders))
        np.maximum.at(strongest, group.reshape(-1), need[cases])
        asked = list(zip(strongest.tolist(), borders, strict=True))
        for least, border in _undominated(asked):
            yield from _rows(instance, least, border)
        yield from _spread_rows(instance, crossing, asked)


def _spread_rows(
    instance: Instance, crossing: BoolArray, asked: list[tuple[float, BoolArray]]
) -> Iterator[Row]:
    """Losing any one of d border links leaves k waves: together they are k d / (d - 1) or more.

    The sum of the d rows that each lack one link, divided by d - 1 and rounded up: with k = 1 it
    says that a border of single waves needs two of them.
    """
    links = np.flatnonzero(crossing)
    spare = {
        int(link): max((need for need, alive in asked if not alive[link]), default=0.0)
        for link in links
    }
    need = min(spare.values(), default=0.0)
    if need <= 0.0 or len(links) == 1:
        return
    for columns, whole, least, high in _rows(instance, need, crossing):
        yield columns, whole, float(ceil(least * len(links) / (len(links) - 1) - 1e-9)), high


def _rows(instance: Instance, need: float, alive: BoolArray) -> Iterator[Row]:
    links = np.flatnonzero(alive)
    columns = wave_columns(instance, links)
    rates = instance.rate_gbps[links].reshape(-1)
    bases = np.unique(rates[instance.real[links].reshape(-1)])
    if not len(bases):
        yield [], [], 1.0, np.inf
        return
    least = [ceil(need / base - 1e-9) for base in bases]
    for number, base in enumerate(bases):
        if number + 1 < len(bases) and least[number + 1] == least[number]:
            continue  # the next base asks as much of fewer
        whole = np.ceil(rates / base - 1e-9)
        yield columns.tolist(), whole.tolist(), float(least[number]), np.inf


def _undominated(asked: list[tuple[float, BoolArray]]) -> Iterator[tuple[float, BoolArray]]:
    """Asks that no other one implies: as much of fewer links. No two borders are equal."""
    borders = np.array([border for _, border in asked])
    need = np.array([need for need, _ in asked])
    size = borders.sum(axis=1)
    common = borders.astype(np.float64) @ borders.T.astype(np.float64)
    for number, (least, border) in enumerate(asked):
        within = (common[number] == size) & (size < size[number])
        if not (within & (need >= least)).any():
            yield least, border
