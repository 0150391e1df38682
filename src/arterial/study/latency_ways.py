"""Round trips of every market without failure and after each single failure of the policy.

Of a plan: tunnels as installed, backups after a failure, whatever they have room for. Of a network
that has no plan: the shortest way to the nearest edge, on the planning round trips of placement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import structs

from arterial.demand.offers import Offer
from arterial.fabric.failures import Failure, single_failures
from arterial.model.network import Network
from arterial.model.policy import FailureKind
from arterial.placement.edges import edge_sites
from arterial.placement.latency import planning_rtt_ms
from arterial.plan.plan import Plan
from arterial.prove.backup import Routing, installed, routed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.tables import Tables, compile_tables
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Ways", "existing_fibres", "failure_kinds", "installed_ways", "planned_ways"]

ALL = 1.0 - 1e-6
"""Share of a market's traffic that must find a tunnel, but for rounding."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """M markets, F failures; ms, infinite where nobody answers, NaN where a length is missing."""

    edges: tuple[str, ...]
    """That answer."""
    before_ms: FloatArray
    """float (M,)."""
    failures: tuple[Failure, ...]
    after_ms: FloatArray
    """float (F, M)."""
    home_lost: BoolArray
    """bool (F, M): the market's own site is lost."""


def failure_kinds(network: Network) -> tuple[FailureKind, ...]:
    """Kinds of failure after which the policy asks for anything, in the order of its words."""
    asked = {kind for rule in network.policy.rules if rule.keep > 0.0 for kind in rule.after}
    order: tuple[FailureKind, ...] = ("fibre", "srlg", "router", "site", "edge")
    return tuple(kind for kind in order if kind in asked)


def existing_fibres(network: Network) -> Network:
    """The network without fibres for lease or to be built."""
    standing = tuple(fibre for fibre in network.fibres if fibre.status == "existing")
    return structs.replace(network, fibres=standing)


def planned_ways(network: Network, offers: Sequence[Offer], opened: BoolArray) -> Ways:
    """Shortest ways over the fibres of ``network`` to the nearest open edge.

    Parameters
    ----------
    opened : bool (E,)
        As ``arterial.placement.edges.edge_sites``.
    """
    sites = edge_sites(network)
    edges = tuple(site.name for site, open_ in zip(sites, opened, strict=True) if open_)
    kinds = failure_kinds(network)
    failures = tuple(
        failure
        for failure in single_failures(
            network,
            fibres=[route.name for route in (*network.fibres, *network.links)],
            router_sites={*edges, *(offer.site for offer in offers)},
            edges=edges,
        )
        if failure.kind in kinds
    )

    whole_ms = planning_rtt_ms(network, offers)
    place = {site.name: column for column, site in enumerate(sites)}

    def nearest_ms(lost: Failure | None) -> FloatArray:
        if lost is None or lost.kind == "router":  # no way changes: searched once
            rtt_ms = whole_ms
        elif lost.kind == "edge":
            rtt_ms = whole_ms.copy()
            rtt_ms[:, place[lost.site]] = np.inf
        else:
            rtt_ms = planning_rtt_ms(network, offers, lost)
        return rtt_ms[:, opened].min(axis=1, initial=np.inf)

    return Ways(
        edges=edges,
        before_ms=nearest_ms(None),
        failures=failures,
        after_ms=_stacked([nearest_ms(failure) for failure in failures], len(offers)),
        home_lost=_stacked([_at_home(failure, offers) for failure in failures], len(offers)) > 0.0,
    )


def installed_ways(plan: Plan, offers: Sequence[Offer]) -> Ways:
    """What runs of a plan's tunnels; a market whose traffic finds no tunnel in part is unanswered.

    Raises
    ------
    DamagedError
        The plan breaks its own promises.
    """
    tables = compile_tables(plan)
    kinds = failure_kinds(plan.network)
    failures = tuple(failure for failure in failures_of(tables) if failure.kind in kinds)
    routing = routed(installed(tables), compile_cases(tables, failures))
    rtt_ms = np.stack([_market_ms(tables, routing, offer) for offer in offers], axis=1)
    return Ways(
        edges=_edges(plan),
        before_ms=rtt_ms[0],
        failures=failures,
        after_ms=rtt_ms[1:],
        home_lost=_stacked([_at_home(failure, offers) for failure in failures], len(offers)) > 0.0,
    )


def _edges(plan: Plan) -> tuple[str, ...]:
    used = {edge for row in plan.replicas for edge in (row.edge, row.failover)}
    return tuple(site.name for site in plan.network.sites if site.name in used)


def _market_ms(tables: Tables, routing: Routing, offer: Offer) -> FloatArray:
    """Float (F,): the slowest running tunnel of a market's demands."""
    worst = np.full(len(routing.wanted_gbps), -np.inf)
    tunnels = tables.tunnels
    for number, demand in enumerate(tables.plan.demands):
        if demand.market != offer.market:
            continue
        own = np.flatnonzero(tunnels.demand == number)
        wanted = routing.wanted_gbps[:, own]
        ms = np.where(wanted > 0.0, tunnels.round_trip_ms[own], -np.inf)
        slowest = ms.max(axis=1, initial=-np.inf)
        whole = wanted.sum(axis=1) >= demand.gbps * ALL
        worst = np.maximum(worst, np.where(whole, slowest, np.inf))
    return np.where(worst == -np.inf, np.inf, worst)


def _at_home(failure: Failure, offers: Sequence[Offer]) -> FloatArray:
    lost = [failure.kind == "site" and failure.site == offer.site for offer in offers]
    return np.array(lost, dtype=np.float64)


def _stacked(rows: Sequence[FloatArray], width: int) -> FloatArray:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)
