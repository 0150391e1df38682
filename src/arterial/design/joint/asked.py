"""What a load asks of the network whatever the placement, market by market and edge by edge.

Axes: D answers (a market's traffic in one direction, under one limit), 1 + F + 1 states as in
``cuts.Asks``: no failure, each case, the loss of a router.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.demand.flows import flows as site_flows
from arterial.design.cuts import Asks, asks_of
from arterial.design.flows import Flow, flows_of
from arterial.design.instance import Instance
from arterial.design.joint.offered import Offered
from arterial.design.joint.traffic import Traffic
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Answers", "Asked", "asked"]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Traffic between markets and whichever edges answer them."""

    market: IntArray
    """(D,)"""
    site: IntArray
    """(D,) where the market enters."""
    down: BoolArray
    """(D,) True towards the market."""
    limit_ms: FloatArray
    """(D,)"""
    gbps: FloatArray
    """(1 + F + 1, D)"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """All that a load asks."""

    fixed: Asks
    """Between sites that no placement moves."""
    by_edge: tuple[tuple[int, Asks], ...]
    """Asked for where an edge is open: new models rolled out to it."""
    answers: Answers

    def any_edge(self, choices: Offered, instance: Instance) -> Asks:
        """Fixed traffic, and answers by any edge within the market's bound."""
        index = instance.ground.site_index
        parts = [self.fixed]
        for row, market in enumerate(self.answers.market.tolist()):
            within = {index[choices.edges[e]] for e in np.flatnonzero(choices.within[market])}
            parts.append(_answered(self.answers, row, within, instance, self.fixed))
        return _joined(parts)


def asked(instance: Instance, choices: Offered, traffic: Traffic) -> Asked:
    """Split a load by what a placement changes of it. Moves of KV caches are left out."""
    network = instance.ground.network
    none = site_flows(network, traffic.load, ())
    by_edge: list[tuple[int, Asks]] = []
    for number, edge in enumerate(choices.edges):
        more = [row for row in site_flows(network, traffic.load, [edge]) if row not in none]
        if more:
            by_edge.append((number, asks_of(instance, flows_of(instance, more, ()))))
    return Asked(
        fixed=asks_of(instance, flows_of(instance, none, ())),
        by_edge=tuple(by_edge),
        answers=_answers(instance, choices, traffic),
    )


def _answers(instance: Instance, choices: Offered, traffic: Traffic) -> Answers:
    """A market asks the same of whichever edge: any pair of edges tells how much, and when."""
    number = {offer.market: row for row, offer in enumerate(choices.offers)}
    found: dict[tuple[int, int, bool, float], FloatArray] = {}
    for flow in _answered_flows(choices, traffic):
        for key, gbps in _told(instance, flow):
            known = (number[flow.market], flow.near, *key)
            found[known] = found.get(known, 0.0) + gbps
    states = 2 + len(instance.failures)
    return Answers(
        market=np.array([key[0] for key in found], dtype=np.int64),
        site=np.array([key[1] for key in found], dtype=np.int64),
        down=np.array([key[2] for key in found], dtype=np.bool_),
        limit_ms=np.array([key[3] for key in found], dtype=np.float64),
        gbps=np.array(list(found.values()), dtype=np.float64).reshape(-1, states).T,
    )


def _answered_flows(choices: Offered, traffic: Traffic) -> list[Flow]:
    if not choices.offers or not choices.allowed.any(axis=(1, 2)).all():
        return []
    pairs = tuple(
        next(choices.nearest_pairs(market, range(len(choices.edges)), allowed))
        for market, allowed in enumerate(choices.allowed)
    )
    return [flow for flow in traffic.flows(choices.replicas(pairs)) if flow.market]


def _told(instance: Instance, flow: Flow) -> Iterator[tuple[tuple[bool, float], FloatArray]]:
    """(down, limit) and (1 + F + 1,) Gb/s of a flow's two directions."""
    for down in (False, True):
        one = replace(flow, up=None if down else flow.up, down=flow.down if down else None)
        if one.up is None and one.down is None:
            continue
        asks = asks_of(instance, [one])
        yield (down, flow.limit_ms - instance.hop_ms), asks.share @ asks.gbps


def _answered(answers: Answers, row: int, within: set[int], instance: Instance, like: Asks) -> Asks:
    """One answer as asks: by any edge within, or by any but the market's own when that is lost."""
    gbps, site = answers.gbps[:, row], int(answers.site[row])
    lost = [
        instance.ground.site_index[case.site] if case.kind in {"edge", "site"} else -1
        for case in instance.failures
    ]
    own = np.array([-1, *lost, -1]) == site
    parts = [(within, np.where(own, 0.0, gbps)), (within - {site}, np.where(own, gbps, 0.0))]
    near, far = np.zeros((2, len(parts), instance.graph.sites), dtype=np.bool_)
    near[:, site] = True
    for number, (sites, _) in enumerate(parts):
        far[number, sorted(sites)] = True
    down = bool(answers.down[row])
    return Asks(
        gbps=np.ones(len(parts)),
        limit_ms=np.full(len(parts), answers.limit_ms[row]),
        source=far if down else near,
        target=near if down else far,
        share=np.array([share for _, share in parts]).T,
        dead=like.dead,
    )


def _joined(parts: Sequence[Asks]) -> Asks:
    return Asks(
        gbps=np.concatenate([part.gbps for part in parts]),
        limit_ms=np.concatenate([part.limit_ms for part in parts]),
        source=np.vstack([part.source for part in parts]),
        target=np.vstack([part.target for part in parts]),
        share=np.hstack([part.share for part in parts]),
        dead=parts[0].dead,
    )
