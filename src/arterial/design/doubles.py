"""Double cuts in a design: cases for those that bite, found as the design takes shape.

A rule on ``fibre2`` speaks of every two fibres, thousands of pairs, and few of them matter: those
that take every way of some flow, or send more onto a link than it holds. The design starts with the
pairs at the sites of those who are promised something; what its placements fall short in is added,
until no pair of fibres in use is left that they do not outlive. A shape that cannot keep all of it
is asked for what its links can keep.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np

from arterial.demand.excepted import excepted, trips_of
from arterial.design.choose import Chooser
from arterial.design.eased import eased
from arterial.design.flows import Flow, Nothing, flows_of, policy_weight
from arterial.design.instance import Instance
from arterial.design.run import Run
from arterial.design.search import Found, completed, restored
from arterial.design.state import Placement, State, link_cost
from arterial.fabric.failures import Failure
from arterial.paths.graph import Path, arc_link
from arterial.plan.rows import Demand, Replica
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Asked", "Held", "biting", "covered", "exits", "with_doubles"]

SEARCHES = 2
"""Times that the search goes on after cases were added; further ones only add ways."""

SLACK = 1e-9
"""Relative: what sums may add to a link's load."""


@dataclass(frozen=True)
class Held:
    """What flows are asked for no more after two cuts, since the links of a shape cannot."""

    nothing: Nothing
    released: frozenset[str] = frozenset()
    """Names of flows that are asked for nothing after any two."""


@dataclass(frozen=True)
class Asked:
    """What double cuts are asked of: a design with its flows."""

    chooser: Chooser
    flows: tuple[Flow, ...]
    demands: tuple[Demand, ...]
    replicas: tuple[Replica, ...]
    held: Held | None = None
    """None asks for all that the network owes."""

    @property
    def instance(self) -> Instance:
        """Candidate links, prices and failures."""
        return self.chooser.instance

    def with_more(self, pairs: Sequence[tuple[str, str]]) -> "Asked":
        """The same with further cases."""
        instance = with_doubles(self.instance, pairs)
        chooser, held = Chooser(instance), self.held
        if held is None:
            flows = flows_of(instance, self.demands, self.replicas)
            return Asked(chooser, flows, self.demands, self.replicas)
        flows = flows_of(instance, self.demands, self.replicas, held.nothing)
        less = eased(chooser, flows, held.released)
        held = replace(held, released=less.released)
        return Asked(chooser, less.flows, self.demands, self.replicas, held)


def with_doubles(instance: Instance, pairs: Iterable[tuple[str, str]]) -> Instance:
    """The instance with cases of two routes cut at once after its own."""
    row = {
        failure.fibres[0]: case
        for case, failure in enumerate(instance.failures)
        if failure.kind == "fibre"
    }
    fresh = [pair for pair in pairs if set(pair) <= row.keys()]
    if not fresh:
        return instance
    one, other = (np.array([row[pair[end]] for pair in fresh]) for end in (0, 1))
    dead = np.vstack([instance.dead, instance.dead[one] | instance.dead[other]])
    return replace(
        instance,
        failures=(
            *instance.failures,
            *(
                Failure(name=f"fibre {a} + fibre {b}", kind="fibre2", fibres=(a, b))
                for a, b in fresh
            ),
        ),
        dead=dead,
        dead_of=np.ascontiguousarray(dead.T),
    )


def exits(
    instance: Instance, demands: Sequence[Demand], replicas: Sequence[Replica]
) -> tuple[tuple[str, str], ...]:
    """Every two routes at a site from which somebody has to get elsewhere after two cuts."""
    network = instance.ground.network
    asked = [row for row in demands if network.policy.kept(row.traffic_class, "fibre2") > 0.0]
    trips = trips_of(network, asked, replicas).values()
    sites = {trip.near for trip in trips if trip.near not in trip.far}
    cut = {failure.fibres[0] for failure in instance.failures if failure.kind == "fibre"}
    routes = [route for route in (*network.fibres, *network.links) if route.name in cut]
    found: dict[tuple[str, str], None] = {}
    for site in (row.name for row in network.sites if row.name in sites):
        at = [route.name for route in routes if site in (route.a, route.z)]
        found |= dict.fromkeys(combinations(at, 2))
    return tuple(found)


def covered(asked: Asked, found: Found, *, rounds: int, run: Run) -> tuple[Asked, Found]:
    """Cases added and ways found for them, until no double cut bites.

    When time is up nothing is searched any more, and ways are found all the same: without them the
    design would not keep what a rule asks.

    Raises InfeasibleError or SolverError where a flow has no way for a case.
    """
    number = 0
    while pairs := biting(asked, found):
        part = run.under(f"double cuts {number}")
        run.report("double cuts", number, number + 1)
        asked = asked.with_more(pairs)
        found = part.step("completed", Found, partial(completed, asked.chooser, asked.flows, found))
        if number < SEARCHES:
            for better in part.rounds(asked.chooser, asked.flows, rounds=rounds, start=found):
                run.report("search with double cuts", better.round, rounds)
                found = better
        number += 1
    return asked, found


