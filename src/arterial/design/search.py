"""Search for a cheap design: place flows one by one, then move them, then close links.

A generator of frozen states: each round yields the best design so far, so that a caller can show
progress, save and stop. Rounds are counted, not timed: the same input gives the same design.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.state import Placement, State, total_cost
from arterial.errors import InfeasibleError
from arterial.paths.graph import arc_link
from arterial.paths.shortest import shortest_path
from arterial.solve.program import BoolArray

__all__ = ["Found", "restored", "search"]

TRIES = 4
"""Placements of a flow that are priced exactly before the best is taken."""


@dataclass(frozen=True)
class Found:
    """The best design after a round; round 0 is the first placement."""

    round: int
    cost: float
    """Waves, pairs and chassis."""
    placements: dict[str, Placement]


def search(
    instance: Instance,
    flows: Sequence[Flow],
    *,
    rounds: int,
    start: Found | None = None,
) -> Iterator[Found]:
    """Improve a design round by round: every flow moved, then every link tried without.

    A round depends on the placements before it alone, so a search that goes on from ``start`` ends
    where an uninterrupted one does.

    Raises InfeasibleError when a flow has no placement at all.
    """
    chooser = Chooser(instance)
    best = start or _placed(instance, chooser, flows)
    yield best
    while best.round < rounds:
        state = restored(instance, flows, best.placements)
        _move_all(chooser, state, flows)
        state = _closed(chooser, state, flows)
        found = Found(best.round + 1, _cost(state), dict(state.placements))
        if found.cost >= best.cost - 1e-9:
            return
        best = found
        yield best


def restored(
    instance: Instance, flows: Sequence[Flow], placements: Mapping[str, Placement]
) -> State:
    """Bookings of placements, added up afresh: they depend on nothing that went before."""
    state = State(instance)
    for flow in flows:
        state.place(flow, placements[flow.name])
    return state


def _placed(instance: Instance, chooser: Chooser, flows: Sequence[Flow]) -> Found:
    state = State(instance)
    for flow in flows:
        state.place(flow, _first(instance, chooser, state, flow))
    return Found(0, _cost(state), dict(state.placements))


def _cost(state: State) -> float:
    return total_cost(state.instance, state.required_gbps())


def _first(instance: Instance, chooser: Chooser, state: State, flow: Flow) -> Placement:
    placement = _best(chooser, state, flow, np.zeros(len(instance.routes), dtype=np.bool_))
    if placement is None:
        raise _no_way(instance, flow)
    return placement


def _best(chooser: Chooser, state: State, flow: Flow, closed: BoolArray) -> Placement | None:
    """The cheapest of the first few placements, priced exactly; the flow is not placed after."""
    best: tuple[float, Placement] | None = None
    for count, placement in enumerate(chooser.placements(state, flow, closed)):
        state.place(flow, placement)
        cost = _cost(state)
        state.lift(flow)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, placement)
        if count + 1 == TRIES:
            break
    return None if best is None else best[1]


def _move_all(chooser: Chooser, state: State, flows: Sequence[Flow]) -> None:
    """Lift each flow in turn and place it where it adds least."""
    none_closed = np.zeros(len(state.instance.routes), dtype=np.bool_)
    for flow in flows:
        before = _cost(state)
        old = state.lift(flow)
        new = _best(chooser, state, flow, none_closed)
        state.place(flow, new or old)
        if _cost(state) > before + 1e-9:
            state.lift(flow)
            state.place(flow, old)


def _closed(chooser: Chooser, state: State, flows: Sequence[Flow]) -> State:
    """Close each link in turn, emptiest first, and keep what pays."""
    by_name = {flow.name: flow for flow in flows}
    required = state.required_gbps()
    used = np.flatnonzero(required > 0)
    for link in used[np.argsort(required[used], kind="stable")]:
        before = _cost(state)
        trial = _without(chooser, state, by_name, int(link))
        if trial is not None and _cost(trial) < before - 1e-9:
            state = trial
    return state


def _without(
    chooser: Chooser, state: State, flows: dict[str, Flow], link: int
) -> State | None:
    """The design with one link emptied, or None when some flow needs it."""
    trial = state.copy()
    closed = np.zeros(len(state.instance.routes), dtype=np.bool_)
    closed[link] = True
    riders = [name for name, place in state.placements.items() if link in _links(place)]
    for name in riders:
        trial.lift(flows[name])
    for name in sorted(riders, key=lambda name: -flows[name].up_gbps - flows[name].down_gbps):
        placement = _best(chooser, trial, flows[name], closed)
        if placement is None:
            return None
        trial.place(flows[name], placement)
    return trial


def _links(placement: Placement) -> set[int]:
    paths = (*placement.paths, placement.backup or ())
    return {arc_link(arc) for path in paths for arc in path}


def _no_way(instance: Instance, flow: Flow) -> InfeasibleError:
    """Name the case that cuts a flow off, and what would free it."""
    delay = np.repeat(instance.latency_ms + instance.hop_ms, 2)
    direct = shortest_path(instance.graph, delay.tolist(), flow.near, flow.far)
    names = [site.name for site in instance.ground.network.sites]
    ends = f"{names[flow.near]} and {names[flow.far]}"
    if direct is None:
        return InfeasibleError(
            f"demand '{flow.name}'",
            f"no lightpath joins {ends}",
            (f"a fibre that joins {ends}",),
        )
    for case, failure in enumerate(instance.failures):
        shut = np.repeat(instance.dead[case], 2)
        for far in {flow.far, flow.backup_far}:
            weight = np.where(shut, np.inf, delay).tolist()
            path = shortest_path(instance.graph, weight, flow.near, far)
            took = sum(weight[arc] for arc in path or ()) + instance.hop_ms
            if path is not None and took <= flow.limit_ms:
                break
        else:
            if flow.must[case]:
                return _collision(flow, failure.name, names)
    return InfeasibleError(
        f"demand '{flow.name}'",
        f"no pair of paths between {ends} outlives every single failure within the bound",
        ("a fibre that shares no risk with those there are", "a longer round-trip bound"),
    )


def _collision(flow: Flow, failure: str, names: list[str]) -> InfeasibleError:
    remedies = [f"a fibre to {names[flow.near]} that does not share '{failure}'"]
    if flow.limit_ms < np.inf:
        remedies += [
            f"an edge nearer to {names[flow.near]}",
            f"a bound above {2 * flow.limit_ms:.1f} ms round trip in the backbone",
        ]
    return InfeasibleError(
        f"demand '{flow.name}'",
        f"after '{failure}' no path within the class's bound is left",
        remedies,
    )
