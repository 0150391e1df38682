"""The opening of a design: replicas, demands, candidates, and a first placement of every flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arterial.demand.flows import demands
from arterial.design.ahead import Ahead, leaning, levelled
from arterial.design.apart import routes_apart
from arterial.design.candidates import Express, Route, candidate_routes
from arterial.design.choose import Chooser
from arterial.design.close import Close, charged, moves, standing_placements, uncharged
from arterial.design.doubles import exits, with_doubles
from arterial.design.eased import eased
from arterial.design.flows import Flow, flows_of
from arterial.design.ground import Ground, ground_of
from arterial.design.instance import NOTHING, Instance, instance_of
from arterial.design.kept import Legacy, legacy_of
from arterial.design.search import Found, placed, search, stuck
from arterial.design.shape import Shape, shape_placement, shape_routes
from arterial.design.siting import Siting
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections, load_sections
from arterial.paths.graph import Path
from arterial.placement.replicas import Cover, Placement
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Replica

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
    close: Close | None = None
    """The plan to stay close to: prices that the search sees have those of changes in them."""
    ahead: Ahead | None = None
    """What later phases need too: prices that the search sees lean on it."""

    @property
    def instance(self) -> Instance:
        """Candidate links, prices and failures."""
        return self.chooser.instance

    @property
    def uncharged(self) -> Instance:
        """The same at true prices."""
        close, ahead = self.close, self.ahead
        known = self.instance if ahead is None else levelled(self.instance, ahead)
        return known if close is None else uncharged(known, close.worth)

    @property
    def moved(self) -> int:
        """Changes that the placement of replicas makes to the plan to stay close to."""
        return 0 if self.close is None else moves(self.close.plan.replicas, self.sited.replicas)

    @property
    def weight(self) -> float:
        """What openings are compared by."""
        worth = 0.0 if self.close is None else self.close.worth
        return self.first.cost + self.edge_cost + worth * self.moved

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
    close: Close | None = None
    ahead: Ahead | None = None


def opened(
    network: Network,
    load: str,
    report: Report,
    *,
    express: Express = "large",
    cover: Cover | None = None,
    shape: Shape | None = None,
    before: Plan | None = None,
    close: Close | None = None,
    ahead: Ahead | None = None,
) -> Opening:
    """The cheaper of two openings: edges as few as can be, or edges that spare dark fibre.

    A shape gives replicas and candidate links itself: there is one opening then.

    Parameters
    ----------
    before
        A plan of which everything stands; the network's pairs that it lit are lit.
    close
        Stay close to that plan: a third opening has its markets where they are, and where its
        tunnels run is tried.
    ahead
        What later phases need too, and the design leans on.
    """
    report("optics", 0, 1)
    sections = load_sections(network, report) if network.fibres else None
    ground = ground_of(network)
    legacy = NOTHING if before is None else legacy_of(ground, before)
    given = _Grounds(ground, sections, legacy, close, ahead)
    if shape is not None:
        return _shaped(given, load, shape)
    openings: list[Opening] = []
    tries: list[tuple[bool, Sequence[Replica]]] = [(False, ()), (True, ())]
    if close is not None:
        tries.insert(0, (False, close.plan.replicas))
    for number, (spare_fibre, held) in enumerate(tries):
        report("placement", number, len(tries))
        siting = Siting(network, load, spare_fibre=spare_fibre, cover=cover, held=held)
        if any(siting.placed().replicas == other.sited.replicas for other in openings):
            continue
        opening = _opening(given, siting, load, express)
        if all(opening.sited.replicas != other.sited.replicas for other in openings):
            openings.append(opening)
    return min(openings, key=lambda opening: opening.weight)


def _opening(given: _Grounds, siting: Siting, load: str, express: Express) -> Opening:
    """Site replicas, anew while a market's pair of edges cannot be routed; place every flow.

    Flows without two ways that fail apart first get such ways as candidates, where fibre has them.
    """
    while True:
        sited = siting.placed()
        wanted = demands(given.ground.network, load, sited.replicas)
        sites = _router_sites(given.ground, sited, wanted)
        routes: dict[Path, Route] = {}
        if given.sections is not None:
            found = candidate_routes(given.ground, sites, wanted, express)
            routes = {route.arcs: route for route in found}
        chooser, flows, lost = _tried(given, routes, sited, wanted)
        if lost and given.sections is not None:
            before = len(routes)
            for route in routes_apart(chooser.instance, lost, sites):
                routes.setdefault(route.arcs, route)
            if len(routes) > before:
                chooser, flows, lost = _tried(given, routes, sited, wanted)
        homeless = [flow for flow in lost if flow.market]
        if not homeless:
            first = _first(chooser, flows, given.close)
            held = given.close, given.ahead
            return Opening(chooser, given.sections, flows, sited, wanted, first, *held)
        for flow in homeless:
            row = next(row for row in sited.replicas if row.market == flow.market)
            siting.give_up(row.market, row.edge, row.failover)


def _first(chooser: Chooser, flows: Sequence[Flow], close: Close | None) -> Found:
    """Every flow placed; close to a plan, from where its tunnels run or from nothing."""
    *_, first = search(chooser, flows, rounds=OPENING_ROUNDS)
    if close is None:
        return first
    found = [first]
    for plan in (close.plan, *close.others):
        start = placed(chooser, flows, standing_placements(chooser, flows, plan))
        *_, near = search(chooser, flows, rounds=OPENING_ROUNDS, start=start)
        found.append(near)
    return min(found, key=lambda one: one.cost)


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


def _tried(
    given: _Grounds, routes: Mapping[Path, Route], sited: Placement, wanted: Sequence[Demand]
) -> tuple[Chooser, tuple[Flow, ...], list[Flow]]:
    """What chooses among some routes, the flows, and those of them that find no place."""
    ground, sections = given.ground, given.sections
    options = options_of_routes(ground.network, sections, list(routes)) if sections else ()
    instance = instance_of(ground, list(routes.values()), options, sited.edges, given.legacy)
    instance = with_doubles(instance, exits(instance, wanted, sited.replicas))
    flows = flows_of(instance, wanted, sited.replicas)
    close, ahead = given.close, given.ahead
    seen = instance if close is None else charged(instance, close.worth)
    chooser = Chooser(seen if ahead is None else leaning(seen, ahead))
    return chooser, flows, stuck(chooser, flows)


def _router_sites(ground: Ground, sited: Placement, wanted: Sequence[Demand]) -> set[int]:
    """Sites where traffic ends or is answered: what candidate links join."""
    names = {site for demand in wanted for site in (demand.source, demand.target)}
    names |= {site for row in sited.replicas for site in (row.edge, row.failover)}
    return {ground.site_index[name] for name in names}
