"""The opening of a design: replicas, demands, candidates, and a first placement of every flow."""

from collections.abc import Sequence
from dataclasses import dataclass

from arterial.demand.flows import demands
from arterial.design.candidates import Express, candidate_routes
from arterial.design.choose import Chooser
from arterial.design.doubles import exits, with_doubles
from arterial.design.eased import eased
from arterial.design.flows import Flow, flows_of
from arterial.design.ground import Ground, ground_of
from arterial.design.instance import NOTHING, Instance, instance_of
from arterial.design.kept import Legacy, legacy_of
from arterial.design.search import Found, search, stuck
from arterial.design.shape import Shape, shape_placement, shape_routes
from arterial.design.siting import Siting
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections, load_sections
from arterial.placement.replicas import Cover, Placement
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand

__all__ = ["Opening", "opened"]

OPENING_ROUNDS = 1
"""Rounds of search before two openings are compared."""


@dataclass(frozen=True)
class Opening:
    """What the search works on, and where it starts."""

    chooser: Chooser
    sections: Sections | None
    """Light of the network's fibres; None where it has none."""
    flows: tuple[Flow, ...]
    sited: Placement
    demands: tuple[Demand, ...]
    first: Found

    @property
    def instance(self) -> Instance:
        """Candidate links, prices and failures."""
        return self.chooser.instance

    @property
    def edge_cost(self) -> float:
        """Cost of the edge sites, fixed before the search."""
        return self.sited.edge_cost


@dataclass(frozen=True)
class _Grounds:
    """What every opening of a design starts from."""

    ground: Ground
    sections: Sections | None
    legacy: Legacy
    """What stands from an earlier plan."""


def opened(
    network: Network,
    load: str,
    report: Report,
    *,
    express: Express = "large",
    cover: Cover | None = None,
    shape: Shape | None = None,
    before: Plan | None = None,
) -> Opening:
    """The cheaper of two openings: edges as few as can be, or edges that spare dark fibre.

    A shape gives replicas and candidate links itself: there is one opening then.

    Parameters
    ----------
    before
        A plan of which everything stands; the network's pairs that it lit are lit.
    """
    report("optics", 0, 1)
    sections = load_sections(network, report) if network.fibres else None
    ground = ground_of(network)
    given = _Grounds(ground, sections, NOTHING if before is None else legacy_of(ground, before))
    if shape is not None:
        return _shaped(given, load, shape)
    openings: list[Opening] = []
    for number, spare_fibre in enumerate((False, True)):
        report("placement", number, 2)
        siting = Siting(network, load, spare_fibre=spare_fibre, cover=cover)
        opening = _opening(given, siting, load, express)
        if all(opening.sited.replicas != other.sited.replicas for other in openings):
            openings.append(opening)
    return min(openings, key=lambda opening: opening.first.cost + opening.edge_cost)


def _opening(given: _Grounds, siting: Siting, load: str, express: Express) -> Opening:
    """Site replicas, anew while a market's pair of edges cannot be routed; place every flow."""
    while True:
        sited = siting.placed()
        wanted = demands(given.ground.network, load, sited.replicas)
        instance = _instance(given, sited, wanted, express)
        instance = with_doubles(instance, exits(instance, wanted, sited.replicas))
        flows = flows_of(instance, wanted, sited.replicas)
        chooser = Chooser(instance)
        homeless = [flow for flow in stuck(chooser, flows) if flow.market]
        if not homeless:
            *_, first = search(chooser, flows, rounds=OPENING_ROUNDS)
            return Opening(chooser, given.sections, flows, sited, wanted, first)
        for flow in homeless:
            row = next(row for row in sited.replicas if row.market == flow.market)
            siting.give_up(row.market, row.edge, row.failover)


def _shaped(given: _Grounds, load: str, shape: Shape) -> Opening:
    """The opening of a shape; raises InfeasibleError or SolverError where a flow has no place."""
    ground, sections = given.ground, given.sections
    sited = shape_placement(ground, shape)
    wanted = demands(ground.network, load, sited.replicas)
    routes = shape_routes(ground, shape)
    arcs = [route.arcs for route in routes]
    options = options_of_routes(ground.network, sections, arcs) if sections else ()
    instance = instance_of(ground, routes, options, sited.edges, given.legacy)
    flows = flows_of(instance, wanted, sited.replicas)
    chooser = Chooser(instance)
    flows = eased(chooser, flows).flows if shape.eased else flows
    *_, first = search(chooser, flows, rounds=OPENING_ROUNDS)
    return Opening(chooser, given.sections, flows, sited, wanted, first)


def _instance(
    given: _Grounds, sited: Placement, wanted: Sequence[Demand], express: Express
) -> Instance:
    """Candidate links between the sites where traffic ends, with what each may be lit with."""
    names = {site for demand in wanted for site in (demand.source, demand.target)}
    names |= {site for row in sited.replicas for site in (row.edge, row.failover)}
    ground, sections = given.ground, given.sections
    if sections is None:
        return instance_of(ground, (), (), sited.edges)
    sites = (ground.site_index[name] for name in names)
    routes = candidate_routes(ground, sites, wanted, express)
    options = options_of_routes(ground.network, sections, [route.arcs for route in routes])
    return instance_of(ground, routes, options, sited.edges, given.legacy)
