"""What `protect` tells: priorities, moments, cases, tunnels; as Structs and as tables."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.routing.installed import Installed
from arterial.routing.moments import Moment
from arterial.solve.program import FloatArray
from arterial.study.protect_methods import Promise
from arterial.study.scene import Scene

__all__ = [
    "TABLES",
    "CaseFigures",
    "Level",
    "MomentAt",
    "MomentFigures",
    "Tables",
    "levels_of",
    "moment_figures",
    "tables_of",
    "worst_cases",
]

Scope = Literal["paths", "restricted"]
NAN = float("nan")


class Level(Struct, frozen=True, kw_only=True):
    """One priority; NaN where the method has no such figure."""

    priority: int
    classes: tuple[str, ...]
    offered_gbps: float
    admitted_gbps: float
    bound: float
    """Gb/s that no admission over the same tunnels beats, beside the priorities above."""
    value_at_risk: float
    """Share lost that is not exceeded with the probability asked for."""
    cvar: float
    """Mean share lost in the rest of the time."""
    cvar_bound: float


class MomentAt(Struct, frozen=True, kw_only=True):
    """A case at one moment."""

    moment: str
    carried_fraction: float
    """Of what is offered and not cut off."""
    max_utilisation: float
    link: str
    gap: float
    known: bool


class CaseFigures(Struct, frozen=True, kw_only=True):
    """A case; its own figures are those of local repair."""

    case: str
    carried_fraction: float
    cut_off_gbps: float
    max_utilisation: float
    link: str
    moments: tuple[MomentAt, ...]


class MomentFigures(Struct, frozen=True, kw_only=True):
    """All cases at one moment: the worst of each figure."""

    moment: str
    carried_fraction: float
    worst_case: str
    max_utilisation: float
    fullest_case: str
    link: str
    gap: float
    bound_scope: Scope
    unknown: int
    """Cases in which the solver stopped early."""


class CaseRow(Struct, frozen=True, kw_only=True):
    """A row of the table ``cases``."""

    case: str
    traffic_class: str
    moment: str
    offered_gbps: float
    carried_gbps: float
    dropped_gbps: float
    cut_off_gbps: float
    bound_gbps: float
    carried_fraction: float
    max_utilisation: float
    link: str
    gap: float
    bound_scope: Scope
    known: bool


class TunnelRow(Struct, frozen=True, kw_only=True):
    """A row of the table ``tunnels``."""

    source: str
    target: str
    traffic_class: str
    demand_gbps: float
    admitted_gbps: float
    rank: int
    rate_gbps: float
    latency_ms: float
    links: tuple[str, ...]


class Tables(Struct, frozen=True, kw_only=True):
    """What is written beside the answer."""

    cases: tuple[CaseRow, ...]
    tunnels: tuple[TunnelRow, ...]


TABLES: dict[str, type[Struct]] = {"cases": CaseRow, "tunnels": TunnelRow}


def levels_of(found: Scene, promise: Promise) -> tuple[Level, ...]:
    """Priorities, the first served first."""
    traffic = found.traffic
    priority = traffic.priority[traffic.of_class]
    tails = {one.priority: one for one in promise.tail.tails} if promise.tail else {}
    told = promise.guarantee.promises if promise.method != "backup" else ()
    bound = {one.priority: one.bound_gbps for one in told}
    levels: list[Level] = []
    for level in np.unique(priority).tolist():
        ours, tail = priority == level, tails.get(level)
        names = zip(traffic.classes, traffic.priority.tolist(), strict=True)
        levels.append(
            Level(
                priority=level,
                classes=tuple(name for name, own in names if own == level),
                offered_gbps=float(traffic.gbps[ours].sum()),
                admitted_gbps=float(promise.admitted_gbps[ours].sum()),
                bound=bound.get(level, NAN),
                value_at_risk=tail.value_at_risk if tail else NAN,
                cvar=tail.cvar if tail else NAN,
                cvar_bound=tail.bound if tail else NAN,
            )
        )
    return tuple(levels)


def worst_cases(
    found: Scene, names: Sequence[str], told: Sequence[Moment], count: int
) -> tuple[CaseFigures, ...]:
    """The cases that carry least by local repair, then the fullest."""
    share = _fraction(told[0])
    full = told[0].outcome.utilisation
    order = np.lexsort((-full, share))[:count]
    return tuple(
        CaseFigures(
            case=names[case],
            carried_fraction=float(share[case]),
            cut_off_gbps=float(told[0].outcome.cut_off_gbps[case].sum()),
            max_utilisation=float(full[case]),
            link=_link(found, told[0], case),
            moments=tuple(_at(found, moment, case) for moment in told),
        )
        for case in map(int, order)
    )


def moment_figures(
    found: Scene, names: Sequence[str], told: Sequence[Moment]
) -> tuple[MomentFigures, ...]:
    """One entry a moment; none without cases."""
    return tuple(_summary(found, names, moment) for moment in told if names)


def tables_of(
    found: Scene, names: Sequence[str], ways: Installed, promise: Promise, told: Sequence[Moment]
) -> Tables:
    """Every case by class and moment, and every tunnel with a rate."""
    rows = [
        _case_row(found, names, moment, case, c)
        for case in range(len(names))
        for c in range(len(found.traffic.classes))
        for moment in told
    ]
    used = np.flatnonzero(promise.rate_gbps > 0.0).tolist()
    late = ways.paths.along(found.ip.latency_ms)
    return Tables(
        cases=tuple(rows),
        tunnels=tuple(_tunnel_row(found, ways, promise, p, float(late[p])) for p in used),
    )


def _fraction(moment: Moment) -> FloatArray:
    joined = moment.outcome.joined_gbps.sum(axis=1)
    carried = moment.outcome.carried_gbps.sum(axis=1)
    share = np.ones_like(joined)
    return np.divide(carried, joined, out=share, where=joined > 0.0)


def _link(found: Scene, moment: Moment, case: int) -> str:
    arc = int(moment.outcome.arc[case])
    return found.ip.links[arc >> 1] if arc >= 0 else ""


def _at(found: Scene, moment: Moment, case: int) -> MomentAt:
    return MomentAt(
        moment=moment.name,
        carried_fraction=float(_fraction(moment)[case]),
        max_utilisation=float(moment.outcome.utilisation[case]),
        link=_link(found, moment, case),
        gap=float(moment.gap[case]),
        known=bool(moment.known[case]),
    )


def _summary(found: Scene, names: Sequence[str], moment: Moment) -> MomentFigures:
    share, full = _fraction(moment), moment.outcome.utilisation
    least, most = int(share.argmin()), int(full.argmax())
    return MomentFigures(
        moment=moment.name,
        carried_fraction=float(share[least]),
        worst_case=names[least],
        max_utilisation=float(full[most]),
        fullest_case=names[most],
        link=_link(found, moment, most),
        gap=float(moment.gap.max()),
        bound_scope=moment.scope,
        unknown=int((~moment.known).sum()),
    )


def _case_row(found: Scene, names: Sequence[str], moment: Moment, case: int, c: int) -> CaseRow:
    outcome = moment.outcome
    at = _at(found, moment, case)
    return CaseRow(
        case=names[case],
        traffic_class=found.traffic.classes[c],
        moment=moment.name,
        offered_gbps=float(outcome.offered_gbps[c]),
        carried_gbps=float(outcome.carried_gbps[case, c]),
        dropped_gbps=float(outcome.dropped_gbps[case, c]),
        cut_off_gbps=float(outcome.cut_off_gbps[case, c]),
        bound_gbps=float(moment.bound_gbps[case, c]),
        carried_fraction=float(outcome.share[case, c]),
        max_utilisation=at.max_utilisation,
        link=at.link,
        gap=at.gap,
        bound_scope=moment.scope,
        known=at.known,
    )


def _tunnel_row(
    found: Scene, ways: Installed, promise: Promise, path: int, latency_ms: float
) -> TunnelRow:
    traffic, paths, ip = found.traffic, ways.paths, found.ip
    demand = int(paths.demand[path])
    arcs = paths.arc[paths.start[path] : paths.start[path + 1]]
    return TunnelRow(
        source=ip.sites[int(traffic.source[demand])],
        target=ip.sites[int(traffic.target[demand])],
        traffic_class=traffic.classes[int(traffic.of_class[demand])],
        demand_gbps=float(traffic.gbps[demand]),
        admitted_gbps=float(promise.admitted_gbps[demand]),
        rank=int(ways.rank[path]),
        rate_gbps=float(promise.rate_gbps[path]),
        latency_ms=latency_ms,
        links=tuple(ip.links[int(arc) >> 1] for arc in arcs),
    )
