"""What edges hold: whole replicas for the markets that each answers, also after a loss.

Axes: A workloads that say what a replica takes, K models, M markets, E edge sites. An edge holds
what its own markets keep busy, and after the loss of any other edge what that one hands to it. A
route that is lost hands its market over too: which routes are lost together is the design's to say,
and markets that it found to meet at an edge then must find room there (``meets``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from msgspec import UNSET

from arterial.demand.offers import Offer
from arterial.demand.serving import busy_replicas, gpu_prices, models_of
from arterial.model.network import Network
from arterial.model.policy import FAILURE_KINDS, FailureKind
from arterial.model.site import Site
from arterial.model.workload import ReplicaNeed
from arterial.plan.rows import Replica
from arterial.plan.rows import Serving as Row
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["WHOLE", "Meet", "Serving", "serving_of", "whole"]

WHOLE = 1e-5
"""Part of a replica that rounding may leave out, for each replica counted."""
ROUNDING = 1e-9
"""Of a sum of powers, relative."""


@dataclass(frozen=True, kw_only=True)
class Meet:
    """Markets that one loss was found to bring to an edge, beside those that it left there."""

    edge: int
    own: FloatArray
    """(A, M) replicas of markets whose edge it is."""
    handed: FloatArray
    """(A, M) of markets whose fail-over it is."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Replicas kept busy, room for them, and their price."""

    models: tuple[ReplicaNeed, ...]
    """(K,)"""
    workloads: tuple[str, ...]
    """(A,)"""
    model: IntArray
    """(A,) that a workload asks."""
    markets: Mapping[str, int]
    """Row of each, by name."""
    busy: FloatArray
    """(A, M) replicas at the market's peak, parts of one kept."""
    keep: Mapping[FailureKind, FloatArray]
    """(A,) share that the policy keeps after a failure; kinds that keep nothing are left out."""
    home: IntArray
    """(M,) the edge at the market's own site; -1 where there is none."""
    edges: tuple[str, ...]
    gpus: FloatArray
    """(E,) that it can hold; infinite where nothing says."""
    kw: FloatArray
    """(E,) the same of power."""
    price: FloatArray
    """(E, K) of one replica, over the years."""
    meets: tuple[Meet, ...] = ()
    """Found so far; an edge has room for each."""

    @property
    def gpus_each(self) -> FloatArray:
        """(K,) accelerators of a replica."""
        return np.array([model.gpus for model in self.models], dtype=np.float64)

    @property
    def kw_each(self) -> FloatArray:
        """(K,) power of a replica; 0 where it is not known."""
        return np.array([model.kw or 0.0 for model in self.models], dtype=np.float64)

    @property
    def limited(self) -> bool:
        """Whether some edge holds only so much."""
        return bool(np.isfinite(self.gpus).any() or np.isfinite(self.kw).any())

    @property
    def limits(self) -> tuple[tuple[str, FloatArray, FloatArray], ...]:
        """What an edge holds only so much of: its name, (E,) how much, (K,) of a replica."""
        return ("gpus", self.gpus, self.gpus_each), ("kw", self.kw, self.kw_each)

    def busy_of(self, model: int) -> FloatArray:
        """(M,) replicas of a model that each market keeps busy."""
        return self.busy[self.model == model].sum(axis=0)

    def by_model(self, busy: FloatArray) -> FloatArray:
        """(K,) of (A,) or (A, M): sums over a model's workloads, and over markets."""
        found = np.zeros(len(self.models))
        np.add.at(found, self.model, busy.reshape(len(self.workloads), -1).sum(axis=1))
        return found

    def losses(self) -> Iterator[FloatArray]:
        """After the loss of each edge, then of its site where that asks for more: what is asked.

        (A, M, E): a market asks nothing where its own site is lost.
        """
        edge, site = (self.keep.get(kind) for kind in ("edge", "site"))
        count = len(self.edges)
        if edge is not None:
            yield np.repeat((self.busy * edge[:, None])[:, :, None], count, axis=2)
        if site is not None and (edge is None or (site > edge).any()):
            asked = np.repeat((self.busy * site[:, None])[:, :, None], count, axis=2)
            asked[:, self.home[:, None] == np.arange(count)[None, :]] = 0.0
            yield asked

    def counts(self, primary: Sequence[int], failover: Sequence[int]) -> IntArray:
        """(E, K) whole replicas that a placement asks for, whatever its routes.

        Parameters
        ----------
        primary, failover
            Edges of each market, by number.
        """
        return whole(self.by_case(primary, failover).max(axis=0))

    def by_case(self, primary: Sequence[int], failover: Sequence[int]) -> FloatArray:
        """(1 + cases, E, K) replicas kept busy: without failure, after losses, where markets meet.

        Parts of replicas are kept.
        """
        edges, markets = np.arange(len(self.edges)), np.arange(len(primary))
        one, other = np.array(primary, dtype=np.int64), np.array(failover, dtype=np.int64)
        first = (one[:, None] == edges).astype(np.float64)  # (M, E)
        parts = [(self.busy @ first).T[None]]
        for asked in self.losses():
            left = np.einsum("aml,me->lea", asked, first)  # lost, edge, workload
            left[edges, edges] = 0.0
            np.add.at(left, (one, other), asked[:, markets, one].T)
            parts.append(left)
        for meet in self.meets:
            met = np.zeros((1, len(edges), len(self.workloads)))
            met[0, meet.edge] = meet.own @ (one == meet.edge) + meet.handed @ (other == meet.edge)
            parts.append(met)
        return self.at_edges(np.concatenate(parts))

    def at_edges(self, busy: FloatArray) -> FloatArray:
        """(..., E, K) of (..., E, A): replicas by model."""
        of = (self.model[:, None] == np.arange(len(self.models))).astype(np.float64)
        return np.asarray(busy @ of, dtype=np.float64)

    def over(self, counts: IntArray) -> BoolArray:
        """(E,) edges that have no room for (E, K) replicas."""
        too_many = np.zeros(len(self.edges), dtype=np.bool_)
        for _, holds, each in self.limits:
            too_many |= counts @ each > holds * (1.0 + ROUNDING)
        return too_many

    def cost(self, counts: IntArray) -> float:
        """Of (E, K) replicas over the years."""
        return float((counts * self.price).sum())

    def cost_of(self, replicas: Sequence[Replica]) -> float:
        """Of the fewest replicas that a placement asks for, one row a market."""
        place = {name: edge for edge, name in enumerate(self.edges)}
        rows = sorted(replicas, key=lambda row: self.markets[row.market])
        edges = [(place[row.edge], place[row.failover]) for row in rows]
        return self.cost(self.counts([one for one, _ in edges], [other for _, other in edges]))

    def rows(self, counts: IntArray) -> tuple[Row, ...]:
        """(E, K) replicas as rows of a plan, those of none left out."""
        return tuple(
            Row(
                edge=edge,
                model=need.model,
                replicas=int(count),
                gpus=int(count) * need.gpus,
                kw=np.nan if need.kw is None else float(count) * need.kw,
            )
            for edge, own in zip(self.edges, counts, strict=True)
            for need, count in zip(self.models, own.tolist(), strict=True)
            if count
        )

    def with_meets(self, meets: Sequence[Meet]) -> "Serving":
        """The same, with room asked for more markets that were found to meet."""
        return replace(self, meets=(*self.meets, *meets))

    def all_at(self, edge: int) -> Meet:
        """Everybody who may ever be answered at an edge, at once: more than any loss brings."""
        return Meet(edge=edge, own=self.busy, handed=self.busy)


