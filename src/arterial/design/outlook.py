"""All phases of a network on the same candidates: what each asks, and at what prices.

Candidate links join every site where traffic ends in some phase, over every fibre that some phase
has; each phase knows which of them it can use. Replicas are placed phase by phase, an edge that was
opened stays open; they and the options worth having are judged before any capacity is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from arterial.design.candidates import Route, candidate_routes
from arterial.design.flows import Flow, flows_of
from arterial.design.ground import Ground, ground_of, pair_cost, setup_cost
from arterial.design.horizon_cases import Answers, answers_of
from arterial.design.instance import Instance, instance_of, wave_cost
from arterial.design.kept import priced
from arterial.design.master import standing_units
from arterial.design.offers import with_offers
from arterial.design.opening import opened
from arterial.design.phase_network import discount, fibre_opens, phase_network, with_edges
from arterial.design.run import Run
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.phase import Phase
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import load_sections
from arterial.placement.edges import open_cost
from arterial.plan.rows import Demand, Replica
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Outlook", "Sited", "Stage", "outlook", "stage_of"]


@dataclass(frozen=True)
class Stage:
    """A phase on the common candidates."""

    phase: Phase
    network: Network
    flows: tuple[tuple[Flow, ...], ...]
    """Of the phase's load, then of each further one."""
    usable: BoolArray
    """(L,) candidates whose fibres have come."""
    wave_cost: FloatArray
    """(L, O) of one wave, or one unit of a link for sale, discounted; 0 where there is no such
    option, and for what stands."""
    pair_cost: FloatArray
    """(M,) of one pair, discounted; inf where it cannot be lit."""
    setup_cost: FloatArray
    """(M,) of the first pair of a fibre without any, once, discounted."""
    chassis_cost: float
    built: tuple[str, ...]
    """Candidate edges that are built."""
    built_cost: float
    """Of building them, discounted; part of ``edge_cost``."""
    edge_cost: float
    """Edges that no earlier phase uses, built and kept for the years that a bill counts."""


@dataclass(frozen=True)
class Outlook:
    """Candidates and phases."""

    network: Network
    instance: Instance
    stages: tuple[Stage, ...]

    @cached_property
    def answers(self) -> Answers:
        """Edges and fail-overs of all markets in all phases."""
        return answers_of(flow for stage in self.stages for each in stage.flows for flow in each)


def outlook(network: Network, *, robust: bool = False, report: Report = silent) -> Outlook:
    """Place replicas phase by phase, then gather candidates of all phases.

    Parameters
    ----------
    robust
        Whether the loads under ``also`` must be carried too.

    Raises
    ------
    InfeasibleError
        A phase has a market without an edge, or none that can be reached.
    """
    found: list[Sited] = []
    edges: frozenset[str] = frozenset()
    for number, phase in enumerate(network.phases):
        report("phases", number, len(network.phases))
        here = with_edges(phase_network(network, number), edges)
        openings = [opened(here, name, Run(report=report)) for name in _loads(phase, robust=robust)]
        fresh = {edge for opening in openings for edge in opening.sited.edges} - edges
        found.append(
            Sited(
                network=here,
                replicas=tuple(opening.sited.replicas for opening in openings),
                demands=tuple(opening.demands for opening in openings),
                fresh=frozenset(fresh),
                routes=tuple(_routes_of(network, opening.instance) for opening in openings),
            )
        )
        edges |= fresh
    instance = _instance(network, found, edges)
    stages = [stage_of(network, instance, number, one) for number, one in enumerate(found)]
    return Outlook(network=network, instance=instance, stages=tuple(stages))


@dataclass(frozen=True, kw_only=True)
class Sited:
    """A phase with its replicas, before candidates are known."""

    network: Network
    replicas: tuple[tuple[Replica, ...], ...]
    demands: tuple[tuple[Demand, ...], ...]
    fresh: frozenset[str]
    """Edges that no earlier phase uses."""
    routes: tuple[tuple[Route, ...], ...] = ()
    """Of its openings' light, on the fibres of all phases: ways that fail apart among them."""


def _loads(phase: Phase, *, robust: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys((phase.load, *phase.also))) if robust else (phase.load,)


def _instance(network: Network, found: Sequence[Sited], edges: frozenset[str]) -> Instance:
    """Candidate links of every phase: between the sites where its own traffic ends."""
    ground = ground_of(network)
    used = [site.name for site in network.sites if site.name in edges]
    if not network.fibres:
        return instance_of(ground, (), (), used)
    routes = tuple(dict.fromkeys(route for one in found for route in _routes(ground, one)))
    sections = load_sections(network)
    options = options_of_routes(network, sections, [route.arcs for route in routes])
    return instance_of(ground, routes, options, used)


def _routes(ground: Ground, one: Sited) -> tuple[Route, ...]:
    asked = [demand for each in one.demands for demand in each]
    rows = [row for each in one.replicas for row in each]
    names = {site for demand in asked for site in (demand.source, demand.target)}
    names |= {site for row in rows for site in (row.edge, row.failover)}
    sites = (ground.site_index[name] for name in sorted(names))
    return (
        *with_offers(ground, candidate_routes(ground, sites, asked)),
        *(route for each in one.routes for route in each),
    )


def _routes_of(network: Network, instance: Instance) -> tuple[Route, ...]:
    """Routes of light of a phase, their fibres counted as in the whole network."""
    number = {fibre.name: m for m, fibre in enumerate(network.fibres)}
    here = [number[fibre.name] for fibre in instance.ground.network.fibres]
    return tuple(
        replace(route, arcs=tuple(2 * here[arc >> 1] + (arc & 1) for arc in route.arcs))
        for route in instance.routes
        if not route.given
    )


def stage_of(network: Network, instance: Instance, number: int, one: Sited) -> Stage:
    """A phase on the candidates of all, at its own prices, discounted."""
    here, factor = one.network, discount(network, number)
    opens = np.array(fibre_opens(network), dtype=np.int64)
    late = np.array(instance.link_fibre[:, opens > number].any(axis=1), dtype=np.bool_)
    given = np.array([bool(route.given) for route in instance.routes], dtype=np.bool_)
    units = ~standing_units(instance)
    price = np.zeros(instance.rate_gbps.shape)
    for link, options in enumerate(instance.options):
        for o, option in enumerate(options):
            today = option if given[link] else priced(here, option)
            price[link, o] = wave_cost(here, today) * factor * units[link, o]
    pairs = np.array([pair_cost(here, fibre) * factor for fibre in network.fibres])
    once = np.array([setup_cost(here, fibre) * factor for fibre in network.fibres])
    sites = {site.name: site for site in here.sites}
    built = tuple(sorted(name for name in one.fresh if "edge" not in sites[name].roles))
    return Stage(
        phase=network.phases[number],
        network=here,
        flows=tuple(
            flows_of(instance, demands, replicas)
            for demands, replicas in zip(one.demands, one.replicas, strict=True)
        ),
        usable=~late,
        wave_cost=price,
        pair_cost=np.where(opens > number, np.inf, pairs),
        setup_cost=once,
        chassis_cost=here.costs.chassis * factor,
        built=built,
        built_cost=factor * here.costs.edge_site_build * len(built),
        edge_cost=factor * sum(open_cost(here, sites[name]) for name in sorted(one.fresh)),
    )
