"""Everything on one fibre moved to others beside it at once: no flow alone pays for a fibre.

What a fibre's first pair costs is paid by all that ride it. Flow by flow nothing moves to one
that is not lit yet, and a fibre that is closed sends its flows wherever each finds room. So whole
links change places: each that rides the fibre gives way to one between the same sites that does
not, its flows going on as they were.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.state import Placement, State, path_dead
from arterial.paths.graph import Path
from arterial.solve.program import BoolArray

__all__ = ["swaps"]


def swaps(
    chooser: Chooser, state: State, flows: Mapping[str, Flow], closed: BoolArray
) -> Iterator[State]:
    """The design with links (L,) given up for others between the same sites.

    One design for each dark fibre that takes over something; none where some flow would no longer
    be kept as the policy asks.
    """
    instance = state.instance
    given = np.flatnonzero(closed & (state.required_gbps()[0] > 0)).tolist()
    beside = [_beside(chooser, link, closed) for link in given]
    if not given or not all(beside):
        return
    fibres = instance.link_fibre[[other for own in beside for other in own]].any(axis=0)
    seen: set[tuple[int, ...]] = set()
    for m in np.flatnonzero(fibres & instance.dark).tolist():
        rides = instance.link_fibre[:, m]
        chosen = tuple(next((o for o in own if rides[o]), own[0]) for own in beside)
        if chosen not in seen:
            seen.add(chosen)
            moved = _moved(chooser, state, flows, dict(zip(given, chosen, strict=True)))
            if moved is not None:
                yield moved


def _beside(chooser: Chooser, link: int, closed: BoolArray) -> list[int]:
    """Open links of light between the same sites, nearest first."""
    instance = chooser.instance
    same = (instance.ends == instance.ends[link]).all(axis=1) & ~closed
    light = [o for o in np.flatnonzero(same).tolist() if not instance.routes[o].given]
    return sorted(light, key=lambda other: (float(instance.latency_ms[other]), other))


def _moved(
    chooser: Chooser, state: State, flows: Mapping[str, Flow], instead: Mapping[int, int]
) -> State | None:
    trial = state.copy()
    for name, place in state.placements.items():
        after = _instead(place, instead)
        if after == place:
            continue
        if place.further or not _kept(chooser, flows[name], after):
            return None
        trial.lift(flows[name])
        trial.place(flows[name], after)
    return trial


def _instead(place: Placement, links: Mapping[int, int]) -> Placement:
    def over(path: Path) -> Path:
        return tuple(2 * links.get(arc >> 1, arc >> 1) + (arc & 1) for arc in path)

    backup = None if place.backup is None else over(place.backup)
    return replace(place, paths=tuple(over(path) for path in place.paths), backup=backup)


def _kept(chooser: Chooser, flow: Flow, place: Placement) -> bool:
    """Whether ways are soon enough, and a case that takes the first leaves the other."""
    ways: Sequence[Path] = (*place.paths, *(() if place.backup is None else (place.backup,)))
    if not all(chooser.within(flow, way) for way in ways):
        return False
    instance = chooser.instance
    lost = path_dead(instance, flow, ways[0]) & flow.must & ~instance.double
    if not lost.any():
        return True
    if len(ways) == 1:
        return False
    dead = instance.dead_of[[arc >> 1 for arc in ways[1]]].any(axis=0)
    return not bool((lost & dead).any())
