"""The frontier of ``latency``: what further people within a bound cost, and who is out of reach."""

from collections.abc import Iterator, Sequence
from math import isfinite, nan
from typing import Literal

import numpy as np

from arterial.demand.offers import Offer
from arterial.model.network import Network
from arterial.placement.edges import edge_sites, open_cost
from arterial.placement.frontier import Ground, Point, cost_of, frontier, levels, share_of
from arterial.placement.latency import end_ms
from arterial.placement.transport import transport_cost
from arterial.solve.program import BoolArray, FloatArray
from arterial.study.latency_answer import Frontier, FrontierPoint, OutOfReach
from arterial.units import fibre_delay_ms

__all__ = ["Survive", "frontier_of", "ground_of", "out_of_reach"]

Survive = Literal["none", "edge"]

SCOPE = (
    "planning round trips over all fibres; the nearest edges in service answer; fibre, ports and "
    "spectrum aside"
)
PER_CENT = 100.0


def ground_of(
    network: Network,
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    within_ms: float,
    *,
    survive: Survive,
    kept: BoolArray,
) -> Ground:
    """What the frontier is drawn on.

    A market is served within its class's round trip wherever enough edges are so near.

    Parameters
    ----------
    rtt_ms : float (M, E)
    kept : bool (E,)
        Edges that stay in service.
    """
    sites = edge_sites(network)
    wanted = 2 if survive == "edge" else 1
    limit_ms = np.array([[offer.limit_rtt_ms] for offer in offers])
    reached = np.isfinite(rtt_ms)
    near = reached & (rtt_ms <= limit_ms)
    allowed = np.where((near.sum(axis=1) >= wanted)[:, np.newaxis], near, reached)
    gbps = np.array([[offer.down_gbps + offer.up_gbps] for offer in offers])
    transport = transport_cost(network, offers, [site.name for site in sites], rtt_ms)
    return Ground(
        people=np.array([offer.people for offer in offers], dtype=np.float64),
        within=rtt_ms <= within_ms,
        allowed=allowed,
        need=np.minimum(wanted, allowed.sum(axis=1)).astype(np.int64),
        open_cost=np.array([open_cost(network, site) for site in sites]),
        pair_cost=gbps * transport,
        kept=kept,
        survive=survive == "edge",
    )


def frontier_of(
    network: Network,
    ground: Ground,
    today: BoolArray,
    within_ms: float,
    step: float,
    from_share: float | None = None,
) -> Frontier:
    """From today's share, or the one that is given, to the most that is possible, in steps.

    Parameters
    ----------
    today : bool (E,)
        Edges in service today.
    """
    everywhere = np.ones(len(today), dtype=np.bool_)
    first, most = share_of(ground, today), share_of(ground, everywhere)
    lowest = min(first if from_share is None else from_share, most)
    points = frontier(ground, levels(lowest, most, step))
    return Frontier(
        survive="edge" if ground.survive else "none",
        within_ms=within_ms,
        today_share=first,
        today_cost=cost_of(ground, today)[0],
        most_share=most,
        points=tuple(_told(network, points, today)),
        scope=SCOPE,
    )


def _told(network: Network, points: Sequence[Point], today: BoolArray) -> Iterator[FrontierPoint]:
    sites = edge_sites(network)
    names = [site.name for site in sites]
    new = np.array(["edge" not in site.roles for site in sites], dtype=np.bool_)
    before: Point | None = None
    for point in points:
        standing = today if before is None else before.opened
        yield FrontierPoint(
            asked_share=point.asked,
            share=point.share,
            cost=point.cost,
            edge_cost=point.edge_cost,
            bound=point.bound,
            gap=point.gap,
            marginal=_marginal(before, point),
            edges=_named(names, point.opened),
            opens=_named(names, point.opened & ~standing),
            closes=_named(names, standing & ~point.opened),
            builds=int((point.opened & new).sum()),
        )
        before = point


def _marginal(before: Point | None, point: Point) -> float:
    if before is None or point.share <= before.share:
        return nan
    return (point.cost - before.cost) / (PER_CENT * (point.share - before.share))


def _named(names: Sequence[str], chosen: BoolArray) -> tuple[str, ...]:
    return tuple(name for name, open_ in zip(names, chosen, strict=True) if open_)


def out_of_reach(
    network: Network,
    offers: Sequence[Offer],
    rtt_ms: FloatArray,
    within_ms: float,
    survive: Survive,
) -> tuple[OutOfReach, ...]:
    """Markets that no edge or candidate brings within the bound, or only one; most people first."""
    names = [site.name for site in edge_sites(network)]
    near = (rtt_ms <= within_ms).sum(axis=1)
    rows = [
        _out(network, offer, names, rtt_ms[row], within_ms, "edge" if near[row] else "none")
        for row, offer in enumerate(offers)
        if near[row] == 0 or (near[row] == 1 and survive == "edge")
    ]
    return tuple(sorted(rows, key=lambda row: (row.survive == "edge", -row.people, row.market)))


def _out(
    network: Network,
    offer: Offer,
    names: Sequence[str],
    rtt_ms: FloatArray,
    within_ms: float,
    survive: Survive,
) -> OutOfReach:
    order = np.argsort(rtt_ms, kind="stable")
    place = 1 if survive == "edge" else 0
    edge = int(order[place]) if len(order) > place else -1
    nearest_ms = float(rtt_ms[edge]) if edge >= 0 else np.inf
    known = isfinite(nearest_ms)
    away = known and names[edge] != offer.site
    return OutOfReach(
        market=offer.market,
        people=offer.people,
        survive=survive,
        nearest=names[edge] if known else "",
        rtt_ms=nearest_ms,
        fibre_km=_way_km(network, offer, nearest_ms) if away else (0.0 if known else nan),
        reach_km=_way_km(network, offer, within_ms),
    )


def _way_km(network: Network, offer: Offer, rtt_ms: float) -> float:
    """Length that a round trip leaves for fibre after access, two routers and one FEC."""
    left_ms = rtt_ms / 2.0 - offer.access_ms - end_ms(network, away=True)
    return max(0.0, left_ms / (network.latency.route_factor * fibre_delay_ms(1.0)))