def whole(replicas: FloatArray) -> IntArray:
    """Rounded up, but for what rounding of sums may add."""
    return np.ceil(replicas - WHOLE * np.maximum(replicas, 1.0)).astype(np.int64)


def serving_of(
    network: Network, load: str, offers: Sequence[Offer], edges: Sequence[Site]
) -> Serving | None:
    """What a load keeps busy and what edges hold; None where no workload says what it takes."""
    busy = busy_replicas(network, load)
    if not busy or not offers:
        return None
    models = models_of(network, load)
    number = {need.model: k for k, need in enumerate(models)}
    classes = {row.workload: row.traffic_class for row in busy}
    row_of = {offer.market: row for row, offer in enumerate(offers)}
    place = {workload: a for a, workload in enumerate(classes)}
    asked = np.zeros((len(classes), len(offers)))
    model = np.zeros(len(classes), dtype=np.int64)
    for row in busy:
        model[place[row.workload]] = number[row.model]
        if row.market in row_of:
            asked[place[row.workload], row_of[row.market]] += row.replicas
    at = {site.name: e for e, site in enumerate(edges)}
    prices = np.array([gpu_prices(network, site) for site in edges]).reshape(-1, 2)
    each = np.array([(need.gpus, need.kw or 0.0) for need in models])
    return Serving(
        models=models,
        workloads=tuple(classes),
        model=model,
        markets=row_of,
        busy=asked,
        keep=_keep(network, tuple(classes.values())),
        home=np.array([at.get(offer.site, -1) for offer in offers], dtype=np.int64),
        edges=tuple(at),
        gpus=np.array([inf if site.gpus is UNSET else float(site.gpus) for site in edges]),
        kw=np.array([inf if site.gpu_kw is UNSET else site.gpu_kw for site in edges]),
        price=prices @ each.T,
    )


def _keep(network: Network, classes: Sequence[str]) -> dict[FailureKind, FloatArray]:
    found: dict[FailureKind, FloatArray] = {}
    for kind in FAILURE_KINDS:
        share = np.array([network.policy.kept(name, kind) for name in classes])
        if share.any():
            found[kind] = share
    return found
