"""Cut-set inequalities: what must cross the border of a set of sites, in whole waves.

For a set S and a case f, the links of the border that outlive f must carry what the policy keeps of
the demands with one end in S: ``rate @ waves >= kept(S, f) / usable``. Divided by a wave's rate and
rounded up on both sides it stays true for whole waves, and bites where traffic is small. However a
site's waves are shared out to its R routers, one of them ends an R-th or more, and may be lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.flows import Flow
from arterial.design.instance import Instance, wave_columns
from arterial.model.network import Network
from arterial.model.policy import FailureKind
from arterial.plan.rows import Demand
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Asks", "Border", "Row", "asks_of", "border_of", "cut_rows"]

ROUNDING = 1e-9
"""The last bit that is forgiven when units are rounded up."""

BROKEN = 1e-6
"""Share that a row must lack to be broken."""

Row = tuple[list[int], list[float], float, float]


@dataclass(frozen=True)
class Asks:
    """What every case asks of any routing, by demand and direction.

    ``share[f, k]`` of ``gbps[k]`` must go from ``source[k]`` to ``target[k]``, sets of sites of
    which any will do: the traffic of a market is answered at its edge, or at its fail-over when the
    edge is lost, and at either when something else is. Row 0 is the state without failure, row
    f + 1 is case f, and the last the loss of a router: which one, and what it takes, is open.
    """

    gbps: FloatArray
    """(K,)"""
    limit_ms: FloatArray
    """(K,) what the links of a path may take, one way; inf without a bound."""
    source: BoolArray
    """(K, N)"""
    target: BoolArray
    """(K, N)"""
    share: FloatArray
    """(1 + F + 1, K)"""
    dead: BoolArray
    """(1 + F + 1, L)"""

    def asked_gbps(self, members: frozenset[int]) -> FloatArray:
        """What must cross the border of a set one way, (1 + F + 1,), the larger way."""
        inside = np.zeros(self.source.shape[1], dtype=np.bool_)
        inside[list(members)] = True
        starts, ends = _within(self.source, inside), _within(self.target, inside)
        starts_out, ends_out = _within(self.source, ~inside), _within(self.target, ~inside)
        out, into = starts & ends_out, ends & starts_out
        return np.maximum(
            self.share[:, out] @ self.gbps[out], self.share[:, into] @ self.gbps[into]
        )


def _within(ends: BoolArray, sites: BoolArray) -> BoolArray:
    """(K,) rows of (K, N) that lie in a set of sites whole."""
    outside: BoolArray = ends & ~sites
    return np.logical_not(outside.any(axis=1)).reshape(-1)


def asks_of(instance: Instance, flows: Sequence[Flow]) -> Asks:
    """Turn flows into what the policy table asks, with no routing in mind."""
    network = instance.ground.network
    gbps: list[float] = []
    limit_ms: list[float] = []
    source: list[BoolArray] = []
    target: list[BoolArray] = []
    shares: list[FloatArray] = []
    for flow in flows:
        near = _at(instance, {flow.near})
        share = [_share(network, flow, case.kind) for case in instance.failures]
        router = _share(network, flow, "router")
        share = np.concatenate([[1.0], np.where(flow.must, share, 0.0), [router]])
        for cases, far in _answering(instance, flow):
            there = _at(instance, far)
            for demand, start, end in ((flow.up, near, there), (flow.down, there, near)):
                if demand is not None:
                    gbps.append(demand.gbps)
                    limit_ms.append(flow.limit_ms - instance.hop_ms)
                    source.append(start)
                    target.append(end)
                    shares.append(np.where(cases, share, 0.0))
    none = np.zeros((1, instance.dead.shape[1]), dtype=np.bool_)
    dead = np.vstack([none, instance.dead, none])
    shape = (-1, instance.graph.sites)
    return Asks(
        gbps=np.array(gbps),
        limit_ms=np.array(limit_ms),
        source=np.array(source, dtype=np.bool_).reshape(shape),
        target=np.array(target, dtype=np.bool_).reshape(shape),
        share=np.array(shares).reshape(len(gbps), len(dead)).T,
        dead=dead,
    )


def _at(instance: Instance, sites: set[int]) -> BoolArray:
    """(N,) True at some sites."""
    at = np.zeros(instance.graph.sites, dtype=np.bool_)
    at[sorted(sites)] = True
    return at


def _answering(instance: Instance, flow: Flow) -> list[tuple[BoolArray, set[int]]]:
    """Which far ends may answer in which cases, (1 + F + 1,)."""
    if not flow.market:
        return [(np.ones(1 + len(instance.failures) + 1, dtype=np.bool_), {flow.far})]
    site = instance.ground.site_index
    lost = [
        site[failure.site] if failure.kind in {"edge", "site"} else -1
        for failure in instance.failures
    ]
    at = np.array([-1, *lost, -1])
    only_edge = at == flow.backup_far
    only_edge[0] = True
    only_failover = at == flow.far
    double = np.concatenate([[False], instance.double, [False]])
    parts = [
        (only_edge & ~only_failover, {flow.far}),
        (only_failover, {flow.backup_far}),
        (~only_edge & ~only_failover & ~double, {flow.far, flow.backup_far}),
        (double, set(flow.fars)),
    ]
    return [(cases, far) for cases, far in parts if cases.any()]


def _share(network: Network, flow: Flow, kind: FailureKind) -> float:
    demand: Demand | None = flow.up or flow.down
    assert demand is not None
    return network.policy.kept(demand.traffic_class, kind)


@dataclass(frozen=True)
class Border:
    """What must cross the border of one set of sites: R different ways to lose some of it."""

    links: IntArray
    """(D,) links across the border."""
    left: FloatArray
    """(R, D) share of each link that is left at most."""
    need_gbps: FloatArray
    """(R,) raw capacity that must be left."""
    spare_gbps: float
    """Raw capacity that is left whichever one link is lost."""


def border_of(instance: Instance, asks: Asks, members: frozenset[int]) -> Border:
    """Cases that leave the same links of the border are one, with the strongest ask."""
    inside = np.isin(instance.ends, sorted(members))
    links = np.flatnonzero(inside[:, 0] != inside[:, 1])
    need = asks.asked_gbps(members) / instance.usable_failed
    need[0] *= instance.usable_failed / instance.usable_normal
    left = ~asks.dead[:, links]
    strongest: dict[bytes, int] = {}
    for case in np.flatnonzero(need > 0.0).tolist():
        known = strongest.setdefault(left[case].tobytes(), case)
        if need[case] > need[known]:
            strongest[left[case].tobytes()] = case
    cases = np.array(list(strongest.values()), dtype=np.int64)
    spare = [need[~left[:, number]].max(initial=0.0) for number in range(len(links))]
    kept_cases = cases[_undominated(left[cases], need[cases])]
    halved = _router_rows(instance, links, members) if need[-1] > 0.0 else left[:0]
    return Border(
        links=links,
        left=np.vstack([left[kept_cases], halved]).astype(np.float64),
        need_gbps=np.concatenate([need[kept_cases], np.full(len(halved), need[-1])]),
        spare_gbps=float(min(spare, default=0.0)) if len(links) > 1 else 0.0,
    )


def _router_rows(instance: Instance, links: IntArray, members: frozenset[int]) -> FloatArray:
    """(S, D) share that the loss of a router leaves of each link, for every site of a set.

    Of R routers that share a site's waves the fullest ends an R-th at least; its loss is a case.
    """
    ends = instance.ends[links]
    sites = [site for site in sorted(members) if site in ends and instance.ground.routers[site] > 1]
    at = np.array([(ends == site).any(axis=1) for site in sites]).reshape(len(sites), len(links))
    return 1.0 - at / instance.ground.routers[sites].reshape(-1, 1)


def _undominated(alive: BoolArray, need: FloatArray) -> BoolArray:
    """(R,) asks that no other one implies: as much of fewer links. No two borders are equal."""
    size = alive.sum(axis=1)
    common = alive.astype(np.float64) @ alive.T.astype(np.float64)
    implied = (common == size[None, :]) & (size[None, :] < size[:, None])
    return ~(implied & (need[None, :] >= need[:, None])).any(axis=1)


def cut_rows(
    instance: Instance, borders: Iterable[Border], waves: FloatArray | None = None
) -> Iterator[Row]:
    """Rows over the waves (column ``l * O + o``) of all borders, or those that a point breaks.

    Each is written in units of a wave's rate, rounded up on both sides; of a broken one only the
    unit that is broken most.

    Parameters
    ----------
    waves : float (L * O,), optional
        The point; all rows without it.
    """
    for border in borders:
        columns = wave_columns(instance, border.links)
        rates = instance.rate_gbps[border.links]
        units = np.unique(rates[instance.real[border.links]])
        if not len(units) and len(border.need_gbps):
            yield [], [], 1.0, np.inf
        if not len(units) or not len(border.need_gbps):
            continue
        whole = np.ceil(rates[None, :, :] / units[:, None, None] - ROUNDING)  # (U, D, O)
        left, least = _asked(border, units)
        if waves is None:
            broken = np.argwhere(np.ones(least.shape, dtype=np.bool_))
        else:
            carried = (whole * waves[columns].reshape(rates.shape)).sum(axis=2)
            short = (least - left @ carried.T) / least
            worst = short.argmax(axis=1)
            broken = np.argwhere(short > BROKEN)
            broken = broken[worst[broken[:, 0]] == broken[:, 1]]
        for row, unit in broken.tolist():
            values = (whole[unit] * left[row][:, None]).reshape(-1)
            across = values > 0.0
            yield columns[across].tolist(), values[across].tolist(), float(least[row, unit]), np.inf


def _asked(border: Border, units: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share left of links, (R or R + 1, D), and whole units that must be, (R or R + 1, U).

    Losing any one of d links leaves k units: together they are k d / (d - 1) or more, which is the
    sum of the d rows that each lack one, divided by d - 1 and rounded up. With k = 1 it says that a
    border of single waves needs two of them.
    """
    least = np.ceil(border.need_gbps[:, None] / units - ROUNDING)
    if border.spare_gbps <= 0.0:
        return border.left, least
    count = len(border.links)
    spread = np.ceil(border.spare_gbps / units - ROUNDING) * count / (count - 1)
    return (
        np.vstack([border.left, np.ones((1, count))]),
        np.vstack([least, np.ceil(spread - ROUNDING)]),
    )
