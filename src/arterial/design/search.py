"""Search for a cheap design: place flows one by one, then move them, then close links.

A generator of frozen states: each round yields the best design so far, so that a caller can show
progress, save and stop. Rounds are counted, not timed: the same input gives the same design.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.blocked import no_way
from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.state import Placement, State, total_cost
from arterial.design.swap import swaps
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.paths.graph import arc_link
from arterial.solve.program import BoolArray

__all__ = [
    "Found",
    "built_cost",
    "cheapest",
    "completed",
    "placed",
    "priced",
    "restored",
    "search",
    "searched_cost",
    "stuck",
]

DELAY_PER_MS = 0.03
"""Cost units for a millisecond of one market's delay (ASSUMPTION): a wave is worth some 80 ms over
all markets, so nobody is sent far to save little. It steers the search and is in no bill."""

TRIES = 4
"""Placements of a flow that are priced exactly before the best is taken."""


@dataclass(frozen=True)
class Found:
    """The best design after a round; round 0 is the first placement."""

    round: int
    cost: float
    """Waves, pairs and chassis, and the price on delay that the search counts."""
    bill: float
    """Waves, pairs and chassis alone."""
    placements: dict[str, Placement]


def search(
    chooser: Chooser,
    flows: Sequence[Flow],
    *,
    rounds: int,
    start: Found | None = None,
    deadline: Deadline = FOREVER,
) -> Iterator[Found]:
    """Improve a design round by round: every flow moved, then every link tried without.

    A round depends on the placements before it alone, so a search that goes on from ``start`` ends
    where an uninterrupted one does.

    A round that time cuts short is forgotten, so that what goes on from here goes the same way.

    Raises InfeasibleError when a flow can have no placement, SolverError when none was found.
    """
    best = start or placed(chooser, flows, {})
    yield best
    while best.round < rounds:
        state = restored(chooser.instance, flows, best.placements)
        try:
            _move_all(chooser, state, flows, deadline)
            state = _closed(chooser, state, flows, deadline)
        except LateError:
            return
        found = Found(
            best.round + 1, searched_cost(state), built_cost(state), dict(state.placements)
        )
        if found.cost >= best.cost - 1e-9:
            return
        best = found
        yield best


def stuck(chooser: Chooser, flows: Sequence[Flow]) -> list[Flow]:
    """Flows that have no placement at all, whatever the others book."""
    empty = State(chooser.instance)
    open_links = np.zeros(len(chooser.instance.routes), dtype=np.bool_)
    return [
        flow for flow in flows if next(chooser.placements(empty, flow, open_links), None) is None
    ]


def restored(
    instance: Instance, flows: Sequence[Flow], placements: Mapping[str, Placement]
) -> State:
    """Bookings of placements, added up afresh: they depend on nothing that went before."""
    state = State(instance)
    for flow in flows:
        state.place(flow, placements[flow.name])
    return state


def completed(chooser: Chooser, flows: Sequence[Flow], found: Found) -> Found:
    """The same design with ways for the double cuts that it knows of; flows without are moved.

    Raises InfeasibleError or SolverError when a flow has no placement.
    """
    state = State(chooser.instance)
    none_closed = np.zeros(len(chooser.instance.routes), dtype=np.bool_)
    bare = {name: replace(place, further=()) for name, place in found.placements.items()}
    for flow in flows:
        state.place(flow, bare[flow.name])
    for flow in flows:
        if not (flow.must & chooser.instance.double).any():
            continue
        state.lift(flow)
        placement = chooser.furthered(state, flow, bare[flow.name], none_closed)
        state.place(flow, placement or _first(chooser, state, flow))
    return Found(0, searched_cost(state), built_cost(state), dict(state.placements))


def priced(instance: Instance, flows: Sequence[Flow], placements: Mapping[str, Placement]) -> Found:
    """Placements as a first design: what they cost here, wherever they come from."""
    state = restored(instance, flows, placements)
    return Found(0, searched_cost(state), built_cost(state), dict(state.placements))


def placed(chooser: Chooser, flows: Sequence[Flow], known: Mapping[str, Placement]) -> Found:
    """A first design: flows of known placements there, the others one by one where they add least.

    Raises InfeasibleError when a flow can have no placement, SolverError when none was found.
    """
    state = State(chooser.instance)
    for flow in flows:
        if flow.name in known:
            state.place(flow, known[flow.name])
    for flow in flows:
        if flow.name not in known:
            state.place(flow, _first(chooser, state, flow))
    return Found(0, searched_cost(state), built_cost(state), dict(state.placements))


def built_cost(state: State) -> float:
    """Waves, pairs and chassis that bookings ask for."""
    return total_cost(state.instance, state.required_gbps())


def searched_cost(state: State) -> float:
    """What the search brings down: the bill, and a price on people's delay."""
    return built_cost(state) + DELAY_PER_MS * state.delay_ms


