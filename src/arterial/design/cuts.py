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

    ``share[f, k]`` of ``gbps[k]`` must go from ``source[k]`` to ``target[k]``; an inference demand
    may start or end at either of two sites, so it counts only where both are across the border.
    Row 0 is the state without failure, row f + 1 is case f.
    """

    gbps: FloatArray
    source: list[frozenset[int]]
    target: list[frozenset[int]]
    share: FloatArray
    dead: BoolArray
    """(1 + F, L)"""


def asks_of(instance: Instance, flows: Sequence[Flow]) -> Asks:
    """Turn flows into what the policy table asks, with no routing in mind."""
    network = instance.ground.network
    gbps: list[float] = []
    source: list[frozenset[int]] = []
    target: list[frozenset[int]] = []
    shares: list[FloatArray] = []
    for flow in flows:
        near, far = frozenset({flow.near}), frozenset({flow.far, flow.backup_far})
        share = np.array([_share(network, flow, case) for case in instance.failures])
        share = np.where(flow.must, share, 0.0)
        for demand, start, end in ((flow.up, near, far), (flow.down, far, near)):
            if demand is not None:
                gbps.append(demand.gbps)
                source.append(start)
                target.append(end)
                shares.append(np.concatenate([[1.0], share]))
    dead = np.vstack([np.zeros((1, instance.dead.shape[1]), dtype=np.bool_), instance.dead])
    return Asks(np.array(gbps), source, target, np.array(shares).T, dead)


def _share(network: Network, flow: Flow, failure: Failure) -> float:
    demand: Demand | None = flow.up or flow.down
    assert demand is not None
    return kept(network, demand.traffic_class, failure.kind)


def cut_rows(
    instance: Instance, asks: Asks, sets: Iterable[frozenset[int]], cases: Iterable[int]
) -> Iterator[Row]:
    """Rows over the waves (column ``l * O + o``) for every set and case that asks something.

    Parameters
    ----------
    cases
        Rows of ``asks``: 0 without failure. Cases that leave the same border are merged by the
        strongest ask.
    """
    chosen = list(cases)
    for members in sets:
        crossing = _crossing(instance, members)
        out = np.array([s <= members and not (t & members) for s, t in _ends(asks)])
        into = np.array([t <= members and not (s & members) for s, t in _ends(asks)])
        strongest: dict[bytes, tuple[float, BoolArray]] = {}
        for case in chosen:
            share = asks.share[case] * asks.gbps
            usable = instance.usable_failed if case else instance.usable_normal
            need = max(float(share[out].sum()), float(share[into].sum())) / usable
            if need <= 0.0:
                continue
            alive = crossing & ~asks.dead[case]
            known = strongest.get(alive.tobytes())
            if known is None or known[0] < need:
                strongest[alive.tobytes()] = (need, alive)
        for need, alive in _undominated(list(strongest.values())):
            yield from _rows(instance, need, alive)
        yield from _spread_rows(instance, crossing, list(strongest.values()))


def _ends(asks: Asks) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    return zip(asks.source, asks.target, strict=True)


def _crossing(instance: Instance, members: frozenset[int]) -> BoolArray:
    return np.array([(r.a in members) != (r.z in members) for r in instance.routes])


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


def _undominated(asked: list[tuple[float, BoolArray]]) -> list[tuple[float, BoolArray]]:
    """Asks that no other one implies: as much of fewer links."""
    return [
        (need, alive)
        for number, (need, alive) in enumerate(asked)
        if not any(
            other_need >= need
            and not (other & ~alive).any()
            and (other_need > need or (alive & ~other).any() or k < number)
            for k, (other_need, other) in enumerate(asked)
            if k != number
        )
    ]
