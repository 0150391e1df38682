"""One-way arcs of other files as our links, which run both ways with the same figures.

Opposite arcs are joined, first those that agree. Where two differ, the link has the smaller
capacity and the longer delay, so that nothing is promised that an arc could not carry. An arc
without an opposite is left out: a link in its place would carry traffic where there is no way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from arterial.model.fibre import Link
from arterial.model.imports.found import joined_name, unique

__all__ = ["Arc", "Joint", "joined_arcs", "joined_links", "joint_notes"]

NAMED = 3
"""Arcs that a remark names."""


class Arc(Struct, frozen=True, kw_only=True):
    """One way from a site to another."""

    name: str
    source: str
    target: str
    capacity_gbps: float
    igp_metric: int | None = None
    latency_ms: float | None = None
    length_km: float | None = None
    remark: str = ""


class Joint(Struct, frozen=True):
    """Two opposite arcs, or one arc that nothing answers."""

    there: Arc
    back: Arc | None

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """One or two."""
        return (self.there,) if self.back is None else (self.there, self.back)


def joined_arcs(arcs: Sequence[Arc]) -> tuple[Joint, ...]:
    """Each arc in one joint, in the order of the first of each two."""
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, arc in enumerate(arcs):
        waiting[arc.source, arc.target].append(number)
    back: dict[int, int] = {}
    for (source, target), there in list(waiting.items()):
        if source < target:
            back |= _matched(arcs, there, waiting.get((target, source), []))
    answered = set(back.values())
    order = {min(pair): pair for pair in back.items()}
    joints: list[Joint] = []
    for number, arc in enumerate(arcs):
        if number in order:
            first, second = sorted(order[number])
            joints.append(Joint(arcs[first], arcs[second]))
        elif number not in back and number not in answered:
            joints.append(Joint(arc, None))
    return tuple(joints)


def _matched(arcs: Sequence[Arc], there: list[int], back: list[int]) -> dict[int, int]:
    """Opposite arcs of two sites: those that agree first, then the others in their order."""
    pairs: dict[int, int] = {}
    left = list(back)
    by_figures: dict[tuple[float, int | None], list[int]] = defaultdict(list)
    for number in reversed(left):
        by_figures[arcs[number].capacity_gbps, arcs[number].igp_metric].append(number)
    for number in there:
        like = by_figures[arcs[number].capacity_gbps, arcs[number].igp_metric]
        if like:
            pairs[number] = like.pop()
    taken = set(pairs.values())
    rest = (number for number in left if number not in taken)
    for number in there:
        if number not in pairs:
            other = next(rest, None)
            if other is not None:
                pairs[number] = other
    return pairs


def joined_links(joints: Iterable[Joint], file: str) -> tuple[Link, ...]:
    """A link for each two arcs; what nothing answers is left out."""
    whole = [(joint.there, joint.back) for joint in joints if joint.back is not None]
    names = unique(joined_name(there.source, there.target) for there, _ in whole)
    return tuple(
        Link(
            name=name,
            a=there.source,
            z=there.target,
            capacity_gbps=min(there.capacity_gbps, back.capacity_gbps),
            igp_metric=there.igp_metric,
            latency_ms=_longer(there.latency_ms, back.latency_ms),
            length_km=_longer(there.length_km, back.length_km),
            source=f"{file}, {there.name} and {back.name}{there.remark}",
        )
        for name, (there, back) in zip(names, whole, strict=True)
    )


def _longer(one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)


def joint_notes(joints: Sequence[Joint]) -> Iterator[str]:
    """What the links say otherwise than the arcs did."""
    pairs = [(joint.there, joint.back) for joint in joints if joint.back is not None]
    unequal = [there for there, back in pairs if there.capacity_gbps != back.capacity_gbps]
    if unequal:
        yield (
            f"{_counted(unequal)}: the two directions differ in capacity; "
            "the link has the smaller one both ways"
        )
    uneven = [there for there, back in pairs if there.igp_metric != back.igp_metric]
    if uneven:
        yield (
            f"{_counted(uneven)}: the two directions differ in metric; "
            "the link has that of the first both ways, so shortest paths may differ"
        )
    slower = [there for there, back in pairs if there.latency_ms != back.latency_ms]
    if slower:
        yield (
            f"{_counted(slower)}: the two directions differ in delay; "
            "the link has the longer one both ways"
        )
    lone = [joint.there for joint in joints if joint.back is None]
    if lone:
        yield (
            f"left out: {_counted(lone)}: an edge without its opposite; "
            "a link would carry traffic where there is no way"
        )


def _counted(arcs: Sequence[Arc]) -> str:
    names = ", ".join(arc.name for arc in arcs[:NAMED])
    return f"{len(arcs)} ({names}{', ...' if len(arcs) > NAMED else ''})"
