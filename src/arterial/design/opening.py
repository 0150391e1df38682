"""The opening of a design: replicas, demands, candidates, and a first placement of every flow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from arterial.demand.flows import demands
from arterial.design.ahead import Ahead, leaning, levelled
from arterial.design.apart import routes_apart
from arterial.design.build import settled
from arterial.design.candidates import Express, Route, candidate_routes
from arterial.design.choose import Chooser
from arterial.design.close import Close, charged, moves, standing_placements, uncharged
from arterial.design.doubles import Held, exits, with_doubles
from arterial.design.eased import eased
from arterial.design.flows import Flow, flows_of
from arterial.design.ground import Ground, ground_of
from arterial.design.instance import NOTHING, Instance, instance_of
from arterial.design.kept import Legacy, legacy_of
from arterial.design.offers import with_offers
from arterial.design.run import Run
from arterial.design.search import Found, placed, restored, search, stuck
from arterial.design.serving import Rooms
from arterial.design.shape import Shape, shape_placement, shape_routes
from arterial.design.shape_cuts import shape_owed_nothing
from arterial.design.siting import Siting
from arterial.errors import InfeasibleError, SolverError
from arterial.model.network import Network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections, load_sections
from arterial.paths.graph import Path
from arterial.placement.replicas import Cover, Placement
from arterial.placement.serving import Meet, Serving
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
    held: Held | None = None
    """What a shape cannot keep after two cuts, where it is asked for what it can alone."""
    serving: Serving | None = None
    """Replicas that markets keep busy and room for them; None where none are counted."""

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
        """Cost of edge sites and of the fewest replicas there, fixed before the search."""
        return self.sited.edge_cost + self.sited.replica_cost

    def fits(self, found: Found) -> bool:
        """Whether its routes leave every edge room for what it answers after a failure."""
        if self.serving is None or not self.serving.limited:
            return True
        return not crowded(self.chooser, self.flows, self.serving, found)


@dataclass(frozen=True)
class _Grounds:
    """What every opening of a design starts from."""

    ground: Ground
    sections: Sections | None
    legacy: Legacy
    """What stands from an earlier plan."""
    close: Close | None
    run: Run
    ahead: Ahead | None


@dataclass(frozen=True)
class _Chosen:
    """The opening that was cheapest, by its place among those that are tried."""

    number: int
    first: Found


def opened(
    network: Network,
    load: str,
    run: Run,
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
    run
        Keeps which one was cheaper; when time is up, the first one is as good.
    ahead
        What later phases need too, and the design leans on.
    """
    run.report("optics", 0, 1)
    sections = load_sections(network, run.report) if network.fibres else None
    ground = ground_of(network)
    legacy = NOTHING if before is None else legacy_of(ground, before)
    given = _Grounds(ground, sections, legacy, close, run, ahead)
    if shape is not None:
        return _shaped(given, load, shape)
    tries: list[tuple[bool, Sequence[Replica]]] = [(False, ()), (True, ())]
    if close is not None:
        tries.insert(0, (False, close.plan.replicas))
    sitings = [
        partial(Siting, network, load, spare_fibre=spare_fibre, cover=cover, held=held)
        for spare_fibre, held in tries
    ]
    made: dict[int, Opening] = {}

    def chosen() -> _Chosen:
        made.update(_openings(given, sitings, load, express))
        number = min(made, key=lambda number: made[number].weight)
        return _Chosen(number, made[number].first)

    best = run.step("opening", _Chosen, chosen)
    if best.number not in made:
        return _opening(given, sitings[best.number](), load, express, best.first)
    return made[best.number]


def _openings(
    given: _Grounds, sitings: Sequence[Callable[[], Siting]], load: str, express: Express
) -> Iterator[tuple[int, Opening]]:
    """Openings of different replicas, by number; when time is up no further one."""
    known: list[Sequence[Replica]] = []
    for number, sited in enumerate(sitings):
        if known and given.run.late:
            return
        given.run.report("placement", number, len(sitings))
        siting = sited()
        try:
            if siting.placed().replicas in known:
                continue
            opening = _opening(given, siting, load, express)
        except SolverError:  # no room was found at edges this way; it was another way
            if siting.limited is None or not known:
                raise
            continue
        if opening.sited.replicas not in known:
            known.append(opening.sited.replicas)
            yield number, opening