def _first(chooser: Chooser, state: State, flow: Flow) -> Placement:
    none_closed = np.zeros(len(chooser.instance.routes), dtype=np.bool_)
    placement = cheapest(chooser, state, flow, none_closed)
    if placement is None:
        placement = cheapest(chooser, state, flow, none_closed, alone=True)
    if placement is None:
        raise no_way(chooser.instance, flow)
    return placement


def cheapest(
    chooser: Chooser, state: State, flow: Flow, closed: BoolArray, *, alone: bool = False
) -> Placement | None:
    """The cheapest of the first few placements, priced exactly; the flow is not placed after."""
    best: tuple[float, Placement] | None = None
    for count, placement in enumerate(chooser.placements(state, flow, closed, alone=alone)):
        state.place(flow, placement)
        cost = searched_cost(state)
        state.lift(flow)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, placement)
        if count + 1 == TRIES:
            break
    return None if best is None else best[1]


def _move_all(chooser: Chooser, state: State, flows: Sequence[Flow], deadline: Deadline) -> None:
    """Lift each flow in turn and place it where it adds least."""
    none_closed = np.zeros(len(state.instance.routes), dtype=np.bool_)
    for flow in deadline.each(flows):
        before = searched_cost(state)
        old = state.lift(flow)
        new = cheapest(chooser, state, flow, none_closed)
        state.place(flow, new or old)
        if searched_cost(state) > before + 1e-9:
            state.lift(flow)
            state.place(flow, old)


def _closed(chooser: Chooser, state: State, flows: Sequence[Flow], deadline: Deadline) -> State:
    """Close each dark fibre in use, then each link, emptiest first; keep what pays."""
    by_name = {flow.name: flow for flow in flows}
    for closed in deadline.each((*_dark_fibres(state), *_used_links(state))):
        before = searched_cost(state)
        trial = _without(chooser, state, by_name, closed)
        if trial is not None and searched_cost(trial) < before - 1e-9:
            state = trial
    return _swapped(chooser, state, by_name, deadline)


def _swapped(
    chooser: Chooser, state: State, flows: Mapping[str, Flow], deadline: Deadline
) -> State:
    """Move all on a dark fibre to others beside it; keep what pays.

    What is kept is searched on in the next round.
    """
    for closed in deadline.each(tuple(_dark_fibres(state))):
        for trial in swaps(chooser, state, flows, closed):
            if searched_cost(trial) < searched_cost(state) - 1e-9:
                state = trial
                break
    return state


def _dark_fibres(state: State) -> Iterator[BoolArray]:
    """(L,) links that ride a fibre lit for this design, dearest fibre first."""
    instance = state.instance
    used = instance.link_fibre[state.required_gbps()[0] > 0].any(axis=0)
    dark = np.flatnonzero(used & instance.dark)
    ground = instance.ground
    first = ground.pair_cost + np.where(instance.charged, ground.setup_cost, 0.0)
    for m in dark[np.argsort(-first[dark], kind="stable")]:
        yield instance.link_fibre[:, m]


def _used_links(state: State) -> Iterator[BoolArray]:
    """(L,) each link in use alone, emptiest first."""
    required = state.required_gbps()[0]
    used = np.flatnonzero(required > 0)
    for link in used[np.argsort(required[used], kind="stable")]:
        yield np.arange(len(required)) == link


def _without(
    chooser: Chooser, state: State, flows: dict[str, Flow], closed: BoolArray
) -> State | None:
    """The design with some links emptied, or None when a flow needs one of them."""
    trial = state.copy()
    shut = set(np.flatnonzero(closed).tolist())
    riders = [name for name, place in state.placements.items() if shut & _links(place)]
    for name in riders:
        trial.lift(flows[name])
    for name in sorted(riders, key=lambda name: -flows[name].up_gbps - flows[name].down_gbps):
        placement = cheapest(chooser, trial, flows[name], closed)
        if placement is None:
            return None
        trial.place(flows[name], placement)
    return trial


def _links(placement: Placement) -> set[int]:
    further = (way.path for way in placement.further)
    paths = (*placement.paths, placement.backup or (), *further)
    return {arc_link(arc) for path in paths for arc in path}