def biting(asked: Asked, found: Found) -> tuple[tuple[str, str], ...]:
    """Double cuts that are no case yet and that the placements do not outlive."""
    instance, network = asked.instance, asked.instance.ground.network
    if not any("fibre2" in rule.after for rule in network.policy.rules):
        return ()
    state = restored(instance, asked.flows, found.placements)
    _, option, waves = link_cost(instance, state.required_gbps())
    lit = np.maximum(waves, instance.free_waves)
    room = lit * instance.rate_gbps[np.arange(len(option)), option] * instance.usable_failed
    rows, names = _cuts(instance, lit > 0)
    one, other = np.triu_indices(len(rows), 1)
    dead = instance.dead[rows[one]] | instance.dead[rows[other]]  # (pairs, L)
    bites = _loaded(asked, state, np.ascontiguousarray(dead.T), room)
    owed = _owed(asked, names, (one, other))
    released = asked.held.released if asked.held else frozenset[str]()
    for flow, lost in _lost(asked, state, np.ascontiguousarray(dead.T)):
        if flow.name in released:
            continue
        bites |= lost & owed[flow.demand]
    known = {frozenset(case.fibres) for case in instance.failures if case.kind == "fibre2"}
    told = (
        (names[int(one[pair])], names[int(other[pair])]) for pair in np.flatnonzero(bites).tolist()
    )
    return tuple(pair for pair in told if frozenset(pair) not in known)


def _cuts(instance: Instance, lit: BoolArray) -> tuple[IntArray, list[str]]:
    """Cases of one fibre that take something lit, and the names of these fibres."""
    rows = [
        case
        for case, failure in enumerate(instance.failures)
        if failure.kind == "fibre" and (instance.dead[case] & lit).any()
    ]
    return np.array(rows, dtype=np.int64), [instance.failures[row].fibres[0] for row in rows]


def _owed(
    asked: Asked, names: Sequence[str], pairs: tuple[IntArray, IntArray]
) -> dict[str, BoolArray]:
    """By demand, (pairs,) double cuts after which something is owed to it."""
    network = asked.instance.ground.network
    promised = [d for d in asked.demands if network.policy.kept(d.traffic_class, "fibre2") > 0.0]
    trips = trips_of(network, promised, asked.replicas)
    number = {name: row for row, name in enumerate(names)}
    place = {
        (min(a, b), max(a, b)): pair
        for pair, (a, b) in enumerate(zip(*(rows.tolist() for rows in pairs), strict=True))
    }
    count = len(pairs[0])
    owed = {d.name: np.full(count, d.name in trips) for d in asked.demands}
    nothing = asked.held.nothing if asked.held else excepted(network, trips.values())
    for pair, lost in nothing.items():
        if pair <= number.keys():
            a, b = sorted(number[name] for name in pair)
            for demand, trip in trips.items():
                if trip in lost:
                    owed[demand][place[a, b]] = False
    return owed


def _ways(placement: Placement) -> Iterator[Path]:
    """In the order in which they are tried."""
    yield placement.paths[0]
    if placement.backup is not None:
        yield placement.backup
    yield from (way.path for way in placement.further)


def _lost(asked: Asked, state: State, dead_of: BoolArray) -> Iterator[tuple[Flow, BoolArray]]:
    """(pairs,) double cuts that take every way of a flow which is promised something."""
    network = asked.instance.ground.network
    for flow in asked.flows:
        demand = flow.up or flow.down
        assert demand is not None
        if network.policy.kept(demand.traffic_class, "fibre2") > 0.0:
            ways = _ways(state.placements[flow.name])
            lost = np.ones(dead_of.shape[1], dtype=np.bool_)
            for path in ways:
                lost &= _hit(dead_of, path)
            yield flow, lost


def _loaded(asked: Asked, state: State, dead_of: BoolArray, room: FloatArray) -> BoolArray:
    """(pairs,) double cuts after which some link that stands is asked for more than it holds."""
    network = asked.instance.ground.network
    load = np.zeros((2 * len(dead_of), dead_of.shape[1]))
    for flow in asked.flows:
        demand = flow.up or flow.down
        assert demand is not None
        weight = policy_weight(network, demand.traffic_class, "fibre2")
        if weight <= 0.0:
            continue
        placement = state.placements[flow.name]
        if len(placement.paths) > 1:
            for path in placement.paths:
                share = np.where(_hit(dead_of, path), 0.0, weight / len(placement.paths))
                _add(load, flow, path, share)
            continue
        waiting = np.ones(dead_of.shape[1], dtype=np.bool_)
        for path in _ways(placement):
            hit = _hit(dead_of, path)
            _add(load, flow, path, np.where(waiting & ~hit, weight, 0.0))
            waiting &= hit
    limit = np.repeat(room, 2)[:, None] * (1.0 + SLACK) + SLACK
    over: BoolArray = load > limit
    return over.any(axis=0).reshape(-1)


def _add(load: FloatArray, flow: Flow, path: Path, share: FloatArray) -> None:
    for arc in path:
        load[arc] += flow.up_gbps * share
        load[arc ^ 1] += flow.down_gbps * share


def _hit(dead_of: BoolArray, path: Path) -> BoolArray:
    """(pairs,) double cuts that take some link of a path."""
    hit = np.zeros(dead_of.shape[1], dtype=np.bool_)
    for arc in path:
        hit |= dead_of[arc_link(arc)]
    return hit