def _opening(
    given: _Grounds, siting: Siting, load: str, express: Express, first: Found | None = None
) -> Opening:
    """Site replicas, anew while a market's pair of edges cannot be routed; place every flow.

    Where flows are placed may be known: ``first``.

    Flows without two ways that fail apart first get such ways as candidates, where fibre has them.
    """
    if siting.limited is not None:
        first = None  # it may be of a placement that was found to crowd an edge
    while True:
        sited = siting.placed()
        wanted = demands(given.ground.network, load, sited.replicas)
        sites = _router_sites(given.ground, sited, wanted)
        routes: dict[Path, Route] = {}
        if given.sections is not None:
            found = candidate_routes(given.ground, sites, wanted, express)
            routes = {route.arcs: route for route in with_offers(given.ground, found)}
        chooser, flows, lost = _tried(given, routes, sited, wanted)
        if lost and given.sections is not None:
            before = len(routes)
            for route in with_offers(given.ground, routes_apart(chooser.instance, lost, sites)):
                routes.setdefault(route.arcs, route)
            if len(routes) > before:
                chooser, flows, lost = _tried(given, routes, sited, wanted)
        homeless = [flow for flow in lost if flow.market]
        if not homeless:
            found = first or _first(chooser, flows, given)
            if siting.limited is not None and siting.met(
                crowded(chooser, flows, siting.limited, found)
            ):
                continue
            return Opening(
                chooser,
                given.sections,
                flows,
                sited,
                wanted,
                found,
                close=given.close,
                ahead=given.ahead,
                serving=siting.serving,
            )
        for flow in homeless:
            row = next(row for row in sited.replicas if row.market == flow.market)
            siting.give_up(row.market, row.edge, row.failover)


def crowded(chooser: Chooser, flows: Sequence[Flow], serving: Serving, found: Found) -> list[Meet]:
    """Markets that routes bring together at edges without room for them."""
    state = restored(chooser.instance, flows, found.placements)
    build = None
    with suppress(InfeasibleError, SolverError):
        build = settled(chooser.instance, flows, state)
    return Rooms(chooser.instance, serving).meets(state, flows, build)


def _first(chooser: Chooser, flows: Sequence[Flow], given: _Grounds) -> Found:
    """Every flow placed; close to a plan, from where its tunnels run or from nothing."""
    close, deadline, found = given.close, given.run.deadline, list[Found]()
    for plan in () if close is None else (close.plan, *close.others):
        if found and deadline.late:
            break
        start = placed(chooser, flows, standing_placements(chooser, flows, plan))
        *_, near = search(chooser, flows, rounds=OPENING_ROUNDS, start=start, deadline=deadline)
        found.append(near)
    if not found or not deadline.late:
        *_, bare = search(chooser, flows, rounds=OPENING_ROUNDS, deadline=deadline)
        found.insert(0, bare)
    return min(found, key=lambda one: one.cost)


def _shaped(given: _Grounds, load: str, shape: Shape) -> Opening:
    """The opening of a shape; raises InfeasibleError or SolverError where a flow has no place."""
    ground, sections = given.ground, given.sections
    sited, serving = shape_placement(ground, shape, load)
    wanted = demands(ground.network, load, sited.replicas)
    routes = shape_routes(ground, shape)
    arcs = [route.arcs for route in routes]
    options = options_of_routes(ground.network, sections, arcs) if sections else ()
    instance = instance_of(ground, routes, options, sited.edges, given.legacy)
    instance = with_doubles(instance, exits(instance, wanted, sited.replicas))
    chooser = Chooser(instance)
    held = None
    if shape.eased:
        nothing = shape_owed_nothing(ground.network, shape, wanted, sited.replicas)
        flows = flows_of(instance, wanted, sited.replicas, nothing)
        less = eased(chooser, flows)
        flows, held = less.flows, Held(nothing, less.released)
    else:
        flows = flows_of(instance, wanted, sited.replicas)
    *_, first = search(chooser, flows, rounds=OPENING_ROUNDS)
    return Opening(chooser, given.sections, flows, sited, wanted, first, held=held, serving=serving)


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
