"""Checks what somebody says that ECMP does, from the plan's rows alone.

It looks for no shortest path: distances that it is told are right when no standing link is a
shorter cut and every site has a next hop that is none longer. Then each site must hand on all it
has in equal parts to all its next hops and to nobody else. What the links so loaded can carry, and
how late it comes, it works out by itself. It shares no code with the engine.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from arterial.prove.outage import Outage
from arterial.prove.register import Register, left_gbps
from arterial.prove.verifier import (
    TOLERANCE,
    Check,
    Flow,
    Violation,
    carried_share,
    flow_end,
)
from arterial.units import US_PER_MS

__all__ = ["Spread", "verify_spreads"]

Arc = tuple[str, bool]
"""A link, and True when ridden from its a to its z."""
_Hops = dict[str, list[tuple[Arc, str]]]
"""By site: arcs, and where they lead."""


class Spread(Struct, frozen=True, kw_only=True):
    """Where all traffic to one site goes, as offered: nothing is lost on the way yet."""

    target: str
    distance: dict[str, float]
    """Metric from each site that has a way."""
    offered: tuple[Flow, ...]
    """Demands that end here, whole and without hops."""
    flow_gbps: dict[tuple[str, bool, int], float]
    """By link, direction and priority."""


class _Standing(Struct, frozen=True, kw_only=True):
    """What is left in a case."""

    book: Register
    out: Outage
    room: dict[str, float]
    """Gb/s that may be used, of links that stand."""
    metric: dict[str, float]
    leaving: dict[str, list[tuple[Arc, str]]]
    """By site: arcs that leave it, and where they lead."""


def verify_spreads(
    book: Register, out: Outage, spreads: Sequence[Spread], *, failed: bool
) -> Check:
    """Check spreads while ``out`` is out of service.

    Every demand must be offered to its edge if it can get there, else to its fail-over; one that is
    not offered anywhere must have no way. Links serve priorities in order; a demand keeps the share
    of its tightest link.
    """
    state = _standing(book, out, failed=failed)
    wrong = list(_offer_violations(state, spreads))
    load: dict[tuple[str, bool, int], float] = {}
    hops = [_next_hops(state, spread) for spread in spreads]
    for spread, own in zip(spreads, hops, strict=True):
        wrong += _distance_violations(state, spread, own)
        wrong += _flow_violations(state, spread, own)
        for key, gbps in spread.flow_gbps.items():
            load[key] = load.get(key, 0.0) + gbps
    nothing = dict.fromkeys(book.demands, 0.0)
    if wrong:
        return Check(violations=tuple(wrong), share=nothing, hoped=nothing, round_trip_ms={})
    squeezed = _squeezed(state, load)
    share, hoped, trips = dict(nothing), dict(nothing), dict[str, float]()
    for spread, own in zip(spreads, hops, strict=True):
        tight, late_ms = _found(state, spread, own, squeezed)
        for flow in spread.offered:
            demand = book.demands[flow.demand]
            bound = book.classes[demand.traffic_class].rtt_ms
            level = book.classes[demand.traffic_class].priority
            router_ms = book.plan.network.latency.router_ms
            trip_ms = 2.0 * (late_ms[flow.source] + router_ms + demand.access_ms)
            keeps = carried_share(flow.gbps * tight[flow.source].get(level, 1.0), demand.gbps)
            unknown = math.isnan(trip_ms)
            in_time = bound is None or trip_ms <= bound * (1.0 + TOLERANCE)
            share[flow.demand] = keeps * in_time
            hoped[flow.demand] = keeps * (in_time or unknown)
            trips[flow.demand] = trip_ms
    return Check(violations=(), share=share, hoped=hoped, round_trip_ms=trips)


def _standing(book: Register, out: Outage, *, failed: bool) -> _Standing:
    policy = book.plan.network.policy
    ceiling = policy.ceiling_failed if failed else policy.ceiling_normal
    room: dict[str, float] = {}
    leaving: dict[str, list[tuple[Arc, str]]] = {site: [] for site in book.routers}
    for name, link in book.links.items():
        left = left_gbps(book, name, out)
        lost = ("site", link.a, 0) in out or ("site", link.z, 0) in out
        if left > 0.0 and not lost:
            room[name] = left * ceiling * (1.0 - policy.hash_inefficiency)
            leaving[link.a].append(((name, True), link.z))
            leaving[link.z].append(((name, False), link.a))
    return _Standing(book=book, out=out, room=room, metric=_metrics(book), leaving=leaving)


def _metrics(book: Register) -> dict[str, float]:
    """What a ready-made link says, else microseconds; links of unknown delay are taken last."""
    known = [ms for ms in book.delays_ms.values() if not math.isnan(ms)]
    longest_ms = max(known, default=0.0)
    metric: dict[str, float] = {}
    for name, link in book.links.items():
        given = book.ready_made[name].igp_metric if link.waves == 0 else None
        ms = book.delays_ms[name]
        us = round((longest_ms if math.isnan(ms) else ms) * US_PER_MS)
        metric[name] = float(given or max(1, us))
    return metric


def _next_hops(state: _Standing, spread: Spread) -> _Hops:
    """Of each site with a way, the standing arcs that are part of a shortest one."""
    far, metric = spread.distance, state.metric
    return {
        site: [
            (arc, there)
            for arc, there in state.leaving.get(site, ())
            if there in far and metric_left == metric[arc[0]] + far[there]
        ]
        for site, metric_left in far.items()
        if site != spread.target
    }


def _distance_violations(state: _Standing, spread: Spread, hops: _Hops) -> Iterable[Violation]:
    far, target = spread.distance, spread.target
    if far.get(target) != 0.0 or ("site", target, 0) in state.out:
        yield Violation(kind="dead", where=target, text="is told to be reached, and is not")
    for site in far:
        if site not in state.leaving:
            yield Violation(kind="unknown name", where=site, text="is no site")
        elif site != target and not hops[site]:
            yield Violation(kind="path", where=site, text=f"has no next hop to {target}")
    for site, arcs in state.leaving.items():
        for arc, there in arcs:
            if there in far and not far.get(site, math.inf) <= state.metric[arc[0]] + far[there]:
                text = f"has a shorter way to {target} over {arc[0]}"
                yield Violation(kind="path", where=site, text=text)


def _flow_violations(state: _Standing, spread: Spread, hops: _Hops) -> Iterable[Violation]:
    """Each site hands on all it has, in equal parts, to all its next hops; nothing else runs."""
    held: dict[tuple[str, int], float] = {}
    expected: dict[tuple[str, bool, int], float] = {}
    for flow in spread.offered:
        demand = state.book.demands.get(flow.demand)
        if demand is not None:
            level = state.book.classes[demand.traffic_class].priority
            held[flow.source, level] = held.get((flow.source, level), 0.0) + flow.gbps
    for (name, forward, level), gbps in spread.flow_gbps.items():
        link = state.book.links.get(name)
        if link is None or not (math.isfinite(gbps) and gbps >= 0.0):
            yield Violation(kind="rate", where=name, text=f"is no link, or carries {gbps} Gb/s")
            return
        there = link.z if forward else link.a
        held[there, level] = held.get((there, level), 0.0) + gbps
    for (site, level), gbps in held.items():
        onward = hops.get(site, [])
        for (name, forward), _ in onward:
            expected[name, forward, level] = gbps / len(onward)
        if not onward and site != spread.target and gbps > TOLERANCE:
            yield Violation(kind="path", where=site, text=f"keeps {gbps:g} Gb/s to itself")
    for name, forward, level in expected.keys() | spread.flow_gbps.keys():
        told = spread.flow_gbps.get((name, forward, level), 0.0)
        right = expected.get((name, forward, level), 0.0)
        if abs(told - right) > TOLERANCE * max(1.0, right):
            kind = "path" if name in state.room else "dead"
            text = f"carries {told:g} Gb/s to {spread.target}; {right:g} are handed to it"
            yield Violation(kind=kind, where=name, text=text)


def _offer_violations(state: _Standing, spreads: Sequence[Spread]) -> Iterable[Violation]:
    """Every demand is offered once, whole, to the first of its edges that it can get to."""
    book, part = state.book, _parts(state)
    seen: dict[str, Flow] = {}
    for spread in spreads:
        for flow in spread.offered:
            demand = book.demands.get(flow.demand)
            if demand is None or flow.demand in seen or flow.target != spread.target:
                text = "is unknown, or offered twice, or elsewhere"
                yield Violation(kind="unknown name", where=flow.demand, text=text)
                continue
            seen[flow.demand] = flow
            if flow_end(book, flow, demand) is None:
                yield Violation(kind="end", where=flow.demand, text="ends where it does not")
            if abs(flow.gbps - demand.gbps) > TOLERANCE * demand.gbps:
                text = f"is offered as {flow.gbps:g} Gb/s and asks {demand.gbps:g}"
                yield Violation(kind="rate", where=flow.demand, text=text)
    for name in book.demands:
        right = next((ends for ends in _ends(state, name) if _open(state, part, ends)), None)
        flow = seen.get(name)
        told = (flow.source, flow.target) if flow else None
        if told != (right[:2] if right else None):
            yield Violation(kind="end", where=name, text=f"is offered {told}; {right} stands")


def _ends(state: _Standing, name: str) -> list[tuple[str, str, str]]:
    """Source, target and edge of a demand, the edge first and then the fail-over."""
    demand = state.book.demands[name]
    if not demand.market:
        return [(demand.source, demand.target, "")]
    row = state.book.replicas[demand.market]
    ends = [(row.site, edge, edge) for edge in (row.edge, row.failover)]
    return [(edge, home, edge) for home, _, edge in ends] if demand.to_market else ends


def _open(state: _Standing, part: Mapping[str, str], ends: tuple[str, str, str]) -> bool:
    source, target, edge = ends
    lost = {("site", source, 0), ("site", target, 0), ("edge", edge, 0)}
    return part[source] == part[target] and lost.isdisjoint(state.out)


def _parts(state: _Standing) -> dict[str, str]:
    """Each site with a site that stands for all that it hangs together with."""
    part: dict[str, str] = {}
    for start in state.leaving:
        waiting = [start]
        while waiting:
            site = waiting.pop()
            if site not in part:
                part[site] = start
                waiting += [there for _, there in state.leaving[site]]
    return part


def _squeezed(
    state: _Standing, load: Mapping[tuple[str, bool, int], float]
) -> dict[Arc, dict[int, float]]:
    """Share that each arc leaves a priority, where it is not all.

    What is lost further on has taken its room all the same.
    """
    squeezed: dict[Arc, dict[int, float]] = {}
    left: dict[Arc, float] = {}
    for name, forward, level in sorted(load, key=lambda key: key[2]):
        arc, gbps = (name, forward), load[name, forward, level]
        room = left.get(arc, state.room.get(name, 0.0))
        if gbps > room + TOLERANCE:
            squeezed.setdefault(arc, {})[level] = room / gbps
        left[arc] = max(room - gbps, 0.0)
    return squeezed


def _found(
    state: _Standing, spread: Spread, hops: _Hops, squeezed: Mapping[Arc, Mapping[int, float]]
) -> tuple[dict[str, Mapping[int, float]], dict[str, float]]:
    """The least share by priority, where it is not all, and the longest delay, from each site."""
    router_ms = state.book.plan.network.latency.router_ms
    everything: Mapping[int, float] = {}
    tight: dict[str, Mapping[int, float]] = {}
    late_ms: dict[str, float] = {}
    for site in sorted(spread.distance, key=lambda site: spread.distance[site]):
        late, least = 0.0, everything
        for arc, there in hops.get(site, ()):
            ms = state.book.delays_ms[arc[0]] + router_ms + late_ms[there]
            late = ms if math.isnan(ms) or ms > late else late
            for limits in (tight[there], squeezed.get(arc, everything)):
                if limits:
                    least = {
                        level: min(least.get(level, 1.0), limits.get(level, 1.0))
                        for level in {*least, *limits}
                    }
        late_ms[site], tight[site] = late, least
    return tight, late_ms
